"""What networks and layers may be called. Must not know either of them."""

import unicodedata

from convlens.errors import SpecError, shown

__all__ = ["LONGEST_NAME", "require_name"]

LONGEST_NAME = 80
"""Letters of a name: it heads columns, titles and files."""

_CONTROL = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's controls, formats (joiners, writing directions), surrogates and ends of lines."""

_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000))))
)
"""Letters and marks that are drawn as nothing: fillers of Hangul, Braille's blank, selectors, tags.

Their category does not tell."""


def require_name(field: str, owner: str, name: object) -> None:
    """Refuse what would break a line, lead out of the folder of files named after it, or cannot be read.

    Raises:
        SpecError: `name` is no text of visible letters and spaces, or too long.
    """
    if not isinstance(name, str) or not name.strip() or any(map(_is_bad, name)):
        rule = "a text without slashes, backslashes, control characters and invisible letters"
        raise SpecError(f"`{field}` of {owner} must be {rule}. Got {_written(name)}.")
    if len(name) > LONGEST_NAME:
        rule = f"at most {LONGEST_NAME} letters long"
        raise SpecError(f"`{field}` of {owner} must be {rule}. Got {len(name):,}: {shown(name)}.")


def _is_bad(letter: str) -> bool:
    return letter in "/\\" or _is_hidden(letter)


def _is_hidden(letter: str) -> bool:
    return letter in _BLANK or unicodedata.category(letter) in _CONTROL


def _written(name: object) -> str:
    """Write a name so that what is invisible in it can be seen."""
    hidden = isinstance(name, str) and any(map(_is_hidden, name[:1000]))
    return ascii(name[:40]) if isinstance(name, str) and hidden else shown(name)
