"""What `summary --engine` and `doctor` say of the number of threads that was found fastest."""

import json
import re

import pytest
from typer.testing import CliRunner

from convlens import engine, spec
from convlens.cli.app import app
from convlens.engine import thread_trial
from convlens.kernels.runtime import thread_file
from convlens.kernels.runtime.threads import threads_available
from convlens.networks import stage_times
from convlens.networks.stage_times import Measured, stage_shares
from convlens.words import LANGUAGES

IN_EVERY_LANGUAGE = pytest.mark.parametrize("lang", LANGUAGES)


def said(*words):
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize("step_ms", [{8: 1.35, 4: 2.1}, {2: 0.5, 1: 1.0}, {}], ids=str)
def test_the_summary_tells_what_was_measured(monkeypatch, lang, step_ms):
    """Milliseconds of a step for each number of threads that was tried, where there was a choice."""
    monkeypatch.setattr(
        stage_times, "stage_shares", lambda *_: Measured(max(step_ms, default=1), step_ms, [])
    )
    lines = said("summary", "lenet", "--engine", "--lang", lang).splitlines()
    assert len(lines) == 1 + bool(step_ms)
    for number, ms in step_ms.items():
        assert re.search(rf"\b{number}: {ms:.3f}", lines[1])
    told = json.loads(said("summary", "lenet", "--engine", "--json", "--lang", lang))
    assert told["step_ms"] == {str(number): ms for number, ms in step_ms.items()}
    assert told["threads"] == max(step_ms, default=1)


@pytest.mark.parametrize("threads", [None, 1])
def test_the_summary_measures_where_nobody_asked_for_a_number(tmp_path, monkeypatch, threads):
    """It does steps until the fastest number is known; the profile then runs on that one."""
    monkeypatch.setattr(thread_file.cache, "folder", lambda: tmp_path)
    monkeypatch.setattr(thread_trial, "DISTURBED", float("inf"))  # beside other work nothing would be kept
    found = stage_shares(spec.lenet(), 32, threads)
    several = threads is None and threads_available() > 1
    assert bool(found.step_ms) == several
    assert found.threads in (found.step_ms or {1: 0.0})
    assert list(thread_file.kept()) or not several
    if several:
        again = stage_shares(spec.lenet(), 32, None)
        assert again.step_ms == found.step_ms


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("measured", "numbers"),
    [({}, []), ({8: 3}, ["8", "3"]), ({2: 1, 16: 12}, ["16", "12", "2", "1"])],
    ids=str,
)
def test_the_doctor_counts_the_fastest_numbers(monkeypatch, lang, measured, numbers):
    """For how much work which number was found, the most threads first."""
    monkeypatch.setattr(engine, "measured_threads", lambda: measured)
    told = said("doctor", "--lang", lang)
    (line,) = [line for line in told.splitlines() if re.match("fastest|가장 빠른|最速", line)]
    label = {"en": "fastest threads", "ko": "가장 빠른 스레드 수", "ja": "最速のスレッド数"}[lang]
    assert re.findall(r"\d+", line.removeprefix(label)) == numbers
    assert json.loads(said("doctor", "--json", "--lang", lang))["facts"]["fastest threads"]


def test_what_the_file_holds_is_what_the_doctor_counts(tmp_path, monkeypatch):
    """An entry counts for its fastest number, one that is nearly as fast for fewer."""
    monkeypatch.setattr(thread_file.cache, "folder", lambda: tmp_path)
    assert engine.measured_threads() == {}
    for key, times in {"a": {2: 1.0, 1: 2.0}, "b": {2: 1.0, 1: 1.01}, "c": {2: 3.0, 1: 2.0}}.items():
        thread_file.keep(key, times)
    assert engine.measured_threads() == {2: 1, 1: 2}


@pytest.mark.parametrize(
    ("n", "said_so"),
    [(1, "batch 100, one thread"), (2, "batch 100, 2 threads"), (64, "batch 100, 64 threads")],
)
def test_one_thread_is_one(monkeypatch, n, said_so):
    """Nobody reads "1 threads"; Korean and Japanese count alike."""
    monkeypatch.setattr(stage_times, "stage_shares", lambda *_: Measured(n, {}, []))
    assert said_so in said("summary", "lenet", "--engine", "--lang", "en")
    for lang in LANGUAGES[1:]:
        assert str(n) in said("summary", "lenet", "--engine", "--lang", lang)
