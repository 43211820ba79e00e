"""A user's own pictures, from a file, a folder, or folders named after what they show."""

import numpy as np
import pytest
from PIL import Image

from convlens.data import load_pictures
from convlens.errors import DataError, UsageError
from handwritten import digit, ink, likeness


def saved(path, picture, **options):
    """Save a picture from 0 to 1 as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.round(255 * picture).astype(np.uint8)).save(path, **options)
    return path


@pytest.fixture
def sorted_folder(tmp_path):
    """A folder for each of two digits, and what else lies about in folders."""
    for name, file in [("7", "a.png"), ("7", "b.jpg"), ("3", "mine.PNG")]:
        saved(tmp_path / "own" / name / file, 1 - ink(name, 90))
    (tmp_path / "own" / "empty").mkdir()
    (tmp_path / "own" / "notes.txt").write_text("mine", encoding="utf-8")
    saved(tmp_path / "own" / ".thumbnails" / "x.png", ink("3", 28))
    return tmp_path / "own"


def test_folders_named_after_what_they_show(sorted_folder):
    """Folders of pictures are classes, in the order of their names; empty and hidden ones are none."""
    own = load_pictures(sorted_folder, like="mnist")
    assert own.names == ("3/mine.PNG", "7/a.png", "7/b.jpg")
    assert own.class_names == ("3", "7")
    assert own.labels.tolist() == [0, 1, 1]
    assert (own.images.shape, own.images.dtype, len(own)) == ((3, 1, 28, 28), np.uint8, 3)
    for name, prepared in zip("377", own.prepared, strict=True):
        assert likeness(prepared, name) > 0.9
    np.testing.assert_array_equal(own.images[1, 0], own.prepared[1].image)


def test_a_folder_of_files_and_one_file(sorted_folder):
    """Pictures without folders have no labels; a single file is named by itself."""
    flat = load_pictures(str(sorted_folder / "7"))
    assert (flat.names, flat.labels, flat.class_names) == (("a.png", "b.jpg"), None, ())
    one = load_pictures(sorted_folder / "7" / "a.png")
    assert one.names == ("a.png",)
    np.testing.assert_array_equal(one.images, flat.images[:1])


def test_only_scaled(tmp_path):
    """Without a data set to be like, a picture changes its size and nothing else."""
    picture = np.kron([[0, 1], [128 / 255, 1]], np.ones((14, 21)))
    own = load_pictures(saved(tmp_path / "own.png", picture), like=None, height=4, width=2)
    assert own.images[0, 0].tolist() == [[0, 255], [0, 255], [128, 255], [128, 255]]
    assert own.prepared == ()


@pytest.mark.parametrize("kind", ["turned", "transparent", "white ink", "sixteen bits", "palette"])
def test_as_files_come(tmp_path, kind):
    """A phone's turned photograph, a transparent drawing, 16 bits and a palette are the same digit."""
    grey = Image.fromarray(np.round(255 * (1 - ink("3", 84))).astype(np.uint8))
    path, options = tmp_path / "3.png", {}
    if kind == "turned":
        options["exif"] = Image.Exif()
        options["exif"][0x0112] = 6
        grey = grey.transpose(Image.Transpose.ROTATE_90)
    elif kind in {"transparent", "white ink"}:
        nothing = Image.new("L", grey.size, 0 if kind == "transparent" else 255)
        grey = Image.merge("LA", (nothing, grey.point(lambda value: 255 - value)))
    elif kind == "sixteen bits":
        grey = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        grey = grey.convert("P")
    grey.save(path, **options)
    assert likeness(load_pictures(path).prepared[0], "3") > 0.9


def test_an_image_of_mnist_is_its_own(tmp_path):
    """A file that holds one of MNIST's images gives that image."""
    path = saved(tmp_path / "7.png", digit("7") / 255)
    np.testing.assert_array_equal(load_pictures(path).images[0, 0], digit("7"))


def test_what_is_refused(tmp_path):
    """Where there is no picture, or an unknown data set is asked for, one line says so."""
    with pytest.raises(DataError, match=r"has no picture \(.bmp, .*\), nor a folder that has one"):
        load_pictures(tmp_path)
    with pytest.raises(DataError, match="nowhere"):
        load_pictures(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"`like` of load_pictures must be .mnist. or None\. Got 'letters'"):
        load_pictures(tmp_path, like="letters")
