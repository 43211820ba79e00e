"""What a cluster's worker does: it finds the data, makes one run, and gives its folder back.

Must not know the cluster but for one question: whether anybody waits for the run any more.
"""

import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from threadpoolctl import threadpool_limits

from convlens.errors import ConvlensError, TakenError
from convlens.runs import Notes, SentConfig, SentData, StopWhen, find_data, packed, train_run
from convlens.study.workers import alone

__all__ = ["Returned", "Sent", "make_there"]

_PATIENCE = 60.0  # seconds until a worker that is thought dead must have left a run's place


@dataclass(frozen=True)
class Sent:
    """One run on its way to a worker.

    Attributes:
        config: what is trained.
        data: what its data are known by.
        folder: where it goes at home, absolute.
        command: that makes it by itself.
        version: of convlens at home.
        token: a file beside the runs, and what only who shares that file system can know that it says.
    """

    config: SentConfig
    data: SentData
    folder: str
    command: str
    version: str
    token: tuple[str, str]

    @property
    def is_at_home(self) -> bool:
        """Whether this machine sees the folder of the runs."""
        with suppress(OSError, UnicodeDecodeError):
            return Path(self.token[0]).read_text(encoding="utf-8") == self.token[1]
        return False


@dataclass(frozen=True)
class Returned:
    """What comes back of a run.

    Attributes:
        notes: what the Trainer said of it.
        files: by their names; None where they lie in their place already.
        error: why there is no run.
    """

    notes: tuple[str, ...] = ()
    files: Mapping[str, bytes] | None = None
    error: ConvlensError | None = None


def make_there(sent: Sent) -> Returned:
    """Make a run and return what became of it; an error comes back, too, so that nobody tries again."""
    if sent.version != version("convlens"):
        found = f"a worker of the cluster has convlens {version('convlens')}"
        return Returned(error=ConvlensError(f"{found}: install convlens {sent.version} there."))
    try:
        threadpool_limits(1, "blas")  # for good: a run that ends must not give threads to the one beside it
        notes = Notes()
        with alone(sent.config):
            if sent.is_at_home:
                _train(sent, Path(sent.folder), notes)
                return Returned(tuple(notes.lines))
            with tempfile.TemporaryDirectory(prefix="convlens-") as folder:
                out = Path(folder) / Path(sent.folder).name
                _train(sent, out, notes)
                return Returned(tuple(notes.lines), packed(out))
    except ConvlensError as error:
        return Returned(error=error)


def _train(sent: Sent, out: Path, notes: Notes) -> None:
    data = find_data(sent.data, sent.config.train_size)
    listeners, until = [notes, StopWhen(_is_unwanted)], time.monotonic() + _PATIENCE
    while True:
        try:
            train_run(sent.config, out, sent.command, listeners, threads=1, data=data)
        except TakenError:  # by a worker that the scheduler lost, and that has not noticed yet
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


def _is_unwanted() -> bool:
    """Say whether the run was taken back, or whoever wanted it is gone."""
    from distributed import get_worker  # noqa: PLC0415 (there, but not at home unless asked for)

    with suppress(Exception):  # no worker: somebody tries this by hand
        worker = get_worker()
        task = worker.state.tasks.get(worker.get_current_task())
        return task is None or task.state == "cancelled"
    return False
