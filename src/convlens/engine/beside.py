"""What a helper does: the program of a process that `side_by_side.py` started. Must not know who needs it."""

import os
from typing import Any

from convlens.engine.rehearsal import Rehearsal, Seen, Step, help_out
from convlens.engine.side_by_side import end_with_parent
from convlens.engine.warmup import menu
from convlens.spec import from_dict

__all__ = ["begin"]


def begin(told: dict[str, Any]) -> None:
    """Compile, and end.

    Args:
        told: `network`, `optimizer` and `seen` of a `Rehearsal`, or nothing of it for the whole menu; with
            `rank` and `helpers`.
    """
    end_with_parent()
    help_out(_steps(told), told["rank"], told["helpers"])
    os._exit(0)  # at once: there is nothing to clear up


def _steps(told: dict[str, Any]) -> list[Step]:
    if "network" not in told:
        return menu()
    return Rehearsal(from_dict(told["network"]), told["optimizer"], Seen(*told["seen"])).steps
