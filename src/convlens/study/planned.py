"""One run that a study plans: plain data that a worker can be given. Must not know how it is made."""

from dataclasses import dataclass
from pathlib import Path

from convlens.runs import RunConfig
from convlens.study.design import Experiment

__all__ = ["Planned"]


@dataclass(frozen=True)
class Planned:
    """One run of a study: what it is and where its folder goes."""

    experiment: Experiment
    config: RunConfig
    folder: Path

    @property
    def title(self) -> str:
        """What it is called: its experiment and its seed."""
        return f"{self.experiment.name} seed {self.config.seed}"

    @property
    def command(self) -> str:
        """The command that makes this run by itself."""
        return self.config.command(self.experiment.network, self.folder.name)
