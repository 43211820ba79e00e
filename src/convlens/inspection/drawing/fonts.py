"""Fonts that can draw what the pictures say, so that no text becomes boxes. Must not know pictures.

DejaVu Sans comes with matplotlib; Hangul, kana and kanji need a font of the system.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from convlens.inspection.drawing.faces import Faces, add_new_fonts, known_names, of_name
from convlens.inspection.words import WORDS, words_in

__all__ = ["drawable_language", "drawn_with", "faces_of", "family", "font_of", "printable"]

_DEFAULT = "en"
_LATIN = "DejaVu Sans"
_UNUSUAL = ("Mono", "Coding", "Serif", "Mincho", "Myeongjo", "Batang", "Light", "Thin", "Bold", "Black")
"""In the names of fonts that labels are set in only where there is nothing else."""
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

_FILES = tuple(file for fonts in _FONTS.values() for file in fonts.files)
"""Of all languages: what one of them is drawn in must not depend on which was asked for first."""


@cache
def faces_of(lang: str) -> Faces:
    """Return the faces to draw a language with, whose every letter of our words is there.

    Of the fonts that the language prefers, the first one comes in a normal weight, whether matplotlib has
    listed it or it was installed since; then whatever has the letters.

    Raises:
        LookupError: no installed font has them.
    """
    needed, names = _letters(lang), _FONTS[lang].names if lang in _FONTS else (_LATIN,)
    found = _preferred(names, needed)
    is_best = found is not None and found.name == names[0] and found.has_normal_weight
    if lang in _FONTS and not is_best and add_new_fonts(_FILES):
        found = _preferred(names, needed)
    if found is None:
        others = [name for name in known_names() - set(names) if not name.startswith(_BOXES)]
        others.sort(key=lambda name: (any(word in name for word in _UNUSUAL), name))
        found = _preferred(others, needed)
    if found is None:
        raise LookupError(f"no installed font has the letters of {lang}")
    return found


def _preferred(names: Sequence[str], needed: frozenset[str]) -> Faces | None:
    """Return the first of these fonts that has the letters in a normal weight, else in any weight."""
    found = [faces for name in names if (faces := of_name(name, needed)) is not None]
    return next((faces for faces in found if faces.has_normal_weight), found[0] if found else None)


def _letters(lang: str) -> frozenset[str]:
    """Return the letters of a language's words that are of its own script."""
    words = WORDS[lang].values() if lang in _FONTS else ()
    return frozenset(c for text in words for c in text if c.isalpha() and c >= _OWN_SCRIPT)


def font_of(lang: str) -> str | None:
    """Return the name of an installed font with every letter of a language's words, or None."""
    try:
        return faces_of(lang).name
    except LookupError:
        return None


def drawable_language(lang: str) -> str:
    """Return `lang` if it can be drawn here, else "en"."""
    words_in(lang)
    return "en" if font_of(lang) is None else lang


def drawn_with(lang: str) -> list[str]:
    """Return the fonts to draw with, by their own names, in order of preference."""
    names = [font_of(lang), _LATIN, *map(font_of, _FONTS)]
    return list(dict.fromkeys(name for name in names if name is not None))


def family(lang: str) -> list[str]:
    """Return what matplotlib is to draw with: glyphs missing in one font come from the next."""
    return [faces.registered() for faces in _faces(lang)]


def printable(text: str, lang: str) -> str:
    """Return `text` with a "?" for each character that no font of the language has (a user's names)."""
    faces = _faces(lang)
    return "".join(c if c == "\n" or any(one.has(c) for one in faces) else "?" for c in text)


def _faces(lang: str) -> list[Faces]:
    """Return the faces of `drawn_with`, each once."""
    found = [faces_of(one) for one in (lang, _DEFAULT, *_FONTS) if font_of(one) is not None]
    return list({faces.name: faces for faces in found}.values())
