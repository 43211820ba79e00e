"""Every picture of runs on 1 and 3 channels, on 2 to 100 classes with names of any length."""

import numpy as np
import pytest

from convlens.errors import ShapeError
from convlens.findings import Look, answers, exciting_patches, first_picture, look_of, responses
from convlens.inspection import (
    PICTURES,
    PictureOptions,
    alt_text,
    classes,
    excitement,
    filters,
    mistakes,
    show,
)
from convlens.inspection.drawing.labels import columns_of, short_names, shortened
from convlens.inspection.drawing.sheet import is_sheet
from convlens.runs import Run
from drawn import blocks, keys
from looked_at_sets import LONG, SETS, opened, run_on

ONE_RUN = [name for name, picture in PICTURES.items() if not picture.several]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Return runs by the name of their set and the learning rate."""
    known = {}

    def get(name, lr=0.01):
        if (name, lr) not in known:
            folder = tmp_path_factory.mktemp("any") / "run"
            known[name, lr] = run_on(name, folder, optimizer_param={"lr": lr})
        return known[name, lr]

    return get


@pytest.mark.parametrize("what", PICTURES)
@pytest.mark.parametrize("name", SETS)
def test_every_picture_shows_every_set(made, name, what):
    """Nothing is refused, and the description says of what it is."""
    runs = [made(name)] if what in ONE_RUN else [made(name), made(name, 0.001)]
    figure = PICTURES[what](runs, PictureOptions())
    assert figure.axes
    assert alt_text(figure)


@pytest.mark.parametrize("name", SETS)
def test_names_fit_and_differ(made, name):
    """No name runs over its neighbour, none stands for two classes, and all are said in full in words."""
    names = SETS[name][1]
    short = short_names(names, 16)
    assert len(set(short)) == len(names)
    assert max(map(columns_of, short)) <= 16
    run = made(name)
    for line in keys(mistakes(run)).splitlines():
        assert columns_of(line) <= 18
    if len(answers(run).mistakes):
        found = answers(run)
        assert found.names[found.right[found.mistakes[0]]] in alt_text(mistakes(run))


@pytest.mark.parametrize(
    ("text", "most", "wanted"),
    [(f"{LONG} 17", 14, "golden-cr…r 17"), ("고양이 아주 긴 이름", 10, "고양이…름"), ("Katze", 5, "Katze")],
)
def test_long_names_keep_their_ends(text, most, wanted):
    """Names of a set often begin alike; Hangul takes the room of two letters."""
    assert shortened(text, most) == wanted


@pytest.mark.parametrize("name", ["two in colour", "a hundred in colour"])
def test_pictures_in_colour_are_shown_so(made, name):
    """Test images, patches and first filters: their own colours, which a page must not round to our few."""
    run = made(name)
    assert look_of(run) is Look.COLOURS
    assert first_picture(run).shape == SETS[name][0]
    for figure in (classes(run), excitement(run), filters(run), PICTURES["applied"]([run])):
        spread = [np.ptp(np.ma.filled(image.get_array(), 0), axis=2) for image in _coloured(figure)]
        assert max(one.max() for one in spread) > 0.2, figure.get_label()
        assert not is_sheet(figure)
    found = exciting_patches(run)
    pixels = run.data.test.x[found.images[0, 0]] / np.float32(255)
    bias = run.network().params["b1"][0]
    again = np.einsum("hwc,chw->", found.patches[0, 0], found.filters[0]) + bias
    assert again == pytest.approx(found.responses[0, 0], abs=1e-4)
    assert np.isin(found.patches[0, 0].round(4), pixels.round(4)).all()


def _coloured(figure):
    return [image for image in blocks(figure) if image.get_array().ndim == 3]


@pytest.mark.parametrize(
    ("name", "shape"), [("two in colour", (3, 12, 14)), ("letters", (3, 12, 14)), ("two in colour", (20, 30))]
)
def test_any_network_takes_pictures_in_colour_and_grey(made, name, shape):
    """A grey network sees the luminance of a colour picture, one for colours a grey picture three times."""
    run, picture = made(name), np.random.default_rng(0).random(shape, np.float32)
    raw = responses(run, picture).raw
    x = np.einsum("c,chw->hw", [0.299, 0.587, 0.114], picture) if len(shape) == 3 else picture
    batch = (
        picture[None]
        if run.is_coloured and len(shape) == 3
        else np.repeat(x[None, None], len(run.channels), 1)
    )
    np.testing.assert_allclose(raw, run.network().layers["C1"].forward(batch.astype("f4"))[0], atol=1e-6)


@pytest.mark.parametrize("shape", [(2, 8, 8), (8, 8, 3), (1, 3, 8, 8), (0, 4)])
def test_what_is_no_picture_is_refused(made, shape):
    """Two channels, colours that come last, a batch, nothing."""
    with pytest.raises(ShapeError, match=r"grey, \(height, width\), or with colours"):
        responses(made("two in colour"), np.zeros(shape))


@pytest.mark.parametrize(
    ("name", "said"), [("a hundred in colour", True), ("letters", False), ("clothes", False)]
)
def test_left_out_classes_are_told(made, name, said):
    """Thirty rows have room: of a hundred classes these are the first thirty, and that is written."""
    assert ("The first 30 of 100 classes." in keys(classes(made(name)))) is said


def test_grey_photographs_are_not_ink(made):
    """Grey pictures on a bright ground are shown as they are, those on black as ink on paper."""
    run = made("clothes")
    dark, bright = (opened(Run(run.folder), run.data) for _ in range(2))
    for one, change in ((dark, lambda x: x // 4), (bright, lambda x: 255 - x // 2)):
        part = type(run.data.test)(change(run.data.test.x), run.data.test.t)
        opened(one, type(run.data)(**{**vars(run.data), "test": part}))
    assert (look_of(dark), look_of(bright)) == (Look.INK, Look.LIGHT)


def test_a_notebook_shows_colours(made):
    """Nothing is left out of what `show` returns."""
    assert {"applied W1", "mistakes", "confusion"} <= show(made("two in colour")).figures.keys()
