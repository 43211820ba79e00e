"""The explorer in a real browser: first screen, phone, projector, and for everyone."""

import pytest
from explorer_pages import page_of

from browser import axe_violations, complaints, needs_browser

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


@LANGUAGES
@pytest.mark.parametrize(("name", "n_maps"), [("simple", 30), ("lenet", 6)])
def test_the_first_screen_needs_no_scrolling(runs, open_page, tmp_path, lang, name, n_maps):
    """At 1280 x 720 everything is in view, and the network has answered about a 3."""
    page = open_page(page_of(runs(name), tmp_path, lang), (1280, 720))
    ids = ["pad", "samples", "received", "layers", "maps", "bars", "before", "sentence", "next"]
    assert page.evaluate(SIZE) == [1280, 720]
    assert page.evaluate(BELOW, ids) == []
    assert page.evaluate(CUT) == [n_maps, 0]
    assert page.evaluate("explorer.content.labels[explorer.state.digit]") == 3
    assert "%" in page.locator("#sentence").text_content()
    assert complaints(page) == []


@LANGUAGES
def test_large_type(runs, open_page, tmp_path, lang):
    """For a projector of 1280 x 720: everything is larger, and the answer is still in view."""
    page = open_page(page_of(runs("simple"), tmp_path, lang), (1280, 720), "#big=1")
    assert page.evaluate(SIZE) == [1280, 720]
    assert page.evaluate(BELOW, ["pad", "received", "maps", "bars", "accuracy", "sentence"]) == []
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21px"


@pytest.mark.parametrize(
    ("fragment", "n_maps"),
    [("", 6), ("#layer=3&unit=2.1.1", 16), ("#layer=6&unit=5.0.0&off=0.1_0.2_0.3", 120), ("#big=1", 6)],
)
@LANGUAGES
def test_a_phone(runs, open_page, tmp_path, lang, fragment, n_maps):
    """At 360 pixels nothing reaches beyond the edge; six maps, the others on request; a bottom sheet."""
    path = page_of(runs("lenet"), tmp_path, lang)
    page = open_page(path, (360, 740), fragment, has_touch=True, is_mobile=True)
    maps, sheet = page.locator("#maps button:visible"), page.locator("#detail")
    assert page.evaluate(SIZE)[0] <= 360
    assert page.evaluate(OUTSIDE) == []
    assert maps.count() in (6, 7)  # and the open one, if it is weaker
    assert sheet.is_visible() is ("unit" in fragment)
    if sheet.is_visible():
        box = sheet.bounding_box()
        assert round(box["y"] + box["height"]) == 740
        assert box["height"] < 520
        page.locator("#close").tap()
    if page.locator("#showall").is_visible():
        page.locator("#showall").tap()
    assert maps.count() == n_maps
    assert page.evaluate(OUTSIDE) == []
    assert complaints(page) == []


@pytest.mark.parametrize(
    ("width", "fragment"),
    [(1280, ""), (1280, "#unit=2.5.5&off=0.1"), (1280, "#layer=6&unit=5.0.0&big=1"), (360, "#hidden=1"),
     (360, "#layer=3&unit=2.5.5&off=3.1")],
)  # fmt: skip
@LANGUAGES
def test_axe_finds_nothing(runs, open_page, tmp_path, lang, width, fragment):
    """No violation of any impact: contrast, names, roles, focus."""
    page = open_page(page_of(runs("lenet"), tmp_path, lang), (width, 720), fragment)
    assert axe_violations(page) == []
