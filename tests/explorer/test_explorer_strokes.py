"""From strokes to the network's picture: the same in Python and in the page, with one pen in every size."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from browser import needs_browser
from convlens.explorer.drawing import Stroke, picture

SEVEN = [(60, 40), (190, 40), (110, 210)]
HOOK = [(20, 30), (40, 25), (45, 60), (30, 80)]
LINES = {
    "one line": [(SEVEN, False)],
    "two lines": [(SEVEN, False), ([(80, 120), (170, 120)], False)],
    "small, in a corner": [(HOOK, False)],
    "as large as the pad": [([(0, 0), (255, 0), (0, 255), (255, 255)], False)],
    "flat": [([(30, 200), (220, 200)], False)],
    "a dot": [([(200, 40)], False)],
    "a dot beside a line": [([(20, 20), (20, 90)], False), ([(60, 90)], False)],
    "covered": [(SEVEN, False), ([(50, 100), (200, 110)], True)],
    "a small one, covered": [(HOOK, False), ([(25, 70), (50, 60)], True)],
    "only a cover": [([(50, 100), (200, 110)], True)],
    "nothing": [],
}


def strokes(lines, change=lambda at: at):
    """Return strokes as Python has them."""
    return [Stroke(change(np.array(points, float)), cover) for points, cover in lines]


def widths(drawing):
    """Return how many pixels of ink each row holds that has any."""
    return drawing[drawing.max(axis=1) > 0.1].sum(axis=1)


@pytest.mark.parametrize("size", [0.15, 0.35, 0.6, 1.0])
@pytest.mark.parametrize("line", [[(128, 0), (128, 255)], [(100, 10), (150, 60), (90, 250)]], ids=["1", "<"])
def test_the_pen_is_as_wide_in_every_size(line, size):
    """However small it was drawn, a line has its 20 pixels and its width."""
    small = picture(strokes([(line, False)], lambda at: (at - 128) * size * 17 / 28 + 128), 28, 28)
    large = picture(strokes([(line, False)], lambda at: (at - 128) * 17 / 28 + 128), 28, 28)
    assert 19 <= np.count_nonzero(small.max(axis=1) > 0.05) <= 21
    assert np.abs(widths(small).mean() - widths(large).mean()) < 0.1
    assert np.abs(small - large).max() < 0.02


@pytest.mark.parametrize("name", [name for name in LINES if LINES[name] and "only" not in name])
def test_the_mass_is_in_the_middle(name):
    """To a twentieth of a pixel, where nothing is covered and nothing cut off."""
    drawn = picture(strokes([(points, False) for points, cover in LINES[name] if not cover]), 28, 28)
    rows, columns = np.mgrid[:28, :28] + 0.5
    assert abs((drawn * rows).sum() / drawn.sum() - 14) < 0.05
    assert abs((drawn * columns).sum() / drawn.sum() - 14) < 0.05


def test_a_dot_stays_a_dot():
    """It is put into the middle, and not made large."""
    drawn = picture(strokes(LINES["a dot"]), 28, 28)
    assert np.count_nonzero(drawn) <= 16
    assert drawn[13:15, 13:15].min() > 0.9


def test_a_cover_hides_the_same_part_in_every_size():
    """It is as much larger as what it covers; alone it covers an empty picture."""
    lines = [([(128, 28), (128, 228)], False), ([(90, 128), (170, 128)], True)]
    large, small = (
        picture(strokes(lines, lambda at, size=size: (at - 128) * size + 128), 28, 28) for size in (0.6, 0.3)
    )
    rows = [np.flatnonzero(drawn[8:20].max(axis=1) < 0.05) for drawn in (large, small)]
    assert len(rows[1]) > len(rows[0]) >= 4  # the brush is as wide as before, the drawing half as large
    assert not picture(strokes(LINES["only a cover"]), 28, 28).any()


class TestInTheBrowser:
    """The page's own function."""

    pytestmark = needs_browser

    @pytest.mark.parametrize("name", ["lenet", "only affine"])  # 28 x 28 and 12 x 12 pixels
    def test_the_page_draws_what_python_draws(self, pages, open_page, name):
        """Each drawing, fitted or left where it is: the same pixels."""
        page = open_page(pages(name))
        height, width = page.evaluate("explorer.content.shape.slice(1)")
        for drawing, lines in LINES.items():
            told = [{"points": np.ravel(points).tolist(), "cover": cover} for points, cover in lines]
            for centred in (True, False):
                seen = page.evaluate(
                    "([strokes, centred]) => [...explorer.pad.picture(strokes, centred)]", [told, centred]
                )
                ours = picture(strokes(lines), height, width, centred=centred)
                assert np.abs(np.reshape(seen, (height, width)) - ours).max() < 1e-6, (drawing, centred)
            assert ours.any() == any(not cover for _, cover in lines)


def test_small_drawings_are_no_blobs(monkeypatch):
    """`bench/drawings.py`: of 16 shapes, those drawn small are as readable as those in the usual size."""
    path = Path(__file__).parents[2] / "bench" / "drawings.py"
    if not path.exists():
        pytest.skip("the checkout is not there")
    monkeypatch.syspath_prepend(str(path.parent))
    bench = runpy.run_path(str(path))
    assert len(bench["SHAPES"]) * len(bench["CONDITIONS"]) == 160
    for shape in bench["SHAPES"]:
        usual, small = (bench["drawn"](shape, name) for name in ("normal", "small, in a corner"))
        assert np.abs(bench["fitted"](usual) - bench["fitted"](small)).mean() < 0.02, shape
        assert bench["enlarged"](small).sum() > 1.25 * bench["fitted"](small).sum(), shape
