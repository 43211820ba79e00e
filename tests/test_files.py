"""Writing so that there is the old file or the new one, and never half of one."""

import os
import socket
from pathlib import Path

import pytest

from convlens import files
from convlens.errors import ConvlensError
from convlens.files import (
    commit_folder,
    explained,
    read_bytes,
    read_text,
    require_regular,
    safe_stem,
    write_bytes,
    write_text,
)


def fails(*_):
    """What a full disk says."""
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("content", [b"", b"new", bytes(range(256)) * 1000])
def test_write_bytes(tmp_path, content):
    """A file is made or replaced, and nothing else is left beside it."""
    path = tmp_path / os.fsdecode("파일 1".encode())
    for _ in range(2):
        write_bytes(path, content)
        assert path.read_bytes() == content
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are POSIX")
def test_a_pipe_is_no_file_to_replace(tmp_path):
    """A device or a pipe given as output stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ConvlensError, match="a device or a pipe"):
        write_bytes(pipe, b"new")
    assert pipe.is_fifo()


def test_write_text_keeps_line_ends(tmp_path):
    """Text is UTF-8, with the line ends that it has, on every system."""
    write_text(tmp_path / "t", "한글\nb\r\nc")
    assert (tmp_path / "t").read_bytes() == "한글\nb\r\nc".encode()


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch, name):
    """If the disk is full or the rename fails, the old content stands and no half file lies about."""
    path = tmp_path / "weights"
    path.write_bytes(b"old")
    monkeypatch.setattr(*((files.os, name) if name == "fsync" else (type(path), name)), fails)
    with pytest.raises(ConvlensError) as raised:
        write_bytes(path, b"new")
    assert str(raised.value) == f"cannot write {path}: No space left on device."
    assert isinstance(raised.value.__cause__, OSError)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_content_is_on_the_disk_before_the_name(tmp_path, monkeypatch):
    """At the moment of the rename the whole content has been flushed to the disk, under another name."""
    path, seen = tmp_path / "weights", []
    path.write_bytes(b"old")
    flush = os.fsync

    def fsync(descriptor):
        flush(descriptor)
        asides = [other for other in tmp_path.iterdir() if other != path]
        seen.append((path.read_bytes(), [other.read_bytes() for other in asides]))

    monkeypatch.setattr(files.os, "fsync", fsync)
    write_bytes(path, b"new")
    assert seen == [(b"old", [b"new"])]


@pytest.mark.parametrize("where", ["none/file", "a file/file", "a folder"])
def test_places_that_cannot_be_written(tmp_path, where):
    """A missing folder, a file in a folder's place and a folder in the file's: one line, and nothing left."""
    (tmp_path / "a file").write_bytes(b"")
    (tmp_path / "a folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ConvlensError, match=rf"cannot write .*{where}: ") as raised:
        write_bytes(tmp_path / where, b"new")
    assert "\n" not in str(raised.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_commit_folder(tmp_path):
    """The folder aside gets its final name, with all that is in it."""
    aside = tmp_path / ".run.partial"
    aside.mkdir()
    (aside / "file").write_bytes(b"content")
    commit_folder(aside, tmp_path / "run")
    assert (tmp_path / "run" / "file").read_bytes() == b"content"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_commit_never_overwrites(tmp_path, kind):
    """What is already there stays, and so does the folder aside."""
    aside, target = tmp_path / "aside", tmp_path / "run"
    aside.mkdir()
    (aside / "file").write_bytes(b"new")
    if kind == "folder":
        target.mkdir()
        (target / "mine").write_bytes(b"old")
    else:
        target.write_bytes(b"old")
    with pytest.raises(ConvlensError, match=r"cannot commit .*run: "):
        commit_folder(aside, target)
    assert (aside / "file").exists()
    assert (target / "mine" if kind == "folder" else target).read_bytes() == b"old"


def test_explained(tmp_path):
    """An OSError becomes one line with the path; other errors pass; nothing raised is nothing said."""
    with explained("read", tmp_path):
        pass
    with pytest.raises(ConvlensError, match=r"^cannot read .*: odd\.$"), explained("read", tmp_path):
        raise OSError("odd")
    with pytest.raises(KeyError), explained("read", tmp_path):
        raise KeyError("x")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("SimpleConvNet", "simpleconvnet"),
        ("../../evil", "evil"),
        ("my net (2)", "my-net-2"),
        ("a" * 200, "a" * 80),
        ("a" * 79 + " b", "a" * 79),
        ("나의 그물", ""),
    ],
)
def test_file_stem(name, stem):
    """Whatever a thing is called, its file's name is one that every system takes; made twice, it stays."""
    assert safe_stem(name) == stem
    assert safe_stem(stem) == stem


def irregular(kind, folder):
    """The path of something that is no file."""
    path = folder / "odd"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(str(path))
    elif kind == "a device":
        path.symlink_to("/dev/zero")
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes, sockets and devices are POSIX")
@pytest.mark.parametrize("read", [read_bytes, read_text, require_regular])
@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a socket", "a device"])
def test_only_files_are_read(tmp_path, kind, read):
    """What is no file is refused by what it is, at once; nothing is opened that may never end."""
    with pytest.raises(OSError, match="not a regular file") as raised:
        read(irregular(kind, tmp_path))
    assert raised.value.strerror == f"it is {kind}, not a regular file"


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "a" * 5000])
def test_names_that_are_no_paths(name):
    """A name that no file system takes is an OSError like that of a missing file."""
    with pytest.raises(OSError, match=r".") as raised:
        read_bytes(name)
    assert raised.value.strerror


@pytest.mark.parametrize(("size", "fits"), [(9, True), (10, True), (11, False), (10**12, False)])
def test_sizes_are_bounded(tmp_path, size, fits):
    """A file that is larger than a reader wants is refused before it is read."""
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(size)
    if fits:
        assert read_bytes(path, most=10) == bytes(size)
        return
    with pytest.raises(OSError, match="more than 10") as raised:
        read_bytes(path, most=10)
    assert raised.value.strerror == f"it has {size:,} bytes, more than 10"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("none.toml", "No such file in {folder}"),
        ("none/net.toml", "No such folder, {folder}/none"),
        ("link", "it is a link to gone, which is missing"),
    ],
)
def test_where_a_missing_file_was_looked_for(tmp_path, monkeypatch, name, says):
    """A missing file names the folder that it was looked for in, or the folder that is missing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("gone")
    with pytest.raises(FileNotFoundError) as raised:
        read_text(Path(name))
    assert raised.value.strerror == says.format(folder=tmp_path)
