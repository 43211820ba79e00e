"""Sentences and numbers in every language, by one mechanism. Must not know who says what.

A room keeps its texts beside it, a TOML file a language, and opens them as a `Table`; a translator needs no
Python. What several rooms say lies here: how numbers are written (`formats`), what layers are called
(`layers`). A new language is its code in `LANGUAGES` and a file beside each en.toml; a test lists what is
missing.
"""

from convlens.words.languages import LANGUAGES, checked_language, language
from convlens.words.shared import FORMATS, LAYERS, layer_lines, layer_title
from convlens.words.spoken import Words, words_of
from convlens.words.table import Table, counted, placeholders

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "LAYERS",
    "Table",
    "Words",
    "checked_language",
    "counted",
    "language",
    "layer_lines",
    "layer_title",
    "placeholders",
    "words_of",
]
