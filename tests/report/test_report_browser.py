"""The page in a real browser: it fits a phone and a desk, and asks for nothing."""

import pytest

from browser import axe_violations, complaints, needs_browser

pytestmark = needs_browser

WIDTHS = pytest.mark.parametrize("width", [360, 1280])
LANGUAGES = pytest.mark.parametrize("lang", ["english", "korean", "japanese"])

LOOK = """
() => {
  const ends = (e) => e.getBoundingClientRect().right;
  const outside = (e) => !e.closest(".scroll, .skip, pre") && ends(e) > innerWidth + 0.5;
  const images = [...document.images];
  return {
    width: document.documentElement.scrollWidth,
    outside: [...document.querySelectorAll("body *")].filter(outside).map((e) => e.outerHTML.slice(0, 200)),
    images: images.length,
    blank: images.filter((image) => !image.complete || !image.naturalWidth).length,
    styled: getComputedStyle(document.body).maxWidth !== "none",
  };
}
"""


@pytest.fixture
def written(tmp_path):
    """Write a page's source to a file of its own."""

    def write(source):
        path = tmp_path / "page.html"
        path.write_text(source, encoding="utf-8")
        return path

    return write


@WIDTHS
@LANGUAGES
def test_a_page_fits_its_window(request, open_page, written, lang, width):
    """Nothing but tables, pictures and code in containers of their own reaches beyond the window."""
    page = open_page(written(request.getfixturevalue(lang).source), (width, 900))
    seen = page.evaluate(LOOK)
    assert seen["width"] <= width
    assert seen["outside"] == []
    assert seen["blank"] == 0
    assert seen["images"] > 10
    assert seen["styled"]
    assert complaints(page) == []


A4_TEXT = 673
"""Width of a printed page without its margins (178 mm) in CSS pixels."""


@LANGUAGES
def test_a_page_fits_a4(request, open_page, written, lang):
    """Printed, no table or picture reaches beyond the paper's margin, and links are no words of their own."""
    page = open_page(written(request.getfixturevalue(lang).source), (A4_TEXT, 900))
    page.emulate_media(media="print")
    beyond = "e => e.getBoundingClientRect().right > innerWidth + 0.5"
    wide = page.locator("main *").evaluate_all(
        f"all => all.filter({beyond}).map(e => e.outerHTML.slice(0, 200))"
    )
    assert wide == []
    assert not page.locator("nav").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_the_policy_stops_what_gets_in(english, open_page, written):
    """A script, a style and a picture from elsewhere do nothing, and the browser says so."""
    injected = '<script>document.title = "owned"</script><img src="https://example.org/x.png" alt="x">'
    page = open_page(written(english.source.replace("<main>", f"{injected}<main>")))
    assert page.title() != "owned"
    assert len(complaints(page)) >= 2


def test_curves_tell_their_values_and_seeds_can_be_hidden(english, study, open_page, written):
    """Under the pointer stand the last epoch's means; a box that is unticked hides a seed's lines."""
    page = open_page(written(english.source))
    figure = page.locator("figure.chart").first
    box = figure.locator('.wide [id$="--accuracy-0-axes"]')
    box.scroll_into_view_if_needed()
    area = box.bounding_box()
    page.mouse.move(area["x"] + area["width"] - 2, area["y"] + 5)
    tip = figure.locator(".tip").text_content().replace("\xa0", " ")
    runs = study.runs(study.design.experiments[0])
    assert "epoch 6" in tip
    for part, name in (("train", "training"), ("test", "test")):
        last = [100 * run.curve(part).accuracy[-1] for run in runs]
        listed = ", ".join(f"{value:.1f} %" for value in last)
        assert f"{name} {sum(last) / 3:.1f} % ({listed})" in tip
    assert "none" not in displays(figure)
    figure.locator("input").nth(1).uncheck()
    assert set(displays(figure)) == {"none"}
    assert complaints(page) == []


def displays(figure):
    """Return how the lines of the first seed are displayed."""
    lines = figure.locator('[id$="-seed-0"]')
    return lines.evaluate_all("lines => lines.map(line => getComputedStyle(line).display)")


@pytest.mark.parametrize(("lang", "width"), [("english", 1280), ("korean", 360), ("japanese", 1280)])
def test_axe_finds_nothing(request, open_page, written, lang, width):
    """No violation of any impact, with the page's own script and at both widths."""
    page = open_page(written(request.getfixturevalue(lang).source), (width, 900))
    assert axe_violations(page) == []
