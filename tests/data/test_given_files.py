"""Files and folders that a user gives, and what a network sees of one."""

import io

import numpy as np
import pytest
from PIL import Image

from convlens.data.given_files import given_files
from convlens.data.seen import Doubt, see, thumbnail
from convlens.errors import DataError, UsageError


def png(picture):
    """A picture as the bytes of a file."""
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


def test_a_folder_stands_for_the_pictures_below_it(tmp_path):
    """In natural order, by ending or by content; nothing hidden, no notes, and no link that leads back up."""
    dot = png(np.zeros((2, 2), np.uint8))
    for name in ("10.png", "2.png", "b/1.JPG", "no-ending", ".hidden.png", ".cache/1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(dot)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    found = [path.relative_to(tmp_path).as_posix() for path in given_files([tmp_path])]
    assert found == ["2.png", "10.png", "b/1.JPG", "no-ending"]


def test_what_was_named_comes_as_it_was_named(tmp_path):
    """A file is not looked at before it is read; an empty folder is an error in its place."""
    (tmp_path / "empty").mkdir()
    given = [tmp_path / "b.txt", "-", tmp_path / "empty", tmp_path / "a"]
    files = list(given_files(given))
    assert [str(path) for path in files[:2] + files[3:]] == [str(given[0]), "-", str(given[3])]
    assert isinstance(files[2], DataError)
    assert "holds no pictures" in str(files[2])


@pytest.mark.parametrize(
    ("shape", "picture", "mean"),
    [
        ((1, 5, 7), (255, 0, 0), [76]),
        ((3, 5, 7), (255, 0, 0), [255, 0, 0]),
        ((3, 4, 4), (90, 90, 90), [90, 90, 90]),
    ],
)
def test_plain_is_the_whole_picture_in_the_networks_size_and_channels(shape, picture, mean):
    """Colours become grey where a network has one channel, and grey three colours where it has three."""
    seen = see(png(np.full((20, 30, 3), picture, np.uint8)), "a.png", shape, "plain")
    assert seen.image.shape == shape
    assert seen.image.mean(axis=(1, 2)).tolist() == mean
    assert seen.doubts == (Doubt.BLANK,)


@pytest.mark.parametrize(
    ("shape", "like", "said"),
    [
        ((1, 28, 28), "Plain", "Did you mean plain?"),
        ((3, 28, 28), "mnist", "must be plain for a network of 3 channels"),
        ((2, 28, 28), "plain", "must have 1 or 3 channels to see pictures. Got 2."),
    ],
)
def test_ways_that_do_not_lead_to_a_network_are_refused(shape, like, said):
    """In one line."""
    with pytest.raises(UsageError, match=said):
        see(png(np.zeros((9, 9), np.uint8)), "a.png", shape, like)


@pytest.mark.parametrize(
    ("given", "small"), [((400, 100), (200, 50)), ((1000, 1), (200, 1)), ((9, 8), (9, 8))]
)
def test_a_thumbnail_keeps_its_proportions(given, small):
    """It is at most 200 pixels long, and never enlarged."""
    assert thumbnail(png(np.zeros(given, np.uint8)), "a.png").shape == (1, *small)
