"""Many small pictures side by side take memory for what they show, not for what is between them."""

import numpy as np
import pytest

from convlens.inspection.drawing.mosaic import MEASURED, NUMBERED, PLAIN, Mosaic


@pytest.mark.parametrize("room", [PLAIN, NUMBERED, MEASURED], ids=["plain", "numbered", "measured"])
@pytest.mark.parametrize(("columns", "width_cm"), [(16, 6.0), (60, 6.0), (64, 6.0), (100, 6.0), (512, 13.0)])
def test_gaps_are_narrower_than_tiles(columns, width_cm, room):
    """However many there are in a row: where gaps stay wide, 64 by 64 filters take gigabytes."""
    mosaic = Mosaic(np.zeros((2 * columns, 3, 3), np.float32), columns, width_cm, room)
    tile = 3 * mosaic.zoom
    assert mosaic.size[1] <= 2 * columns * tile
    assert mosaic.tile_cm[1] >= 0.5 * width_cm / columns
    if room is PLAIN:
        assert mosaic.size[0] <= 2 * 3 * tile


def test_few_tiles_keep_their_gaps():
    """A millimetre, where there is room for it."""
    mosaic = Mosaic(np.zeros((6, 5, 5), np.float32), 6, 12.0, PLAIN)
    (y, x), (_, right) = mosaic.corner_cm(0), mosaic.corner_cm(1)
    np.testing.assert_allclose([y, right - x - mosaic.tile_cm[1]], 0.1, atol=mosaic.dot_cm)
