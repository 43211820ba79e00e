"""Fonts that can draw what the pictures say, so that no text becomes boxes. Must not know pictures.

DejaVu Sans comes with matplotlib; Hangul, kana and kanji need a font of the system.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matplotlib import font_manager

from convlens.inspection.words import WORDS, words_in

__all__ = ["bold", "family", "font_of", "fonts_for", "language", "printable"]

_LATIN = "DejaVu Sans"
_BOXES = ("LastResort", "Last Resort")  # fonts whose every glyph is a box
_OWN_SCRIPT = "\u1100"  # from here on letters are Hangul, kana and kanji (and what is rarer)


@dataclass(frozen=True)
class _Fonts:
    """Fonts of a language: names in order of preference, and how their files' names begin."""

    names: tuple[str, ...]
    files: tuple[str, ...]


_FONTS = {
    "ko": _Fonts(
        (
            "NanumGothic",
            "Noto Sans CJK KR",
            "Noto Sans KR",
            "Malgun Gothic",
            "Apple SD Gothic Neo",
            "NanumBarunGothic",
            "AppleGothic",
            "Pretendard",
            "Source Han Sans KR",
            "Noto Sans CJK JP",  # the same file as KR; older matplotlib sees its first face only
            "UnDotum",
        ),
        ("nanum", "notosanscjk", "notosanskr", "malgun", "applesdgothic", "applegothic", "undotum"),
    ),
    "ja": _Fonts(
        (
            "Noto Sans CJK JP",
            "Noto Sans JP",
            "Hiragino Sans",
            "Hiragino Kaku Gothic ProN",
            "Yu Gothic",
            "Meiryo",
            "BIZ UDGothic",
            "Source Han Sans JP",
            "IPAexGothic",
            "IPAPGothic",
            "TakaoPGothic",
            "VL PGothic",
            "MS Gothic",
        ),
        (
            "notosanscjk",
            "notosansjp",
            "hiragino",
            "yugoth",
            "meiryo",
            "ipaexg",
            "ipag",
            "takao",
            "vl",
            "msgoth",
        ),
    ),
}


@cache
def font_of(lang: str) -> str | None:
    """Return the name of an installed font with every letter of a language's words, or None."""
    if lang not in _FONTS:
        return _LATIN
    needed = frozenset(c for text in WORDS[lang].values() for c in text if c.isalpha() and c >= _OWN_SCRIPT)
    known = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    candidates = [name for name in _FONTS[lang].names if name in known]
    candidates += sorted(name for name in known if name not in candidates and not name.startswith(_BOXES))
    found = next((name for name in candidates if _has(known[name], needed)), None)
    return found or _newly_installed(_FONTS[lang].files, needed)


def language(lang: str) -> str:
    """Return `lang` if it can be drawn here, else "en"."""
    words_in(lang)
    return "en" if font_of(lang) is None else lang


def family(lang: str) -> list[str]:
    """Return the fonts to draw with, in order of preference: glyphs missing in one come from the next."""
    names = [font_of(lang), _LATIN, *map(font_of, _FONTS)]
    return list(dict.fromkeys(name for name in names if name is not None))


def fonts_for(text: str, lang: str) -> list[str]:
    """Return the fonts of the language that `text` needs, no more: most need the first one only."""
    names = family(lang)
    characters = frozenset(text) - {"\n"}
    return names[:1] if _has(_file(names[0]), characters) else names


def bold(names: Sequence[str]) -> int:
    """Return the heaviest weight that all of these fonts have, up to 700 (bold); 400 is normal."""
    weights = [
        {_weight(e.weight) for e in font_manager.fontManager.ttflist if e.name == name} for name in names
    ]
    return max((weight for weight in set.intersection(*weights) if 400 < weight <= 700), default=400)


def printable(text: str, lang: str) -> str:
    """Return `text` with a "?" for each character that no font of the language has (a user's names)."""
    files = [_file(name) for name in family(lang)]
    return "".join(c if c == "\n" or any(_has(file, frozenset(c)) for file in files) else "?" for c in text)


def _weight(weight: int | str) -> int:
    return weight if isinstance(weight, int) else font_manager.weight_dict.get(weight, 400)


@cache
def _file(name: str) -> str:
    return str(font_manager.findfont(name, fallback_to_default=True))


@cache
def _has(file: str, characters: frozenset[str]) -> bool:
    try:
        font = font_manager.get_font(file)
    except (OSError, RuntimeError):  # deleted or damaged since matplotlib made its list
        return False
    return all(font.get_char_index(ord(c)) for c in characters)


def _newly_installed(files: tuple[str, ...], needed: frozenset[str]) -> str | None:
    """Look for a font that was installed after matplotlib made its list of fonts."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for file in sorted(font_manager.findSystemFonts()):
        stem = Path(file).name.lower().replace("-", "")
        if file in known or not stem.startswith(files) or not _has(file, needed):
            continue
        try:
            font_manager.fontManager.addfont(file)
        except (OSError, RuntimeError) as error:
            logging.getLogger(__name__).debug("cannot add %s: %s", file, error)
            continue
        return font_manager.fontManager.ttflist[-1].name
    return None
