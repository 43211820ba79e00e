"""Nonsense given to the data room: refused by the name of the argument, the rule and the value."""

import math
import os
import struct

import numpy as np
import pytest

from convlens.data import (
    Dataset,
    batch_index,
    epoch_order,
    load_idx_folder,
    load_mnist,
    one_hot,
    split_for,
    steps_per_epoch,
)
from convlens.errors import ConvlensError, DataError, UsageError
from convlens.streams import stream


def zeros(n, classes):
    """A data set of `n` blank pictures with these class names."""
    return Dataset("mine", np.zeros((n, 1, 2, 2), np.uint8), np.zeros(n, np.uint8), classes, {})


@pytest.mark.parametrize("name", ["normalize", "flatten", "one_hot_label"])
@pytest.mark.parametrize("value", ["x", "False", 1, 0, None, 2.0, [], np.float64(1)], ids=str)
def test_switches_are_true_or_false(name, value):
    """What is neither True nor False is refused: the text "False" would be true."""
    with pytest.raises(UsageError, match=rf"`{name}` of load_mnist must be True or False\. Got "):
        load_mnist(**{name: value})


@pytest.mark.parametrize("seed", [True, False, -1, 1.0, "1", None, math.nan, np.True_, [1]], ids=str)
@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: stream(seed, "order"),
        lambda seed: epoch_order(seed, 0, 3),
        lambda seed: batch_index(seed, 0, 3, 1),
    ],
    ids=["stream", "epoch_order", "batch_index"],
)
def test_seeds_are_whole_numbers(draw, seed):
    """A seed is a whole number, 0 or more; True is none."""
    with pytest.raises(UsageError, match=r"`seed` of .* Got "):
        draw(seed)


@pytest.mark.parametrize("size", [True, 1.5, "5000", None, -1, 0, 10**20, math.inf, "9" * 10_000], ids=type)
def test_sizes_of_splits(size):
    """A training size is a whole number that the data set has."""
    with pytest.raises(UsageError, match=r"`train_size` must be 1 to 55,000") as raised:
        split_for(size)
    assert len(str(raised.value)) < 250
    if size != 10**20:
        with pytest.raises(UsageError, match=r"`n_available` must be 1 or more"):
            split_for(5000, size)


@pytest.mark.parametrize("value", [True, 0, -1, 1.5, "3", None], ids=str)
def test_counts_of_batches(value):
    """A number of samples is a whole number, 1 or more."""
    for arguments in ((value, 5), (5, value)):
        with pytest.raises(UsageError, match=r" of a batch must be an int of 1 or more"):
            steps_per_epoch(*arguments)


@pytest.mark.parametrize("n_classes", [True, 0, -3, 2.5, "10", None, 10**12, np.float32(3)], ids=str)
def test_classes_of_one_hot(n_classes):
    """So many columns fit: no memory is asked for on anybody's word."""
    with pytest.raises(UsageError, match=r"`n_classes` of one_hot must be an int, 1 or more"):
        one_hot([0, 1], n_classes)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("a", "b" * 100_000), r"at most 100 letters. Got 'b+…' \(100,000 letters\)"),
        (("a", ""), "that can be read"),
        (("a", " "), "that can be read"),
        (("a", "\u200b\u200d"), "that can be read"),
        (("a", "\u3164"), "that can be read"),
        (("a", "b\nc"), "that can be read"),
        (("a", "\x1b[2J"), "that can be read"),
        (("a", 1), "that can be read"),
        (("a", None), "that can be read"),
        (("a", "a"), "must differ. Got 'a' twice"),
        ((), "a list of texts, 1 to 10,000"),
        ("abc", "a list of texts, 1 to 10,000"),
        (3, "a list of texts, 1 to 10,000"),
        (tuple(map(str, range(20_000))), "a list of texts, 1 to 10,000"),
    ],
    ids=lambda value: str(value)[:12] if isinstance(value, str) else "",
)
def test_names_of_classes(names, words):
    """A class name is a short text that can be seen, and no two are the same."""
    with pytest.raises(DataError, match=words) as raised:
        zeros(3, names)
    assert len(str(raised.value)) < 400


def write(folder, train, test):
    """Write a data folder with these labels."""
    for part, labels in (("train", train), ("t10k", test)):
        n = len(labels)
        for name, shape, body in (
            ("images-idx3", (n, 4, 4), bytes(16 * n)),
            ("labels-idx1", (n,), bytes(labels)),
        ):
            content = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + body
            (folder / f"{part}-{name}-ubyte").write_bytes(content)


@pytest.mark.parametrize("label", [0, 3, 255])
@pytest.mark.parametrize("n", [1, 20])
def test_one_class_only(tmp_path, label, n):
    """Pictures of one class only teach nothing: the folder is named, and the class."""
    write(tmp_path, [label] * n, [0, 1])
    with pytest.raises(DataError, match=rf"has training images of one class only, {label}: "):
        load_idx_folder(tmp_path)


def test_two_classes(tmp_path):
    """Two are enough, and the test images may be of one."""
    write(tmp_path, [3, 4, 3], [4])
    assert len(load_idx_folder(tmp_path).train) == 3


@pytest.mark.parametrize("path", ["", "a\0b", "\ud800", "x" * 5000, os.devnull])
def test_paths_that_are_none(path):
    """What is no path of a folder is refused in a short line."""
    with pytest.raises(ConvlensError) as raised:
        load_idx_folder(path)
    assert len(str(raised.value)) < 1100
