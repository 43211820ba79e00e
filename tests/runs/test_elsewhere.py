"""A run on another machine: its data found by their checksums, its folder back whole or not at all."""

import os
import pickle
import shutil

import numpy as np
import pytest
from small_runs import config_of, contents, flipped

from convlens.errors import DataError, RunError
from convlens.runs import (
    Run,
    RunConfig,
    SentConfig,
    SentData,
    find_data,
    packed,
    train_run,
    unpacked,
    verify_run,
)
from convlens.runs.elsewhere import DATA_FOLDERS
from convlens.spec import simple
from small_sets import write_small_set


@pytest.fixture
def data(tmp_path):
    return write_small_set(tmp_path / "home" / "small")


@pytest.mark.parametrize("place", ["same", "named", "within a named one"])
def test_data_are_found_by_their_checksums(data, tmp_path, monkeypatch, place):
    """Where they lie at home, or in a folder that the environment names, whatever it is called there."""
    sent = SentData.from_home(config_of(data))
    write_small_set(tmp_path / "there" / "another", seed=1)
    monkeypatch.setenv(DATA_FOLDERS, str(tmp_path / "nowhere"))
    if place != "same":
        moved = shutil.move(data, tmp_path / "there" / "renamed")
        named = moved if place == "named" else tmp_path / "there"
        monkeypatch.setenv(DATA_FOLDERS, os.pathsep.join(["nowhere", str(named)]))
    found = find_data(sent, 48)
    assert (found.name, found.sha256) == ("small", sent.sha256)


def test_bundled_data_are_found_in_the_package():
    """MNIST is everywhere where convlens is; a folder that holds the same is not needed there."""
    sent = SentData.from_home(RunConfig(simple()))
    assert find_data(sent, 5000).name == "MNIST"
    assert find_data(SentData("/at/home/digits", "digits", sent.sha256), 5000).name == "digits"


@pytest.mark.parametrize("what", ["missing", "changed", "another set"])
def test_a_machine_without_the_data_says_so(data, tmp_path, what):
    """One line names the data, and what to do."""
    sent = SentData.from_home(config_of(data))
    if what == "missing":
        shutil.rmtree(data)
    elif what == "changed":
        flipped(data / "train-images-idx3-ubyte", 0.9)
    else:
        write_small_set(data, seed=5)
    with pytest.raises(DataError, match=r"this machine has no data like .*small \(SHA-256 .*CONVLENS_DATA"):
        find_data(sent, 48)


def test_a_config_is_the_same_run_on_any_machine(data, tmp_path, monkeypatch):
    """Its run id and its data's place are those of home, also where a relative path leads elsewhere."""
    monkeypatch.chdir(data.parent)
    config = config_of("small")
    sent = SentConfig.from_home(config)
    (tmp_path / "away").mkdir()
    known = (config.run_id, config.data_source, config.to_dict())
    monkeypatch.chdir(tmp_path / "away")
    there = pickle.loads(pickle.dumps(sent))  # noqa: S301 (our own)
    assert (there.run_id, there.data_source, there.to_dict()) == known


@pytest.fixture
def files(data, tmp_path):
    """What comes back of a run that was made elsewhere."""
    config = config_of(data)
    found = find_data(SentData.from_home(config), 48)
    run = train_run(SentConfig.from_home(config), tmp_path / "there" / "run", "command", data=found)
    return packed(run.folder)


def test_it_comes_back_byte_for_byte(data, files, tmp_path):
    """The same as if it had been made here, and nothing lies beside it."""
    config = config_of(data)
    here = train_run(config, tmp_path / "here", "command")
    run = unpacked(files, config, tmp_path / "back" / "run")
    assert contents(run.folder) == contents(here.folder)
    assert {**run.about, "files": 0} == {**here.about, "files": 0}
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["run"]
    assert unpacked(files, config, tmp_path / "back" / "run").run_id == run.run_id


@pytest.mark.parametrize("name", ["../out.txt", "/etc/x", "a/b/c", "..\\x", "C:x", "a/../../x"])
def test_nothing_is_written_outside_its_folder(data, files, tmp_path, name):
    """A file whose name leads out of the folder is refused, and nothing of it is written."""
    with pytest.raises(RunError, match="holds a file"):
        unpacked({**files, name: b""}, config_of(data), tmp_path / "back" / "run")
    assert list((tmp_path / "back").iterdir()) == []


def without(files, name):
    return {other: content for other, content in files.items() if other != name}


@pytest.mark.parametrize(
    "damaged",
    [
        lambda files: without(files, "final.safetensors"),
        lambda files: without(files, "run.json"),
        lambda files: {**files, "history.jsonl": files["history.jsonl"][:-1]},
        lambda files: {**files, "initial.safetensors": files["final.safetensors"]},
        lambda files: {**files, "run.json": b"{}"},
        lambda files: {**files, "final.safetensors": None},
        lambda files: {},
    ],
)
def test_what_comes_back_damaged_gets_no_name(data, files, tmp_path, damaged):
    """Every file has the SHA-256 that run.json tells, or the run is not there; whole, it comes later."""
    out = tmp_path / "back" / "run"
    with pytest.raises(RunError):
        unpacked(damaged(files), config_of(data), out)
    assert not out.exists()
    assert Run(unpacked(files, config_of(data), out).folder).run_id == config_of(data).run_id


def test_another_run_is_not_taken_for_it(data, files, tmp_path):
    """Whoever asked for one seed does not get another."""
    with pytest.raises(RunError, match="what came back is another run"):
        unpacked(files, config_of(data, seed=3), tmp_path / "back" / "run")


def pictures(folder):
    """Ten pictures of each of two classes."""
    from PIL import Image

    for label, name in enumerate("ab"):
        (folder / name).mkdir(parents=True)
        for k in range(10):
            Image.new("L", (7, 6), 20 * k + label).save(folder / name / f"{k}.png")
    return folder


def an_archive(folder):
    folder.mkdir(parents=True)
    images = np.arange(20 * 42, dtype=np.uint8).reshape(20, 6, 7)
    np.savez(folder / "set.npz", x=images, y=np.arange(20) % 2)
    return folder / "set.npz"


@pytest.mark.parametrize(("make", "size"), [(pictures, "own"), (pictures, "5x4"), (an_archive, "own")])
def test_data_of_ones_own_are_found_by_their_checksums(tmp_path, monkeypatch, make, size):
    """Folders of pictures and archives, too, in the size that the run wants."""
    config = RunConfig(simple(), str(make(tmp_path / "home" / "mine")), size=size)
    sent = pickle.loads(pickle.dumps(SentData.from_home(config)))  # noqa: S301 (our own)
    shutil.move(tmp_path / "home", tmp_path / "there")
    monkeypatch.setenv(DATA_FOLDERS, str(tmp_path / "there"))
    found = find_data(sent, config.train_size)
    assert (found.name, found.sha256) == (sent.name, sent.sha256)
    assert found.train.x.shape[2:] == ((5, 4) if size == "5x4" else (6, 7))


@pytest.mark.parametrize("place", ["named", "within a named one"])
def test_a_run_finds_data_that_were_moved(data, tmp_path, monkeypatch, place):
    """Who moves the data names their new folder; until then every reader says how."""
    monkeypatch.delenv(DATA_FOLDERS, raising=False)
    run = train_run(config_of(data), tmp_path / "run", "convlens")
    moved = shutil.move(data, tmp_path / "there" / "renamed")
    with pytest.raises(DataError, match=rf"If they were moved, name their folder in .* {DATA_FOLDERS}\."):
        _ = Run(run.folder).data
    write_small_set(data, seed=1)  # and now others lie where they lay
    with pytest.raises(RunError, match="are not those of the run"):
        _ = Run(run.folder).data
    monkeypatch.setenv(DATA_FOLDERS, str(moved if place == "named" else tmp_path / "there"))
    np.testing.assert_array_equal(Run(run.folder).data.test.x, run.data.test.x)
    assert all(check.passed for check in verify_run(run.folder, retrain=True))
