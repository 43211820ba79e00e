"""The parameters of a layer as a plan sees them: flat float32 views. Must not know kernels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens.engine.memory import aligned
from convlens.errors import ShapeError, UsageError
from convlens.kernels.spans import copy_span
from convlens.layers.weighted import Weighted

__all__ = ["BoundParameters"]

Numbers = NDArray[np.float32]


class BoundParameters:
    """W and b of a layer, and where their derivatives go.

    Args:
        layer: a `Weighted` of ours: W, and b as an array or a number for none.
        gradients: arrays for "W" and "b" to write into, or None for new ones.

    Attributes:
        count: of outputs, filters or units: as many as b has.
        dw, db: the derivatives, in the shape of W and b.
        b: the layer's own, or its numbers as float32.
        bias: b with whole vectors behind it, for kernels.
    """

    def __init__(self, layer: Weighted, gradients: dict[str, Any] | None) -> None:
        self.layer, self.count = layer, layer.n_outputs
        self._w: Any = None
        self._b: Any = None
        self._shape = layer.W.shape
        self.w, self.b = self._flat(), np.zeros(self.count, np.float32)
        self.bias = aligned(self.count)
        self.has_bias = bool(np.ndim(layer.b))
        gradients = gradients or {}
        self.dw = self._gradient("W", gradients.get("W"), layer.W.shape)
        self.db = self._gradient("b", gradients.get("b"), (self.count,))

    def refresh(self) -> Numbers:
        """Return W, flat, and copy b."""
        self.look()
        copy_span(self.b, self.bias, self.count)  # behind it lie zeros: kernels read whole vectors
        return self.w

    def look(self) -> None:
        """Find the layer's arrays, which may be others than at the last step."""
        if self.layer.W is not self._w:  # checked once, not at each step
            self.w = self._flat()
        b: Any = self.layer.b
        if b is not self._b:
            self._b, self.b = b, b if self._is_readable(b) else np.zeros(self.count, np.float32)
        if self.b is not b:  # a number, or numbers of another type: they may have changed in place
            self.b[:] = b

    @property
    def gradients(self) -> dict[str, Numbers]:
        """The derivatives by the parameters' names."""
        return {"W": self.dw, "b": self.db} if self.has_bias else {"W": self.dw}

    @property
    def derivatives(self) -> tuple[Numbers, Numbers]:
        """Those by W and b, as kernels write them."""
        return self.dw.reshape(-1), self.db

    def _is_readable(self, b: Any) -> bool:  # noqa: ANN401
        """Say whether kernels can read this b itself."""
        usual = isinstance(b, np.ndarray) and b.dtype == np.float32 and b.flags.c_contiguous
        return usual and b.shape == (self.count,)

    def _flat(self) -> Numbers:
        w = self.layer.W
        if w.dtype != np.float32 or not w.flags.c_contiguous:
            kind = f"{w.dtype}{'' if w.flags.c_contiguous else ', not contiguous'}"
            raise UsageError(
                f"`W` of {type(self.layer).__name__} must be float32 and C-contiguous for the engine. "
                f"Got {kind}. "
                'engine="layers" computes with any.'
            )
        if w.shape != self._shape:
            owner = type(self.layer).__name__
            raise ShapeError(f"`W` of {owner} must stay {self._shape}, as compiled. Got {w.shape}.")
        self._w = w
        flat: Numbers = w.reshape(-1)
        return flat

    def _gradient(self, name: str, given: Any, shape: tuple[int, ...]) -> Numbers:  # noqa: ANN401
        if given is None:
            return np.zeros(shape, np.float32)
        if given.dtype != np.float32 or given.shape != shape or not given.flags.c_contiguous:
            owner = type(self.layer).__name__
            raise UsageError(
                f"the gradient of `{name}` of {owner} must be float32 {shape}, contiguous. "
                f"Got {given.dtype} {given.shape}."
            )
        array: Numbers = given
        return array
