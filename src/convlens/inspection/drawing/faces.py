"""Faces of installed fonts: the upright one of normal weight, and its bold. Must not know languages.

matplotlib looks fonts up by their names, takes what is nearest, and remarks on stderr where the weight is
not quite it: a collection (.ttc) holds ten faces, and whichever weight was read first may win. So faces are
chosen here, and matplotlib is told of them under a name of our own, in both weights.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib import font_manager
from matplotlib.font_manager import FontEntry

__all__ = ["Faces", "add_new_fonts", "known_names", "of_name"]

_NORMAL, _BOLD = 400, 700
_LIGHTEST, _HEAVIEST_NORMAL = 300, 500  # what may stand for normal weight without a second look
_OURS = " (convlens)"


@dataclass(frozen=True)
class Faces:
    """A font that can draw what is needed.

    Attributes:
        name: the font's own.
        normal, bold: its faces; the same one twice where there is one only.
    """

    name: str
    normal: FontEntry
    bold: FontEntry

    @property
    def has_normal_weight(self) -> bool:
        """Whether its normal face is neither light nor bold."""
        return _LIGHTEST <= _weight(self.normal) <= _HEAVIEST_NORMAL

    def registered(self) -> str:
        """Return the name under which matplotlib finds these very faces and no others."""
        name = f"{self.name}{_OURS}"
        manager = font_manager.fontManager
        for entry, weight in ((self.normal, _NORMAL), (self.bold, _BOLD)):
            ours = replace(
                entry, name=name, weight=weight, style="normal", variant="normal", stretch="normal"
            )
            if ours not in manager.ttflist:  # matplotlib may have made its list anew
                manager.ttflist.append(ours)
                _forget_lookups(manager)
        return name

    def has(self, characters: Iterable[str]) -> bool:
        """Say whether both faces have all these characters."""
        wanted = frozenset(characters)
        return _has(_key(self.normal), wanted) and _has(_key(self.bold), wanted)


def known_names() -> set[str]:
    """Return the names of all fonts that matplotlib has listed, ours left out."""
    return {entry.name for entry in font_manager.fontManager.ttflist if not entry.name.endswith(_OURS)}


def of_name(name: str, needed: Collection[str]) -> Faces | None:
    """Return the faces of an installed font that have all of `needed`, or None."""
    wanted = frozenset(needed)
    entries = [
        entry
        for entry in font_manager.fontManager.ttflist
        if entry.name == name and entry.style == "normal" and _has(_key(entry), wanted)
    ]
    if not entries:
        return None
    normal = min(entries, key=lambda entry: abs(_weight(entry) - _NORMAL))
    heavier = [entry for entry in entries if _weight(normal) < _weight(entry) <= _BOLD + 100]
    return Faces(name, normal, min(heavier, key=lambda entry: abs(_weight(entry) - _BOLD), default=normal))


def add_new_fonts(files: tuple[str, ...]) -> bool:
    """List the fonts that were installed after matplotlib made its list.

    Args:
        files: how the names of the files begin, in small letters without hyphens.

    Returns:
        Whether there is any.
    """
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    before = len(font_manager.fontManager.ttflist)
    for file in sorted(font_manager.findSystemFonts()):
        stem = Path(file).name.lower().replace("-", "")
        if file in known or not stem.startswith(files):
            continue
        try:
            font_manager.fontManager.addfont(file)
        except (OSError, RuntimeError) as error:
            logging.getLogger(__name__).debug("cannot add %s: %s", file, error)
    return len(font_manager.fontManager.ttflist) > before


def _forget_lookups(manager: Any) -> None:  # noqa: ANN401 (matplotlib's own, with a private cache)
    """Let matplotlib look its list over again."""
    cached = getattr(manager, "_findfont_cached", None)
    if cached is not None and hasattr(cached, "cache_clear"):
        cached.cache_clear()


def _weight(entry: FontEntry) -> int:
    weight = entry.weight
    return weight if isinstance(weight, int) else font_manager.weight_dict.get(weight, _NORMAL)


def _key(entry: FontEntry) -> tuple[str, int]:
    return entry.fname, getattr(entry, "index", 0)  # older matplotlib knows a collection's first face only


@cache
def _has(face: tuple[str, int], characters: frozenset[str]) -> bool:
    file, index = face
    path = font_manager.FontPath(file, index) if hasattr(font_manager, "FontPath") else file
    try:
        font = font_manager.get_font(path)
    except (OSError, RuntimeError):  # deleted or damaged since matplotlib made its list
        return False
    return all(font.get_char_index(ord(c)) for c in characters)
