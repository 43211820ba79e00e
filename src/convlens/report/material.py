"""What a page is made of: experiments with the runs that are in. Must not know words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from convlens.errors import RunError, UsageError
from convlens.inspection import grouped
from convlens.runs import Run, RunConfig
from convlens.spec import NetworkSpec
from convlens.study import DESIGNS, Experiment, Section, Study
from convlens.study.statistics import Measured

__all__ = ["Entry", "Material"]


@dataclass(frozen=True)
class Entry:
    """One experiment: what was planned of it and what is in.

    Attributes:
        experiment: what it is.
        command: the command that makes its first run.
        n_planned: how many runs there will be.
        runs: those that are finished, by seed.
        anchor: what its places on the page are called by, without spaces.
    """

    experiment: Experiment
    command: str
    n_planned: int
    runs: tuple[Run, ...]
    anchor: str

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
        return Measured(tuple(run.results[value] for run in self.runs), int(self.runs[0].results[n]))


@dataclass(frozen=True)
class Material:
    """Everything that a page shows.

    Attributes:
        entries: the experiments; the first of each network is its base, to which others are compared.
        quick: the runs are for a look only.
        shipped: it is one of the designs of the package, which has a command of its own.
        chosen: these are any runs, as somebody has put them together.
    """

    entries: tuple[Entry, ...]
    quick: bool = False
    shipped: bool = False
    chosen: bool = False

    @classmethod
    def of_study(cls, study: Study) -> "Material":
        """Return a study, as far as it is finished.

        Raises:
            RunError: not a single run is finished.
        """
        planned = list(study.planned())
        entries: list[Entry] = []
        for experiment in study.design.experiments:
            own = [plan for plan in planned if plan.experiment is experiment]
            runs = tuple(study.runs(experiment))
            anchor = re.sub(r"\s+", "-", experiment.name)
            entries.append(Entry(experiment, own[0].command, len(own), runs, anchor))
        if not any(entry.runs for entry in entries):
            raise RunError(f"{study.folder} has no finished run yet: there is nothing to report.")
        return cls(tuple(entries), study.quick, study.design.name in DESIGNS)

    @classmethod
    def of_runs(cls, runs: Sequence[Run], lang: str) -> "Material":
        """Return any runs; those that differ in their seed only are one experiment.

        Raises:
            UsageError: there is none, or one is given twice.
        """
        if not runs:
            raise UsageError("a report needs one run or more. Got none.")
        found = [run.run_id for run in runs]
        twice = next((run for run in runs if found.count(run.run_id) > 1), None)
        if twice is not None:
            raise UsageError(f"a report takes each run once. {twice.folder} (id {twice.run_id}) came twice.")
        entries: list[Entry] = []
        for name, members in grouped(runs, lang).items():
            by_seed = tuple(sorted(members, key=lambda run: run.seed))
            first = by_seed[0]
            experiment = Experiment(name, "simple", first.spec.name, first.config, None)
            entries.append(
                Entry(experiment, first.command, len(by_seed), by_seed, f"experiment-{len(entries) + 1}")
            )
        return cls(tuple(entries), chosen=True)

    @cached_property
    def all_runs(self) -> tuple[Run, ...]:
        """All finished runs, experiment by experiment."""
        return tuple(run for entry in self.entries for run in entry.runs)

    @property
    def n_planned(self) -> int:
        """How many runs there will be."""
        return sum(entry.n_planned for entry in self.entries)

    @property
    def finished(self) -> tuple[Entry, ...]:
        """The experiments with at least one run."""
        return tuple(entry for entry in self.entries if entry.runs)

    @property
    def shows_reported(self) -> bool:
        """Whether the original report's figures stand beside ours: not beside those of a quick look."""
        stated = any(entry.experiment.reported is not None for entry in self.entries)
        return stated and not self.quick

    def in_section(self, section: Section) -> tuple[Entry, ...]:
        """Return the experiments of a section, finished or not."""
        return tuple(entry for entry in self.entries if entry.experiment.section == section)

    def full_of(self, base: Entry) -> Entry | None:
        """Return the experiment with this network and the most training images, if more; finished or not."""
        size = base.config.train_size
        more = [e for e in self.entries if e.spec == base.spec and e.config.train_size > size]
        return max(more, key=lambda entry: entry.config.train_size, default=None)

    def rates_of(self, base: Entry) -> tuple[Entry, ...]:
        """Return the finished experiments that differ from `base` in the learning rate alone, by rate."""
        alike = (e for e in self.finished if _but_rate(e.config) == _but_rate(base.config))
        return tuple(sorted(alike, key=lambda entry: entry.config.lr))

    def bases(self) -> Iterator[Entry]:
        """Yield the experiment that stands for each network: its first, finished or not."""
        seen: list[NetworkSpec] = []
        for entry in self.entries:
            if entry.spec not in seen:
                seen.append(entry.spec)
                yield entry

    def further(self, base: Entry) -> tuple[Entry, ...]:
        """Return the finished experiments with the base's network that neither it nor the full set is.

        Their filters are shown, too.
        """
        shown = (base, self.full_of(base))
        return tuple(e for e in self.finished if e.spec == base.spec and all(e is not one for one in shown))


def _but_rate(config: RunConfig) -> dict[str, object]:
    others = {key: value for key, value in config.optimizer_param.items() if key != "lr"}
    return {**config.to_dict(), "optimizer_param": others}
