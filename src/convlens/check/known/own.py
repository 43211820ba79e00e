"""A function of one number that nobody has named: its slope is measured, and the faults that any may have.

What it computes is taken from itself: only its backward is judged. Must not know reports.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from convlens._typing import Array
from convlens.check.known.known import Known, Suspects

__all__ = ["OwnFunction", "own_function"]

_STEP = 1e-6
_KINK = 1e-5  # by how much two slopes of one number may differ


class OwnFunction(Known):
    """A layer whose every output depends on the input in its place alone.

    Args:
        function: the layer.
        x: the input.
        y: what it gives.
        step: of the difference, where it computes less precisely than usual.
    """

    kind: ClassVar[str] = "elementwise"
    agrees = True

    def __init__(
        self, function: Callable[[Array], Array], x: Array, y: Array, step: float | None = None
    ) -> None:
        self.function, self.x, self.y = function, x, y
        self.step = step or _STEP
        self.kink = _KINK if step is None else 1e-2
        self.slope = self._slope_at(x)

    def _slope_at(self, x: Array) -> Array:
        found: Array = (self.function(x + self.step) - self.function(x - self.step)) / (2 * self.step)
        return found

    def right(self) -> Array:
        return self.y

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        return {"x": dout * self.slope}

    def suspects(self, target: str, dout: Array) -> Suspects:
        del target
        yield "dout_forgotten", self.slope
        yield "slope_forgotten", dout
        above, below = self._sides()
        if above is not None and below is not None:
            yield "mask_of_gradient", np.where(dout > 0, above, below) * dout
            yield "mask_inverted", np.where(self.x > 0, below, above) * dout
            yield "sign", np.where(self.x > 0, above, -below) * dout
            yield "slope_wrong", np.where(self.x > 0, above, 0) * dout
            yield "slope_wrong", np.where(self.x > 0, below, above * below) * dout
        else:
            yield "input_for_output", dout * self._slope_at(self.y)
            yield "mask_of_gradient", dout * self._slope_at(dout)
        yield "slope_wrong", dout * self.y
        yield "slope_wrong", dout * self.x

    def _sides(self) -> tuple[float | None, float | None]:
        """Return the one slope above 0 and the one below it, of a function of two straight lines."""
        sides = (self.slope[self.x > 0], self.slope[self.x < 0])
        is_straight = all(one.size and np.ptp(one) <= self.kink for one in sides)
        return (float(sides[0][0]), float(sides[1][0])) if is_straight else (None, None)


def own_function(
    function: Callable[[Array], Array], x: Array, y: Array, step: float | None = None
) -> OwnFunction | None:
    """Return a layer as a function of one number, if each output moves with its own input alone."""
    if y.shape != x.shape or x.size < 2:
        return None
    flat = np.arange(x.size).reshape(x.shape)
    with np.errstate(all="ignore"):
        for part in (flat % 2 == 0, flat % 3 == 0):
            moved = function(np.where(part, x + 0.25, x))
            if moved.shape != y.shape or not np.array_equal(moved[~part], y[~part]):
                return None
            if np.array_equal(moved, y):
                return None
        found = OwnFunction(function, x, y, step)
        return found if np.isfinite(found.slope).all() else None
