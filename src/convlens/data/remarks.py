"""What is said of a data set before anybody trains on it: a line each, with its numbers, in every language.

Must not know who hears it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from convlens.data.words import words_in
from convlens.errors import shown
from convlens.words import LANGUAGES

__all__ = ["Remark"]

_FEW = 3


@dataclass(frozen=True)
class Remark:
    """One line.

    Attributes:
        kind: what it is about, such as "duplicates".
        values: what fills the text: counts, texts, or lists of names, of which the first few are shown.
    """

    kind: str
    values: Mapping[str, int | str | Sequence[str]] = field(default_factory=dict)

    def told(self, lang: str = LANGUAGES[0]) -> str:
        """Return it in a language."""
        say = words_in(lang)
        named = {
            name: value if isinstance(value, int | str) else say.series(_shortened(value))
            for name, value in self.values.items()
        }
        return say(f"remark.{self.kind}", **named)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        values = {name: list(v) if not isinstance(v, int | str) else v for name, v in self.values.items()}
        return {"kind": self.kind, **values, "text": self.told()}


def _shortened(names: Sequence[str]) -> list[str]:
    """Return the first few of some names, each of bounded length and printable."""
    few = [shown(name)[1:-1] for name in names[:_FEW]]
    return [*few, "…"] if len(names) > _FEW else few
