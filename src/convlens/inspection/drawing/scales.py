"""Numbers of tiles as shares of a scale: each tile on its own, or all on one. Must not know colours."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from convlens._typing import Array
from convlens.errors import UsageError, shown

__all__ = ["SCALES", "Scale", "Scaled", "checked_scale", "on_one_scale", "on_own_scales"]

Scale: TypeAlias = Literal["own", "common"]

SCALES: Final = ("own", "common")
"""What stands for the strongest colour: the strongest number of each filter, or that of them all."""

_ROBUST = 99.0  # percentile of what has the strongest colour where single spots would make a map pale


@dataclass(frozen=True, eq=False)
class Scaled:
    """Tiles, ready to be coloured.

    Attributes:
        tiles: shares from -1 to 1 of their scale, in the shape in which they came.
        limits: the number that 1 stands for, one for each group along the first axes.
        strongest: the largest size of a number in each group: `limits`, or more where spots were cut.
    """

    tiles: Array
    limits: Array
    strongest: Array

    @property
    def shares(self) -> Array:
        """How strong each group is, as a share from 0 to 1 of the strongest one."""
        most = float(self.strongest.max(initial=0.0))
        return self.strongest / (most or 1.0)


def on_own_scales(values: Array, n_axes: int = 1, *, robust: bool = False) -> Scaled:
    """Return numbers as shares of the strongest of their group.

    Args:
        values: any shape.
        n_axes: so many axes, the first ones, tell groups apart.
        robust: the strongest hundredth of a group's numbers all have the strongest colour.
    """
    sizes = np.abs(values.reshape(*values.shape[:n_axes], -1)).astype(np.float64)
    strongest = sizes.max(axis=-1)
    limits = strongest
    if robust:
        usual = np.percentile(sizes, _ROBUST, axis=-1)
        limits = np.where(usual > 0, usual, strongest)
    divisors = np.where(limits > 0, limits, 1.0).reshape(*limits.shape, *[1] * (values.ndim - n_axes))
    return Scaled(np.clip(values / divisors, -1.0, 1.0), limits, strongest)


def on_one_scale(values: Array, limit: float | None = None, n_axes: int = 1) -> Scaled:
    """Return numbers as shares of the strongest of all, or of `limit`."""
    own = on_own_scales(values, n_axes)
    limit = float(own.strongest.max(initial=0.0)) if limit is None else limit
    return Scaled(np.clip(values / (limit or 1.0), -1, 1), np.full_like(own.limits, limit), own.strongest)


def checked_scale(scale: str, owner: str) -> None:
    """Refuse what is no scale.

    Raises:
        UsageError: it is none of `SCALES`.
    """
    if not isinstance(scale, str) or scale not in SCALES:
        raise UsageError(f"`scale` of {owner} must be one of {', '.join(SCALES)}. Got {shown(scale)}.")
