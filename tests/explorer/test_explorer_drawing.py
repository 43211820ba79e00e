"""The explorer's pad in a real browser: mouse, finger and keyboard draw, and are answered at once."""

import numpy as np
import pytest
from explorer_pages import REPORT, at, draw, received

from browser import needs_browser

pytestmark = needs_browser

LINE = [(0.15, 0.4), (0.12, 0.2), (0.1, 0.05)]  # upwards: a finger that moves the page would scroll it


def draw_with_a_finger(page, points):
    session = page.context.new_cdp_session(page)
    places = [dict(zip("xy", at(page, "#pad", *point), strict=True)) for point in points]
    kinds = ["touchStart", *["touchMove"] * (len(points) - 1)]
    for kind, place in zip(kinds, places, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "touch"])
def test_drawing_is_centred_as_mnist_was_made(pages, open_page, touch):
    """A stroke in a corner becomes 20 pixels long, around its centre of mass; or it stays where it is."""
    page = open_page(pages("lenet"), (360, 740) if touch else (1280, 720), has_touch=touch)
    sentence = page.locator("#sentence")
    page.locator("#clear").click()
    assert sentence.text_content() == "Draw a digit, or take a test image."
    assert received(page).max() == 0
    page.locator("#pad").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    (draw_with_a_finger if touch else draw)(page, LINE)
    assert page.evaluate("scrollY") == scrolled, "the page stays where it is under a drawing finger"
    assert sentence.text_content().startswith("Says ")
    assert page.evaluate("explorer.state.strokes.length") == 1
    centred = received(page)
    page.locator("#centred").uncheck()
    plain = received(page)
    rows, columns = np.mgrid[:28, :28] + 0.5
    mass = np.array([(centred * rows).sum(), (centred * columns).sum()]) / centred.sum()
    assert np.abs(mass - 14).max() < 0.1
    assert 19 <= np.count_nonzero(centred.max(axis=1) > 0.1) <= 21
    assert (plain * columns).sum() / plain.sum() < 5
    assert 0.9 < centred.max() <= 1


def test_drawing_with_the_keyboard(pages, open_page):
    """Arrow keys move the pen, the space bar puts it down: the same picture as with the mouse."""
    page = open_page(pages("lenet"))
    page.locator("#clear").click()
    page.locator("#pad").focus()
    page.keyboard.press("ArrowUp")
    assert received(page).max() == 0
    page.keyboard.press("Space")
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    (points,) = page.evaluate("explorer.state.strokes.map((stroke) => stroke.points)")
    assert points[:4] == [128, 120, 128, 128]
    assert points[-2:] == [128, 192]
    assert received(page).max() > 0.9


def test_covering_a_part(pages, open_page):
    """A cover hides a part of a test image and moves nothing; undo brings it back."""
    page = open_page(pages("lenet"))
    whole = received(page)
    page.locator("label", has=page.locator("#cover")).click()
    draw(page, [(0.1, 0.5), (0.9, 0.5)])
    covered = received(page)
    assert page.evaluate("explorer.state.digit") is not None
    assert (covered <= whole).all()
    assert covered[13:15].max() < 0.05
    assert (covered[:10] == whole[:10]).all()
    page.locator("#undo").click()
    assert (received(page) == whole).all()


ANSWERS = """
() => {
  window.answers = [];
  addEventListener("pointermove", () => answers.push(document.querySelector("#sentence").textContent));
}
"""


@pytest.mark.parametrize("unit", ["", "&unit=2.5.5"], ids=["plain", "a unit open"])
@pytest.mark.parametrize("name", REPORT)
def test_a_stroke_is_answered_as_it_is_drawn(name, pages, open_page, unit):
    """Each move of the mouse is answered in its own event, not when the stroke is done.

    How long that takes is measured by `bench/explorer.py`.
    """
    page = open_page(pages(name), (1280, 720), "#digit=none" + unit)
    page.evaluate(ANSWERS)
    turns = np.linspace(0, 4, 20)
    draw(page, [(0.5 + 0.25 * np.sin(turn), 0.2 + 0.05 * turn) for turn in turns])
    answers = page.evaluate("answers")
    assert len(answers) > 33
    assert all(answer.startswith("Says ") for answer in answers[10:])
    assert len(set(answers)) > 5
