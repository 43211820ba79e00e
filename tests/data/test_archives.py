"""NumPy archives and IDX files with colours: how their arrays become pictures and labels."""

import io
import zipfile

import numpy as np
import pytest

from convlens.data import open_source
from convlens.errors import DataError
from small_sets import write_idx

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (12, 6, 5), np.uint8)
LABELS = np.arange(12) % 3


def saved(folder, **arrays):
    """Write an archive and return its path."""
    np.savez_compressed(folder / "set.npz", **arrays)
    return folder / "set.npz"


def in_two(images=GREY, labels=LABELS, **more):
    """Both parts under the names that Keras gives them."""
    return {"x_train": images, "y_train": labels, "x_test": images[:4], "y_test": labels[:4], **more}


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (GREY, GREY),
        (GREY / 255.0, GREY),
        ((GREY / np.float32(255)).astype(np.float32), GREY),
        (GREY.astype(np.int64), GREY),
        (GREY.astype(np.float64), GREY),
        (GREY > 99, (GREY > 99) * np.uint8(255)),
    ],
    ids=["bytes", "float64 to 1", "float32 to 1", "int64", "float64 to 255", "bool"],
)
def test_numbers_become_bytes(tmp_path, images, expected):
    """Floats from 0 to 1 are 255ths, whatever their type; bytes stay as they are."""
    train, test = open_source(saved(tmp_path, **in_two(images)))
    np.testing.assert_array_equal(train.images, expected[:, None])
    np.testing.assert_array_equal(test.images, expected[:4, None])
    assert train.class_names == ("0", "1", "2")


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (LABELS, ("0", "1", "2")),
        (LABELS[:, None] + 1, ("1", "2", "3")),
        (np.eye(3)[LABELS], ("0", "1", "2")),
        (LABELS.astype(float), ("0", "1", "2")),
        (np.array(["10", "9", "cat"])[LABELS], ("9", "10", "cat")),
        (np.array([b"a", b"b", b"c"])[LABELS], ("a", "b", "c")),
    ],
    ids=["whole", "column", "one-hot", "floats", "texts", "bytes"],
)
def test_labels_in_any_form(tmp_path, labels, names):
    """Each picture keeps what it was called."""
    train = open_source(saved(tmp_path, **in_two(labels=labels))).train
    assert train.class_names == names
    plain = labels.argmax(axis=1) if labels.ndim == 2 and labels.shape[1] == 3 else labels.ravel()
    called = [
        one.decode() if isinstance(one, bytes) else str(one).removesuffix(".0") for one in plain.tolist()
    ]
    assert [names[label] for label in train.labels] == called


def test_class_names_of_an_archive(tmp_path):
    """They stand for the numbers."""
    path = saved(tmp_path, **in_two(class_names=np.array(["ant", "bee", "cow", "dog"])))
    assert open_source(path).train.class_names == ("ant", "bee", "cow", "dog")


@pytest.mark.parametrize("names", [("x", "y"), ("images", "labels"), ("X", "t")])
def test_a_test_part_is_taken_out(tmp_path, names):
    """A sixth of each class, where an archive has one part only."""
    train, test = open_source(saved(tmp_path, **dict(zip(names, (GREY, LABELS), strict=True))))
    assert np.bincount(test.labels).tolist() == [1, 1, 1]
    assert sorted(image.tobytes() for part in (train, test) for image in part.images) == sorted(
        image.tobytes() for image in GREY
    )


def test_what_lies_sorted_by_class_comes_in_another_order(tmp_path):
    """The first pictures are of every class; each keeps its label, and it is the same order every time."""
    order = np.argsort(LABELS, kind="stable")
    path = saved(tmp_path, **in_two(GREY[order], LABELS[order]))
    train = open_source(path).train
    assert set(train.labels[:3].tolist()) == {0, 1, 2}
    label_of = {image.tobytes(): label for image, label in zip(GREY, LABELS.tolist(), strict=True)}
    assert [label_of[image.tobytes()] for image in train.images] == train.labels.tolist()
    np.testing.assert_array_equal(open_source(path).train.images, train.images)


@pytest.mark.parametrize("shape", [(12, 3, 6, 5), (12, 6, 5, 3), (12, 1, 6, 5), (12, 6, 5, 1)])
@pytest.mark.parametrize("kind", ["archive", "idx"])
def test_where_the_colours_are(tmp_path, shape, kind):
    """Axis 1 or the last, whichever is 1 or 3."""
    images = RNG.integers(0, 256, shape, np.uint8)
    if kind == "archive":
        path = saved(tmp_path, **in_two(images))
    else:
        for part, n in (("train", 12), ("t10k", 4)):
            write_idx(tmp_path / f"{part}-images-idx3-ubyte", images[:n])
            write_idx(tmp_path / f"{part}-labels-idx1-ubyte", LABELS[:n])
        path = tmp_path
    expected = images if shape[1] in {1, 3} else images.transpose(0, 3, 1, 2)
    np.testing.assert_array_equal(open_source(path).train.images, expected)


def bomb(folder):
    """An archive of a few KB that unpacks to a gigabyte."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (1 << 30,)}
    )
    with zipfile.ZipFile(folder / "set.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("x.npy", "w") as file:
            file.write(header.getvalue())
            for _ in range(80):
                file.write(bytes(1 << 20))
        archive.writestr("y.npy", b"")
    return folder / "set.npz"


def cut(folder):
    path = saved(folder, **in_two())
    path.write_bytes(path.read_bytes()[:-300])
    return path


def a_text(folder):
    (folder / "set.npz").write_text("<html>not found</html>", encoding="ascii")
    return folder / "set.npz"


def objects(folder):
    return saved(folder, **in_two(labels=np.array([1, None] * 6, object)))


WRONG = {
    bomb: "announces 1,073,741,824 bytes, more than it can hold",
    cut: "is damaged. Copy or download it again",
    a_text: "is no .npz; it is a web page",
    objects: "holds Python objects, which could run a program",
    lambda f: saved(f, a=GREY): "must hold x_train, y_train, x_test and y_test, or x and y. It holds a",
    lambda f: saved(f, x_train=GREY, y_train=LABELS): "must hold x_train",
    lambda f: saved(f, x=GREY, y=LABELS[:5]): "12 images but 5 labels",
    lambda f: saved(f, x=GREY.reshape(12, -1), y=LABELS): r"must have the shape \(N, H, W\)",
    lambda f: saved(f, x=np.zeros((12, 3, 6, 3)), y=LABELS): r"may be \(N, C, H, W\) or \(N, H, W, C\)",
    lambda f: saved(f, x=np.zeros((12, 6, 6, 4)), y=LABELS): "1 channel .* or 3 .* Leave out the fourth",
    lambda f: saved(f, x=GREY - 9.5, y=LABELS): "must be numbers from 0 to 255, or from 0 to 1",
    lambda f: saved(f, x=GREY * np.nan, y=LABELS): "must be numbers from 0 to 255",
    lambda f: saved(f, x=GREY, y=LABELS * 0): "one class only",
    lambda f: saved(f, x=GREY, y=LABELS * 0.3): "whole numbers or texts",
    lambda f: saved(f, x=GREY, y=np.ones((12, 3))): "must have one 1 in each row",
    lambda f: saved(
        f, x=GREY, y=LABELS, names=np.array(["a", "b"])
    ): "must be 0 to 1, one for each class name",
    lambda f: saved(
        f, **{**in_two(), "y_test": np.full(4, 7)}
    ): "has a test label 7 that no training image has",
    lambda f: saved(f, **{**in_two(), "x_test": np.zeros((4, 9, 9))}): "of different shapes",
    lambda f: saved(f, x=np.repeat(GREY, 17, 0)[:202], y=np.arange(202) // 2): "101 classes",
}


@pytest.mark.parametrize("make", WRONG, ids=[f"{k}" for k in range(len(WRONG))])
def test_what_is_no_archive_of_pictures(tmp_path, make):
    """One line says what is wrong, and little memory is taken."""
    path = make(tmp_path)
    with pytest.raises(DataError, match=WRONG[make]) as caught:
        open_source(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("where", [[0], [3, 7], list(range(8))])
def test_images_with_numbers_that_are_none(tmp_path, where):
    """They are counted: scaling would not mend them."""
    images = GREY / 255.0
    images[where, 0, 0] = np.nan
    with pytest.raises(DataError, match=rf"Got nan in {len(where)} of 12: leave these out"):
        open_source(saved(tmp_path, **in_two(images)))
