"""How a picture's bytes become a network's input: the one place of this arithmetic. Must not know networks.

What divides is written here, and what multiplies: kernels and files that leave multiply by 1/255, which
differs from a division by 255 in a float's last bit. Each keeps its own: weights and scores stay bit by bit.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from convlens._typing import Array

__all__ = ["USUAL", "Preprocessing"]


@dataclass(frozen=True)
class Preprocessing:
    """How a picture's numbers become a network's input: (number - subtract) / divide.

    The usual one is the only one that our networks and rooms apply; a run of another is not opened for them.

    Attributes:
        subtract, divide: for pictures of bytes 0 and 255, so that inputs lie from 0 to 1.
    """

    subtract: float = 0.0
    divide: float = 255.0

    def __str__(self) -> str:
        return f"(number - {self.subtract:g}) / {self.divide:g}"

    @staticmethod
    def fits(told: Any) -> bool:  # noqa: ANN401
        """Say whether plain data describe one."""
        if not isinstance(told, dict) or told.keys() != {"subtract", "divide"}:
            return False
        return all(map(_is_number, told.values())) and told["divide"] > 0

    def apply(self, pictures: Array, dtype: str) -> Array:
        """Return pictures as floats of `dtype`, in memory of their own."""
        scaled = pictures.astype(dtype)
        if self.subtract:
            scaled -= scaled.dtype.type(self.subtract)
        scaled /= scaled.dtype.type(
            self.divide
        )  # in place: a second array of all images takes twice the time
        return scaled

    @property
    def factor(self) -> float:
        """What a kernel or another program multiplies by instead of dividing; for a `subtract` of 0."""
        return 1 / self.divide


USUAL = Preprocessing()
"""Bytes from 0 to 255 become numbers from 0 to 1."""


def _is_number(found: Any) -> bool:  # noqa: ANN401
    """Say whether it is a finite number that a float holds."""
    is_one = isinstance(found, int | float) and not isinstance(found, bool)
    return is_one and abs(found) < 2**63 and isfinite(found)
