"""One HTML file in which a trained network runs: draw a digit and watch it think. Must not know training.

run folder ─ content (weights, pictures, words) ─┐
browser/*.js ─ joined ─ template ───────────────────┴▶ explorer.html
"""

from convlens.explorer.messages import LANGUAGES
from convlens.explorer.page import write_explorer
from convlens.explorer.twins import PAGE, Missing

__all__ = ["LANGUAGES", "PAGE", "Missing", "write_explorer"]
