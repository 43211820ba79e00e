"""What a process says once, in one line on stderr, whoever asks first. Must not know who that is.

In English; a command has it said in its own language.
"""

import sys
from collections.abc import Mapping

__all__ = ["TEXTS", "notice", "say_in"]

TEXTS: dict[str, str] = {
    "no_engine": (
        "Numba cannot be loaded here ({reason}): the readable layers compute instead, some ten times slower "
        "and with other last digits; see `convlens doctor`."
    ),
}
"""Key → text."""

_in_use = dict(TEXTS)
_said: set[str] = set()


def say_in(texts: Mapping[str, str]) -> None:
    """Have them said in other words, by the keys of `TEXTS`."""
    _in_use.update(texts)


def notice(key: str, **values: str) -> None:
    """Say a text with its braces filled in, if this process has not said it yet."""
    if key not in _said:
        _said.add(key)
        print(_in_use[key].format(**values), file=sys.stderr, flush=True)  # noqa: T201 (a line for people)
