"""One HTML file in which trained networks run: draw a digit and watch them think. Must not know training.

run folders ─ weights (rounded, by epoch) ─ content (pictures, names, words) ─┐
browser/*.js ─ joined ─ template ────────────────────────────────────────────┴▶ explorer.html

`drawing` is what the page makes of strokes, in Python.
"""

from convlens.explorer.content import subject
from convlens.explorer.joined import script, style
from convlens.explorer.page import LARGEST, ROOM, rendered, write_explorer
from convlens.explorer.twins import PAGE, strangers
from convlens.explorer.words import WORDS, words_in

__all__ = [
    "LARGEST",
    "PAGE",
    "ROOM",
    "WORDS",
    "rendered",
    "script",
    "strangers",
    "style",
    "subject",
    "words_in",
    "write_explorer",
]
