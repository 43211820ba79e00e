"""What all figures are drawn with: style, fonts, mosaics, maps with their scales, and saving.

Must not know what a figure shows.
"""

from convlens.inspection.drawing.saving import FORMATS, as_png, encoded, pixels, require_picture_place, save
from convlens.inspection.drawing.style import alt_text

__all__ = ["FORMATS", "alt_text", "as_png", "encoded", "pixels", "require_picture_place", "save"]
