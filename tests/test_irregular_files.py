"""Pipes, sockets, devices and folders in the place of every file that is read: nothing waits for them."""

import os
import shutil
import socket

import numpy as np
import pytest

from convlens import Run, SimpleConvNet, spec
from convlens.data import load_idx_folder, read_idx, read_picture
from convlens.errors import ConvlensError
from convlens.networks import Network, read_arrays, write_arrays
from convlens.study import load_design

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes, sockets and devices are POSIX")

KINDS = ("a pipe", "a socket", "a device", "a folder")

READERS = {
    "net.toml": spec.find,
    "net.json": spec.find,
    "design.toml": load_design,
    "params.pkl": read_arrays,
    "final.safetensors": Network.load,
    "weights": lambda path: SimpleConvNet().load_params(path),
    "images.gz": read_idx,
    "photo.png": read_picture,
}


def put(kind, path):
    """Put something that is no file at a path."""
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(os.path.relpath(path))  # such names have a hundred letters at most
    elif kind == "a device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()


def refused(read, path, kind):
    """Read; say whether the refusal names the file and what it is."""
    with pytest.raises(ConvlensError) as raised:
        read(str(path))
    return f"it is {kind}" in str(raised.value) and path.name in str(raised.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(READERS))
def test_one_file(tmp_path, monkeypatch, kind, name):
    """A network, a design, weights, data and a picture are files, or refused by what they are."""
    monkeypatch.chdir(tmp_path)
    put(kind, tmp_path / name)
    assert refused(READERS[name], tmp_path / name, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_data(tmp_path, monkeypatch, kind):
    """So is each file of a data folder."""
    monkeypatch.chdir(tmp_path)
    put(kind, tmp_path / "train-images-idx3-ubyte")
    with pytest.raises(ConvlensError, match=f"train-images-idx3-ubyte .*it is {kind}"):
        load_idx_folder(tmp_path)


@pytest.fixture
def run(tmp_path, small_run_folder):
    """A copy of a small run, to damage."""
    return shutil.copytree(small_run_folder, tmp_path / "run")


@pytest.fixture(scope="session")
def small_run_folder(tmp_path_factory):
    """A small run."""
    from convlens.runs import RunConfig, train_run

    folder = tmp_path_factory.mktemp("irregular") / "run"
    config = RunConfig(spec.find("simple"), train_size=100, epochs=2, engine="layers")
    train_run(config, folder, "convlens train simple")
    return folder


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("run.json", lambda _: None),
        ("history.jsonl", lambda run: run.step_losses),
        ("timing.jsonl", lambda run: run.seconds),
        ("final.safetensors", lambda run: run.network()),
        ("epochs/0001.safetensors", lambda run: run.filters),
        ("predictions.safetensors", lambda run: run.predictions),
    ],
)
def test_a_file_of_a_run(run, monkeypatch, kind, name, read):
    """So is each file of a run folder."""
    monkeypatch.chdir(run)
    (run / name).unlink()
    put(kind, run / name)
    with pytest.raises(ConvlensError, match=rf"run .*{name}.*it is {kind}"):
        read(Run(run))


def test_regular_files_behind_links(tmp_path):
    """A link to a file is that file."""
    write_arrays(tmp_path / "w.safetensors", {"a": np.ones(3)})
    (tmp_path / "link").symlink_to("w.safetensors")
    assert read_arrays(tmp_path / "link")["a"].sum() == 3
