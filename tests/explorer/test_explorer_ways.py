"""Ways in the explorer: lines over the tabs from what a layer reads further back; and which layers answer."""

import pytest
from explorer_pages import ODD, REPORT

from browser import complaints, needs_browser
from convlens.spec import KINDS

pytestmark = needs_browser

ENDS = """
() => [...document.querySelectorAll("#layers path")].flatMap((path) => {
  const tabs = [...document.querySelectorAll("#layers label")];
  const origin = document.querySelector("#layers svg").getBoundingClientRect();
  const over = ([x, y]) => tabs.findIndex((tab) => {
    const box = tab.getBoundingClientRect();
    const inside = origin.x + x >= box.left && origin.x + x <= box.right;
    return inside && Math.abs(origin.y + y - box.top) < 2;
  });
  const found = (turn) => {
    return [...path.getAttribute("d").matchAll(turn)].map(([, x, y]) => over([Number(x), Number(y)]));
  };
  return [found(/M([\\d.-]+) ([\\d.-]+)V/g), found(/H([\\d.-]+)V([\\d.-]+)m/g)];
})
"""


def test_a_page_is_made_of_every_layer():
    """A new layer belongs into one of the networks whose pages are held against Python."""
    networks = [*ODD.values(), *REPORT.values()]
    assert {row.layer.kind for network in networks for row in network.table} == set(KINDS)


@pytest.mark.parametrize("pixels", [1280, 390])
@pytest.mark.parametrize("name", ["newer layers", "strides"])
def test_lines_lead_from_tab_to_tab(name, pixels, pages, open_page):
    """From each layer to those that read it further behind, in one row of tabs or in several; else none."""
    table = ODD[name].table
    expected = sorted((read, k) for k, row in enumerate(table) for read in row.reads if read < k - 1)
    page = open_page(pages(name), size=(pixels, 900))
    begins, ends = page.evaluate(ENDS)
    assert sorted(begins) == sorted(begin for begin, _ in expected)
    assert sorted(ends) == sorted(end for _, end in expected)
    assert page.locator("#arcs").is_visible() == bool(expected)
    titles = page.locator("#layers label").evaluate_all("labels => labels.map((label) => label.title)")
    assert [k for k, title in enumerate(titles) if "\N{LEFTWARDS ARROW}" in title] == [
        k for k, row in enumerate(table) if row.reads != (k - 1,)
    ]
    assert complaints(page) == []


def test_every_layer_that_answers_is_hidden(pages, open_page):
    """The units behind which nothing but dropout comes have the classes' names, and are no filters."""
    page = open_page(pages("newer layers"))
    last = len(ODD["newer layers"].table) - 1
    for k, answers in ((last, True), (last - 1, True), (last - 2, False)):
        page.evaluate(f"explorer.change({{ layer: {k}, unit: null, hidden: true }})")
        assert page.locator("#maps .map:visible").count() == (0 if answers else 5)
        assert page.evaluate(f"explorer.canSwitch({k})") is not answers
        assert ("Score of 3" in page.evaluate(f"explorer.nameOf({k}, 3)")) is answers
    assert complaints(page) == []
