"""What a page is made of: the experiments of a study with the runs that are in. Must not know words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from convlens.errors import RunError
from convlens.spec import NetworkSpec
from convlens.study import Experiment, Planned, Section, Study
from convlens.study.statistics import Measured
from convlens.training import Run, RunConfig

__all__ = ["Entry", "Material"]


@dataclass(frozen=True)
class Entry:
    """One experiment: what was planned of it and what is in.

    Attributes:
        experiment: what it is.
        planned: its runs, by seed.
        runs: those that are finished, by seed.
    """

    experiment: Experiment
    planned: tuple[Planned, ...]
    runs: tuple[Run, ...]

    @property
    def name(self) -> str:
        """The experiment's name."""
        return self.experiment.name

    @property
    def config(self) -> RunConfig:
        """The run with seed 0."""
        return self.experiment.config

    @property
    def spec(self) -> NetworkSpec:
        """The network."""
        return self.experiment.config.network

    @property
    def command(self) -> str:
        """The command that makes the run with seed 0."""
        return self.planned[0].command

    @property
    def missing(self) -> int:
        """How many planned runs are not in."""
        return len(self.planned) - len(self.runs)

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
        return Measured(tuple(run.results[value] for run in self.runs), int(self.runs[0].results[n]))


class Material:
    """A study, ready for a page.

    Args:
        study: as far as it is finished.

    Raises:
        RunError: not a single run is finished.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        planned = list(study.planned())
        self.entries = tuple(
            Entry(
                experiment,
                tuple(plan for plan in planned if plan.experiment is experiment),
                tuple(study.runs(experiment)),
            )
            for experiment in study.design.experiments
        )
        if not self.all_runs:
            raise RunError(f"{study.folder} has no finished run yet: there is nothing to report.")

    @cached_property
    def all_runs(self) -> tuple[Run, ...]:
        """All finished runs, experiment by experiment."""
        return tuple(run for entry in self.entries for run in entry.runs)

    @property
    def n_planned(self) -> int:
        """How many runs there will be."""
        return sum(len(entry.planned) for entry in self.entries)

    @property
    def finished(self) -> tuple[Entry, ...]:
        """The experiments with at least one run."""
        return tuple(entry for entry in self.entries if entry.runs)

    @property
    def shows_reported(self) -> bool:
        """Whether the original report's figures stand beside ours: not beside those of a quick look."""
        stated = any(entry.experiment.reported is not None for entry in self.entries)
        return stated and not self.study.quick

    def in_section(self, section: Section) -> tuple[Entry, ...]:
        """Return the experiments of a section, finished or not."""
        return tuple(entry for entry in self.entries if entry.experiment.section == section)

    def full_of(self, base: Entry) -> Entry | None:
        """Return the experiment that trains the same network on the full set, finished or not."""
        same = (entry for entry in self.in_section("full") if entry.spec == base.spec)
        return next(same, None)

    def rates_of(self, base: Entry) -> tuple[Entry, ...]:
        """Return the finished experiments that differ from `base` in the learning rate alone, by rate."""
        alike = (e for e in self.finished if _but_rate(e.config) == _but_rate(base.config))
        return tuple(sorted(alike, key=lambda entry: entry.config.lr))

    def bases(self) -> Iterator[Entry]:
        """Yield the experiment that stands for each network: its first on the small set."""
        for section in ("simple", "lenet"):
            yield from self.in_section(section)[:1]


def _but_rate(config: RunConfig) -> dict[str, object]:
    others = {key: value for key, value in config.optimizer_param.items() if key != "lr"}
    return {**config.to_dict(), "optimizer_param": others}
