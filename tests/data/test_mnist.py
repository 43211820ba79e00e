"""The bundled MNIST, folders of IDX files, and labels."""

import gzip
import lzma
import shutil
import struct
import subprocess
import sys

import numpy as np
import pytest

from convlens.data import (
    Dataset,
    bundled_mnist,
    load_idx_folder,
    load_mnist,
    mnist,
    one_hot,
    read_idx,
    shuffle_dataset,
)
from convlens.errors import DataError, ShapeError, UsageError

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def write_idx(path, array):
    """Write a uint8 array as a raw IDX file."""
    path.write_bytes(struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes())


@pytest.fixture
def folder(tmp_path):
    """A small folder of one's own: 20 and 8 pictures of 6 x 5 pixels."""
    rng = np.random.default_rng(0)
    for part, n in (("train", 20), ("t10k", 8)):
        write_idx(tmp_path / f"{part}-images-idx3-ubyte", rng.integers(0, 256, (n, 6, 5), np.uint8))
        write_idx(tmp_path / f"{part}-labels-idx1-ubyte", rng.integers(0, 10, n, np.uint8))
    return tmp_path


def refusal(folder, **arguments):
    """Return the one line with which a folder is refused."""
    with pytest.raises(DataError) as caught:
        load_idx_folder(folder, **arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_known_facts_about_mnist():
    """Counts, first labels, counts per digit and the mean are those that are published for MNIST."""
    (x_train, t_train), (x_test, t_test) = load_mnist()
    assert x_train.shape == (60000, 784)
    assert x_test.shape == (10000, 784)
    assert t_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert t_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(t_train).tolist() == counts
    assert np.bincount(t_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert x_train.mean(dtype=np.float64) == pytest.approx(0.1307, abs=5e-5)
    assert x_train.std(dtype=np.float64) == pytest.approx(0.3081, abs=5e-5)


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("flatten", [True, False])
@pytest.mark.parametrize("one_hot_label", [True, False])
def test_every_form(normalize, flatten, one_hot_label):
    """Each combination of arguments gives the type, shape and range that the book gives, writable."""
    for (x, t), n in zip(load_mnist(normalize, flatten, one_hot_label), (60000, 10000), strict=True):
        assert x.dtype == (np.float32 if normalize else np.uint8)
        assert x.shape == ((n, 784) if flatten else (n, 1, 28, 28))
        assert (x.min(), x.max()) == (0, 1 if normalize else 255)
        assert t.dtype == (np.float64 if one_hot_label else np.uint8)
        assert t.shape == ((n, 10) if one_hot_label else (n,))
        assert all(a.flags.writeable and a.flags.c_contiguous for a in (x, t))


def test_normalized_is_exactly_a_255th():
    """A normalised pixel is the float32 nearest to image / 255."""
    normalized, plain = load_mnist()[1][0], load_mnist(normalize=False)[1][0]
    np.testing.assert_array_equal(normalized, plain.astype(np.float32) / np.float32(255))


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("flatten", [True, False])
def test_two_calls_are_independent(normalize, flatten):
    """Arrays that were changed do not change what the next call gives."""
    (_, (x, t)) = load_mnist(normalize, flatten)
    before = x.copy(), t.copy()
    x[:], t[:] = 0, 0
    (_, (x, t)) = load_mnist(normalize, flatten)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(t, before[1])


def test_bundled_parts_are_read_once_and_read_only():
    """The shared data set cannot be changed by one of its users."""
    train, test = bundled_mnist()
    assert bundled_mnist().train is train
    assert (len(train), len(test)) == (60000, 10000)
    assert train.name == "MNIST"
    assert train.images.shape == (60000, 1, 28, 28)
    assert train.class_names == tuple("0123456789")
    assert train.sha256 | test.sha256 == mnist.SHA256
    for array in (train.images, train.labels, test.images, test.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("fault", ["missing", "truncated", "another"])
def test_a_damaged_installation(tmp_path, monkeypatch, fault):
    """Bundled files that are gone, cut or exchanged are refused with the advice to reinstall."""
    copied = shutil.copytree(mnist.FOLDER, tmp_path / "mnist")
    victim = copied / f"{NAMES[3]}.gz"
    content = victim.read_bytes()
    victim.unlink()
    if fault == "truncated":
        victim.write_bytes(content[:-1])
    elif fault == "another":
        plain = bytearray(gzip.decompress(content))
        plain[-1] ^= 1
        victim.write_bytes(gzip.compress(plain))
    monkeypatch.setattr(mnist, "FOLDER", copied)
    with pytest.raises(DataError, match=r"Reinstall convlens\. .*t10k-labels") as caught:
        bundled_mnist.__wrapped__()  # without the cache, which another test may have filled
    assert "\n" not in str(caught.value)


def test_own_folder(folder):
    """A folder of one's own gives both parts with a channel axis, its own name and its hashes."""
    train, test = pair = load_idx_folder(str(folder))
    assert pair.train is train
    assert train.images.shape == (20, 1, 6, 5)
    assert test.images.shape == (8, 1, 6, 5)
    assert train.name == folder.name
    assert set(train.sha256) == set(NAMES[:2])
    np.testing.assert_array_equal(train.images[:, 0], read_idx(folder / NAMES[0]))
    np.testing.assert_array_equal(test.labels, read_idx(folder / NAMES[3]))


def test_compressed_and_dotted_names(folder):
    """Files ending in .gz and .xz are found, and those with a dot before idx."""
    expected = load_idx_folder(folder)
    for name, suffix, pack in ((NAMES[0], ".gz", gzip.compress), (NAMES[1], ".xz", lzma.compress)):
        path = folder / name
        (folder / f"{name}{suffix}").write_bytes(pack(path.read_bytes()))
        path.unlink()
    (folder / NAMES[2]).rename(folder / "t10k-images.idx3-ubyte")
    read = load_idx_folder(folder)
    np.testing.assert_array_equal(read.train.images, expected.train.images)
    assert read.train.sha256 == expected.train.sha256
    assert read.test.sha256 == expected.test.sha256


def test_class_names(folder):
    """Class names are the caller's, or numbers as far as the labels of both parts go."""
    letters = tuple("abcdefghij")
    assert load_idx_folder(folder, class_names=letters).test.class_names == letters
    write_idx(folder / NAMES[3], np.full(8, 25, np.uint8))
    assert load_idx_folder(folder).train.class_names == tuple(map(str, range(26)))
    assert "must be 0 to 9, one for each class name. Got 25" in refusal(folder, class_names=letters)


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        (NAMES[1], np.zeros(19, np.uint8), "20 images but 19 labels"),
        (NAMES[2], np.zeros((8, 5, 6), np.uint8), "same source"),
        (NAMES[0], np.zeros(20, np.uint8), "must hold uint8 numbers with 3 axes. Got uint8 numbers with 1"),
        (NAMES[3], np.zeros((8, 1), np.uint8), "must hold uint8 numbers with 1 axes"),
        (NAMES[2], np.zeros((0, 6, 5), np.uint8), "none of them 0"),
    ],
    ids=["counts", "shapes", "images", "labels", "nothing"],
)
def test_files_that_do_not_fit(folder, name, array, words):
    """Sound files that do not belong together are refused."""
    write_idx(folder / name, array)
    assert words in refusal(folder)


def test_missing_files(folder, tmp_path):
    """A folder that lacks a file, and one that does not exist, are told apart."""
    (folder / NAMES[1]).unlink()
    assert f"has no {NAMES[1]}" in refusal(folder)
    assert "is not a folder" in refusal(tmp_path / "nowhere")


def test_a_dataset_leaves_the_callers_arrays_alone():
    """Making a data set does not make the arrays that it was given read-only."""
    images, labels = np.zeros((2, 1, 3, 3), np.uint8), np.array([0, 1])
    dataset = Dataset("own", images, labels, ("no", "yes"), {})
    assert images.flags.writeable
    assert not dataset.images.flags.writeable
    with pytest.raises(DataError, match="Got -1"):
        Dataset("own", images, labels - 1, ("no", "yes"), {})
    with pytest.raises(DataError, match="must be integers"):
        Dataset("own", images, labels + 0.5, ("no", "yes"), {})


def test_importing_the_room_imports_nothing_heavy():
    """`import convlens.data` loads neither Pillow nor matplotlib nor Numba."""
    code = "import sys, convlens.data; print({'PIL', 'matplotlib', 'numba', 'scipy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_one_hot():
    """Each row has its 1 in the label's column, for any integer type."""
    rows = one_hot(np.array([2, 0], np.uint8), 3)
    assert rows.dtype == np.float64
    assert rows.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert one_hot([], 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("labels", "n_classes", "error"),
    [
        ([3], 3, UsageError),
        ([-1], 3, UsageError),
        ([0.5], 3, UsageError),
        ([], 0, UsageError),
        (0, 3, ShapeError),
    ],
)
def test_one_hot_refuses(labels, n_classes, error):
    """A label without a column is an error, never a row of another class."""
    with pytest.raises(error, match="of one_hot must"):
        one_hot(labels, n_classes)


@pytest.mark.parametrize("shape", [(), (4,), (1, 3, 3), (2, 3, 4, 5)], ids=str)
def test_shuffle_dataset(shape):
    """Samples of any shape keep their labels, and the order is the book's for the same global seed."""
    x = np.arange(10 * int(np.prod(shape))).reshape(10, *shape)
    t = np.arange(10)
    np.random.seed(3)
    x_new, t_new = shuffle_dataset(x, t)
    np.random.seed(3)
    np.testing.assert_array_equal(t_new, np.random.permutation(10))
    np.testing.assert_array_equal(x_new, x[t_new])
    assert t.tolist() == list(range(10))


@pytest.mark.parametrize(("x", "t"), [(np.zeros((3, 2)), np.zeros(2)), (np.zeros(()), np.zeros(()))])
def test_shuffle_dataset_refuses(x, t):
    """Samples and labels of different length cannot be shuffled together."""
    with pytest.raises(ShapeError, match="same length"):
        shuffle_dataset(x, t)
