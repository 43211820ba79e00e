"""What a page is made of: experiments with the runs that are in. Must not know words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from convlens.errors import RunError, UsageError
from convlens.findings.comparisons import Comparisons, comparisons
from convlens.inspection import grouped
from convlens.runs import Run, RunConfig
from convlens.spec import NetworkSpec
from convlens.study import DESIGNS, Comparison, Study
from convlens.study.stated import Stated
from convlens.study.statistics import Measured

__all__ = ["ExperimentRuns", "ReportData"]


@dataclass(frozen=True)
class ExperimentRuns:
    """One experiment: what was planned of it and what is in.

    Attributes:
        name: what it is called.
        config: its first run, finished or not.
        command: the command that makes that run.
        n_planned: how many runs there will be.
        runs: those that are finished, by seed.
        anchor: what its places on the page are called by, without spaces.
        reported: test accuracy as the original report states it, 0 to 1, or None.
    """

    name: str
    config: RunConfig
    command: str
    n_planned: int
    runs: tuple[Run, ...]
    anchor: str
    reported: float | None = None

    @property
    def spec(self) -> NetworkSpec:
        """The network."""
        return self.config.network

    @property
    def missing(self) -> int:
        """How many planned runs are not in."""
        return self.n_planned - len(self.runs)

    @property
    def head(self) -> Measured:
        """Accuracy on the first images of the test set."""
        return self._measured("test_accuracy_head", "test_head")

    @property
    def test(self) -> Measured:
        """Accuracy on the whole test set."""
        return self._measured("test_accuracy", "n_test")

    @property
    def validation(self) -> Measured | None:
        """Accuracy on the images held out for choices; None where there are none."""
        if any("validation_accuracy" not in run.results for run in self.runs):
            return None
        return self._measured("validation_accuracy", "n_validation")

    def _measured(self, value: str, n: str) -> Measured:
        return Measured.of([run.results for run in self.runs], value, n)


@dataclass(frozen=True)
class ReportData:
    """Everything that a page shows.

    Attributes:
        experiments: the experiments; the first of each network is its base, to which others are compared.
        quick: the runs are for a look only.
        shipped: it is one of the designs of the package, which has a command of its own.
        chosen: these are any runs, as somebody has put them together.
        picked: the experiment that the original report decides for, or None.
    """

    experiments: tuple[ExperimentRuns, ...]
    quick: bool = False
    shipped: bool = False
    chosen: bool = False
    picked: str | None = None

    @classmethod
    def of_study(
        cls, study: Study, reported: Mapping[str, float] | None = None, picked: str | None = None
    ) -> "ReportData":
        """Return a study, as far as it is finished.

        Args:
            study: the study.
            reported: the original report's test accuracies, 0 to 1, by the experiments' names.
            picked: the experiment that it decides for.

        Raises:
            RunError: not a single run is finished.
        """
        planned = list(study.planned())
        experiments: list[ExperimentRuns] = []
        for experiment in study.design.experiments:
            own = [plan for plan in planned if plan.experiment is experiment]
            runs = tuple(study.runs(experiment))
            anchor = re.sub(r"\s+", "-", experiment.name)
            stated = (reported or {}).get(experiment.name)
            experiments.append(
                ExperimentRuns(
                    experiment.name, experiment.config, own[0].command, len(own), runs, anchor, stated
                )
            )
        if not any(experiment.runs for experiment in experiments):
            raise RunError(f"{study.folder} has no finished run yet: there is nothing to report.")
        return cls(tuple(experiments), study.quick, study.design.name in DESIGNS, picked=picked)

    @classmethod
    def of_runs(cls, runs: Sequence[Run], lang: str) -> "ReportData":
        """Return any runs; those that differ in their seed only are one experiment.

        The first one is what the others are held against: as they are given or, where learning rates were
        tried, as a study has them.

        Raises:
            UsageError: there is none, or one is given twice.
        """
        if not runs:
            raise UsageError("a report needs one run or more. Got none.")
        found = [run.run_id for run in runs]
        twice = next((run for run in runs if found.count(run.run_id) > 1), None)
        if twice is not None:
            raise UsageError(f"a report takes each run once. {twice.folder} (id {twice.run_id}) came twice.")
        experiments: list[ExperimentRuns] = []
        for number, (name, members) in enumerate(grouped(runs, lang).items(), 1):
            by_seed = tuple(sorted(members, key=lambda run: run.seed))
            first, n = by_seed[0], len(by_seed)
            experiments.append(
                ExperimentRuns(name, first.config, first.command, n, by_seed, f"experiment-{number}")
            )
        return cls(tuple(_as_in_a_study(experiments)), chosen=True)

    @cached_property
    def all_runs(self) -> tuple[Run, ...]:
        """All finished runs, experiment by experiment."""
        return tuple(run for experiment in self.experiments for run in experiment.runs)

    @cached_property
    def comparisons(self) -> Comparisons:
        """Each experiment against its base, all corrected together.

        The base is the first one with its network, or the first finished one of all where runs were chosen.
        """
        first = self.experiments.index(self.finished[0])
        bases = [first if self.chosen else self._base_of(one) for one in self.experiments]
        return comparisons([one.runs for one in self.experiments], bases)

    def against(self, experiment: ExperimentRuns) -> Comparison | None:
        """Return how an experiment did against its base; None for that one itself."""
        return self.comparisons.against[self._place(experiment)]

    def top_two(self, base: ExperimentRuns) -> tuple[ExperimentRuns, ExperimentRuns, Comparison] | None:
        """Return the best experiment held against a base, the second best, and how they compare.

        None where they do not compare, or differ from the base in more than the learning rate.
        """
        found = self.comparisons.top.get(self._place(base))
        if found is None:
            return None
        best, second = self.experiments[found.best], self.experiments[found.second]
        rates = self.rates_of(base)
        if not all(any(one is other for other in rates) for one in (best, second)):
            return None
        return best, second, found.comparison

    @property
    def n_comparisons(self) -> int:
        """How many comparisons the page's verdicts are corrected for: those of several seeds."""
        found = [*self.comparisons.against, *(two.comparison for two in self.comparisons.top.values())]
        return sum(one is not None and one.interval is not None for one in found)

    @cached_property
    def n_figures(self) -> int:
        """How many of the original report's figures are held against runs on the same images."""
        return sum(e.reported is not None for base in self.bases() for e in (base, *self.other_rates(base)))

    def as_expected(self, experiment: ExperimentRuns) -> bool | None:
        """Say whether one more seed of ours may come out as the original report's figure, on the same images.

        None where there is no figure, or one seed.
        """
        if experiment.reported is None or not experiment.runs:
            return None
        head = experiment.head
        return Stated(experiment.reported).is_expected(head.values, head.n_images, self.n_figures)

    def _base_of(self, experiment: ExperimentRuns) -> int:
        return next(place for place, one in enumerate(self.experiments) if one.spec == experiment.spec)

    def _place(self, experiment: ExperimentRuns) -> int:
        return next(place for place, one in enumerate(self.experiments) if one is experiment)

    @property
    def n_planned(self) -> int:
        """How many runs there will be."""
        return sum(experiment.n_planned for experiment in self.experiments)

    @property
    def finished(self) -> tuple[ExperimentRuns, ...]:
        """The experiments with at least one run."""
        return tuple(experiment for experiment in self.experiments if experiment.runs)

    @property
    def of_the_report(self) -> bool:
        """Whether these are the original report's experiments."""
        return self.shipped or any(experiment.reported is not None for experiment in self.experiments)

    @property
    def shows_reported(self) -> bool:
        """Whether the original report's figures stand beside ours: not beside those of a quick look."""
        stated = any(experiment.reported is not None for experiment in self.experiments)
        return stated and not self.quick

    def full_of(self, base: ExperimentRuns) -> ExperimentRuns | None:
        """Return what differs from the base in more training images alone, and the epochs for them.

        The one with the most, if there is any; finished or not.
        """
        same, size = _but_size(base.config), base.config.train_size
        alike = [e for e in self.experiments if _but_size(e.config) == same]
        more = [e for e in alike if e.config.train_size > size]
        return max(more, key=lambda experiment: experiment.config.train_size, default=None)

    def rates_of(self, base: ExperimentRuns) -> tuple[ExperimentRuns, ...]:
        """Return the base and what differs from it in the learning rate alone, if finished, by rate."""
        alike = (e for e in (base, *self.other_rates(base)) if e.runs)
        return tuple(sorted(alike, key=lambda experiment: experiment.config.lr))

    def other_rates(self, base: ExperimentRuns) -> tuple[ExperimentRuns, ...]:
        """Return what differs from the base in the learning rate alone, finished or not, as planned."""
        same = _but_rate(base.config)
        return tuple(e for e in self.experiments if e is not base and _but_rate(e.config) == same)

    def bases(self) -> Iterator[ExperimentRuns]:
        """Yield the experiment that stands for each network: its first, finished or not."""
        seen: list[NetworkSpec] = []
        for experiment in self.experiments:
            if experiment.spec not in seen:
                seen.append(experiment.spec)
                yield experiment

    def further(self, base: ExperimentRuns) -> tuple[ExperimentRuns, ...]:
        """Return the finished experiments with the base's network that neither it nor the full set is.

        Their filters are shown, too.
        """
        shown = (base, self.full_of(base))
        return tuple(e for e in self.finished if e.spec == base.spec and all(e is not one for one in shown))


def _as_in_a_study(experiments: Sequence[ExperimentRuns]) -> list[ExperimentRuns]:
    """Return experiments in an order in which learning rates are spoken of.

    Where three or more differ in their learning rate alone, the first is the one of them with the most runs
    and, of these, with the fewest settings that are not as usual; its network's others follow. Of each other
    network the one comes first whose settings are the same. Otherwise they come as they are given.
    """
    families: dict[str, list[ExperimentRuns]] = {}
    for one in experiments:
        families.setdefault(repr(_but_rate(one.config)), []).append(one)
    rates = max(families.values(), key=len)
    if len(rates) < _RATES:
        return list(experiments)
    base = min(rates, key=lambda one: (-len(one.runs), len(one.config.unusual)))
    alike = _but_network(base.config)
    networks = list(dict.fromkeys(repr(one.spec) for one in (base, *experiments)))

    def place(one: ExperimentRuns) -> tuple[int, bool, bool]:
        return networks.index(repr(one.spec)), one is not base, _but_network(one.config) != alike

    return sorted(experiments, key=place)


_RATES = 3  # of two experiments whoever gives them says which is held against which


def _but_size(config: RunConfig) -> dict[str, object]:
    sizes = ("train_size", "epochs", "evaluate_samples", "seed", "engine")
    return {key: value for key, value in config.to_dict().items() if key not in sizes}


def _but_network(config: RunConfig) -> dict[str, object]:
    apart = ("network", "seed", "engine")
    return {key: value for key, value in config.to_dict().items() if key not in apart}


def _but_rate(config: RunConfig) -> dict[str, object]:
    others = {key: value for key, value in config.optimizer_param.items() if key != "lr"}
    return {**config.to_dict(), "optimizer_param": others, "seed": 0}  # of the first run that is there
