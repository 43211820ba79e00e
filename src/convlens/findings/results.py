"""Everything that a study measured and what follows from it, as plain data. Must not know figures or words.

Format 3: one entry an experiment, with its setting, its runs, and, where a run is in,

    against      how it did on held-out images against the first experiment with its network, as
                 `convlens.study.compare` says: mean difference, interval over seeds and images, p value, both
                 corrected for the number of comparisons (null and 1 with one seed), seeds, verdict ("better",
                 "worse", "unknown", "one_seed"); null for that experiment itself
    overfitting  of each seed: after which epoch and update it begins, and the losses there and at the end
                 (`onset`; null where that cannot be said); and what it is against the experiment with the
                 same network and the most images ("later", "not_at_all", "unclear"; null without one)
    gap          training accuracy minus test accuracy, early and at the end, its interval at the end from the
                 choice of images, and whether the curves part
    baseline     always answering the largest class: which, how often right, whether that must be known
    learned      of each seed: whether it answers better than that baseline, and if not, the likely cause
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
from convlens.findings.comparisons import comparisons
from convlens.findings.learned import learned
from convlens.findings.oddities import oddities
from convlens.findings.overfitting import gap, more_data, onsets
from convlens.findings.weights import filter_layers
from convlens.runs import SETTINGS, Run
from convlens.study import Comparison, Experiment, Study

__all__ = ["FORMAT", "results"]

FORMAT = 3
"""Of what `results` returns. In format 2 nothing was corrected for the number of comparisons, and overfitting
was judged on the mean over seeds; in format 1 there were no findings, and an experiment had a section."""


@as_annotated
def results(study: Study) -> dict[str, Any]:
    """Return everything that was measured, and what was found in it, as plain data for JSON."""
    experiments = study.design.experiments
    runs = {one.name: study.runs(one) for one in experiments}
    networks = [one.config.network for one in experiments]
    bases = [networks.index(network) for network in networks]
    compared = comparisons([runs[one.name] for one in experiments], bases)
    return {
        "format": FORMAT,
        "design": study.design.name,
        "quick": study.quick,
        "seeds": study.seeds,
        "experiments": [
            {
                **_setting(one),
                "runs": [_run(run) for run in runs[one.name]],
                **_found(runs[one.name], _fullest(study, one)),
                **_against(experiments[base].name, found, runs[one.name]),
            }
            for one, base, found in zip(experiments, bases, compared.against, strict=True)
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


def _found(runs: Sequence[Run], fullest: Sequence[Run]) -> dict[str, Any]:
    """Return the findings of an experiment; nothing where no run is in."""
    if not runs:
        return {}
    begins, n_images = onsets(runs), int(runs[0].results["test_head"])
    more = more_data(begins, onsets(fullest)) if fullest else None
    return {
        "overfitting": {**begins.as_data(), "with_more_data": None if more is None else more.value},
        "gap": gap(runs).as_data(),
        "baseline": baseline(runs).as_data(),
        "learned": [learned(run).as_data() for run in runs],
        "filters": [asdict(oddities(runs[0], layer, n_images)) for layer in filter_layers(runs[0])],
        "mistake": _mistake(runs[0]),
    }


def _fullest(study: Study, experiment: Experiment) -> list[Run]:
    """Return the runs of the experiment with the same network and the most images, if more."""
    network, size = experiment.config.network, experiment.config.train_size
    more = [e for e in study.design.experiments if e.config.network == network and e.config.train_size > size]
    return study.runs(max(more, key=lambda one: one.config.train_size)) if more else []


def _against(name: str, found: Comparison | None, runs: Sequence[Run]) -> dict[str, Any]:
    """Return how an experiment did against its base; nothing where no run is in."""
    if not runs:
        return {}
    if found is None:
        return {"against": None}
    return {
        "against": {
            "experiment": name,
            "mean_difference": found.mean,
            "interval": None if found.interval is None else [found.interval.low, found.interval.high],
            "p_value": found.p_value,
            "seeds": list(found.seeds),
            "verdict": found.verdict.value,
        }
    }


def _mistake(run: Run) -> dict[str, Any] | None:
    found = answers(run)
    if not found.confusions:
        return None
    right, given, times = found.confusions[0]
    return {"right": found.names[right], "given": found.names[given], "times": times}
