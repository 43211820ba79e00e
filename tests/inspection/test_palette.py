"""The colours of numbers: the explorer's own, and what becomes of them in a file of few colours."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import convlens.explorer
from convlens.inspection.drawing.palette import DIVERGING, FAINT, INK, few_colours


def test_report_and_explorer_have_one_palette():
    """Blue, white and orange are those that the explorer's script paints with; ink is its ink."""
    script = (Path(convlens.explorer.__file__).parent / "browser" / "colour.js").read_text(encoding="utf-8")
    stops = [list(map(int, found)) for found in re.findall(r"\[(\d+), (\d+), (\d+)\]", script)[:5]]
    ours = (255 * DIVERGING(np.linspace(0, 1, 5))[:, :3]).round()
    np.testing.assert_allclose(ours, stops, atol=1)
    np.testing.assert_allclose(255 * np.array(INK(1.0)[:3]), [25, 25, 30], atol=1)


@pytest.mark.parametrize(
    "shade", ["white", "black", FAINT, "#084081", "#4393cd", "#f5a04b", "#963705", "#19191e", "#595959"]
)
def test_a_file_of_few_colours_keeps_them(shade):
    """Paper stays white to the last bit; what carries meaning stays what it is to the eye."""
    before = Image.new("RGB", (4, 4), shade)
    after = np.asarray(few_colours(before).convert("RGB")).astype(int)
    assert np.abs(after - np.asarray(before)).max() <= (0 if shade == "white" else 5)


def test_zero_is_told_from_nothing_by_paper_alone():
    """A number of zero is all but white, and no hue."""
    zero = Image.fromarray((255 * DIVERGING(np.full((4, 4), 0.5))[..., :3]).round().astype(np.uint8))
    after = np.asarray(few_colours(zero).convert("RGB")).reshape(-1, 3)
    assert np.ptp(after, axis=1).max() == 0
    assert after.min() >= 245
