"""What is true of the page as a whole: no note is said twice. Must not know what the sections say."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from convlens.report.blocks import Block, Fold, Paragraph, Section

__all__ = ["said_once"]

_Within = TypeVar("_Within", bound=Fold | Section)


def said_once(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections without the notes, such as a rule, that the page has said before."""
    known: set[str] = set()
    return tuple(_without(section, known) for section in sections)


def _without(holder: _Within, known: set[str]) -> _Within:
    """Return a section or fold without the notes that are known; those in it are known from then on.

    A fold that held nothing else is left out.
    """
    kept: list[Block] = []
    for block in holder.blocks:
        if isinstance(block, Fold | Section):
            rest = _without(block, known)
            if rest.blocks or isinstance(rest, Section):
                kept.append(rest)
        elif not isinstance(block, Paragraph) or block.tone != "note":
            kept.append(block)
        elif block.text not in known:
            known.add(block.text)
            kept.append(block)
    return replace(holder, blocks=tuple(kept))
