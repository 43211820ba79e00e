"""Somebody else's figure of a single run, as it is stated, held against runs of ours. Must not know pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from convlens.study.levels import FIGURES
from convlens.study.statistics import one_more_seed

__all__ = ["Stated"]


@dataclass(frozen=True)
class Stated:
    """An accuracy that somebody states, with as many digits as it is written with: 0.97 is 97 %, not 97.0 %.

    Attributes:
        value: the accuracy, 0 to 1.
    """

    value: float

    @property
    def digits(self) -> int:
        """How many digits its percentage has behind the point."""
        exponent = Decimal(repr(self.value)).as_tuple().exponent
        return max(0, -int(exponent) - 2)

    def counts(self, n_images: int) -> tuple[int, int]:
        """Return the fewest and the most right answers of `n_images` that are written so.

        >>> Stated(0.97).counts(1000), Stated(0.957).counts(1000)
        ((965, 974), (957, 957))
        """
        half = Decimal(1).scaleb(-self.digits - 2) / 2
        value = Decimal(repr(self.value))
        low, high = ceil((value - half) * n_images), ceil((value + half) * n_images) - 1
        if low > high:  # no count of so few images is written so: the nearest one
            low = high = round(value * n_images)
        return max(0, low), min(n_images, high)

    def is_expected(self, accuracies: Sequence[float], n_images: int, n_figures: int) -> bool | None:
        """Say whether one more seed of ours, on the very same images, may come out like this.

        It may if a count that is written so lies in the prediction interval of one more seed. `n_figures`
        such figures together leave out `FIGURES`, each its part of it (Bonferroni).

        Args:
            accuracies: of our runs of different seeds on these images.
            n_images: how many images these are.
            n_figures: how many figures are held against ours in this way.

        Returns:
            None with one seed, which does not show how much another would change.
        """
        around = one_more_seed(accuracies, 1 - FIGURES / n_figures, step=1 / n_images)
        if around is None:
            return None
        low, high = self.counts(n_images)
        return low <= around.high * n_images + _EDGE and high >= around.low * n_images - _EDGE


_EDGE = 0.5  # images: counts are whole, and the interval is not
