"""Names that must fit into little room: shortened in the middle, still told apart. Must not know pictures."""

from collections.abc import Sequence
from unicodedata import east_asian_width

__all__ = ["columns_of", "short_names", "shortened"]

_LEFT_OUT = "\N{HORIZONTAL ELLIPSIS}"


def columns_of(text: str) -> int:
    """Return about how many Latin letters wide a text is: Hangul, kana and kanji take the room of two.

    >>> columns_of("Katze"), columns_of("고양이")
    (5, 6)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def shortened(text: str, most: int) -> str:
    """Return a text at most so many Latin letters wide: its start and its end, where names differ.

    >>> shortened("golden-crowned kinglet 17", 14)
    'golden-cr…t 17'
    """
    if columns_of(text) <= most:
        return text
    head, tail = text, text
    for_tail = max(1, (most - 1) // 3)
    while columns_of(tail) > for_tail:
        tail = tail[1:]
    while columns_of(head) > most - 1 - for_tail:
        head = head[:-1]
    return f"{head.rstrip()}{_LEFT_OUT}{tail.lstrip()}"


def short_names(names: Sequence[str], most: int) -> list[str]:
    """Return names that fit; those that would be alike begin with their number, from 1."""
    short = [shortened(name, most) for name in names]
    for place, name in enumerate(short):
        if short.count(name) > 1 and name != names[place]:
            number = f"{place + 1} "
            short[place] = number + shortened(names[place], max(3, most - len(number)))
    return short
