"""Nonsense in every argument of every public name: refused in one line, and never by Python's own errors."""

import inspect
from pathlib import Path

import numpy as np
import pytest

from convlens.arguments import fits
from convlens.errors import ConvlensError
from public_names import OBJECTS, ROOMS, World, public_names


class Nothing:
    """A class that has nothing to do with this package."""

    def __init__(self, one):
        pass


class Text(str):
    """A text of a class of one's own."""

    __slots__ = ()


def nested(depth=3000):
    """Return lists within lists, deeper than Python walks."""
    deep = []
    for _ in range(depth):
        deep = [deep]
    return deep


NONSENSE = {
    "none": lambda: None,
    "object": object,
    "negative": lambda: -1,
    "zero": lambda: 0,
    "large": lambda: 10**30,
    "giant": lambda: 10**5000,
    "float": lambda: 1.5,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "complex": lambda: 1j,
    "true": lambda: True,
    "empty text": lambda: "",
    "text": lambda: "a",
    "text of its own": lambda: Text("a"),
    "half letters": lambda: "\ud800\0",
    "bytes": lambda: b"a",
    "path": lambda: Path("nothing-here"),
    "list": list,
    "list of none": lambda: [None],
    "nested": nested,
    "dict": dict,
    "dict of none": lambda: {1: None},
    "array of text": lambda: np.array("a"),
    "array of objects": lambda: np.array(object()),
    "array": lambda: np.zeros(3),
    "generator": lambda: (i for i in range(2)),
    "class": lambda: Nothing,
}

DATA = "holds what its makers computed, and computes nothing of it"
STEP = "called in every step with what has been checked before it"
OWN = "written by whoever derives a class; the Trainer or the network calls it"
LEFT_OUT = {
    **dict.fromkeys(
        (
            *("spec.LayerShape", "spec.Missing", "spec.ParameterSpec", "data.DatasetPair", "data.Span"),
            *(
                "networks.Answer",
                "networks.Answer.best",
                "networks.Answer.name_of",
                "findings.Judged",
                "findings.Promise",
            ),
            *("findings.Changed", "findings.Robustness"),
            *("findings.Robustness.share", "findings.Robustness.interval"),
            *("findings.Likeness", "findings.Likeness.distances", "findings.Likeness.are_unlike"),
            *("interop.Exported", "interop.Quantized", "data.Pictures", "data.Prepared"),
            *("data.Split", "layers.Batch", "engine.StageRow", "engine.StageTime", "networks.Score"),
            *("training.EpochScores", "training.StepTimes", "runs.Check", "runs.Curve", "runs.Part"),
            *(
                *("runs.SentData", "runs.SentData.from_home", "runs.SentConfig", "runs.SentConfig.from_home"),
                "runs.Preprocessing",
                "runs.RunData",
                "runs.Setting",
                "study.Comparison",
                "study.Design",
            ),
            *("study.Experiment", "study.Interval", "study.Measured", "study.Planned", "findings.Answers"),
            *(
                "findings.Baseline",
                "findings.ClassAccuracy",
                "findings.Gap",
                "findings.Learned",
                "findings.Oddities",
            ),
            *(
                "findings.Onset",
                "findings.Onsets",
                "findings.Patches",
                "findings.Responses",
                "findings.Weights",
            ),
            *("inspection.PictureKind", "inspection.PictureOptions", "inspection.RunFigures"),
            "report.About",
            *("spec.ParameterSpec.numbered", "data.Span.of", "layers.Batch.piece", "runs.Part.head"),
            *("runs.Part.at", "runs.Part.scaled", "runs.Preprocessing.fits", "runs.Preprocessing.apply"),
            *("study.Interval.holds", "study.Measured.of", "check.Finding", "check.Names", "check.Outcome"),
            *("check.Bounds", "check.Submission", "check.Submission.from_dict", "check.Outcome.from_dict"),
        ),
        DATA,
    ),
    **dict.fromkeys(
        (
            *("layers.class_numbers", "layers.sample_numbers", "layers.forward_in_batch", "layers.wants"),
            *("layers.Batch.sample_keys", "layers.Batch.within"),
            *("layers.Batch.checked", "engine.Plan.pieces", "engine.FusedOptimizer.step"),
        ),
        STEP,
    ),
    **dict.fromkeys(
        ("study.InProcess.submit", "study.LocalWorkers.submit", "study.LocalWorkers.shutdown"),
        "the interface of `concurrent.futures.Executor`: takes whatever it is given",
    ),
    "study.LocalWorkers": "starts processes; what it refuses is tested beside it",
    **dict.fromkeys(("runs.Notes.on_note", "runs.StopWhen.on_step"), "the Trainer calls it"),
}
"""Public names that are not tried, and why."""


def is_left_out(public):
    """Whether a public name is not tried, by name or as part of what a derived class writes."""
    method = public.name.rpartition(".")[2]
    is_protocol = (
        method
        in {"output_shape", "borders", "parameters", "multiply_adds", "from_spec", "to_spec", "hold", "rule"}
        or method == "under"
        or public.name.startswith(("training.Callback.", "layers.Layer."))
        or public.name in {"networks.Parameters.pop", "networks.Parameters.setdefault"}  # refuse everything
    )
    return public.name in LEFT_OUT or (public.owner is not None and is_protocol)


SPARED = {
    *("data.load_mnist", "engine.profile", "engine.warm_up", "training.step_times", "inspection.show"),
    *("report.write_report", "report.write_runs_report", "networks.Network.numerical_gradient"),
    "engine.on_first_compile",
    "check.check_file",
}
"""Calls that take a second where they go through, or change the process: given only what cannot fit."""

PUBLIC = public_names()
TRIED = [public for public in PUBLIC if not is_left_out(public)]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Small things of every kind."""
    return World(tmp_path_factory.mktemp("world"))


def called(public, world, **spoilt):
    """Call a public name with valid arguments but one; what comes as it is asked for is asked for once."""
    arguments = {**public.valid(world), **spoilt}
    result = public.bound(world)(**arguments)
    if inspect.isgenerator(result):
        next(result, None)
    return result


@pytest.mark.filterwarnings("ignore")  # what NumPy says of infinite numbers is no error
@pytest.mark.parametrize("public", TRIED, ids=lambda public: public.name)
def test_nonsense_is_refused_in_one_line(public, world, tmp_path, monkeypatch):
    """Whatever stands in the place of an argument: it fits, or the error is one of convlens."""
    monkeypatch.chdir(tmp_path)
    if public.name not in SPARED:
        called(public, world)  # what is valid goes through: a refusal below is of what was spoilt
    bare = []
    for name, parameter in public.arguments.items():
        for kind, make in NONSENSE.items():
            value = make()
            if public.name in SPARED and fits(value, parameter.annotation):
                continue
            try:
                called(public, world, **{name: value})
            except ConvlensError:
                continue  # its message is always one line
            except Exception as error:  # noqa: BLE001 (these are looked for)
                bare.append(f"{name}={kind}: {error!r:.200}")
    assert bare == []


def test_every_public_name_is_tried():
    """All rooms are walked, none of the names left out is gone, and each argument has a value that fits."""
    assert {public.name.partition(".")[0] for public in TRIED} == set(ROOMS)
    assert set(LEFT_OUT) <= {public.name for public in PUBLIC}
    assert set(OBJECTS) == {public.made_as for public in TRIED if public.owner}
    assert [f"{public.name}: {public.unknown}" for public in TRIED if public.unknown] == []  # to `VALID`
