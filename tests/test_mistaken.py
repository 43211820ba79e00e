"""Files that are something else than their name says: whoever refuses one says what it is."""

import gzip
import io
import lzma
import pickle
import tarfile

import numpy as np
import pytest

from convlens.data import load_idx_folder, read_idx, read_picture
from convlens.errors import ConvlensError
from convlens.mistaken import mistaken_for
from convlens.networks import Network, read_arrays
from convlens.spec import find
from convlens.study import load_design

POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4665a5ea423c2713d436b5ee50593a9640e0018c1550b5a0002f74190d6caea8\nsize 439000\n"
)
PAGE = b"\n<!DOCTYPE html>\n<html lang=en><head><title>GitHub</title></head><body></body></html>\n"


def saved(function, *args):
    """What a function that writes into a file writes."""
    file = io.BytesIO()
    function(file, *args)
    return file.getvalue()


def tar():
    """A tar archive with one empty file."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("params.pkl"))
    return file.getvalue()


MISTAKEN = {
    "a pointer of Git LFS": POINTER,
    "a web page": PAGE,
    "web page": b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>" + b" " * 600,
    "a web": "<HTML>\n<!-- 한글 -->".encode("utf-16"),
    'a JSON text, which begins `{"message": "Not Found"}`': b'{"message": "Not Found"}',
    "a text, which begins `404: Not Found`": b"404: Not Found",
    "empty": b"",
    "an array of NumPy": saved(np.save, np.zeros(3)),
    "a zip archive": saved(lambda file: np.savez(file, W1=np.zeros(3))),
    "a tar archive": tar(),
    "a PNG picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "an HDF5 file": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "a pointer of git-annex": b"/annex/objects/SHA256E-s29515--0ab1\n",
}
kinds = pytest.mark.parametrize("kind", list(MISTAKEN))


@kinds
def test_a_beginning_tells(kind):
    """The first bytes say what a file is, and with it what to do."""
    assert kind in mistaken_for(MISTAKEN[kind])


@pytest.mark.parametrize(
    "content", [b"\0\0\x08\x03" + bytes(50), bytes(range(256)), pickle.dumps({}), b"\x00\x01\xfe"]
)
def test_what_does_not_tell(content):
    """Of bytes that say nothing, nothing is said."""
    assert mistaken_for(content) is None


@kinds
@pytest.mark.parametrize("name", ["params.pkl", "final.safetensors", "weights"])
def test_weights_that_are_something_else(tmp_path, kind, name):
    """A pointer, a page or an archive under the name of weights is called what it is."""
    path = tmp_path / name
    path.write_bytes(MISTAKEN[kind])
    for read in (read_arrays, Network.load):
        with pytest.raises(ConvlensError) as raised:
            read(path)
        assert kind in str(raised.value)
        assert name in str(raised.value)
        assert "safetensors file nor" not in str(raised.value)


@kinds
def test_data_that_are_something_else(tmp_path, kind):
    """So is what lies in the place of an IDX file or of a compressed one."""
    if kind == "empty":
        return
    for name in ("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"):
        (tmp_path / name).write_bytes(MISTAKEN[kind])
        with pytest.raises(ConvlensError) as raised:
            read_idx(tmp_path / name)
        assert f"is not an IDX file; it is {kind}" in str(raised.value).replace("a web page", kind)
        with pytest.raises(ConvlensError) as raised:
            load_idx_folder(tmp_path)
        assert kind in str(raised.value)


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_pages_within_a_compressed_file(tmp_path, compress):
    """What a server compressed on its way is found inside, too."""
    (tmp_path / "images.gz").write_bytes(compress(PAGE))
    with pytest.raises(ConvlensError, match=r"is not an IDX file; it is a web page"):
        read_idx(tmp_path / "images.gz")


@pytest.mark.parametrize("kind", ["a pointer of Git LFS", "a web page", "an HDF5 file"])
def test_pictures_that_are_something_else(tmp_path, kind):
    """A picture that is none is called what it is."""
    (tmp_path / "photo.jpg").write_bytes(MISTAKEN[kind])
    with pytest.raises(ConvlensError, match=f"is not a picture of the kind .*; it is {kind}"):
        read_picture(tmp_path / "photo.jpg")


@pytest.mark.parametrize("kind", ["a pointer of Git LFS", "a web page", "an HDF5 file", "a zip archive"])
@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_networks_that_are_something_else(tmp_path, kind, suffix):
    """A network's description, too."""
    path = tmp_path / f"net.{suffix}"
    path.write_bytes(MISTAKEN[kind])
    with pytest.raises(ConvlensError, match=f"net.{suffix} is not .*; it is {kind}"):
        find(str(path))


@pytest.mark.parametrize("kind", ["a pointer of Git LFS", "a web page", "an HDF5 file", "a zip archive"])
def test_designs_that_are_something_else(tmp_path, kind):
    """So is a design."""
    (tmp_path / "design.toml").write_bytes(MISTAKEN[kind])
    with pytest.raises(ConvlensError, match=f"is not TOML; it is {kind}"):
        load_design(str(tmp_path / "design.toml"))
