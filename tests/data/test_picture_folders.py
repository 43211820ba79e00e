"""Folders of pictures as data sets: what is found in them, in which order, size and colours."""

import os
import unicodedata

import numpy as np
import pytest
from picture_folders import picture, write_pictures
from PIL import Image

from convlens.data import open_source
from convlens.data.sources import read_source
from convlens.errors import DataError, UsageError
from file_names import require_names


def refusal(source, error=DataError, **more):
    """Return the one line with which data are refused."""
    with pytest.raises(error) as caught:
        open_source(source, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def kinds(source, **more):
    """Return what is remarked on."""
    return {remark.kind: remark for remark in read_source(source, **more).remarks}


def test_a_folder_for_each_class(tmp_path):
    """Classes are the folders in natural order; a sixth of each is tested on, and no picture is in both."""
    pair = open_source(write_pictures(tmp_path / "set", {"10": 12, "2": 18, "cat": 6, "Ant": 2}))
    assert pair.train.class_names == ("2", "10", "Ant", "cat")
    assert np.bincount(pair.test.labels).tolist() == [3, 2, 1, 1]
    assert np.bincount(pair.train.labels).tolist() == [15, 10, 1, 5]
    assert pair.train.images.shape[1:] == (1, 8, 8)
    trained, tested = ({image.tobytes() for image in part.images} for part in pair)
    assert len(trained | tested) == 38
    assert not trained & tested


def test_labels_are_those_of_the_folders(tmp_path):
    """Each picture has its bright row where its class has it, in both parts."""
    write_pictures(tmp_path, {"a": 9, "b": 9, "c": 9})
    for part in open_source(tmp_path):
        bright = (part.images[:, 0] == 250).all(axis=2).argmax(axis=1)
        np.testing.assert_array_equal(bright, part.labels)


@pytest.mark.parametrize("n", [3, 6, 12, 24])
def test_the_first_pictures_are_of_every_class(tmp_path, n):
    """However few are trained on, classes have their share among them; the test part's first ones, too."""
    write_pictures(tmp_path, {"a": 40, "b": 20, "c": 20})
    counts = np.bincount(open_source(tmp_path).train.labels[:n], minlength=3)
    assert abs(counts - n * np.array([0.5, 0.25, 0.25])).max() <= 1.5
    assert counts.min() >= 1 or n == 3


def test_the_same_files_are_the_same_data(tmp_path):
    """Wherever they lie and however they came there: order, split and checksums are the same."""
    counts = {"a": 8, "b": 7}
    first = open_source(write_pictures(tmp_path / "one", counts))
    again = tmp_path / "two"
    for path in sorted((tmp_path / "one").rglob("*.png"), reverse=True):
        copy = again / path.relative_to(tmp_path / "one")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (again / "a" / ".DS_Store").write_bytes(b"Bud1")
    (again / "Thumbs.db").write_bytes(b"\xd0\xcf")
    second = open_source(again)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.images, other.images)
        assert one.sha256 == other.sha256
    (again / "b" / "0.png").unlink()
    assert open_source(again).train.sha256 != first.train.sha256


@pytest.mark.parametrize(("train", "test"), [("train", "test"), ("Train", "TEST"), ("training", "testing")])
def test_a_test_part_of_its_own(tmp_path, train, test):
    """It is taken as it is; a folder for validation beside it is named as unused."""
    write_pictures(tmp_path / train, {"a": 5, "b": 4})
    write_pictures(tmp_path / test, {"a": 3, "b": 2}, seed=1)
    write_pictures(tmp_path / "val", {"a": 1, "b": 1}, seed=2)
    train_part, test_part = open_source(tmp_path)
    assert (len(train_part), len(test_part)) == (9, 5)
    assert kinds(tmp_path).keys() == {"unused"}


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "webp", "gif"])
@pytest.mark.parametrize("colour", [False, True])
def test_formats(tmp_path, ending, colour):
    """Every format is read by its content, whatever it is called; grey is told from colour."""
    write_pictures(tmp_path, {"a": 3, "b": 3}, size=(16, 8), colour=colour, ending=ending)
    for path in tmp_path.rglob(f"*.{ending}"):
        path.rename(path.with_suffix(".x" if "0" in path.name else ".png"))
    pair = open_source(tmp_path)
    assert pair.train.images.shape == (4, 3 if colour else 1, 16, 8)


def test_one_picture_in_colours_makes_the_set_coloured(tmp_path):
    """The grey ones among them keep their look in three channels."""
    write_pictures(tmp_path, {"a": 4, "b": 4})
    rng = np.random.default_rng(5)
    Image.fromarray(picture(0, rng, colour=True)).save(tmp_path / "b" / "3.png")
    images = np.concatenate([part.images for part in open_source(tmp_path)])
    assert images.shape == (8, 3, 8, 8)
    assert sum((image == image[:1]).all() for image in images) == 7


def odd_pictures():
    """Pictures as they come: each as Pillow has it, with what its upper left pixel must be."""
    grey = np.full((8, 8), 200, np.uint8)
    paletted = Image.fromarray(grey).convert("P")
    paletted.info["transparency"] = paletted.getpixel((0, 0))
    animated = [Image.fromarray(np.full((8, 8), tone, np.uint8)) for tone in (40, 250)]
    return {
        "16 bits": (Image.fromarray(np.full((8, 8), 200 * 256 + 7, np.uint16)), "png", {}, 200),
        "one bit": (Image.fromarray(grey > 100), "png", {}, 255),
        "transparent palette": (paletted, "png", {}, 255),
        "see-through": (
            Image.merge("LA", [Image.fromarray(grey // 4), Image.new("L", (8, 8))]),
            "png",
            {},
            255,
        ),
        "printing colours": (Image.new("CMYK", (8, 8), (0, 0, 0, 55)), "jpg", {"quality": 100}, 200),
        "animated": (animated[0], "gif", {"save_all": True, "append_images": animated[1:]}, 40),
        "one pixel": (Image.new("L", (1, 1), 77), "png", {}, 77),
    }


@pytest.mark.parametrize("kind", odd_pictures())
def test_odd_pictures(tmp_path, kind):
    """What a picture looks like is what the network gets."""
    odd, ending, options, expected = odd_pictures()[kind]
    write_pictures(tmp_path, {"b": 2})
    (tmp_path / "a").mkdir()
    for k in range(2):
        odd.save(tmp_path / "a" / f"{k}.{ending}", **options)
    train = open_source(tmp_path, 8).train
    upper_left = train.images[train.labels == 0][0, :, 0, 0]
    assert np.abs(upper_left.astype(int) - expected).max() <= 2


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(8, 8)] * 3 + [(9, 30)], (8, 8)),
        ([(8, 6), (10, 20), (12, 10)], (10, 10)),
        ([(300, 150)] * 3, (64, 32)),
        ([(1, 1)] * 3, (1, 1)),
    ],
)
def test_the_size_of_all(tmp_path, sizes, expected):
    """That of most, else the medians, and never beyond 128 by itself; it is said whenever pictures change."""
    write_pictures(tmp_path, {"b": 1}, size=sizes[0])
    for k, size in enumerate(sizes):
        write_pictures(tmp_path / "more", {str(k): 1}, size=size, seed=k)
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "more" / str(k) / "0.png").rename(tmp_path / "a" / f"{k}.png")
        (tmp_path / "more" / str(k)).rmdir()
    (tmp_path / "more").rmdir()
    assert open_source(tmp_path).train.images.shape[2:] == expected
    said = kinds(tmp_path).keys() & {"mixed_sizes", "large"}
    assert len(said) == (set(sizes) != {expected})
    assert open_source(tmp_path, "5x7").test.images.shape[2:] == (5, 7)


@pytest.mark.parametrize(
    "size", [0, "0", "12x", "x3", "3x4x5", "2000", -1, 1.5, True, "", "big", [3], "9" * 99]
)
def test_what_no_size_is(tmp_path, size):
    """It is refused in one line, before anything is read."""
    assert "`size` of " in refusal(tmp_path / "nowhere", UsageError, size=size)


def test_names_are_compared_as_unicode_composes_them(tmp_path):
    """A folder from a Mac has the same class names; two that look alike are refused; emoji are fine."""
    name = "가é🐈"
    require_names(name)
    write_pictures(tmp_path / "one", {unicodedata.normalize("NFD", name): 3, "b": 3})
    assert open_source(tmp_path / "one").train.class_names == ("b", name)
    write_pictures(tmp_path / "two", {unicodedata.normalize(form, name): 3 for form in ("NFC", "NFD")})
    assert "in two ways" in refusal(tmp_path / "two")


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_pictures_stand_as_the_camera_noted(tmp_path, orientation, ending):
    """Turned before they are measured and scaled: what was above is above."""
    write_pictures(tmp_path, {"b": 1}, size=(30, 20))
    above = np.zeros((30, 20), np.uint8)
    above[:10] = 255
    turned = Image.fromarray(above).rotate({1: 0, 3: 180, 6: 90, 8: 270}[orientation], expand=True)
    (tmp_path / "a").mkdir()
    exif = Image.Exif()
    exif[0x0112] = orientation
    for k in range(2):
        turned.save(tmp_path / "a" / f"{k}.{ending}", exif=exif)
    train = open_source(tmp_path).train
    assert train.images.shape[2:] == (30, 20)
    image = train.images[train.labels == 0][0, 0]
    assert image[:9].min() > 200
    assert image[12:].max() < 60


@pytest.mark.parametrize(
    "name", ["a\nb.png", "\udcff.png", "가.png", "x" * 200 + ".png", "-.png", "%s{}.png"]
)
def test_files_may_be_called_anything(tmp_path, name):
    """Only classes have names that are shown: a file's decides its place in the order."""
    write_pictures(tmp_path, {"a": 3, "b": 3})
    try:
        (tmp_path / "a" / "0.png").rename(tmp_path / "a" / name)
    except (OSError, UnicodeError):
        pytest.skip("this file system has no such name")
    assert sum(map(len, open_source(tmp_path))) == 6


def test_what_was_read_is_kept_until_it_changes(tmp_path, monkeypatch):
    """A picture that is changed, added or renamed is seen; otherwise nothing is decoded twice."""
    monkeypatch.setattr("convlens.data.sources._FRESH", -1.0)  # files may be as new as they like
    write_pictures(tmp_path, {"a": 6, "b": 6})
    first = open_source(tmp_path)
    assert open_source(str(tmp_path) + "/").train.images is first.train.images
    write_pictures(tmp_path / "a", {"deeper": 1}, seed=9)
    second = open_source(tmp_path)
    assert len(second.train) == len(first.train) + 1
    write_pictures(tmp_path / "a", {"deeper": 1}, size=(8, 9), seed=10)
    assert open_source(tmp_path).train.sha256 != second.train.sha256


def test_a_pipe_is_not_waited_for(tmp_path):
    """Where a picture is expected, anything else is named as one that cannot be read."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes here")
    write_pictures(tmp_path, {"a": 3, "b": 3})
    os.mkfifo(tmp_path / "a" / "pipe.png")
    assert "pipe.png" in refusal(tmp_path)
    (tmp_path / "a" / "pipe.png").rename(tmp_path / "a" / "pipe")
    assert sum(map(len, open_source(tmp_path))) == 6
    assert "is not a folder" in refusal(tmp_path / "a" / "pipe")
