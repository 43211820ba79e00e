"""One HTML file in which a trained network runs: draw a digit and watch it think. Must not know training.

run folder ─ content (weights, pictures, words) ─┐
browser/*.js ─ joined ─ template ───────────────────┴▶ explorer.html
"""

from convlens.explorer.joined import script, style
from convlens.explorer.messages import LANGUAGES, say_in
from convlens.explorer.page import LARGEST, rendered, write_explorer
from convlens.explorer.twins import PAGE

__all__ = [
    "LANGUAGES",
    "LARGEST",
    "PAGE",
    "rendered",
    "say_in",
    "script",
    "style",
    "write_explorer",
]
