"""Named sets that are not here: CIFAR-10's layout and its download, on an archive that a local server has."""

import gzip
import hashlib
import io
import socket
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from convlens.data import open_source
from convlens.data.cifar import CLASSES
from convlens.data.download import Download
from convlens.data.named_sets import FASHION_CLASSES, NAMED_SETS, cifar10, located, where
from convlens.data.places import DATA_FOLDERS, kept_in
from convlens.errors import DataError
from small_sets import write_small_set

NAME = "cifar-10-binary.tar.gz"
FILES = [*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]


def records():
    """A few pictures for each file: one byte for the class, then red, green and blue."""
    rng = np.random.default_rng(0)
    found = {name: rng.integers(0, 256, (4, 3073), np.uint8) for name in FILES}
    for content in found.values():
        content[:, 0] %= 10
    return found


def packed(content):
    """An archive as CIFAR-10's binary one is laid out."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as zipped,  # the same bytes at any time
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for name, data in {**content, "batches.meta": np.frombuffer(b"airplane\n", np.uint8)}.items():
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}.{'txt' if 'meta' in name else 'bin'}")
            member.size = data.nbytes
            tar.addfile(member, io.BytesIO(data.tobytes()))
    return buffer.getvalue()


class Mirrors(BaseHTTPRequestHandler):
    """A mirror for each way in which one may fail, by the first folder of the address."""

    content, asked = b"", []

    def do_GET(self):
        mirror, begun = self.path.split("/")[1], self.headers.get("Range")
        type(self).asked.append((mirror, begun))
        if mirror == "missing":
            self.send_error(404)
            return
        whole = self.content[::-1] if mirror == "wrong" else self.content
        whole += b"more" if mirror == "larger" else b""
        start = int(begun.removeprefix("bytes=").rstrip("-")) if begun and mirror != "forgetful" else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(whole) - start))
        self.end_headers()
        is_cut = len(self.asked) < {"cut": 3, "forgetful": 2}.get(mirror, 0)
        self.wfile.write(whole[start : start + len(whole) // 3] if is_cut else whole[start:])

    def log_message(self, *args):
        pass


@pytest.fixture
def served(monkeypatch, tmp_path):
    """A server with CIFAR-10's layout; returns what sets the mirrors under the set's name."""
    pytest.importorskip("pooch")
    monkeypatch.setenv("CONVLENS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv(DATA_FOLDERS, raising=False)
    content = packed(records())
    handler = type("Here", (Mirrors,), {"content": content, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()

    def at(*mirrors):
        file = Download(NAME, hashlib.sha256(content).hexdigest(), len(content))
        ports = [_closed_port() if mirror == "dead" else server.server_port for mirror in mirrors]
        urls = [f"http://127.0.0.1:{port}/{mirror}" for port, mirror in zip(ports, mirrors, strict=True)]
        monkeypatch.setitem(NAMED_SETS, "cifar10", cifar10(file, tuple(urls)))
        return handler.asked

    yield at
    server.shutdown()
    thread.join()
    server.server_close()


def _closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_cifar10_as_its_archive_has_it(served):
    """Downloaded once, read byte by byte as the archive says, with the names of its classes."""
    asked = served("good")
    train, test = open_source("cifar10")
    again = open_source("cifar10", 16)
    assert asked == [("good", None)]
    assert (train.name, train.class_names) == ("CIFAR-10", CLASSES)
    content = records()
    rows = np.concatenate([content[name] for name in FILES[:5]])
    np.testing.assert_array_equal(train.labels, rows[:, 0])
    np.testing.assert_array_equal(train.images[7, 1, 2, 3], rows[7, 1 + 1024 + 2 * 32 + 3])
    np.testing.assert_array_equal(test.images.reshape(4, -1), content["test_batch"][:, 1:])
    assert again.train.images.shape == (20, 3, 16, 16)


@pytest.mark.parametrize("mirrors", [("dead", "good"), ("wrong", "good"), ("missing", "larger", "good")])
def test_the_next_mirror_is_asked(served, mirrors):
    """Whatever is wrong with one, and nothing of what it sent is kept."""
    asked = served(*mirrors)
    assert len(open_source("cifar10").train) == 20
    assert [mirror for mirror, _ in asked][-1] == "good"
    assert asked[-1][1] is None
    assert [path.name for path in kept_in("cifar10").iterdir()] == [NAME]


@pytest.mark.parametrize("mirror", ["cut", "forgetful"])
def test_a_download_goes_on_after_a_cut(served, mirror):
    """From where it stood, or from the start where the mirror cannot do that."""
    asked = served(mirror)
    assert len(open_source("cifar10").test) == 4
    third = len(packed(records())) // 3
    assert asked[0] == (mirror, None)
    begun = int(asked[1][1].removeprefix("bytes=").rstrip("-"))
    assert 0 < begun <= third
    assert len(asked) == {"cut": 3, "forgetful": 2}[mirror]


@pytest.mark.parametrize(
    ("mirrors", "says"),
    [
        (("dead",), "no connection"),
        (("missing", "wrong"), "HTTP 404; .*another file, of another SHA-256"),
        (("larger",), "a larger file"),
    ],
)
def test_what_cannot_be_had_is_told_with_the_remedy(served, mirrors, says):
    """One line: where it was looked for, what each mirror said, and where the files go by hand."""
    served(*mirrors)
    with pytest.raises(
        DataError, match=f"CIFAR-10 is not on this machine .*{says}.* put {NAME} into .*cifar10"
    ) as caught:
        open_source("cifar10")
    assert str(kept_in("cifar10")) in str(caught.value)
    assert "\n" not in str(caught.value)
    kept_in("cifar10").mkdir(parents=True, exist_ok=True)
    (kept_in("cifar10") / NAME).write_bytes(packed(records()))
    assert len(open_source("cifar10").train) == 20


def test_without_the_extra_the_message_names_it(served, monkeypatch):
    """And the way without."""
    served("good")
    monkeypatch.setitem(__import__("sys").modules, "pooch", None)
    with pytest.raises(DataError, match=r"for want of a package .*\[download\].* put .* into"):
        open_source("cifar10")


@pytest.mark.parametrize("what", ["changed", "cut", "short"])
def test_an_archive_that_is_not_whole(served, what):
    """It is refused before a picture is read, with what to do."""
    served("good")
    content = records()
    if what == "short":
        content["data_batch_3"] = content["data_batch_3"][:, :-1]
    whole = packed(content)
    if what == "cut":
        whole = whole[:-200]
    path = kept_in("cifar10") / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(whole)
    sha256 = hashlib.sha256(whole).hexdigest() if what != "changed" else "0" * 64
    NAMED_SETS["cifar10"] = cifar10(Download(NAME, sha256, len(whole)), ())
    says = {"changed": "SHA-256", "cut": "is damaged", "short": "has no whole data_batch_3.bin"}[what]
    with pytest.raises(DataError, match=f"{says}.*Remove .*, and it is downloaded again"):
        open_source("cifar10")


def test_fashion_mnist_is_known_by_its_content(tmp_path, monkeypatch):
    """A folder with files of the same names is not taken for it; the real one has names for its classes."""
    monkeypatch.setenv("CONVLENS_CACHE_DIR", str(tmp_path / "cache"))
    write_small_set(tmp_path / "data" / "other")
    monkeypatch.setenv(DATA_FOLDERS, str(tmp_path / "data"))
    found = where("fashion-mnist")
    if found is None:
        pytest.skip("Fashion-MNIST is not on this machine")
    assert found != tmp_path / "data" / "other"
    train, test = open_source("fashion-mnist")
    assert (len(train), len(test), train.class_names) == (60_000, 10_000, FASHION_CLASSES)
    assert train.class_names[train.labels[0]] == "Ankle boot"
    link = tmp_path / "data" / "mine" / "raw"
    link.parent.mkdir()
    link.symlink_to(found)
    monkeypatch.setattr("convlens.data.named_sets._folders", lambda name: [link])
    assert located("fashion-mnist") == link
