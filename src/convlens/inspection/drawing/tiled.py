"""An image that is coloured before it is enlarged. Must not know what it shows.

matplotlib enlarges the numbers and what masks them, and colours every dot of the result: for blocks of tiles,
whose dots are few and large, that takes most of the time of drawing them.
"""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from PIL import Image

from convlens._typing import Array, IntArray

__all__ = ["Extent", "tiled"]

Extent = tuple[float, float, float, float]
"""Left, right, lower and upper edge."""


def tiled(
    axes: Axes,
    image: Array,
    extent: Extent,
    *,
    crisp: bool,
    limits: tuple[float, float] = (0.0, 1.0),
    **looks: Any,  # noqa: ANN401 (matplotlib's)
) -> AxesImage:
    """Draw an image within axes and return it.

    Args:
        axes: with two linear scales.
        image: numbers (H, W), or colours (H, W, 3) from 0 to 1.
        extent: where it stands, wholly within the axes.
        crisp: every number is a sharp square; else a large image is averaged down.
        limits: the numbers with the first and with the last colour.
        **looks: the colour map.
    """
    drawn = _Tiled(axes, interpolation="none" if crisp else "antialiased", **looks)
    drawn.set_data(image)
    drawn.set_clim(*limits)
    drawn.set_extent(extent)
    axes.add_image(drawn)
    return drawn


class _Tiled(AxesImage):
    """Its dots are taken from the coloured image; as with matplotlib's own, it fills whole dots."""

    def make_image(
        self,
        renderer: Any,  # noqa: ANN401 (matplotlib's)
        magnification: float = 1.0,
        unsampled: bool = False,
    ) -> tuple[Array, float, float, Any]:
        """Return the colours of each dot, the lowest row first, and where they go."""
        place: Array = magnification * np.asarray(self.get_window_extent(renderer).extents)
        left, low, right, high = place.tolist()
        x0, y0, x1, y1 = np.floor(place + 0.5).astype(int).tolist()
        if unsampled or x1 <= x0 or y1 <= y0:
            return super().make_image(renderer, magnification, unsampled)
        coloured = self.to_rgba(np.ma.asarray(self.get_array()), bytes=True, norm=True)
        rows = _Axis(coloured.shape[0], high - y1, high - low, y1 - y0)
        columns = _Axis(coloured.shape[1], x0 - left, right - left, x1 - x0)
        if self.get_interpolation() == "none":
            whole = np.ascontiguousarray(coloured).view(np.uint32)[..., 0]  # four bytes at once
            wide = whole.take(columns.nearest(), axis=1).take(rows.nearest(), axis=0)
            dots = wide[..., None].view(np.uint8)
        else:
            (top, bottom), (start, end) = rows.ends(), columns.ends()
            size, box = (columns.n_dots, rows.n_dots), (start, top, end, bottom)
            dots = np.asarray(Image.fromarray(coloured).resize(size, Image.Resampling.HAMMING, box))
        return np.ascontiguousarray(dots[::-1]), x0 / magnification, y0 / magnification, None


class _Axis(NamedTuple):
    """Pixels of an image along one side, and the dots of a file that show them.

    Attributes:
        n_pixels, n_dots: how many there are.
        start: where the first dot begins, in dots from where the image does.
        length: of the image, in dots.
    """

    n_pixels: int
    start: float
    length: float
    n_dots: int

    def nearest(self) -> IntArray:
        """Return the pixel below the middle of each dot."""
        middles = (self.start + np.arange(self.n_dots) + 0.5) * self.n_pixels / self.length
        return np.clip(middles, 0, self.n_pixels - 1).astype(int)

    def ends(self) -> tuple[float, float]:
        """Return the pixels at which the dots begin and end."""
        ends = np.array([self.start, self.start + self.n_dots]) * self.n_pixels / self.length
        start, end = np.clip(ends, 0, self.n_pixels).tolist()
        return start, end
