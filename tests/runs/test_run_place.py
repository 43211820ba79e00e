"""Where a run may go: what stands in the way is said before the first step, not after the last."""

import os
import sys
from pathlib import Path

import pytest
from small_runs import FILES, Looks, Untrained, config_of, contents, files_in

from convlens.errors import ConvlensError, RunError, UsageError
from convlens.runs import train_run
from convlens.training import Callback

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")


def linked(folder, target):
    (folder / "link").symlink_to(target)
    return folder / "link"


def chain(folder, n, target):
    """So many links, each to the one before; the first leads to `target`."""
    for number in range(n):
        (folder / f"link{number}").symlink_to(folder / f"link{number - 1}" if number else target)
    return folder / f"link{n - 1}"


def in_a_file(folder):
    (folder / "file").write_text("mine", encoding="utf-8")
    return folder / "file" / "run"


@posix
@pytest.mark.parametrize(
    ("out", "says"),
    [
        (lambda folder: linked(folder, folder / "nothing"), r"no symbolic link to nothing: make the folder"),
        (lambda folder: linked(folder, folder / "link"), r"no loop of symbolic links: remove \S+/link, or"),
        (lambda folder: chain(folder, 3, "nowhere"), r"to nothing: make the folder \S+/nowhere, or .*link2'"),
        (lambda folder: chain(folder, 2, "no/where"), r"to nothing: make the folder \S+/no/where, or"),
        (lambda folder: chain(folder, 3, "link2"), r"no loop of symbolic links: remove \S+/link\d, or"),
        (lambda folder: linked(folder, chain(folder, 2, "link1")), r"no loop of symbolic links"),
        (lambda folder: linked(folder, "link") / "run", r"no loop of symbolic links: remove \S+/link, or"),
        (lambda folder: linked(folder, chain(folder, 2, "link1") / "run"), r"no loop of symbolic links"),
        (
            lambda folder: chain(folder, 60, "beside"),
            r"no chain of so many symbolic links: give \S+/beside\.",
        ),
        (lambda folder: linked(folder, in_a_file(folder)), r"no symbolic link to nothing"),
        (in_a_file, r"file is not a folder"),
        (lambda folder: in_a_file(folder) / "deep", r"file is not a folder"),
        (lambda folder: Path("/dev/null/run"), r"/dev/null is not a folder"),
        (lambda folder: Path("/"), r"must be a folder with a name. Got '/'"),
        (lambda folder: Path("/.."), r"must be a folder with a name"),
        (lambda folder: Path("/dev/null"), r"exists and is not a run"),
        (lambda folder: folder / "nothing" / "..", r"exists and is not a run"),
        (lambda folder: Path("/proc/run"), r"cannot (make|lock) /proc"),
        (lambda folder: folder / ("n" * 300), r"name that the system takes \(File name too long\)"),
        (
            lambda folder: folder / ("한" * 80),
            r"name that the system takes \((File name too|.* has no '한': set )",
        ),
        (lambda folder: folder.joinpath(*["deep" * 25] * 39, "n" * 60), r"File name too long"),
        (lambda folder: folder / "a\0b", r"name that the system takes \(embedded null"),
    ],
)
def test_what_no_run_can_be_called(data, tmp_path, out, says):
    """It is refused in one line before the first step, and what was there is untouched."""
    (tmp_path / "beside").mkdir()
    out = out(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ConvlensError, match=says) as raised:
        train_run(config_of(data), out, "c", [Untrained()])
    assert "\n" not in str(raised.value)
    assert sorted(tmp_path.rglob("*")) == before


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_parent_that_may_not_be_written_to(data, tmp_path):
    """It is refused before the first step."""
    (tmp_path / "fixed").mkdir(mode=0o555)
    with pytest.raises(ConvlensError, match=r"Permission denied"):
        train_run(config_of(data), tmp_path / "fixed" / "run", "c", [Untrained()])


@posix
@pytest.mark.parametrize("ismount", [True, False])
def test_a_mount_point(data, tmp_path, monkeypatch, ismount):
    """A finished folder cannot take its place: it is refused before the first step."""
    (tmp_path / "run").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: ismount)
    if ismount:
        with pytest.raises(UsageError, match=r"must be no mount point: give a folder in it"):
            train_run(config_of(data), tmp_path / "run", "c", [Untrained()])
    else:
        assert train_run(config_of(data, epochs=1), tmp_path / "run", "c").name == "run"


@posix
def test_another_users_folder_in_a_shared_one(data, tmp_path, monkeypatch):
    """Where only owners may rename, an empty folder of somebody else's is refused before the first step."""
    (tmp_path / "run").mkdir()
    tmp_path.chmod(0o1777)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(UsageError, match=r"must be a folder of your own"):
        train_run(config_of(data), tmp_path / "run", "c", [Untrained()])


@posix
@pytest.mark.parametrize("deep", [False, True])
def test_a_link_to_an_empty_folder(whole, data, tmp_path, deep):
    """It stands for the folder: the run is made there, the link stays, and the run is found by both names."""
    target = tmp_path / "disk" / "run"
    target.mkdir(parents=True)
    out = tmp_path / "link"
    out.symlink_to(target.parent if deep else target)
    out = out / "run" if deep else out
    run = train_run(config_of(data), out, "c")
    assert (tmp_path / "link").is_symlink()
    assert contents(target) == contents(out) == contents(whole.folder)
    assert files_in(target) == FILES
    assert [path.name for path in target.parent.iterdir()] == ["run"]
    for name in (out, target):
        assert train_run(config_of(data), name, "c", [Untrained()]).run_id == run.run_id


@pytest.mark.parametrize("change", [{"seed": 1}, {"epochs": 4}, {"schedule": "cosine"}, {}])
def test_two_runs_into_one_folder(data, tmp_path, change):
    """While one is made there, any other is refused before its first step, whatever it is."""
    out, refused = tmp_path / "run", []

    class Meanwhile(Callback):
        def on_step(self, trainer, loss):
            looks = Looks(out)
            with pytest.raises(RunError, match=r"another convlens is making a run in .*run: wait for it"):
                train_run(config_of(data, **change), out, "c", [looks])
            refused.append(looks.moments)

    train_run(config_of(data), out, "c", [Meanwhile()])
    assert refused == [0] * 9
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    if change:
        with pytest.raises(UsageError, match=r"holds another run"):
            train_run(config_of(data, **change), out, "c")
