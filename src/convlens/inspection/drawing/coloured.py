"""Pictures and filters in colours: of ink, of light, or their own. Must not know where they stand."""

import numpy as np

from convlens._typing import Array
from convlens.findings.looks import Look
from convlens.inspection.drawing.palette import DIVERGING, FAINT, INK, LIGHT

__all__ = ["as_colour", "beside_its_channels", "in_colours", "rgb"]


def rgb(colour: str) -> tuple[float, ...]:
    """Return red, green and blue, from 0 to 1, of a colour such as "#dcdcdc"."""
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def in_colours(shares: Array, look: Look) -> Array:
    """Return pictures of shares from 0 to 1, (…, H, W) or with colours (…, H, W, 3), in colours (…, 3).

    What is no number, NaN, becomes ground.
    """
    if look is Look.COLOURS:
        return np.where(np.isnan(shares), rgb(FAINT), shares)
    colours = INK if look is Look.INK else LIGHT
    return np.asarray(colours(np.ma.masked_invalid(shares))[..., :3])


def as_colour(tiles: Array) -> Array:
    """Return filters of red, green and blue (…, 3, kh, kw), shares from -1 to 1, as colours (…, kh, kw, 3).

    0 is a middle grey: what a filter likes of a colour is brighter in it, what it dislikes darker.
    """
    return np.moveaxis((tiles + 1) / 2, -3, -1)


def beside_its_channels(tiles: Array) -> Array:
    """Return filters (F, 3, kh, kw) as four coloured tiles each: as a colour, then red, green, blue alone.

    Returns:
        (F, 4, kh, kw, 3).
    """
    alone = np.asarray(DIVERGING((tiles + 1) / 2)[..., :3])
    return np.concatenate([as_colour(tiles)[:, None], alone], axis=1)
