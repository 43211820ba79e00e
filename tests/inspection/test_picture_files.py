"""Saved pictures: valid files, the same bytes each time, and the table of `convlens inspect`."""

import io
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from matplotlib.figure import Figure
from PIL import Image

from convlens.errors import ConvlensError, UsageError
from convlens.inspection import (
    FORMATS,
    PICTURES,
    PictureOptions,
    alt_text,
    encoded,
    file_stem,
    filters,
    learning_curves,
    save,
)
from drawn import blocks, tiles


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_the_same_run_gives_the_same_bytes(run, kind, lang):
    """Two figures of one run are equal files, without date or random names."""
    assert encoded(filters(run, lang=lang), kind) == encoded(filters(run, lang=lang), kind)


def test_png_opens_and_is_sharp(run, tmp_path):
    """A PNG has 16 cm at 200 dots an inch and says what it shows."""
    figure = learning_curves({"small": [run]})
    save(figure, tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.width == pytest.approx(16 / 2.54 * 200, abs=1)
        assert picture.info["Description"] == alt_text(figure)


def test_svg_parses_and_needs_no_font(run, tmp_path, hangul):
    """An SVG is XML, its Hangul is outlines, and it holds the description."""
    figure = filters(run, lang="ko")
    save(figure, tmp_path / "filters.SVG")
    content = (tmp_path / "filters.SVG").read_bytes()
    root = ET.fromstring(content)  # noqa: S314 -- our own file
    assert root.tag.endswith("svg")
    assert not root.findall(".//{http://www.w3.org/2000/svg}text")
    assert alt_text(figure) in content.decode()
    assert b"image-rendering" in content


def test_pdf_has_its_header_and_end(run, tmp_path):
    """A PDF is whole."""
    save(filters(run), tmp_path / "filters.pdf")
    content = (tmp_path / "filters.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("name", ["x.jpg", "x", "x.png.txt"])
def test_another_suffix_is_refused(name, tmp_path):
    """The message names the three formats; nothing is written."""
    with pytest.raises(UsageError, match=r"\.png, \.svg or \.pdf\. Got 'x"):
        save(Figure(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_is_refused():
    """So it is where the bytes are asked for."""
    with pytest.raises(UsageError, match=r"png, svg, pdf\. Got 'gif'"):
        encoded(Figure(), "gif")


def test_a_folder_that_is_not_there_is_explained(run, tmp_path):
    """One line says what could not be written."""
    with pytest.raises(ConvlensError, match="cannot write"):
        save(filters(run), tmp_path / "nowhere" / "x.png")


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_of_the_table_is_drawn(run, slow_run, name, lang):
    """Each name that `convlens inspect` takes gives a figure with a description."""
    figure = PICTURES[name]([run, slow_run] if PICTURES[name].several else [run], PictureOptions(lang=lang))
    assert isinstance(figure, Figure)
    assert alt_text(figure)
    with Image.open(io.BytesIO(encoded(figure, "png"))) as picture:
        picture.load()


def test_a_picture_of_the_users_is_taken(run):
    """`applied` shows the picture that it is given."""
    picture = run.data.test.x[5, 0]
    image = blocks(PICTURES["applied"]([run], PictureOptions(picture=picture)))[0]
    assert (tiles(image)[0, 0] * 255).round().astype("uint8")[::3, ::3].tolist() == picture.tolist()


@pytest.mark.parametrize("name", ["filters", "applied", "architecture"])
def test_pictures_of_one_run_refuse_several(runs, name):
    """Only curves compare runs."""
    with pytest.raises(UsageError, match=f"`{name}` shows one run. Got 3"):
        PICTURES[name](runs)


def test_deeper_layers_are_reached_by_their_names(deep_run):
    """`--layer` takes a layer's name or its weights' name; a wrong one gets the list."""
    for name in ("filters", "applied"):
        for layer in ("C2", "W2"):
            assert "C2" in alt_text(PICTURES[name]([deep_run], PictureOptions(layer=layer)))
        with pytest.raises(UsageError, match=r"C1 \(or W1\), C2 \(or W2\)\. Got 'C9'"):
            PICTURES[name]([deep_run], PictureOptions(layer="C9"))


@pytest.mark.parametrize("name", ["curves", "loss", "filters", "architecture"])
def test_a_picture_that_would_be_ignored_is_refused(run, name):
    """Whoever gives a picture learns which pictures look at one."""
    with pytest.raises(UsageError, match=f"`--picture` is for applied.*`{name}` does not use it"):
        PICTURES[name]([run], PictureOptions(picture=run.data.test.x[0, 0]))


def test_a_number_that_would_be_ignored_is_refused(run):
    """`--most` is for what shows the first of many."""
    with pytest.raises(UsageError, match="`--most` is for forming, mistakes; the picture `curves`"):
        PICTURES["curves"]([run], PictureOptions(most=3))
    three = PICTURES["mistakes"]([run], PictureOptions(most=3))
    assert len([text for text in three.axes[0].texts if "taken" in text.get_text()]) == 3


def test_loss_is_drawn_below_accuracy(run):
    """`loss` has two axes a group, `curves` one."""
    assert len(PICTURES["loss"]([run]).axes) == 2 * len(PICTURES["curves"]([run]).axes)


def test_pictures_of_different_learning_rates_can_be_told_apart(run, slow_run):
    """The learning rate stands in the title, in the description and in the file's name."""
    for name in ("filters", "applied"):
        for one, rate in ((run, "0.001"), (slow_run, "0.0001")):
            figure = PICTURES[name]([one])
            assert f"learning rate {rate}" in figure.get_suptitle().splitlines()[1]
            assert f"learning rate {rate}" in alt_text(figure)
            assert f"lr-{rate}" in file_stem(name, [one])
    assert file_stem("filters", [run], "C1/../x") == "filters-small-c1-..-x-lr-0.001-200-images-2-epochs"


def test_curves_of_no_run_are_refused():
    """There is nothing to draw."""
    with pytest.raises(UsageError, match="one run or more"):
        PICTURES["curves"]([])


def test_a_light_import_stays_light():
    """`import convlens` imports no matplotlib, and drawing needs no pyplot."""
    code = (
        "import sys, convlens, convlens.training; assert 'matplotlib' not in sys.modules;"
        "import convlens.inspection; assert 'matplotlib.pyplot' not in sys.modules;"
        "assert 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
