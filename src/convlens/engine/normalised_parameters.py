"""What a batch normalisation keeps, as a plan sees it, and weights that took one in. Must not know stages."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from convlens.engine.convolution.spread import SpreadParameters
from convlens.engine.memory import aligned
from convlens.engine.parameters import BoundParameters
from convlens.errors import ShapeError, UsageError
from convlens.kernels.folding import fold_weights
from convlens.kernels.runtime.tapes import ArrayBlank
from convlens.layers.batch_normalization import BatchNormalization

__all__ = ["BoundNormalisation", "FoldedParameters", "FoldedSpread"]

Numbers = NDArray[np.float32]
KEYS = ("gamma", "beta", "running_mean", "running_var")


class BoundNormalisation:
    """gamma, beta and the running statistics of a layer, and where the derivatives by the first two go.

    Args:
        layer: whose they are.
        gradients: arrays for "gamma" and "beta" to write into, or None for new ones.

    Attributes:
        arrays: the four of them, as kernels read them; the running statistics they write, too.
        gradients: the derivatives by name.
        frozen: whether parameters are those of the first prediction: what kernels read is a copy in any case.
    """

    def __init__(self, layer: BatchNormalization, gradients: dict[str, Any] | None) -> None:
        self.layer, self.frozen = layer, False
        self.count = len(layer.gamma)
        self.arrays = tuple(ArrayBlank(np.float32) for _ in KEYS)
        self._held: list[Any] = [None] * len(KEYS)
        given = gradients or {}
        self.gradients: dict[str, Numbers] = {
            key: np.zeros(self.count, np.float32) if given.get(key) is None else given[key]
            for key in KEYS[:2]
        }
        self.look()

    def look(self) -> None:
        """Find the layer's arrays, which may be others than at the last step."""
        for k, key in enumerate(KEYS):
            array = getattr(self.layer, key)
            if array is not self._held[k]:
                self.arrays[k].fill(self._checked(key, array))
                self._held[k] = array

    def _checked(self, key: str, array: Any) -> Any:  # noqa: ANN401
        """Return an array that kernels can read, and write where it is a running statistic."""
        which = f"`{key}` of BatchNormalization"
        if array.dtype != np.float32 or not array.flags.c_contiguous or not array.flags.aligned:
            kind = f"{array.dtype}{'' if array.flags.c_contiguous else ', not contiguous'}"
            rule, remedy = "float32 and C-contiguous for the engine", 'engine="layers" computes with any.'
            raise UsageError(f"{which} must be {rule}. Got {kind}. {remedy}")
        if array.shape != (self.count,):
            raise ShapeError(f"{which} must stay ({self.count},), as compiled. Got {array.shape}.")
        return array


class FoldedParameters(BoundParameters):
    """Weights and biases with the normalisation behind them taken in, as they are when predicting.

    Args:
        weights: of a convolution or an affine layer.
        norm: of the normalisation right behind it.
    """

    def __init__(self, weights: BoundParameters, norm: BoundNormalisation) -> None:
        self._weights, self._norm = weights, norm
        super().__init__(weights.layer, None)
        W = weights.layer.W
        self._values = aligned(W.size)[: W.size]
        self.given.fill(self._values)
        # A filter's weights lie together; of a matrix each has its own output.
        self._each = W.size // self.count if W.ndim == 4 else 1

    def look(self) -> None:
        self._weights.look()

    def refresh(self) -> ArrayBlank:
        """Return the weights, flat, and write them and the biases: once a prediction."""
        given = (self._weights.given, self._weights.b, *self._norm.arrays)
        fold_weights(*given, self._norm.layer.eps, self._values, self.bias, self.count, self._each)
        return self.given


class FoldedSpread(SpreadParameters):
    """The same for filters that are spread: they are folded first, and spread then.

    Args:
        weights: of the convolution.
        norm: of the normalisation right behind it.
        channels: of the convolution's input.
    """

    def __init__(self, weights: SpreadParameters, norm: BoundNormalisation, channels: int) -> None:
        self._folded = FoldedParameters(weights, norm)
        super().__init__(cast("Any", weights.layer), None, channels)
        self.given, self.bias = self._folded.given, self._folded.bias

    def refresh(self) -> Numbers:
        self._folded.refresh()
        return self.spread()
