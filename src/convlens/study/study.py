"""A study: a design's runs in a folder, those that are there and those that are missing.

Must not know figures. There is no state beside the run folders: what is finished is what is there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from convlens.errors import UsageError
from convlens.files import write_text
from convlens.runs import Run, RunConfig, finished_run
from convlens.study.design import Design, Experiment

__all__ = ["Planned", "Study"]


@dataclass(frozen=True)
class Planned:
    """One run of a study: what it is and where its folder goes."""

    experiment: Experiment
    config: RunConfig
    folder: Path

    @property
    def command(self) -> str:
        """The command that makes this run by itself."""
        return self.config.command(self.experiment.network, self.folder.name)


class Study:
    """Every experiment of a design with seeds 0, 1, ….

    Args:
        design: what is run.
        folder: where; runs are in `folder/runs`.
        seeds: how many seeds each experiment gets, 1 or more, unless its design gives it fewer.
        quick: the design has its settings for a quick look: its runs are kept apart.
    """

    def __init__(self, design: Design, folder: Path, seeds: int, *, quick: bool = False) -> None:
        if seeds < 1:
            raise UsageError(f"`seeds` of a study must be a positive int. Got {seeds}.")
        self.design = design
        self.folder = folder
        self.seeds = seeds
        self.quick = quick
        self._opened: dict[Path, Run] = {}

    def planned(self) -> Iterator[Planned]:
        """Yield all runs in the order in which they are made: one seed of everything, then the next."""
        for seed in range(self.seeds):
            for experiment in self.design.experiments:
                if seed < self.seeds_of(experiment):
                    yield self._plan(experiment, seed)

    def seeds_of(self, experiment: Experiment) -> int:
        """Return how many runs an experiment gets in this study."""
        return self.seeds if experiment.seeds is None else min(self.seeds, experiment.seeds)

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

    def runs(self, experiment: Experiment) -> list[Run]:
        """Return an experiment's finished runs, by seed."""
        planned = (self._plan(experiment, seed) for seed in range(self.seeds_of(experiment)))
        return [run for run in map(self.run, planned) if run is not None]

    def results(self) -> dict[str, Any]:
        """Return everything that was measured, as plain data (format 1)."""
        return {
            "format": 1,
            "design": self.design.name,
            "quick": self.quick,
            "seeds": self.seeds,
            "experiments": [self._result(experiment) for experiment in self.design.experiments],
        }

    def write_results(self) -> Path:
        """Write `results.json` and return its path."""
        path = self.folder / "results.json"
        write_text(path, json.dumps(self.results(), indent=1, ensure_ascii=False) + "\n")
        return path

    def _plan(self, experiment: Experiment, seed: int) -> Planned:
        prefix = "quick-" if self.quick else ""
        folder = self.folder / "runs" / f"{prefix}{experiment.name}-seed-{seed}"
        return Planned(experiment, replace(experiment.config, seed=seed), folder)

    def _result(self, experiment: Experiment) -> dict[str, Any]:
        config = experiment.config
        runs = [
            {
                "seed": run.seed,
                "run_id": run.run_id,
                "folder": f"runs/{run.name}",
                **run.results,
                "seconds": round(run.seconds, 3),
                "milliseconds_per_step": round(run.milliseconds_per_step, 3),
                "command": run.command,
            }
            for run in self.runs(experiment)
        ]
        return {
            "name": experiment.name,
            "section": experiment.section,
            "network": config.network.name,
            "train_size": config.train_size,
            "epochs": config.epochs,
            "batch_size": config.batch_size,
            "optimizer": config.optimizer,
            "lr": config.lr,
            "reported_test_accuracy": experiment.reported,
            "runs": runs,
        }
