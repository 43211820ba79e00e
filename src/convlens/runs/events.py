"""What a run's .jsonl files tell: one typed event a line. Must not know who wrote or reads them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from convlens.files import read_text
from convlens.runs.about import damaged
from convlens.runs.pieces import is_count, is_duration, is_loss, is_positive_count, is_share

__all__ = ["read_history", "read_timing"]

_SCORE = {"accuracy": is_share, "loss": is_loss, "n_samples": is_positive_count}
_HISTORY: dict[str, dict[str, Any]] = {
    "step": {"step": is_count, "loss": is_loss},
    "epoch": {"epoch": is_count, "train": _SCORE, "test": _SCORE},
}
_MAY_HAVE = {"validation": _SCORE}
_TIMING = {"epoch": is_count, "seconds": is_duration, "ms_per_step": is_duration}


def read_history(path: Path) -> list[dict[str, Any]]:
    """Return the events of `history.jsonl`; a last line that was not finished is left out.

    Raises:
        RunError: the file is missing, or a finished line is no such event.
    """
    return list(_events(path, _HISTORY))


def read_timing(path: Path) -> list[dict[str, Any]]:
    """Return the epochs of `timing.jsonl`; a last line that was not finished is left out.

    Raises:
        RunError: the file is missing, or a finished line tells of no epoch.
    """
    return list(_events(path, {None: _TIMING}))


def _events(path: Path, kinds: dict[Any, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the events of a file; `kinds` holds the fields of each."""
    try:
        text = read_text(path)
    except OSError as error:
        raise damaged(path.parent, f"cannot read {path.name} ({error.strerror})") from None
    except UnicodeDecodeError:
        raise damaged(path.parent, f"{path.name} is not UTF-8 text") from None
    for number, line in enumerate(text.split("\n")[:-1], 1):
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            raise damaged(path.parent, f"{path.name}, line {number} is not JSON") from None
        kind = event.get("event") if isinstance(event, dict) else "none"
        if not isinstance(kind, str | None) or kind not in kinds or not _has(event, kinds[kind]):
            raise damaged(path.parent, f"{path.name}, line {number} is not an event of a run")
        yield event


def _has(found: Any, fields: Any) -> bool:  # noqa: ANN401
    """Say whether `found` is what `fields` asks for, or holds what `fields` names."""
    if callable(fields):
        return bool(fields(found))
    if not isinstance(found, dict):
        return False
    for name, kind in fields.items():  # a plain loop: there are tens of thousands of events
        value = found.get(name)
        if not (kind(value) if callable(kind) else _has(value, kind)):
            return False
    return all(_has(found[name], kind) for name, kind in _MAY_HAVE.items() if name in found)
