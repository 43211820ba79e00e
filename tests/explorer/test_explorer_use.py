"""The explorer in a real browser: opening units, switching filters off, sharing links, the class's key R."""

import numpy as np
import pytest
from explorer_pages import as_in_page, draw, received, scores

from browser import complaints, needs_browser

pytestmark = needs_browser

THREE = [(0.3, 0.25), (0.5, 0.15), (0.7, 0.25), (0.5, 0.45), (0.7, 0.6), (0.5, 0.8), (0.3, 0.7)]
MAPS = "#maps button:visible"


def test_a_map_opens_and_moves_with_the_keyboard(pages, open_page):
    """Enter on a map opens its strongest unit; arrows move it, its field with it; Escape closes it."""
    page = open_page(pages("lenet"))
    button = page.locator(MAPS).nth(2)
    button.focus()
    page.keyboard.press("Enter")
    first = page.evaluate("({ ...explorer.state.unit })")
    values = page.evaluate("[...explorer.view.pass.outputs[0].subarray(2 * 784, 3 * 784)]")
    assert (first["channel"], 28 * first["row"] + first["col"]) == (2, int(np.argmax(values)))
    assert page.evaluate("document.activeElement.id") == "bigmap"
    down = first["row"] < 27
    page.keyboard.press("ArrowDown" if down else "ArrowUp")
    moved = page.evaluate("({ ...explorer.state.unit })")
    assert moved == {**first, "row": first["row"] + (1 if down else -1)}
    assert page.locator("#seen").is_visible()
    assert page.locator("#steps td").count() == 3 * 25 + 4
    page.keyboard.press("Escape")
    assert page.locator("#detail").is_hidden()
    assert button.evaluate("(map) => document.activeElement === map")


def test_a_tap_opens_the_square_under_it(pages, open_page):
    """The unit that is shown is the one that was tapped, in a map and in the large one."""
    page = open_page(pages("lenet"))
    canvas = page.locator("#maps canvas").nth(1)
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 10.5 / 28, "y": box["height"] * 20.5 / 28})
    assert page.evaluate("explorer.state.unit") == {"channel": 1, "row": 20, "col": 10}
    large = page.locator("#bigmap")
    box = large.bounding_box()
    large.click(position={"x": box["width"] * 3.5 / 28, "y": box["height"] * 4.5 / 28})
    assert page.evaluate("explorer.state.unit") == {"channel": 1, "row": 4, "col": 3}


def test_a_filter_is_switched_off(runs, pages, open_page):
    """Its maps become zero, answer and accuracy are those of a network without it; and on again."""
    from playwright.sync_api import expect

    page = open_page(pages("lenet"))
    before = scores(page)
    page.locator(MAPS).nth(5).click()
    page.locator("#switch").click()
    after = scores(page)
    last_of_six = "(k) => [...explorer.view.pass.outputs[k]].slice(-explorer.view.pass.outputs[k].length / 6)"
    assert not any(np.any(page.evaluate(last_of_six, k)) for k in (0, 1, 2))
    run = runs("lenet")
    network = as_in_page(run, -1)
    test = run.data.test.head(200).scaled("float32")
    whole = round(200 * network.accuracy(test.x, test.t))
    for name in ("W1", "b1"):
        network.params[name][5] = 0
    place = page.evaluate("explorer.state.digit")
    ours = network.activations(test.x[place : place + 1])["Affine3"][0]
    assert np.allclose(ours, after, atol=1e-3)
    without = round(200 * network.accuracy(test.x, test.t))
    told = f"{without} of 200 test images right; {whole} with all filters"
    expect(page.locator("#accuracy")).to_have_text(told)
    assert page.locator("#offlist").text_content() == "Switched off: C1 6"
    page.locator("#allon").click()
    assert before == scores(page) != after


def test_a_link_shares_the_state(pages, open_page):
    """The address holds drawing, layer, unit and switched-off filters; opened again, all is as it was."""
    first = open_page(pages("lenet"))
    first.locator("#clear").click()
    draw(first, THREE)
    first.evaluate(
        """explorer.change({
          layer: 3, unit: { channel: 4, row: 5, col: 6 }, off: new Set(["0.2", "3.1"]),
          row: 0, common: true, centred: false,
        })"""
    )
    first.wait_for_url("**#*off=0.2_3.1*")
    fragment = first.evaluate("location.hash")
    assert len(fragment) < 300
    second = open_page(pages("lenet"), fragment=fragment)
    assert (received(first) == received(second)).all()
    assert scores(first) == scores(second)
    assert second.locator("#detail").is_visible()
    state = second.evaluate("({ ...explorer.state, off: [...explorer.state.off] })")
    assert [state[key] for key in ("layer", "off", "centred", "row", "common")] == [
        3,
        ["0.2", "3.1"],
        False,
        0,
        True,
    ]
    assert state["unit"] == {"channel": 4, "row": 5, "col": 6}
    second.evaluate("location.hash = '#digit=none'")
    second.wait_for_function("() => explorer.state.digit === null && !explorer.state.unit")


@pytest.mark.parametrize("fragment", ["layer=3&unit=1.1.1", "layer=10", "digit=none"])
def test_a_link_counts_while_the_page_writes_its_own(pages, open_page, fragment):
    """Followed just before the page writes its state into the address, it is followed all the same."""
    page = open_page(pages("lenet"))
    page.evaluate(
        """(to) => {
          const before = location.href;
          location.hash = to;
          history.replaceState(null, "", before);
        }""",
        fragment,
    )
    layer = next((int(part[6:]) for part in fragment.split("&") if part.startswith("layer=")), 0)
    digit = "(explorer.state.digit === null)"
    page.wait_for_function(
        f"([layer, none]) => explorer.state.layer === layer && {digit} === none",
        arg=[layer, fragment == "digit=none"],
    )
    assert page.evaluate("explorer.state.layer") == layer


@pytest.mark.parametrize(
    "fragment",
    [
        "#layer=99&unit=1.2&off=9.9_x_0.77_10.1&digit=-1",
        "#strokes=%%%&unit=1.1.1.1&layer=1e9&off=__proto__",
        "#strokes=AAUAAQ&off=0.-1_10.0_..&unit=0.-1.NaN",
        "#<img src=x onerror=alert(1)>",
    ],
)
def test_a_strange_link_does_no_harm(pages, open_page, fragment):
    """What cannot be understood is left out; the page starts as usual."""
    page = open_page(pages("lenet"), fragment=fragment)
    state = page.evaluate("({ ...explorer.state, off: [...explorer.state.off] })")
    assert [state[key] for key in ("layer", "unit", "off")] == [0, None, []]
    assert page.locator("#sentence").text_content().startswith("Says ")
    assert complaints(page) == []


def test_before_and_after_training(pages, open_page):
    """The switch changes the whole network."""
    page = open_page(pages("lenet"))
    three = "explorer.view.probabilities[3]"
    assert page.evaluate(three) > 0.5
    page.locator("label", has=page.locator("#before")).click()
    assert page.evaluate(three) < 0.4
    page.locator("label", has=page.locator("#after")).click()
    assert page.evaluate(three) > 0.5


def test_the_key_r_hides_the_answer(pages, open_page):
    """Neither bars nor sentence nor the line on the test image give it away; R again reveals it."""
    page = open_page(pages("lenet"))
    page.keyboard.press("r")
    bars, sentence, truth = (
        page.locator(f"#{name}").text_content() for name in ("bars", "sentence", "right")
    )
    assert bars.count("?") == 10
    assert "%" not in bars + sentence + truth
    assert not any(word in sentence + truth for word in ("right", "wrong", "Says"))
    page.keyboard.press("R")
    assert page.locator("#bars").text_content().count("%") == 10


def test_the_mistakes_are_mistakes(pages, open_page):
    """Step by step through all of them; the last is followed by the first."""
    page = open_page(pages("lenet"))
    for n in range(1, 25):
        page.locator("#next").click()
        right = page.evaluate("explorer.content.labels[explorer.state.digit]")
        assert np.argmax(scores(page)) != right
        assert page.locator("#mistake").text_content() == f"{n} / 24"
    page.locator("#next").click()
    assert page.locator("#mistake").text_content() == "1 / 24"
    page.locator("#previous").click()
    assert page.locator("#mistake").text_content() == "24 / 24"
