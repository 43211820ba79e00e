"""Everything that a study measured and what follows from it, as plain data. Must not know figures or words.

Format 2: one entry an experiment, with its setting, its runs, and, where a run is in,

    against      how it did on held-out images against the first experiment with its network, as
                 `convlens.study.compare` says: mean difference, 95 % interval (null with one seed), seeds,
                 verdict ("better", "worse", "same", "unknown", "one_seed"); null for that experiment itself
    overfitting  after which epoch it begins and the losses there and at the end (`onset`); null where it
                 does not
    gap          training accuracy minus test accuracy, early and at the end, and whether the curves part
    baseline     always answering the largest class: which, how often right, whether that must be known
    filters      of the first seed's run, by layer: dead filters (null without a ReLU) and twins, from 1
    mistake      the first seed's most frequent one: right answer, given answer, times; null without any

Shares and accuracies are from 0 to 1.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from convlens.arguments import as_annotated
from convlens.findings.answers import answers
from convlens.findings.baseline import baseline
from convlens.findings.oddities import oddities
from convlens.findings.overfitting import gap, onset
from convlens.findings.weights import filter_layers
from convlens.runs import SETTINGS, Run
from convlens.study import Experiment, Study, compare

__all__ = ["FORMAT", "results"]

FORMAT = 2
"""Of what `results` returns. In format 1 there were no findings, and an experiment had a section."""


@as_annotated
def results(study: Study) -> dict[str, Any]:
    """Return everything that was measured, and what was found in it, as plain data for JSON."""
    experiments = study.design.experiments
    return {
        "format": FORMAT,
        "design": study.design.name,
        "quick": study.quick,
        "seeds": study.seeds,
        "experiments": [
            {**_setting(one), "runs": [_run(run) for run in study.runs(one)], **_found(study, one)}
            for one in experiments
        ],
    }


def _setting(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment's settings, the seed apart: each run has its own."""
    settings = {name: value for name, value in experiment.config.settings.items() if SETTINGS[name].labels}
    named = {"name": experiment.name, "group": experiment.group}
    return {**named, "network": experiment.config.network.name, **settings}


def _run(run: Run) -> dict[str, Any]:
    return {
        "seed": run.seed,
        "run_id": run.run_id,
        "folder": f"runs/{run.name}",
        **run.results,
        "seconds": round(run.seconds, 3),
        "milliseconds_per_step": round(run.milliseconds_per_step, 3),
        "command": run.command,
    }


def _found(study: Study, experiment: Experiment) -> dict[str, Any]:
    """Return the findings of an experiment; nothing where no run is in."""
    runs = study.runs(experiment)
    if not runs:
        return {}
    network = experiment.config.network
    base = next(one for one in study.design.experiments if one.config.network == network)
    begins, apart = onset(runs), gap(runs)
    n_images = int(runs[0].results["test_head"])
    return {
        "against": None if base is experiment else _against(base.name, study.runs(base), runs),
        "overfitting": None if begins is None else asdict(begins),
        "gap": {**asdict(apart), "widens": apart.widens},
        "baseline": baseline(runs).as_data(),
        "filters": [asdict(oddities(runs[0], layer, n_images)) for layer in filter_layers(runs[0])],
        "mistake": _mistake(runs[0]),
    }


def _against(name: str, base: Sequence[Run], runs: Sequence[Run]) -> dict[str, Any] | None:
    found = compare(base, runs)
    if found is None:
        return None
    return {
        "experiment": name,
        "mean_difference": found.mean,
        "interval": None if found.interval is None else [found.interval.low, found.interval.high],
        "seeds": list(found.seeds),
        "verdict": found.verdict.value,
    }


def _mistake(run: Run) -> dict[str, Any] | None:
    found = answers(run)
    if not found.confusions:
        return None
    right, given, times = found.confusions[0]
    return {"right": found.names[right], "given": found.names[given], "times": times}
