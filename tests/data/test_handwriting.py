"""Pictures of digits become what MNIST would have made of them, however they were taken."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convlens.data import bundled_mnist, prepare
from convlens.errors import DataError, UsageError
from handwritten import PLACES, digit, ink, light, likeness, noisy, ruled

SHAPE = (160, 200)


def shadow():
    """Return the edge of a hard shadow across the sheet."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.where(columns + 0.4 * rows > 110, 0.85, 0.45)


def squares():
    """Return the lines of squared paper."""
    return np.maximum(ruled(SHAPE, 20), ruled(SHAPE[::-1], 20).T)


def table():
    """Return a sheet on a dark table."""
    sheet = np.full(SHAPE, 0.2)
    sheet[18:-18, 20:-20] = light((SHAPE[0] - 36, SHAPE[1] - 40))
    return sheet


def beside(drawn, row, column, size=5):
    """Return ink with a speck beside the digit."""
    drawn = drawn.copy()
    drawn[row : row + size, column : column + size] = 1.0
    return drawn


TAKEN = {
    "drawn, black on white": lambda name: 1.0 - ink(name, 120, SHAPE),
    "drawn, white on black": lambda name: ink(name, 120, SHAPE),
    "drawn in pale yellow": lambda name: 1.0 - 0.12 * ink(name, 120, SHAPE),
    "drawn in dark mode": lambda name: 0.1 + 0.6 * ink(name, 90, SHAPE),
    "drawn in a corner": lambda name: 1.0 - ink(name, 60, SHAPE, (3, 135)),
    "photographed": lambda name: noisy(light(SHAPE) * (1.0 - 0.75 * ink(name, 120, SHAPE))),
    "photographed in bad light": lambda name: noisy(light(SHAPE, 0.45) * (1.0 - 0.6 * ink(name, 120, SHAPE))),
    "in pencil": lambda name: noisy(light(SHAPE) * (1.0 - 0.3 * ink(name, 120, SHAPE))),
    "in pencil on a table": lambda name: noisy(table() * (1.0 - 0.4 * ink(name, 90, SHAPE))),
    "under a hard shadow": lambda name: noisy(shadow() * (1.0 - 0.75 * ink(name, 110, SHAPE))),
    "on lined paper": lambda name: noisy(
        light(SHAPE) * (1.0 - np.maximum(0.75 * ink(name, 120, SHAPE), 0.4 * ruled(SHAPE, 24, 0.05)))
    ),
    "on squared paper": lambda name: noisy(
        light(SHAPE)
        * (1.0 - np.maximum(0.7 * ink(name, 120, SHAPE), 0.3 * squares()))
    ),
    "with chalk": lambda name: noisy(0.4 * light(SHAPE) + 0.5 * ink(name, 120, SHAPE)),
    "with specks": lambda name: noisy(
        light(SHAPE) * (1.0 - 0.75 * beside(beside(ink(name, 100, SHAPE), 8, 170), 140, 20, 3))
    ),
    "with a finger in it": lambda name: noisy(
        light(SHAPE) * (1.0 - 0.75 * np.pad(ink(name, 100, (110, 200)), ((0, 50), (0, 0)), constant_values=0))
        * np.where((np.mgrid[:160, :200][0] > 125) & (np.mgrid[:160, :200][1] > 150), 0.4, 1.0)
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAKEN)
@pytest.mark.parametrize("name", ["3", "7"])
def test_a_picture_becomes_what_mnist_had(how, name):
    """However a digit is drawn or photographed, the network receives nearly MNIST's own image of it."""
    prepared = prepare(TAKEN[how](name))
    assert likeness(prepared, name) > 0.9
    assert prepared.n_large == 1
    assert not prepared.touches


@pytest.mark.parametrize("line", [0.2, 0.4, 0.6, 0.9], ids="lines of {} of the ink".format)
@pytest.mark.parametrize("squared", [False, True], ids=["lined", "squared"])
@pytest.mark.parametrize("name", ["3", "9"])
def test_lines_on_a_screen_are_no_ink(name, squared, line):
    """Lines of a clean sheet, as a drawing program draws them, are left out, however dark they are."""
    lines = np.roll(squares() if squared else ruled(SHAPE, 20), (7, 9), axis=(0, 1))
    prepared = prepare(1.0 - np.maximum(ink(name, 120, SHAPE), line * lines))
    assert prepared.n_large == 1
    assert likeness(prepared, name) > 0.9


@pytest.mark.parametrize("inverted", [False, True], ids=["black on white", "white on black"])
@pytest.mark.parametrize("name", ["0", "3", "4", "5", "9"])
def test_a_bold_digit_may_fill_its_picture(name, inverted):
    """Cut to its box, with as much ink as paper or more: what most of the border has is paper."""
    from convlens.data.handwriting.pen import inked_anew

    bold = inked_anew(ink(name, 200) >= 0.5, 12.0, 1.0)
    rows, columns = (np.flatnonzero((bold >= 0.5).any(axis=axis)) for axis in (1, 0))
    cut = bold[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    prepared = prepare(cut if inverted else 1.0 - cut)
    assert prepared.dark_ink is not inverted
    assert likeness(prepared, name) > 0.7


@pytest.mark.parametrize("inverted", [False, True], ids=["as stored", "inverted"])
def test_mnist_is_left_as_it_is(inverted):
    """An image of MNIST comes back bit by bit, and its inverse as the image itself."""
    for image in bundled_mnist().test.images[:40, 0]:
        prepared = prepare((255 - image if inverted else image) / 255)
        assert prepared.way == "as it is"
        assert prepared.dark_ink is inverted
        np.testing.assert_array_equal(prepared.image, image)


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("side", [16, 24, 32])
def test_small_bitmaps_take_the_short_way(name, side):
    """A bitmap of few pixels keeps its shape: nothing is taken for shade."""
    rows, columns = (np.flatnonzero(digit(name).any(axis=axis)) for axis in (1, 0))
    cut = digit(name)[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] / 255.0
    square = np.pad(cut, [((20 - n) // 2, 20 - n - (20 - n) // 2) for n in cut.shape])
    from convlens.data.handwriting.sampling import averaged, between

    bitmap = averaged(square, between(20, side), between(20, side)) >= 0.5
    prepared = prepare(bitmap.astype(np.float32))
    assert prepared.way == "short"
    assert likeness(prepared, name) > 0.8


@pytest.mark.parametrize(("wider", "most"), [(0, 3.2), (3, 4.1), (6, 4.6)])
def test_pens_become_like_mnists(wider, most):
    """Strokes that are thinner or thicker than MNIST's are redrawn; the digit stays as long as it was."""
    from convlens.data.handwriting.pen import inked_anew

    drawn = inked_anew(ink("3", 200) >= 0.5, 2.0 * wider, 1.0)
    assert prepare(1.0 - drawn).values.sum() < 28 * most * 2
    thin = inked_anew(ink("3", 200) >= 0.5, -8.0, 1.0)
    prepared = prepare(1.0 - thin)
    assert prepared.stroke < 2.0
    assert likeness(prepared, "3") > 0.85


@pytest.mark.parametrize(
    "sheet",
    [
        np.ones((30, 40)),
        np.zeros((28, 28)),
        noisy(light(SHAPE), 0.01),
        noisy(light(SHAPE), 0.05),
        noisy(light(SHAPE) * (1.0 - 0.4 * np.roll(ruled(SHAPE, 32), 15, axis=0))),
        np.full((1, 1), 0.4),
        1.0 - 0.6 * ruled(SHAPE, 20),
        1.0 - 0.8 * np.roll(squares(), (7, 9), axis=(0, 1)),
        0.2 + 0.3 * np.roll(squares(), (5, 3), axis=(0, 1)),
    ],
    ids=[
        "white",
        "black",
        "paper",
        "noisy paper",
        "lined paper",
        "one pixel",
        "clean lines",
        "clean squares",
        "a board's squares",
    ],
)
def test_a_blank_sheet_is_blank(sheet):
    """Where nothing is written the picture is empty, whatever the paper's grain."""
    prepared = prepare(sheet)
    assert prepared.way == "blank"
    assert prepared.n_large == 0
    assert not prepared.image.any()


def test_what_one_may_judge_by():
    """Several digits, and one that goes beyond the border, are told; so are contrast and the share of ink."""
    two = np.hstack([ink("4", 100), ink("9", 100)])
    assert prepare(1.0 - two).n_large == 2
    cut = prepare(noisy(light((140, 140)) * (1.0 - 0.5 * ink("3", 200)[40:180, 30:170])))
    assert cut.touches
    assert cut.contrast == pytest.approx(0.5, abs=0.05)
    assert 0.05 < cut.share < 0.5


@pytest.mark.parametrize(("height", "width"), [(12, 12), (32, 32), (28, 40), (6, 6)])
def test_other_sizes(height, width):
    """In a picture of another size the digit is as much larger or smaller, and its middle is the middle."""
    prepared = prepare(1.0 - ink("3", 120), height, width)
    assert prepared.image.shape == (height, width)
    mass = prepared.values / prepared.values.sum()
    middle = (mass.sum(1) @ np.arange(height), mass.sum(0) @ np.arange(width))
    np.testing.assert_allclose(middle, ((height - 1) / 2 + 0.5, (width - 1) / 2 + 0.5), atol=0.51)


def test_a_small_digit_on_a_large_sheet():
    """A digit of a thirtieth of a large sheet is found, in a corner too."""
    shape = (1100, 1500)
    sheet = noisy(light(shape) * (1.0 - 0.75 * ink("3", 75, shape, (30, 1400))), 0.01)
    assert likeness(prepare(sheet), "3") > 0.9


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(1, 45), st.integers(1, 45)), elements=st.floats(0, 1)))
def test_any_picture_is_prepared(picture):
    """No picture makes it stop: numbers from 0 to 1 come out, and the picture given stays as it was."""
    before = picture.copy()
    prepared = prepare(picture)
    assert prepared.values.shape == (28, 28)
    assert np.isfinite(prepared.values).all()
    assert 0.0 <= prepared.values.min() <= prepared.values.max() <= 1.0 + 1e-12
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (np.zeros((2, 2, 3)), "shape (2, 2, 3)"),
        (np.full((2, 2), np.nan), "not finite"),
        (np.array([[0, 128], [255, 3]], np.uint8), "from 0 to 255"),
        (np.zeros((0, 5)), "shape (0, 5)"),
        ("digit.png", "Got 'digit.png'"),
    ],
    ids=["coloured", "nan", "bytes", "empty", "name"],
)
def test_what_is_no_picture_is_refused(picture, told):
    """What is no grey picture from 0 to 1 is refused in one line that says what it is instead."""
    with pytest.raises(DataError) as caught:
        prepare(picture)
    assert str(caught.value).startswith(
        "`picture` of prepare must be an array of (H, W) numbers from 0 (black) to 1"
    )
    assert told in str(caught.value)


@pytest.mark.parametrize("size", [0, -3, 2.5, 5000])
def test_sizes_that_no_picture_has(size):
    """A size that no network has is refused."""
    with pytest.raises(UsageError, match="`height` of prepare must be an int from 1 to 1,024"):
        prepare(np.zeros((5, 5)), height=size)
