"""Fonts that can draw what the pictures say, so that no text becomes boxes. Must not know pictures.

DejaVu Sans comes with matplotlib; Hangul needs a font of the system.
"""

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from matplotlib import font_manager

from convlens.inspection.words import WORDS, words_in

__all__ = ["bold", "family", "fonts_for", "hangul_font", "language", "printable"]

_LATIN = "DejaVu Sans"
_PREFERRED = (
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
)
_BOXES = ("LastResort", "Last Resort")  # fonts whose every glyph is a box
_FILES = ("nanum", "notosanscjk", "notosanskr", "malgun", "applesdgothic", "applegothic", "undotum")


@cache
def hangul_font() -> str | None:
    """Return the name of an installed font with every letter of the Korean words, or None."""
    needed = frozenset("한" + "".join(c for text in WORDS["ko"].values() for c in text if "가" <= c <= "힣"))
    known = {entry.name: entry.fname for entry in font_manager.fontManager.ttflist}
    candidates = [name for name in _PREFERRED if name in known]
    candidates += sorted(name for name in known if name not in candidates and not name.startswith(_BOXES))
    return next((name for name in candidates if _has(known[name], needed)), None) or _newly_installed(needed)


def language(lang: str) -> str:
    """Return `lang` if it can be drawn here, else "en"."""
    words_in(lang)
    return "en" if lang == "ko" and hangul_font() is None else lang


def family(lang: str) -> list[str]:
    """Return the fonts to draw with, in order of preference: glyphs missing in one come from the next."""
    hangul = hangul_font()
    if hangul is None:
        return [_LATIN]
    return [hangul, _LATIN] if lang == "ko" else [_LATIN, hangul]


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


def _newly_installed(needed: frozenset[str]) -> str | None:
    """Look for a font that was installed after matplotlib made its list of fonts."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for file in sorted(font_manager.findSystemFonts()):
        stem = Path(file).name.lower().replace("-", "")
        if file in known or not stem.startswith(_FILES) or not _has(file, needed):
            continue
        try:
            font_manager.fontManager.addfont(file)
        except (OSError, RuntimeError) as error:
            logging.getLogger(__name__).debug("cannot add %s: %s", file, error)
            continue
        return font_manager.fontManager.ttflist[-1].name
    return None
