"""Pictures that the explorer is given: the same preparation as in Python, opened, dropped or pasted."""

import numpy as np
import pytest
from explorer_pages import received
from PIL import Image

from browser import needs_browser
from convlens.data import prepare, read_picture
from handwritten import digit, ink, light, noisy, ruled

pytestmark = needs_browser

SHAPE = (110, 130)
PAPER = light(SHAPE)
GIVEN = {
    "drawn": 1.0 - ink("3", 90, SHAPE),
    "thin": 1.0 - (ink("3", 100, SHAPE) > 0.98),
    "photographed": noisy(PAPER * (1.0 - 0.7 * ink("7", 90, SHAPE))),
    "lined": noisy(PAPER * (1.0 - np.maximum(0.7 * ink("5", 90, SHAPE), 0.4 * ruled(SHAPE, 24, 0.05)))),
    "on a table": np.pad(noisy(PAPER * (1.0 - 0.7 * ink("9", 80, SHAPE))), 15, constant_values=0.2),
    "chalk": noisy(0.4 * PAPER + 0.5 * ink("2", 90, SHAPE)),
    "bitmap": (digit("4")[4:24, 4:24] > 100) * 1.0,
    "mnist": digit("5") / 255.0,
    "drawn on squares": 1.0 - np.maximum(ink("5", 90, SHAPE), 0.4 * ruled(SHAPE, 20)),
    "bold": 1.0 - (ink("0", 300)[75:225, 75:225] > 0.001),
    "blank": noisy(PAPER),
    "blank, with lines": 1.0 - 0.4 * np.roll(np.maximum(ruled(SHAPE, 21), ruled(SHAPE[::-1], 21).T), 7),
    "noise": np.random.default_rng(0).random((31, 40)),
}
TWIN = """
([h, w, values]) => {
  const { values: out, way } = explorer.given.prepared({ h, w, v: Float64Array.from(values) });
  return { out: [...out], way };
}
"""


def test_the_page_prepares_as_python_does(pages, open_page):
    """From the same grey picture, the page and Python come to the same numbers in the same way."""
    page = open_page(pages("lenet"))
    for name, grey in GIVEN.items():
        found = page.evaluate(TWIN, [*grey.shape, grey.ravel().tolist()])
        wanted = prepare(grey)
        assert found["way"] == wanted.way, name
        np.testing.assert_allclose(found["out"], wanted.values.ravel(), atol=1e-6, err_msg=name)


@pytest.mark.parametrize("way", ["opened", "dropped", "pasted"])
def test_a_picture_comes_onto_the_pad(pages, open_page, tmp_path, way):
    """A picture that is opened, dropped or pasted is shown and answered until a test digit is taken."""
    path = tmp_path / "mine.png"
    Image.fromarray(np.round(255 * GIVEN["photographed"]).astype(np.uint8)).save(path)
    page = open_page(pages("lenet"))
    if way == "opened":
        page.locator("#file").set_input_files(path)
    else:
        page.evaluate(HANDED, [way, list(path.read_bytes())])
    page.get_by_text("Your picture, prepared as MNIST was made.").wait_for()
    np.testing.assert_allclose(received(page), prepare(read_picture(path)).image / 255, atol=0.02)
    assert page.locator("#sentence").text_content() != "Draw a digit, or take a test digit."
    page.locator("#samples button").first.click()
    assert page.evaluate("explorer.state.given") is None


@pytest.mark.parametrize("colour", ["black", "red", "white"])
def test_ink_on_nothing(pages, open_page, tmp_path, colour):
    """On a transparent ground black ink, coloured ink and white ink are seen, and as in Python."""
    there = Image.fromarray(np.round(255 * ink("3", 90, SHAPE)).astype(np.uint8))
    path, drawn = tmp_path / "mine.png", Image.new("RGB", there.size, colour)
    drawn.putalpha(there)
    drawn.save(path)
    page = open_page(pages("lenet"))
    page.locator("#file").set_input_files(path)
    page.get_by_text("Your picture, prepared as MNIST was made.").wait_for()
    wanted = prepare(read_picture(path)).image / 255
    assert wanted.max() > 0.9
    np.testing.assert_allclose(received(page), wanted, atol=0.02)


HANDED = """
([way, bytes]) => {
  const file = new File([Uint8Array.from(bytes)], "mine.png", { type: "image/png" });
  const data = new DataTransfer();
  data.items.add(file);
  const event = way === "dropped"
    ? new DragEvent("drop", { dataTransfer: data, bubbles: true })
    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
  document.body.dispatchEvent(event);
}
"""


def test_what_cannot_be_read_is_said(pages, open_page, tmp_path):
    """A file that is no picture is told in a line; nothing else happens."""
    page = open_page(pages("lenet"))
    path = tmp_path / "mine.png"
    path.write_bytes(b"no picture")
    page.locator("#file").set_input_files(path)
    page.locator("#note", has_text="This picture cannot be read.").wait_for()
    assert page.evaluate("explorer.state.digit") is not None
