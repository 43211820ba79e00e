"""A convolution whose filters see less than all that lies in their window: in groups, or with a dilation.

Must not know reports. To all that is known of a convolution such filters are larger ones, with zeros.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.known.convolution import Weights

__all__ = ["SpreadWeights", "told_dilation", "told_groups"]

_GROUPS = frozenset({"groups", "group", "ngroups", "numgroups", "ngroup"})
_DILATIONS = frozenset({"dilation", "dilations", "dilationrate", "rate", "dilate", "dil"})


@dataclass(frozen=True)
class SpreadWeights(Weights):
    """Weights as they are written, read as those of all channels and of every place in the window.

    Attributes:
        groups: into how many the channels and the filters fall.
        dilation: how far apart weights lie in the picture, down and right.
    """

    groups: int = 1
    dilation: tuple[int, int] = (1, 1)

    def filters(self) -> Array:
        own = super().filters()
        F, seen, *taps = own.shape
        window = [(n - 1) * gap + 1 for n, gap in zip(taps, self.dilation, strict=True)]
        wide = np.zeros((F, seen * self.groups, *window), own.dtype)
        wide[self._places(own.shape)] = own
        return wide

    def back(self, filters: Array) -> Array:
        return super().back(filters[self._places(super().filters().shape)])

    def _places(self, shape: tuple[int, ...]) -> tuple[Array, Array, Array, Array]:
        """Return where, among larger filters, those of this shape stand."""
        f, c, u, v = np.ogrid[tuple(slice(n) for n in shape)]
        group = f // (shape[0] // self.groups)
        return f, group * shape[1] + c, u * self.dilation[0], v * self.dilation[1]


def told_groups(settings: Mapping[str, Any], filters: int, seen: int, channels: int) -> int:
    """Return into how many groups channels fall: as a layer says, or as many as there are, if it sees one."""
    told = _told(settings, _GROUPS)
    if told is None and seen == 1 < channels:
        told = channels
    return told if isinstance(told, int) and told > 1 and filters % told == 0 else 1


def told_dilation(settings: Mapping[str, Any]) -> tuple[int, int]:
    """Return how far apart a layer says that its weights lie."""
    told = _told(settings, _DILATIONS)
    both = told if isinstance(told, tuple) else (told, told)
    fits = len(both) == 2 and all(isinstance(gap, int | np.integer) and gap > 0 for gap in both)
    return (int(both[0]), int(both[1])) if fits else (1, 1)


def _told(settings: Mapping[str, Any], names: frozenset[str]) -> Any:  # noqa: ANN401
    return next((value for name, value in settings.items() if name.replace("_", "") in names), None)
