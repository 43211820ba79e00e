"""The explorer in a real browser: first screen, phone, projector, and for everyone."""

import pytest

from browser import axe_violations, complaints, needs_browser
from convlens.explorer import rendered

pytestmark = needs_browser

LANGUAGES = pytest.mark.parametrize("lang", ["en", "ko", "ja"])
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
BELOW = """
(ids) => ids.filter((id) => document.getElementById(id).getBoundingClientRect().bottom > innerHeight)
"""
CUT = """
() => {
  const edge = document.getElementById("maps").getBoundingClientRect().bottom;
  const maps = [...document.querySelectorAll("#maps button")];
  return [maps.length, maps.filter((map) => map.getBoundingClientRect().bottom > edge).length];
}
"""
OUTSIDE = """
() => {
  const scrolls = (e) => e.closest("#layers, .unseen");
  const shown = (e) => e.getClientRects().length && !scrolls(e);
  const outside = (e) => shown(e) && e.getBoundingClientRect().right > innerWidth + 0.5;
  return [...document.querySelectorAll("body *")].filter(outside).map((e) => e.outerHTML.slice(0, 200));
}
"""


CUT_TABS = """
() => {
  const edge = document.getElementById("network").getBoundingClientRect().right;
  const cut = (e) => e.getBoundingClientRect().right > edge + 0.5 || e.scrollWidth > e.clientWidth + 1;
  return [...document.querySelectorAll("#layers label")].filter(cut).map((e) => e.textContent);
}
"""
OVERLAPPING = """
(ids) => {
  const boxes = ids.map((id) => [id, document.getElementById(id).getBoundingClientRect()]);
  const shown = boxes.filter(([, box]) => box.width && box.height);
  const beside = (a, b) => a.left >= b.right - 1 || b.left >= a.right - 1;
  const meet = (a, b) => !beside(a, b) && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const met = (a, box, others) => others.filter(([, b]) => meet(box, b)).map(([b]) => `${a} ${b}`);
  return shown.flatMap(([a, box], i) => met(a, box, shown.slice(i + 1)));
}
"""
SMALL = """
() => {
  const targets = [...document.querySelectorAll("button, label, input, canvas[tabindex]")];
  const seen = targets.filter((e) => e.getClientRects().length);
  const small = (e) => e.getBoundingClientRect().width < 43.5 || e.getBoundingClientRect().height < 43.5;
  return seen.filter(small).map((e) => e.outerHTML.slice(0, 150));
}
"""
APART = """
() => {
  const signs = [...document.querySelectorAll(".product .sign")];
  const apart = (sign) => {
    const [a, b] = [sign.getBoundingClientRect(), sign.nextElementSibling.getBoundingClientRect()];
    return b.left < a.right || b.top > a.bottom || b.bottom < a.top;
  };
  return signs.filter(apart).map((sign) => sign.textContent);
}
"""


@LANGUAGES
@pytest.mark.parametrize(("name", "n_maps"), [("simple", 30), ("lenet", 6)])
def test_the_first_screen_needs_no_scrolling(pages, open_page, lang, name, n_maps):
    """At 1280 x 720 everything is in view, and the network has answered about a 3."""
    page = open_page(pages(name, lang), (1280, 720))
    ids = ["pad", "samples", "received", "layers", "maps", "bars", "before", "sentence", "next"]
    assert page.evaluate(SIZE) == [1280, 720]
    assert page.evaluate(BELOW, ids) == []
    assert page.evaluate(CUT) == [n_maps, 0]
    assert page.evaluate("explorer.content.labels[explorer.state.digit]") == 3
    assert "%" in page.locator("#sentence").text_content()
    assert complaints(page) == []


HIDDEN = """
(id) => {
  const range = document.createRange();
  range.selectNodeContents(document.getElementById(id));
  const points = [...range.getClientRects()].flatMap((line) => [
    [line.left + 1, line.top + line.height / 2], [line.right - 2, line.top + line.height / 2],
  ]);
  return points.length ? points.filter(([x, y]) => document.elementFromPoint(x, y)?.id !== id) : [id];
}
"""


@LANGUAGES
@pytest.mark.parametrize(("name", "fragment"), [("simple", "#big=1"), ("lenet", "")])
def test_how_weights_are_rounded_is_read_whole(pages, open_page, lang, name, fragment):
    """No line of that sentence is cut off on a screen or a projector of 1280 x 720."""
    page = open_page(pages(name, lang), (1280, 720), fragment)
    assert "1/" in page.locator("#rounding").text_content()
    assert page.evaluate(HIDDEN, "rounding") == []


@LANGUAGES
@pytest.mark.parametrize("name", ["simple", "lenet"])
def test_large_type(pages, open_page, lang, name):
    """For a projector of 1280 x 720: everything is larger, and nothing of use has gone."""
    path = pages(name, lang)
    always = ["bars", "accuracy", "undo", "layers", "epoch", "play", "sentence"]
    for fragment, more in (("", ["maps", "pad", "received"]), ("&unit=5.9.7", ["mapbox", "mark", "which"])):
        page = open_page(path, (1280, 720), "#big=1" + fragment)
        assert page.evaluate(SIZE) == [1280, 720]
        ids = [*always, *more]
        assert [name for name in ids if not page.locator(f"#{name}").is_visible()] == []
        assert page.evaluate(BELOW, ids) == []
        assert page.locator("#layers small").first.is_visible()
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21px"
        assert page.evaluate(OVERLAPPING, ["nets", "times", "hide", "big"]) == []


@pytest.mark.parametrize(
    ("fragment", "n_maps"),
    [("", 6), ("#layer=3&unit=2.1.1", 16), ("#layer=6&unit=5.0.0&off=0.1_0.2_0.3", 120), ("#big=1", 6)],
)
@LANGUAGES
def test_a_phone(pages, open_page, lang, fragment, n_maps):
    """At 360 pixels nothing reaches beyond the edge; six maps, the others on request; a bottom sheet."""
    path = pages("lenet", lang)
    page = open_page(path, (360, 740), fragment, has_touch=True, is_mobile=True)
    maps, sheet = page.locator("#maps button:visible"), page.locator("#detail")
    assert page.evaluate(SIZE)[0] <= 360
    assert page.evaluate(OUTSIDE) == []
    assert maps.count() in (6, 7)  # and the open one, if it is weaker
    assert sheet.is_visible() is ("unit" in fragment)
    if sheet.is_visible():
        box = sheet.bounding_box()
        assert round(box["y"] + box["height"]) == 740
        assert box["height"] <= 0.47 * 740
        assert page.evaluate(APART) == []
        page.locator("#close").tap()
    if page.locator("#showall").is_visible():
        page.locator("#showall").tap()
    assert maps.count() == n_maps
    assert page.evaluate(OUTSIDE) == []
    assert complaints(page) == []


@LANGUAGES
@pytest.mark.parametrize("fragment", ["", "#layer=3&unit=2.1.1&off=0.1", "#layer=6", "#epoch=0"])
def test_a_phone_is_for_fingers(pages, open_page, lang, fragment):
    """What can be tapped is at least 44 pixels each way; link and accuracy are there as everywhere."""
    path = pages("lenet", lang)
    page = open_page(path, (360, 740), fragment, has_touch=True, is_mobile=True)
    assert page.evaluate(SMALL) == []
    for name in ("link", "facts", "accuracy", "when", "rounding"):
        assert page.locator(f"#{name}").is_visible(), name


@pytest.mark.parametrize(
    ("lang", "width"), [("en", 900), ("en", 1100), ("en", 1280), ("ko", 900), ("ja", 900)]
)
def test_no_layer_is_cut_off(runs, open_page, tmp_path, lang, width):
    """In a frame of any width each layer's tab is whole, in as many rows as it takes."""
    path = tmp_path / "page.html"
    path.write_text(rendered([runs("simple"), runs("lenet")], lang, embedded=True), encoding="utf-8")
    page = open_page(path, (width, 740))
    for net in (0, 1):
        page.locator("#nets label").nth(net).click()
        assert page.evaluate(CUT_TABS) == []
        assert page.evaluate(OVERLAPPING, ["nets", "facts", "times", "hide", "big"]) == []


@pytest.mark.parametrize(
    ("lang", "width", "fragment"),
    [("en", 1280, ""), ("ko", 1280, "#unit=2.5.5&off=0.1"), ("ja", 1280, "#layer=6&unit=5.0.0&big=1"),
     ("ko", 360, "#hidden=1"), ("en", 360, "#layer=3&unit=2.5.5&off=3.1"), ("ja", 360, "")],
)  # fmt: skip
def test_axe_finds_nothing(pages, open_page, lang, width, fragment):
    """No violation of any impact: contrast, names, roles, focus. Those are the same in every language."""
    page = open_page(pages("lenet", lang), (width, 720), fragment)
    assert axe_violations(page) == []
