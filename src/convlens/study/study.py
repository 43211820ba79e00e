"""A study: a design's runs in a folder, those that are there and those that are missing.

Must not know figures. There is no state beside the run folders: what is finished is what is there.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

from convlens.arguments import AnyPath, as_annotated
from convlens.errors import UsageError, shown
from convlens.runs import Run, finished_run
from convlens.study.design import Design, Experiment
from convlens.study.planned import Planned
from convlens.study.workers import Failures, InProcess, made, make_run, require_calls

__all__ = ["MOST_SEEDS", "Study"]

MOST_SEEDS = 1000
"""So many seeds an experiment gets at most: with more, the plan alone would take minutes."""


class Study:
    """Every experiment of a design with seeds 0, 1, ….

    Args:
        design: what is run.
        folder: where; runs are in `folder/runs`.
        seeds: how many seeds each experiment gets, 1 to `MOST_SEEDS`, unless its design gives it fewer.
        quick: the design has its settings for a quick look: its runs are kept apart.
    """

    @as_annotated
    def __init__(self, design: Design, folder: AnyPath, seeds: int, *, quick: bool = False) -> None:
        if not 1 <= seeds <= MOST_SEEDS:
            raise UsageError(f"`seeds` of a study must be from 1 to {MOST_SEEDS:,}. Got {shown(seeds)}.")
        if (Path(folder) / "run.json").is_file():
            raise UsageError(f"`folder` of a study must not be a run. Got {folder}: choose another.")
        self.design = design
        self.folder = Path(folder)
        self.seeds = seeds
        self.quick = quick
        self._opened: dict[Path, Run] = {}

    def planned(self) -> Iterator[Planned]:
        """Yield all runs in the order in which they are made: one seed of everything, then the next."""
        for seed in range(self.seeds):
            for experiment in self.design.experiments:
                if seed < self.seeds_of(experiment):
                    yield self._plan(experiment, seed)

    @as_annotated
    def seeds_of(self, experiment: Experiment) -> int:
        """Return how many runs an experiment gets in this study."""
        return self.seeds if experiment.seeds is None else min(self.seeds, experiment.seeds)

    @as_annotated
    def run(self, planned: Planned) -> Run | None:
        """Return a planned run if it is finished.

        Raises:
            UsageError: something else is in its place.
        """
        if planned.folder not in self._opened:
            run = finished_run(planned.config, planned.folder)
            if run is None:
                return None
            self._opened[planned.folder] = run
        return self._opened[planned.folder]

    @as_annotated
    def runs(self, experiment: Experiment) -> list[Run]:
        """Return an experiment's finished runs, by seed."""
        planned = (self._plan(experiment, seed) for seed in range(self.seeds_of(experiment)))
        return [run for run in map(self.run, planned) if run is not None]

    def run_missing(
        self,
        executor: Executor | None = None,
        make: Callable[[Planned], Any] = make_run,
        receive: Callable[[Planned, Any], object] = lambda *_: None,
    ) -> Iterator[Planned]:
        """Make the runs that are not there, and yield each as soon as it is finished.

        Runs are begun in the order of `planned`. Each is a folder of its own, written when it is whole:
        whoever stops in the middle loses nothing, and the next call goes on. A run that fails does not keep
        the others from being made; its error comes last, with the run's name.

            with LocalWorkers(4) as workers:
                for planned in study.run_missing(workers, make_run_beside):
                    print(planned.title, study.run(planned).results["test_accuracy"])

        Args:
            executor: anything with the interface of `concurrent.futures.Executor`; None to make one run
                after the other in this process.
            make: makes one run; workers in other processes must be able to unpickle it.
            receive: is given each run and what `make` returned for it, in this process, before the run is
                yielded; what it raises counts as the run's failure.

        Raises:
            UsageError: an argument is wrong, at once; or something else is in the place of a run, and nothing
                is begun; or the executor takes no run.
            ConvlensError: a run failed; the others are made.
            StorageError: the disk is full, or may only be read: no further run is begun.
        """
        require_calls(executor, make, receive)
        return self._made(InProcess() if executor is None else executor, make, receive)

    def _made(
        self, workers: Executor, make: Callable[[Planned], Any], receive: Callable[[Planned, Any], object]
    ) -> Iterator[Planned]:
        missing = self.missing()
        failures = Failures(missing)
        yield from made(missing, workers, make, receive, failures)
        failures.forget_made(self.run)
        failures.raise_first()

    def missing(self) -> list[Planned]:
        """Return the runs that are not there, in the order of `planned`.

        Raises:
            UsageError: something else is in the place of one.
        """
        return [planned for planned in self.planned() if self.run(planned) is None]

    def _plan(self, experiment: Experiment, seed: int) -> Planned:
        prefix = "quick-" if self.quick else ""
        folder = self.folder / "runs" / f"{prefix}{experiment.name}-seed-{seed}"
        return Planned(experiment, replace(experiment.config, seed=seed), folder)
