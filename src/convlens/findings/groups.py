"""Runs that differ in their seed only belong together. Must not know figures or words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.runs import Run

__all__ = ["alike", "require_groups"]


@as_annotated
def alike(runs: Sequence[Run]) -> list[list[Run]]:
    """Put runs that differ in their seed only together, in the order in which they come."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(_but_seed(run), []).append(run)
    return list(groups.values())


@as_annotated
def require_groups(groups: Mapping[Any, Sequence[Run]], owner: str) -> None:
    """Refuse what has no common numbers.

    Args:
        groups: runs by what tells them apart.
        owner: who needs them, for the message.

    Raises:
        UsageError: there is no run, an empty group, the same run twice in a group, or runs in a group that
            differ in more than their seed: a mean over them would mean nothing.
    """
    if not groups:
        raise UsageError(f"{owner} needs one run or more. Got none.")
    for name, runs in groups.items():
        if not runs:
            raise UsageError(f"group {shown(name)} of {owner} must hold one run or more. Got none.")
        found = [run.run_id for run in runs]
        twice = next((run for run in runs if found.count(run.run_id) > 1), None)
        if twice is not None:
            raise UsageError(
                f"group {shown(name)} of {owner} holds the run {twice.run_id} twice: give it once."
            )
        if len({_but_seed(run) for run in runs}) > 1:
            raise UsageError(f"the runs of group {shown(name)} of {owner} must differ in their seed only.")


def _but_seed(run: Run) -> str:
    """Return an id that runs have in common if they differ in their seed only."""
    return replace(run.config, seed=0).run_id
