"""One HTML file in which a trained network runs: draw a digit and watch it think. Must not know training.

run folder ─ content (weights, pictures, words) ─┐
browser/*.js ─ joined ─ template ───────────────────┴▶ explorer.html
"""

from convlens.explorer.joined import script, style
from convlens.explorer.page import LARGEST, rendered, write_explorer
from convlens.explorer.twins import PAGE, strangers
from convlens.explorer.words import WORDS, words_in

__all__ = [
    "LARGEST",
    "PAGE",
    "WORDS",
    "rendered",
    "script",
    "strangers",
    "style",
    "words_in",
    "write_explorer",
]
