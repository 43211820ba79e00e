"""The options of a command that makes many runs: who makes them. Must not know how that is done."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

import typer

from convlens.errors import UsageError

__all__ = ["Asked", "Dask", "Workers", "require_one_crew"]

Workers: TypeAlias = Annotated[
    int | None,
    typer.Option(
        help="Runs at once, each on one thread; 1: one after the other, on all. [default: as many as pay]"
    ),
]
Dask: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Have the runs made by the workers of this Dask scheduler, such as tcp://host:8786.",
    ),
]


@dataclass(frozen=True)
class Asked:
    """Who shall make the runs: so many processes, None for as many as pay, or a scheduler's workers."""

    workers: int | None = None
    dask: str | None = None


def require_one_crew(workers: int | None, dask: str | None) -> Asked:
    """Return who is asked to make the runs, or refuse what cannot be asked for together."""
    if workers is not None and dask is not None:
        raise UsageError("`--workers` counts processes of this machine, `--dask` sends runs away: give one.")
    return Asked(workers, dask)
