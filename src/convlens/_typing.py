"""Array aliases and the axis glossary. Must not know anything else.

Axes, in the order in which they stand:

N  samples of a batch            C  channels            H, W    height and width of a picture
F  filters (output channels)     kh, kw  kernel size    oh, ow  height and width of an output

Images are (N, C, H, W), convolution weights (F, C, kh, kw), affine weights (inputs, outputs).
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from numpy.typing import NDArray

__all__ = ["Array", "Arrays", "IntArray", "Pair"]

Array: TypeAlias = NDArray[Any]
"""An array of float32 or float64 (shapes and dtypes are checked when they are used, not by mypy)."""

IntArray: TypeAlias = NDArray[Any]
"""An array of integers: labels, indices."""

Arrays: TypeAlias = Mapping[str, Array]
"""Arrays by name, such as parameters or their gradients."""

Pair: TypeAlias = int | tuple[int, int]
"""One number for both directions, or (vertical, horizontal)."""
