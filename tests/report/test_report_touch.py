"""The page under a finger: figures open, tables are read without scrolling, targets are large."""

import pytest

from browser import complaints, needs_browser
from convlens.report import About, write_runs_report

pytestmark = needs_browser

LANGUAGES = pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
PHONE = (360, 740)


@pytest.fixture
def opened_page(request, open_page, tmp_path):
    """Open a language's page at a size."""

    def open_in(lang, size, **options):
        path = tmp_path / "page.html"
        path.write_text(request.getfixturevalue(lang).source, encoding="utf-8")
        return open_page(path, size, **options)

    return open_in


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("kind", ["figure:not(.chart):has(> .large)", "figure.chart"])
def test_a_figure_opens_large_and_closes(opened_page, scripts, kind):
    """It fills the window, wider than a phone, and gives the reader back their place."""
    page = opened_page("english", PHONE, java_script_enabled=scripts)
    figure = page.locator(kind).first
    link = figure.locator("> .large")
    link.scroll_into_view_if_needed()
    link.click()
    box = figure.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, *PHONE)
    assert figure.locator("img:visible, svg:visible").first.bounding_box()["width"] > 900
    figure.locator("> .close").click()
    after = figure.bounding_box()
    assert after["width"] < PHONE[0]
    assert -after["height"] < after["y"] < PHONE[1]


def test_escape_closes_a_figure(opened_page):
    """As everywhere."""
    page = opened_page("english", (1280, 800))
    page.locator("figure > .large").first.click()
    assert page.locator("figure:target").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('figure:target')")
    assert complaints(page) == []


def test_every_figure_can_be_opened(opened_page):
    """None but the small mistakes is without its link, and each link leads to its own figure."""
    page = opened_page("english", PHONE)
    links = page.locator("figure:not(.gallery)").evaluate_all(
        "all => all.map(f => [decodeURIComponent(f.querySelector(':scope > .large').hash), '#' + f.id])"
    )
    assert len(links) > 10
    assert all(leads == own for leads, own in links)


SMALL = """
() => [...document.querySelectorAll("a, button, summary, label, input")].filter((e) => {
  const box = e.getBoundingClientRect();
  const shown = e.checkVisibility({ visibilityProperty: true }) && box.right > 0;
  const own = e.matches("input") && e.closest("label");
  return shown && !own && (box.height < 43.9 || box.width < 24);
}).map((e) => e.outerHTML.slice(0, 120) + " " + e.getBoundingClientRect().height)
"""


@LANGUAGES
def test_targets_are_large_on_a_phone(opened_page, lang):
    """Whatever is tapped is 44 px high at least."""
    page = opened_page(lang, PHONE)
    page.locator("details").evaluate_all(
        "all => all.forEach((one) => { if (!one.matches('.frame')) one.open = true; })"
    )
    assert page.evaluate(SMALL) == []


@LANGUAGES
def test_a_table_fits_a_phone(opened_page, lang):
    """All its cells are on the screen, each with its column's heading; only confusion matrices scroll."""
    page = opened_page(lang, PHONE)
    page.locator("details.fold").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    tables = page.locator("table.plain")
    assert tables.count() > 5
    beyond = "all => all.filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML)"
    assert page.locator("table.plain td, table.plain th[scope=row]").evaluate_all(beyond) == []
    labels = (
        tables.first.locator("tbody tr")
        .first.locator("td")
        .evaluate_all("all => all.map(e => getComputedStyle(e, '::before').content.slice(1, -1))")
    )
    heads = tables.first.locator("thead th").all_text_contents()
    assert labels == [head.strip() for head in heads[1:]]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("letter", ["W", "가", "字"])
@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_what_the_author_adds_fits_a_phone(study, open_page, tmp_path, letter, lang):
    """Long words, addresses, code and quotations within quotations break or scroll where they stand."""
    long = letter * 150
    text = f"{long}\n\n`{long}`\n\n```\n{long}\n```\n\n{'> ' * 12}{long}\n\n[{long}](https://example.org/)"
    about = About(long, {"author": long, "course": long}, {"minute": text}, "about.toml")
    runs = [study.runs(study.design.experiments[0])[0]]
    path = write_runs_report(runs, tmp_path / "r.html", lang=lang, command="", about=about)
    page = open_page(path, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_code_is_copied(opened_page):
    """By its button, which says so; the code itself has no button's text in it."""
    page = opened_page("english", (1280, 800), permissions=["clipboard-read", "clipboard-write"])
    listing = page.locator("details.listing").first
    listing.locator("summary").click()
    listing.locator("button").click()
    listing.locator("[role=status]", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == listing.locator("pre").text_content()
    assert complaints(page) == []


def test_code_is_on_paper_and_what_is_folded_is_not(opened_page):
    """Code and the rules of judging are parts of the report; other folds are for the screen, unless open."""
    page = opened_page("english", (673, 900))
    page.emulate_media(media="print")
    assert page.locator("details.listing:not([open]) pre").first.bounding_box()["height"] > 100
    assert not page.locator("details.listing button").first.is_visible()
    rules = page.locator("details.rule:not([open])")
    assert all(rules.nth(i).locator("p").is_visible() for i in range(rules.count()))
    assert rules.count() > 1
    assert not rules.first.locator("summary").is_visible()
    folds = page.locator("details.fold:not(.rule)")
    assert not any(folds.nth(i).is_visible() for i in range(folds.count()))
    folds.first.evaluate("one => { one.open = true; }")
    assert folds.first.is_visible()


@pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
def test_an_address_within_a_fold_opens_it(opened_page, lang):
    """The evidence of a sentence is seen, wherever it stands."""
    page = opened_page(lang, (1280, 800), fragment="#data")
    assert page.locator("#data").is_visible()
