"""`convlens reproduce` with runs side by side: what is refused, and how it ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from convlens import engine, spec
from convlens.cli import crew
from convlens.cli.app import app
from convlens.cli.crew_options import Asked
from convlens.cli.progress import ShowProgress
from convlens.cli.words import words_in
from convlens.runs import RunConfig
from convlens.study import Experiment, Planned, make_run_beside

GOES_ON = "The same command goes on from here."


TWICE = "`--workers` counts processes of this machine, `--dask` sends runs away: give one."


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["--workers", "2", "--dask", "tcp://x:1"], TWICE),
        (["--dask", "tcp://x:1", "--workers", "1"], TWICE),
        (["--workers", "0"], "`--workers` must be 1 to 1,024."),
        (["--workers", "1025"], "`--workers` must be 1 to 1,024."),
        (["--workers", "many"], "`--workers` must be a whole number."),
    ],
)
def test_who_makes_the_runs_is_asked_for_once(tmp_path, monkeypatch, args, line):
    """One line, exit code 2, before anything is made."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["reproduce", *args])
    assert done.exit_code == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


NO_WORKERS = {"en": "has no worker yet", "ko": "아직 워커가 없습니다", "ja": "まだワーカーがありません"}


@pytest.mark.parametrize("n_threads", [0, 3])
@pytest.mark.parametrize("lang", NO_WORKERS)
def test_who_waits_for_a_worker_is_told_so(tmp_path, monkeypatch, capsys, lang, n_threads):
    """A scheduler without workers answers, and nothing happens: one line says why, in each language."""
    found = SimpleNamespace(n_threads=n_threads)
    monkeypatch.setattr(crew, "cluster", lambda address, folder: nullcontext(found))
    config = RunConfig(spec.simple())
    planned = [Planned(Experiment("a", "simple", config), config, tmp_path / "runs" / "a")]
    with crew.crew_for(planned, planned, ShowProgress(True, words_in(lang)), Asked(dask="tcp://x:1")) as ours:
        assert ours.executor is found
    line = f"tcp://x:1  {words_in(lang)('progress.no_workers')}\n"
    assert NO_WORKERS[lang] in line
    assert capsys.readouterr().err == (line if n_threads == 0 else "")


@pytest.mark.parametrize("lang", NO_WORKERS)
@pytest.mark.parametrize("found", ["kept", "not kept: No space left", "not kept: Permission denied"])
def test_kernels_that_cannot_be_kept_are_told_once(tmp_path, monkeypatch, capsys, lang, found):
    """Nobody compiles for others what they cannot read, and no worker says again that it compiles."""
    rehearsed = []
    monkeypatch.setattr(crew, "rehearse", rehearsed.append)
    monkeypatch.setattr(crew, "LocalWorkers", lambda _: nullcontext(SimpleNamespace(submit=lambda *_: None)))
    monkeypatch.setattr(engine, "facts", lambda: {"new kernels": found})
    config = RunConfig(spec.simple())
    planned = [
        Planned(Experiment(name, "simple", config), replace(config, seed=seed), tmp_path / "runs" / name)
        for seed, name in enumerate("ab")
    ]
    with crew.crew_for(planned, planned, ShowProgress(True, words_in(lang)), Asked(workers=2)) as ours:
        assert ours.make.func is make_run_beside
        assert ours.make.keywords == {"announces": found == "kept"}
    say = words_in(lang)
    line = f"{say('progress.kernels')}  {say('progress.not_kept', n=2)}\n"
    assert capsys.readouterr().err == ("" if found == "kept" else line)
    assert len(rehearsed) == (found == "kept")


@pytest.mark.parametrize("announces", [True, False])
def test_a_worker_says_that_it_compiles_unless_it_is_told_not_to(tmp_path, announces):
    """One line for all of them is enough."""
    code = (
        "from convlens import engine; from convlens.networks import engines\n"
        "engine.on_first_compile = lambda call: print('will say')\n"
        f"{'' if announces else 'engines.announce_nothing()'}\n"
        "engines.announce_compiling(); engines.announce_compiling()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines() == ["will say"] * announces


def processes_of(group):
    """The processes of a group that run; one that nobody has waited for does not."""
    listed = subprocess.run(["ps", "-eo", "pgid,stat"], capture_output=True, text=True, check=True).stdout
    rows = [row.split() for row in listed.splitlines()[1:]]
    return [state for found, state in rows if int(found) == group and not state.startswith("Z")]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(
    ("number", "to_all", "code", "said"),
    [
        (signal.SIGINT, True, 130, f"convlens: interrupted. {GOES_ON}\n"),
        (signal.SIGINT, False, 130, f"convlens: interrupted. {GOES_ON}\n"),
        (signal.SIGTERM, False, 143, f"convlens: terminated. {GOES_ON}\n"),
        (signal.SIGKILL, False, -9, ""),
    ],
)
def test_it_ends_with_all_its_workers(tmp_path, number, to_all, code, said):
    """One line, the usual exit code, no process left, and what was kept is there to go on from."""
    command = [
        "-m",
        "convlens",
        "reproduce",
        "--small",
        "--seeds",
        "1",
        "--workers",
        "2",
        "-q",
        "--out",
        "out",
    ]
    process = subprocess.Popen(
        [sys.executable, *command], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while len(list(tmp_path.glob("out/runs/.*.partial/checkpoints/*.safetensors"))) < 2:
        time.sleep(0.05)
    (os.killpg if to_all else os.kill)(process.pid, number)
    _, lines = process.communicate()
    assert (process.returncode, lines.replace("compiling kernels (first run only)\n", "")) == (code, said)
    while processes_of(process.pid):
        time.sleep(0.05)
    assert len(list(tmp_path.glob("out/runs/.*.partial/checkpoints/*.safetensors"))) >= 2
