"""Saved pictures: valid files, the same bytes each time, and the table of `convlens inspect`."""

import io
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from matplotlib.figure import Figure
from PIL import Image

from convlens.errors import ConvlensError, UsageError
from convlens.inspection import FORMATS, PICTURES, alt_text, encoded, filters, learning_curves, save


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("lang", ["en", "ko"])
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
    with pytest.raises(UsageError, match=r"\.png, \.svg or \.pdf\. Got x"):
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


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_of_the_table_is_drawn(run, name, lang):
    """Each name that `convlens inspect` takes gives a figure with a description."""
    figure = PICTURES[name]([run], lang=lang)
    assert isinstance(figure, Figure)
    assert alt_text(figure)
    with Image.open(io.BytesIO(encoded(figure, "png"))) as picture:
        picture.load()


def test_a_picture_of_the_users_is_taken(run):
    """`applied` shows the picture that it is given."""
    picture = run.data.test.x[5, 0]
    figure = PICTURES["applied"]([run], picture=picture)
    assert (figure.axes[0].images[0].get_array() * 255).round().astype("uint8").tolist() == picture.tolist()


@pytest.mark.parametrize("name", ["filters", "applied", "architecture"])
def test_pictures_of_one_run_refuse_several(runs, name):
    """Only curves compare runs."""
    with pytest.raises(UsageError, match=f"`{name}` shows one run. Got 3"):
        PICTURES[name](runs)


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
