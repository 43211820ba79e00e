"""Pages of runs that were never made: the experiments of a design, without a true difference between them.

Answers come from a model with everything that runs have in common or of their own: how hard an image is, what
a seed and a learning rate do to it, luck. All experiments are as good as each other in truth; training images
are as hard as test images, and their losses fall alike. Whatever a page says of such runs is a false alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from scipy.special import ndtri

from convlens.findings import gap, onsets
from convlens.report.report_data import ExperimentRuns, ReportData
from convlens.study import Design, Verdict
from stand_ins import made_up_run

KINDS = ("comparisons", "figures", "onsets")
_SLOPE = 0.09  # by how much the share of right answers grows with a run's skill, near 96 %


@dataclass(frozen=True)
class Setting:
    """How runs differ without a true difference.

    Attributes:
        seeds: runs of each experiment, unless its design gives it fewer.
        held_out: validation images; as many test images.
        judged: images that each epoch is judged on.
        spread: standard deviation of a run's accuracy over seeds, in points.
        shared: which part of that a seed brings to all experiments alike.
        taste: how differently experiments find the same images hard, 0 to 1.
        gain: true difference of one experiment from the others, in points.
        better: the place of that experiment in its design.
    """

    seeds: int = 3
    held_out: int = 2000
    judged: int = 1000
    spread: float = 0.3
    shared: float = 0.5
    taste: float = 0.3
    gain: float = 0.0
    better: int = 2


def alarms(design: Design, setting: Setting, n: int, seed: int) -> Iterator[dict[str, bool]]:
    """Yield of each of `n` pages which kinds of its verdicts say that there is something."""
    rng = np.random.default_rng(seed)
    for _ in range(n):
        report = page(design, setting, rng)
        yield {"comparisons": compares(report), "figures": figures(report), "onsets": overfits(report)}


def compares(report: ReportData) -> bool:
    """Say whether any comparison calls an experiment better or worse."""
    found = [*report.comparisons.against, *(two.comparison for two in report.comparisons.top.values())]
    return any(one is not None and one.verdict in {Verdict.BETTER, Verdict.WORSE} for one in found)


def figures(report: ReportData) -> bool:
    """Say whether any figure of further single runs is called unexpected."""
    return any(report.as_expected(one) is False for one in report.experiments)


def overfits(report: ReportData) -> bool:
    """Say whether overfitting is said to begin in any run, or curves to part."""
    return any(onsets(one.runs).found or gap(one.runs).widens for one in report.experiments)


def page(design: Design, setting: Setting, rng: np.random.Generator) -> ReportData:
    """Return a page's data, with the figure of one more run of each experiment as what a report states."""
    images = {part: rng.normal(size=n) for part, n in _sizes(setting).items()}
    seeds = rng.normal(size=setting.seeds + 1)
    experiments = []
    for place, experiment in enumerate(design.experiments):
        model = _Experiment(setting, images, rng, setting.gain if place == setting.better else 0.0)
        n = min(setting.seeds, experiment.seeds or setting.seeds)
        runs = tuple(model.run(experiment.config, seed, seeds[seed]) for seed in range(n))
        stated = model.head_of_one_more() if experiment.seeds is None else None
        experiments.append(
            ExperimentRuns(experiment.name, experiment.config, "", n, runs, experiment.name, stated)
        )
    return ReportData(tuple(experiments))


def _sizes(setting: Setting) -> dict[str, int]:
    return {"train": setting.judged, "validation": setting.held_out, "test": setting.held_out}


class _Experiment:
    """Runs of one experiment, which answer the same images."""

    def __init__(self, setting, images, rng, gain):
        self.setting, self.rng, self.gain = setting, rng, gain
        own, rest = setting.taste, np.sqrt(1 - setting.taste**2)
        self.hard = {part: rest * hard + own * rng.normal(size=len(hard)) for part, hard in images.items()}

    def run(self, config, seed, luck):
        """Return a run, as far as verdicts look at it."""
        right = self._answers(luck)
        n = self.setting.judged
        results = {
            "validation_accuracy": float(right["validation"].mean()),
            "n_validation": self.setting.held_out,
            "test_accuracy": float(right["test"].mean()),
            "n_test": self.setting.held_out,
            "test_accuracy_head": float(right["test"][:n].mean()),
            "test_head": n,
        }
        if config.train_size > 50_000:
            del results["validation_accuracy"]
        curves = falling_alike(self.rng, config.epochs, n, right["train"], right["test"][:n])
        return made_up_run(
            seed=seed,
            folder="simulated",
            config=config,
            results=results,
            predictions={
                "validation": np.stack([np.full(len(right["validation"]), 0.5), right["validation"]], 1)
            },
            spec=SimpleNamespace(n_classes=2),
            sha256={},
            data=SimpleNamespace(validation=SimpleNamespace(t=np.ones(self.setting.held_out, np.int64))),
            curve=lambda _, part: curves[part],
        )

    def head_of_one_more(self):
        """Return the accuracy of one more seed on the first test images, as a report would state it."""
        n = self.setting.judged
        return round(float(self._answers(self.rng.normal())["test"][:n].mean()), 3)

    def _answers(self, luck):
        shared = np.sqrt(self.setting.shared)
        skill = (shared * luck + np.sqrt(1 - shared**2) * self.rng.normal()) * self.setting.spread
        level = float(ndtri(0.96)) + (skill + self.gain) / 100 / _SLOPE
        return {
            part: 0.85 * hard + np.sqrt(1 - 0.85**2) * self.rng.normal(size=len(hard)) < level
            for part, hard in self.hard.items()
        }


def falling_alike(rng, epochs, n, train, test):
    """Return curves whose losses have the same mean on training and test images, after every epoch.

    A loss is 3 times as spread as it is large, as those of networks on MNIST are; that of the chosen images
    lies off its mean the more, the more of them are answered wrong; a third of that is new at each epoch.

    Args:
        rng: draws.
        epochs: how many.
        n: how many images of each part are judged.
        train: which of the judged training images are answered right at the end.
        test: the same of the test images.
    """
    decay = 0.03 + 0.6 * np.exp(-np.arange(1, epochs + 1) / (epochs / 6))
    expected = decay * np.exp(rng.normal(0, 0.08, epochs))
    curves = {}
    for part, right in (("train", train), ("test", test)):
        error = 3 / np.sqrt(n)
        more_wrong = (0.96 - right.mean()) / np.sqrt(0.96 * 0.04 / n)
        fixed = 0.8 * more_wrong + 0.6 * rng.normal()
        off = error * (0.94 * fixed + 0.33 * rng.normal(size=epochs))
        curves[part] = SimpleNamespace(
            loss=np.maximum(expected * (1 + off), 1e-4),
            accuracy=np.append(np.linspace(0.7, right.mean(), epochs)[:-1], right.mean()),
            n_samples=n,
        )
    return curves
