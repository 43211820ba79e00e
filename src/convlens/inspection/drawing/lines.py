"""Texts broken into lines as wide as the place for them. Must not know figures."""

# ruff: noqa: RUF001 -- Japanese has brackets and stops of its own

import re
from collections.abc import Iterable
from textwrap import wrap

__all__ = ["TITLE_LINE_CM", "heading", "wrapped"]

TITLE_LINE_CM = 0.47
"""Height of a line of a picture's title."""

_TITLE_LETTERS = 74
_LEAST = 8
_WIDE = 1.7  # Latin letters that one of Hangul, kana or kanji is as wide as
_KANA = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_PIECES = re.compile(
    "\\s+"
    "|[（「『【]*(?:[\u30a0-\u30ff]+|[\u3041-\u309f\u3400-\u9fff]|[^\\s\u3001-\u30ff\u3400-\u9fff（）：；，]+|.)"
    "[、。，：；）」』】ー々ぁぃぅぇぉっゃゅょ]*"
)
"""What stays together: a word of Katakana, one other letter of Japanese, a word or number of others; with the
brackets and stops that may not begin a line, or end it."""


def wrapped(text: str, letters: int) -> str:
    """Break a text into lines of about so many Latin letters; Hangul, kana and kanji are wider.

    Japanese, which has no spaces, is broken between letters, but not within a word of Katakana or a number.
    """
    room = max(_LEAST, int(letters * len(text) / max(1.0, _width(text))))
    return "\n".join(_japanese(text, letters) if _KANA.search(text) else wrap(text, room))


def heading(lines: Iterable[str]) -> str:
    """Return the lines of a picture's title, the long ones broken."""
    return "\n".join(wrapped(line, _TITLE_LETTERS) for line in lines)


def _width(text: str) -> float:
    return len(text) + (_WIDE - 1) * sum(letter >= "\u1100" for letter in text)


def _japanese(text: str, letters: int) -> list[str]:
    """Return a text's lines; a piece that is longer than a line is broken anywhere."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and _width(lines[-1] + piece.rstrip()) > letters:
            lines.append("")
        for letter in [piece] if _width(piece) <= letters else piece:
            if _width(lines[-1] + letter) > max(letters, _LEAST):
                lines.append("")
            lines[-1] += letter if lines[-1] else letter.lstrip()
    return [line.rstrip() for line in lines if line.strip()]
