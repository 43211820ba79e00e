"""Varied pictures: what each transform does, what is drawn, and the kernel that computes the same."""

import re

import numpy as np
import pytest

from convlens.data import TRANSFORMS, augmented
from convlens.data.augmentation import drawn_rows, moved, rows_for, strengths
from convlens.errors import ConvlensError, UsageError

RNG = np.random.default_rng(3)
GREY = RNG.integers(0, 256, (5, 1, 9, 8)).astype(np.uint8)
COLOURS = RNG.integers(0, 256, (4, 3, 6, 11)).astype(np.uint8)
FLOATS = RNG.standard_normal((3, 2, 7, 5)).astype(np.float32)
PICTURES = pytest.mark.parametrize("x", [GREY, COLOURS, FLOATS], ids=["grey", "colours", "floats"])


def rows_of(x, **what):
    """Rows that do one thing to each of these pictures."""
    return rows_for(len(x), x.shape[2:], **what)


@PICTURES
def test_nothing_is_the_identity(x):
    """A picture that is not moved is the same to the bit; so it is with every strength at 0."""
    np.testing.assert_array_equal(moved(x, rows_of(x)), x, strict=True)
    np.testing.assert_array_equal(augmented(x, dict.fromkeys(TRANSFORMS, 0)), x, strict=True)


@PICTURES
def test_whole_pixels_right_angles_and_mirrors_are_exact(x):
    """Whole pixels shift rows and columns, 180° turn the picture around, a flip mirrors each channel."""
    height, width = x.shape[2:]
    shifted = moved(x, rows_of(x, shift=(2, -1)))
    np.testing.assert_array_equal(shifted[:, :, 2:, :-1], x[:, :, :-2, 1:])
    assert not shifted[:, :, :2].any()
    assert not shifted[:, :, :, -1].any()
    np.testing.assert_array_equal(moved(x, rows_of(x, turn=180)), x[:, :, ::-1, ::-1])
    np.testing.assert_array_equal(moved(x, rows_of(x, flip=True)), x[:, :, :, ::-1])
    both = moved(x, rows_of(x, flip=True, shift=(0, 1)))
    np.testing.assert_array_equal(both[:, :, :, 1:], x[:, :, :, :0:-1])
    assert (height, width) == both.shape[2:]


def test_a_quarter_turn_is_clockwise():
    """Of a square picture, what was at the top is then at the right."""
    x = RNG.integers(0, 256, (2, 3, 6, 6)).astype(np.uint8)
    np.testing.assert_array_equal(moved(x, rows_of(x, turn=90)), np.rot90(x, -1, (2, 3)))


def test_between_pixels_is_bilinear():
    """Half a pixel to the right is the mean of two neighbours; a quarter down weighs one with 3/4."""
    x = FLOATS
    half, quarter = moved(x, rows_of(x, shift=(0, 0.5))), moved(x, rows_of(x, shift=(0.25, 0)))
    np.testing.assert_allclose(half[..., 1:], (x[..., 1:] + x[..., :-1]) / 2, atol=1e-6)
    np.testing.assert_allclose(quarter[:, :, 1:], 0.75 * x[:, :, 1:] + 0.25 * x[:, :, :-1], atol=1e-6)


def test_scale_and_shear_are_around_the_middle():
    """Twice as large, the middle is what it was; slanted by one pixel a row, the middle row stays."""
    x = RNG.integers(0, 256, (2, 1, 9, 9)).astype(np.uint8)
    larger, slanted = moved(x, rows_of(x, scale=2)), moved(x, rows_of(x, shear=1))
    np.testing.assert_array_equal(larger[:, :, ::2, ::2], x[:, :, 2:7, 2:7])
    np.testing.assert_array_equal(slanted[:, :, 4], x[:, :, 4])
    np.testing.assert_array_equal(slanted[:, :, 5, :-1], x[:, :, 5, 1:])


def test_strokes_grow_and_shrink():
    """Two pixels thicker is the largest of nine pixels, thinner the smallest, one pixel half of it."""
    x = np.zeros((3, 1, 7, 7), np.uint8)
    x[:, :, 1:6, 2:5] = 200
    thicker, half, thinner = moved(x, rows_of(x, stroke=(2, 1, -2)))[:, 0]
    assert (thicker > 0).sum() == 7 * 5
    assert set(np.unique(half)) == {0, 100, 200}
    assert (half > 0).sum() == 7 * 5
    assert (thinner > 0).sum() == 3 * 1


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_drawn_row_is_its_samples_own(name):
    """It follows from seed, epoch and sample: not from how many there are, nor from other transforms."""
    few, many = (drawn_rows(strengths(name, "a test"), 7, 2, n, (28, 28)) for n in (5, 40))
    np.testing.assert_array_equal(few, many[:5])
    for seed, epoch in ((8, 2), (7, 3)):
        assert (drawn_rows(strengths(name, "a test"), seed, epoch, 40, (28, 28)) != many).any()
    if name != "stroke":
        with_stroke = drawn_rows(strengths([name, "stroke"], "a test"), 7, 2, 40, (28, 28))
        np.testing.assert_array_equal(with_stroke[:, :6], many[:, :6])


def test_what_is_drawn_fills_its_range():
    """Shifts of 3 pixels come up to 3 both ways, and half of the pictures are mirrored."""
    rows = drawn_rows({"shift": 3.0}, 0, 0, 2000, (28, 28))
    for start in (rows[:, 2], rows[:, 5]):
        right = -(start - 128) / 65536
        assert -3 <= right.min() < -2.9
        assert 2.9 < right.max() <= 3
        assert abs(right.mean()) < 0.15
    flipped = drawn_rows({"flip": 0.5}, 0, 0, 2000, (28, 28))[:, 1] < 0
    assert 0.45 < flipped.mean() < 0.55


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (None, {}),
        ("rotate", {"rotate": 15.0}),
        (["stroke", "shift"], {"shift": 2.0, "stroke": 1.0}),
        ({"flip": None, "scale": 0.1}, {"scale": 0.1, "flip": 0.5}),
        ({"shear": 0, "shift": np.int64(1)}, {"shift": 1.0}),
    ],
)
def test_strengths(given, found):
    """Names, or strengths by name; in the table's order, without those that change nothing."""
    assert strengths(given, "a test") == found
    assert list(strengths(given, "a test")) == list(found)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("rotat", "`augment` of a run knows shift, .*, flip. Got 'rotat'. Did you mean rotate?"),
        (["shift", 3], "`augment` of a run must be names of transforms, or .* Got"),
        ({"elastic": 1}, "`augment` of a run knows .* Got 'elastic'."),
        (3, "`augment` of a run must be names of transforms, or .* Got 3."),
        ({"rotate": 181}, "`rotate` of `augment` must be 0 to 180 (degrees). Got 181."),
        ({"scale": -0.1}, "`scale` of `augment` must be 0 to 0.5 (a share). Got -0.1."),
        ({"shift": float("nan")}, "`shift` of `augment` must be 0 to 100 (pixels). Got nan."),
        ({"flip": True}, "`flip` of `augment` must be 0 to 1 (a share of the pictures, .*). Got True."),
        ({"stroke": "thick"}, "`stroke` of `augment` must be 0 to 2 (pixels). Got 'thick'."),
    ],
)
def test_what_no_augmentation_can_be(given, says):
    """It is refused in one line that names the rule."""
    pattern = re.escape(says).replace(r"\.\*", ".*")
    with pytest.raises(UsageError, match=f"^{pattern}") as raised:
        strengths(given, "a run")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "x", [np.zeros((3, 784)), np.zeros((28, 28)), "pictures", np.zeros((1, 1, 2, 2), "U1")]
)
def test_what_no_pictures_can_be(x):
    """Four axes of numbers are asked for."""
    with pytest.raises(ConvlensError, match="`pictures` of augmented"):
        augmented(x, "shift")
