"""Who makes a study's runs for a command: this process, several on this machine, or a Dask cluster's workers.

Must not know commands, or what the runs are for.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from convlens.cli.crew_options import Asked
from convlens.cli.many_runs import ShowRuns
from convlens.cli.progress import ShowProgress
from convlens.interrupts import heed
from convlens.networks.engines import why_no_kernels
from convlens.runs import Followed, Run, rehearse, train_run
from convlens.study import LocalWorkers, Planned, alone, make_run_beside, workers_for
from convlens.study.cluster import cluster, receive
from convlens.study.made_there import Returned, make_there

__all__ = ["Crew", "crew_for"]


@dataclass(frozen=True)
class Crew:
    """What `Study.run_missing` wants to know of who makes the runs."""

    executor: Executor | None
    make: Callable[..., Any]
    receive: Callable[[Planned, Any], object]


@contextmanager
def crew_for(
    planned: Sequence[Planned], missing: Sequence[Planned], progress: ShowProgress, asked: Asked
) -> Iterator[Crew]:
    """Yield who makes the missing runs; processes that were started end with the block.

    Args:
        planned: all runs of the study, as they are counted for whoever looks on.
        missing: those to be made, one at least.
        progress: shows how it goes.
        asked: what the user wants.
    """
    titles = _titles(planned, progress)
    count = min(asked.workers or workers_for(missing), len(missing))
    if asked.dask is not None:
        with (
            cluster(asked.dask, missing[0].folder.parent) as executor,
            ShowRuns(progress, _followed(missing, titles)) as shown,
        ):
            if executor.n_threads == 0:
                progress.tell(asked.dask, progress.say("progress.no_workers"))
            yield Crew(executor, make_there, partial(_receive, titles, progress, shown))
    elif count == 1:
        yield Crew(None, partial(_make_here, titles, progress), lambda *_: None)
    else:
        with LocalWorkers(count) as executor:
            for _ in range(count):  # they load what they need while this process sees to the kernels
                executor.submit(import_module, "convlens.runs.make")
            if not (is_kept := _are_kept()):
                progress.tell(progress.say("progress.kernels"), progress.say("progress.not_kept", n=count))
            else:
                _rehearse(missing)
            with ShowRuns(progress, _followed(missing, titles)) as shown:
                make = partial(make_run_beside, announces=is_kept)
                yield Crew(executor, make, partial(_hear, titles, progress, shown))


def _titles(planned: Sequence[Planned], progress: ShowProgress) -> dict[str, str]:
    """Return how each run is called while it is made."""
    count = {"all": len(planned)}
    return {
        plan.title: progress.say("progress.run", n=number, title=plan.title, **count)
        for number, plan in enumerate(planned, 1)
    }


def _make_here(titles: dict[str, str], progress: ShowProgress, plan: Planned) -> None:
    """Make one run in this process, on all threads."""
    progress.begin(titles[plan.title])
    with alone(plan.config):
        train_run(plan.config, plan.folder, plan.command, [progress])


def _are_kept() -> bool:
    """Say whether other processes find the kernels that are compiled here; without Numba, all of none."""
    from convlens import engine  # noqa: PLC0415 (Numba: half a second)

    return bool(why_no_kernels()) or engine.facts()["new kernels"] == "kept"


def _rehearse(missing: Sequence[Planned]) -> None:
    """Have each kernel compiled once, before several processes want it."""
    different: dict[str, Planned] = {}
    for plan in missing:
        kernels = (plan.config.network, plan.config.engine, plan.config.batch_size, plan.config.optimizer)
        different.setdefault(repr(kernels), plan)
    for plan in different.values():
        heed()
        rehearse(plan.config)


def _followed(missing: Sequence[Planned], titles: dict[str, str]) -> dict[str, Any]:
    return {titles[plan.title]: (plan.config, Followed(plan.folder)) for plan in missing}


def _hear(
    titles: dict[str, str], progress: ShowProgress, shown: ShowRuns, plan: Planned, notes: Sequence[str]
) -> None:
    """Take in a run that another process has made."""
    for line in notes:
        progress.tell(titles[plan.title], line)
    shown.finished(titles[plan.title], Run(plan.folder))


def _receive(
    titles: dict[str, str], progress: ShowProgress, shown: ShowRuns, plan: Planned, returned: Returned
) -> None:
    """Take in a run that a cluster's worker has made."""
    _hear(titles, progress, shown, plan, receive(plan, returned))
