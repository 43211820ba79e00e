"""Folders and files that are no data set, or a poor one: what is said of them, in one line, with counts."""

import os
import shutil

import numpy as np
import pytest
from picture_folders import write_pictures
from PIL import Image

from convlens.data import open_source
from convlens.data.examined import examined, unseen
from convlens.data.sources import read_source
from convlens.errors import ConvlensError, DataError, UsageError
from convlens.words import LANGUAGES
from small_sets import write_small_set


def no_pictures(folder):
    """A folder with a class that holds none."""
    write_pictures(folder, {"a": 3, "b": 3})
    (folder / "empty").mkdir()


def one_of_each(folder):
    write_pictures(folder, {"a": 1, "b": 1})


def many_classes(folder):
    for k in range(101):
        (folder / str(k)).mkdir()
        Image.new("L", (1, 1)).save(folder / str(k) / "0.png")


def no_class_folders(folder):
    write_pictures(folder / "x", {"a": 3})
    for path in (folder / "x" / "a").iterdir():
        path.rename(folder / path.name)
    shutil.rmtree(folder / "x")


def an_unknown_class(folder):
    write_pictures(folder / "train", {"a": 3, "b": 3})
    write_pictures(folder / "test", {"a": 3, "c": 3})


def two_kinds(folder):
    write_pictures(folder / "train", {"a": 3, "b": 3})
    write_pictures(folder / "test", {"a": 3, "b": 3})
    write_small_set(folder)


def a_line_end(folder):
    write_pictures(folder, {"a\nb": 3, "c": 3})


def a_text(folder):
    write_pictures(folder, {"a": 3, "b": 3})
    (folder / "a" / "7.png").write_text("version https://git-lfs.github.com/spec/v1\n", encoding="ascii")


def cut_short(folder):
    write_pictures(folder, {"a": 3, "b": 3}, size=(40, 40), ending="jpg")
    for path in (folder / "b").iterdir():
        path.write_bytes(path.read_bytes()[:400])


def other_things(folder):
    """More than a thousand files that are none, as a home folder has them."""
    write_pictures(folder, {"b": 3})
    (folder / "a").mkdir()
    for k in range(1010):
        (folder / "a" / f"{k}.txt").touch()


def too_large(folder):
    write_pictures(folder, {"a": 3, "b": 3})
    Image.new("1", (10_000, 6_000)).save(folder / "a" / "7.png")


def links_in_a_ring(folder):
    write_pictures(folder, {"a": 3, "b": 3})
    (folder / "a" / "up").symlink_to(folder)
    (folder / "b" / "x.png").symlink_to(folder / "b" / "x.png")


WRONG = {
    no_pictures: "empty holds no pictures. Put some into it, or remove the folder.",
    one_of_each: "has no picture to test on. Add some, two of a class at least.",
    many_classes: "has 101 folders: a data set has at most 100 classes.",
    no_class_folders: "has 3 files but no folders: put the pictures of each class into a folder",
    an_unknown_class: "test has a class 'c' that .*train has not",
    two_kinds: "holds both IDX files and folders of pictures",
    a_line_end: r"a class name .* must be a text that can be read. Got 'a\\nb'. Give the folder another name",
    a_text: "has 1 of 7 pictures that cannot be read: .*7.png is not a picture.*a pointer of Git LFS",
    cut_short: "has 3 of 6 pictures that cannot be read: .*0.jpg is a damaged.* Others: b/1.jpg, b/2.jpg",
    other_things: "holds 1,001 files that are no pictures, and few that are. Give the folder",
    too_large: "has 1 of 7 pictures that cannot be read: .* more than 50,000,000 pixels",
    links_in_a_ring: "has 1 of 7 pictures that cannot be read: .*x.png",
    lambda folder: write_pictures(folder, {"a": 3}): "has pictures of one class only, 'a'",
    lambda folder: write_pictures(folder / "inner", {"a": 3, "b": 3}): "has one folder only: give .*inner",
    lambda folder: write_pictures(folder / "train", {"a": 3, "b": 3}): "has train/ but no test/",
    lambda folder: folder.mkdir(exist_ok=True): "In it: nothing. .*Pictures need a folder for each class",
}


@pytest.mark.parametrize("make", WRONG, ids=[f"{k}" for k in range(len(WRONG))])
def test_what_is_no_data_set(tmp_path, make):
    """One line says what is wrong with a folder, and what to do."""
    make(tmp_path)
    with pytest.raises(DataError, match=WRONG[make]) as caught:
        open_source(tmp_path)
    assert "\n" not in str(caught.value)


def test_damaged_pictures_are_left_out_for_whoever_looks(tmp_path):
    """They are refused by who trains; who looks is told all of them, and sees the rest."""
    a_text(tmp_path)
    opened = read_source(tmp_path, skips_damaged=True)
    assert sum(map(len, opened.pair)) == 6
    damaged = next(remark for remark in opened.remarks if remark.kind == "damaged")
    assert damaged.values == {"n": 1, "names": ["a/7.png"]}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read(tmp_path):
    """It is one of those that are named."""
    write_pictures(tmp_path, {"a": 3, "b": 3})
    (tmp_path / "a" / "0.png").chmod(0)
    with pytest.raises(DataError, match=r"may not be read: permission denied"):
        open_source(tmp_path)


def remarks_on(folder):
    """Return what is said of a data set, by kind."""
    opened = read_source(folder)
    return {remark.kind: remark for remark in (*opened.remarks, *examined(opened.pair))}


@pytest.mark.parametrize(
    ("counts", "kind", "values"),
    [
        ({"a": 30, "b": 6}, "imbalance", {"large": "a", "most": 25, "small": "b", "least": 5}),
        ({"a": 12, "b": 1, "c": 1}, "single", {"n": 2, "names": ["b", "c"]}),
        ({"a": 6, "b": 1}, "untested", {"n": 1, "names": ["b"]}),
    ],
)
def test_uneven_classes(tmp_path, counts, kind, values):
    """The largest and the smallest class, classes of one picture, and untested ones are named with counts."""
    assert remarks_on(write_pictures(tmp_path, counts))[kind].values == values


def test_an_even_set_has_nothing_to_be_said(tmp_path):
    """But that its test part was taken out."""
    assert remarks_on(write_pictures(tmp_path, {"a": 8, "b": 7})).keys() == {"held_out"}


def test_pictures_that_come_twice(tmp_path):
    """They are known by what they show, whatever the files are called or how they are written."""
    write_pictures(tmp_path / "train", {"a": 6, "b": 6})
    write_pictures(tmp_path / "test", {"a": 3, "b": 3}, seed=1)
    for k, name in enumerate(("a/0.png", "b/1.png")):
        Image.open(tmp_path / "train" / name).save(tmp_path / "test" / "a" / f"copy-{k}.bmp")
    Image.open(tmp_path / "train" / "a" / "2.png").save(tmp_path / "train" / "b" / "again.gif")
    found = remarks_on(tmp_path)
    assert found["duplicates"].values == {"n": 2, "all": 8}
    assert found["contradictions"].values == {"n": 2, "all": 13}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_remarks_are_one_line_in_every_language(tmp_path, lang):
    """With their numbers, and of many names the first three."""
    write_pictures(tmp_path, {"a": 40, "b c": 1, "d": 1, "e": 1, "f": 1})
    (tmp_path / "a" / "readme.txt").write_text("hello", encoding="ascii")
    Image.new("L", (5, 6)).save(tmp_path / "d" / "0.png")
    for kind, remark in remarks_on(tmp_path).items():
        told = remark.told(lang)
        assert "\n" not in told
        assert str(remark.values.get("n", "")) in told
        assert ("…" in told) == (kind in {"single", "untested"})


def test_classes_that_a_small_training_size_leaves_out():
    """They are named; where all are there, nothing is said."""
    labels, names = np.array([0, 0, 1, 1, 2, 2]), ("x", "y", "z")
    (remark,) = unseen(labels, names, 2)
    assert remark.values == {"n": 2, "size": 2, "names": ["y", "z"]}
    assert unseen(labels, names, 5) == []


def test_pictures_beside_idx_files_are_no_classes(tmp_path):
    """One folder of them, such as of figures, takes nothing from the files; two are another data set."""
    write_small_set(tmp_path)
    write_pictures(tmp_path, {"figures": 2})
    assert len(open_source(tmp_path).train) == 60
    write_pictures(tmp_path, {"more": 2})
    with pytest.raises(DataError, match="holds both"):
        open_source(tmp_path)


@pytest.mark.parametrize("name", ["Mnist", "mnist/", "mnst"])
def test_a_sets_name_that_is_misspelt(tmp_path, monkeypatch, name):
    """It is a slip of whoever typed it, unless there is such a folder."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"Did you mean mnist\?$"):
        open_source(name)
    (tmp_path / name.rstrip("/")).mkdir()
    with pytest.raises(ConvlensError, match="has no train-images"):
        open_source(name)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("moved", "there is nothing of this name. If it was moved, move it back; else give a folder"),
        ("moved.npz.bak", "there is nothing of this name. If it was moved, move it back; else give a folder"),
        ("images.npy", r"one array is no data set. Save images and labels as np.savez\("),
        ("notes.txt", "nor is it an .npz archive; give a folder"),
        ("train-images-idx3-ubyte", "Give the folder of the file"),
    ],
)
def test_what_is_no_folder_is_told_what_data_may_be(tmp_path, name, says):
    """Not MNIST's four files alone: a folder that was moved may have been of pictures."""
    if not name.startswith("moved"):
        (tmp_path / name).write_bytes(b"nothing of use")
    with pytest.raises(DataError, match=f"is not a folder.*{says}"):
        open_source(tmp_path / name)
