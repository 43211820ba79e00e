"""Arguments of another kind, as Python callers give them: a text is a path, the rest is refused by name."""

import pytest

from convlens import spec
from convlens.errors import UsageError
from convlens.runs import Run, RunConfig, finished_run, train_run, verify_run

CONFIG = RunConfig(spec.find("lenet"), train_size=200)


@pytest.mark.parametrize("out", [None, 5, b"a", "", ["a"], object()], ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    "call",
    [
        lambda out: finished_run(CONFIG, out),
        lambda out: train_run(CONFIG, out, "command"),
        Run,
        lambda out: list(verify_run(out)),
    ],
    ids=["finished_run", "train_run", "Run", "verify_run"],
)
def test_what_is_no_path(call, out):
    """Is refused in one line that names the argument."""
    with pytest.raises(
        UsageError,
        match=r"`(out|folder|run)` of (a run|Run|train_run|verify_run) must be a path( or a Run: .*)?\. Got ",
    ):
        call(out)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RunConfig("simple"), r"`network` of a run must be a NetworkSpec, .* Got 'simple'\."),
        (lambda: RunConfig(None), r"`network` of a run must be a NetworkSpec, .* Got None\."),
        (
            lambda: RunConfig(spec.find("lenet"), optimizer_param=None),
            r"`optimizer_param` of a run must be numbers by name, .* Got None\.",
        ),
        (lambda: finished_run(None, "a"), r"`config` of (a run|train_run) must be a RunConfig\. Got None\."),
        (
            lambda: train_run("lenet", "a", "c"),
            r"`config` of (a run|train_run) must be a RunConfig\. Got 'lenet'\.",
        ),
    ],
)
def test_what_is_no_config(make, words):
    """Is refused in one line that says what it must be."""
    with pytest.raises(UsageError, match=words):
        make()


def test_a_text_is_a_path(tmp_path, monkeypatch):
    """A folder may be given by its name."""
    monkeypatch.chdir(tmp_path)
    assert finished_run(CONFIG, "nothing-yet") is None
