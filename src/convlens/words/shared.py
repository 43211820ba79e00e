"""What several rooms say: how numbers are written, what layers are called, that something is compiled."""

from pathlib import Path

from convlens.words.table import Table

__all__ = ["COMPILING", "FORMATS", "LAYERS", "layer_lines", "layer_title"]

_HERE = Path(__file__).parent
_BREAK = "\N{ZERO WIDTH SPACE}"  # where a name without spaces may be broken

FORMATS = Table("the ways to write numbers", _HERE / "formats")
"""Spans, lists, times."""

LAYERS = Table("the names of layers", _HERE / "layers")
"""A layer's kind, as in a network's file → what it is called, where languages differ."""

COMPILING = Table("what is said of compiling", _HERE / "compiling")
"""Said once, before the first kernel that the cache does not hold."""


def layer_title(kind: str, title: str, lang: str) -> str:
    """Return what a kind of layer is called in a language: its title where all languages call it so.

    >>> layer_title("pooling", "Max-pooling", "en"), layer_title("relu", "ReLU", "en")
    ('max-pooling', 'ReLU')
    """
    return LAYERS[lang].get(kind, title).replace(_BREAK, "")


def layer_lines(kind: str, title: str, lang: str) -> list[str]:
    """Return what a kind of layer is called, broken into lines for where there is little room.

    >>> layer_lines("affine", "Affine", "en")
    ['full', 'connection']
    """
    return LAYERS[lang].get(kind, title).replace(_BREAK, " ").split(" ")
