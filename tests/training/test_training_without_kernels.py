"""Training where no kernel can run: by the layers, said once; a class of one's own as it is written."""

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest
from small_trainers import XT, BooksMethods, Notes, T, X, tiny, trainer_of

from convlens import LeNet, SimpleConvNet, Trainer, notices, spec
from convlens.cli import crew
from convlens.cli.words import words_in
from convlens.errors import MissingEngineError, UsageError
from convlens.networks import Network
from convlens.runs import RunConfig
from convlens.study import Experiment, Planned, workers_for
from convlens.words import LANGUAGES

REASON = "no wheel for this machine"


@pytest.fixture(autouse=True)
def no_kernels(monkeypatch):
    """Let this process believe that Numba cannot be loaded."""

    def refuse():
        raise MissingEngineError(f"kernels need Numba, which is not here ({REASON}).", REASON)

    monkeypatch.setattr("convlens.networks.engines.require_kernels", refuse)
    monkeypatch.setattr(notices, "_said", set())


def said(capsys):
    """What stands on stderr."""
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("threads", [None, 1, 64])
def test_a_network_of_ours_is_trained_by_the_layers(capsys, threads):
    """It ends with the bits of engine="layers"; several networks say it in one line."""
    found, wanted = tiny(), tiny(engine="layers")
    assert said(capsys) == []  # nothing was computed yet
    for network in (found, wanted, tiny()):
        trainer_of(network, threads=threads).train()
    np.testing.assert_array_equal(found.params.vector, wanted.params.vector)
    assert (found.engine, wanted.engine) == ("layers", "layers")
    (line,) = said(capsys)
    assert f"({REASON}): the readable layers" in line


@pytest.mark.parametrize("threads", [0, -1, True, 1.5, "2"])
def test_a_number_of_threads_is_still_checked(threads):
    """Though none are started."""
    with pytest.raises(UsageError, match="`threads` must be a positive int"):
        trainer_of(tiny(), threads=threads)


class Written(BooksMethods):
    """A class of one's own around a network's layers."""

    def __init__(self):
        self.inner = tiny(engine="layers")
        self.params, self.layers, self.last_layer = (
            dict(self.inner.params), self.inner.layers, self.inner.last_layer,
        )  # fmt: skip

    def gradient(self, x, t):
        return self.inner.gradient(x, t)


def test_a_class_of_ones_own_is_trained_as_it_is_written(capsys):
    """The note that would have said that the engine trains it says why not."""
    notes = Notes()
    Trainer(Written(), X, T, X, T, 1, 10, verbose=False, callbacks=[notes]).train()
    assert notes.lines == [f"Written is trained as it is written: kernels cannot run here ({REASON})."]
    assert said(capsys) == []


@pytest.mark.parametrize("make", [copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))])  # noqa: S301
def test_a_copy_computes_as_its_original(make):
    """Whether that had been decided or not."""
    undecided, decided = tiny(), tiny()
    wanted = decided.predict(XT)
    for network in (undecided, decided):
        np.testing.assert_array_equal(make(network).predict(XT), wanted)


@pytest.mark.parametrize("kind", [LeNet, SimpleConvNet])
def test_what_kernels_cannot_compute_needs_none(capsys, kind):
    """A float64 network was never theirs: nothing is said."""
    assert kind(dtype="float64").engine == "layers"
    assert said(capsys) == []


def test_kernels_asked_for_afterwards():
    """A network may be told to use them, and says what is missing when it shall compute."""
    network = tiny()
    network.engine = "fused"
    assert network.engine == "fused"
    with pytest.raises(UsageError, match="`engine` must be one of fused, layers"):
        network.engine = "fussed"
    with pytest.raises(UsageError, match="computes float32"):
        Network(tiny(dtype="float64").spec).engine = "fused"


def test_runs_are_counted_without_numba(monkeypatch):
    """As many at once as there are processors for this process."""
    monkeypatch.setattr("loky.cpu_count", lambda: 3)
    config = RunConfig(spec.simple())
    planned = [Planned(Experiment("a", "simple", config), config, Path(f"{n}")) for n in range(5)]
    monkeypatch.setattr("convlens.study.how_many.free_memory", lambda root: None)
    assert (config.engine, workers_for(planned)) == ("layers", 3)


def test_processes_side_by_side_do_not_miss_kernels():
    """Where none are compiled, nothing is said of where they could not be kept."""
    assert crew._are_kept()


def test_the_error_travels_between_processes():
    """With its reason."""
    error = pickle.loads(pickle.dumps(MissingEngineError("one line.", REASON)))  # noqa: S301
    assert (str(error), error.reason, error.exit_code) == ("one line.", REASON, 1)


@pytest.mark.parametrize("key", notices.TEXTS)
def test_what_commands_say_in_english_is_what_the_library_says(key):
    """And every language has a text of its own."""
    texts = [words_in(lang)[f"notice.{key}"] for lang in LANGUAGES]
    assert texts[0] == notices.TEXTS[key]
    assert len(set(texts)) == len(LANGUAGES)
