"""The parameters of a layer as a plan sees them: flat float32. Must not know stages."""

from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from convlens.engine.memory import aligned
from convlens.errors import ShapeError, UsageError
from convlens.kernels.runtime.tapes import ArrayBlank
from convlens.kernels.spans import copy_span
from convlens.layers.weighted import Weighted

__all__ = ["Bound", "BoundParameters"]

Numbers = NDArray[np.float32]


class Bound(Protocol):
    """Parameters of a layer as a plan sees them."""

    frozen: bool

    def look(self) -> None:
        """Find the layer's arrays, which may be others than at the last step, for kernels to read."""


class BoundParameters:
    """W and b of a layer, and where their derivatives go.

    Args:
        layer: a `Weighted` of ours: W, and b as an array or a number for none.
        gradients: arrays for "W" and "b" to write into, or None for new ones.

    Attributes:
        count: of outputs, filters or units: as many as b has.
        dw, db: the derivatives, in the shape of W and b.
        given, b: the layer's W, flat, and its b, or that as float32: blanks, as both may be replaced.
        w: W as kernels read it: as it is given.
        bias: b with whole vectors behind it, for kernels.
        frozen: whether kernels have to have a copy of W, as the layer's may change and must not be seen to.
    """

    def __init__(self, layer: Weighted, gradients: dict[str, Any] | None) -> None:
        self.layer, self.count = layer, layer.n_outputs
        self._w: Any = None
        self._b: Any = None
        self._shape = layer.W.shape
        self.given, self.b = ArrayBlank(np.float32), ArrayBlank(np.float32)
        self.w: Any = self.given
        self._copied: Numbers | None = None  # a b that kernels cannot read itself
        self.bias = aligned(self.count)
        self.has_bias = bool(np.ndim(layer.b))
        self.frozen = False
        gradients = gradients or {}
        self.dw = self._gradient("W", gradients.get("W"), layer.W.shape)
        self.db = self._gradient("b", gradients.get("b"), (self.count,))
        self.look()

    def refresh(self) -> Any:  # noqa: ANN401
        """Return W as kernels read it, and copy b: what a plan records, and runs once a batch."""
        self.look()
        copy_span(self.b, self.bias, self.count)  # behind it lie zeros: kernels read whole vectors
        return self.w

    def look(self) -> None:
        """Find the layer's arrays, which may be others than at the last step, for kernels to read."""
        w, b = self.layer.W, cast("Any", self.layer.b)
        if w is not self._w:  # checked once, not at each step
            self.given.fill(self._checked(w))
            self._w = w
        if b is not self._b:
            self._copied = None if self._is_readable(b) else np.zeros(self.count, np.float32)
            self.b.fill(b if self._copied is None else self._copied)
            self._b = b
        if self._copied is not None:  # a number, or numbers of another type: they may have changed in place
            self._copied[:] = b

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
        return usual and b.flags.aligned and b.shape == (self.count,)

    def _checked(self, w: Any) -> Any:  # noqa: ANN401
        """Return a W that kernels can read."""
        if w.dtype != np.float32 or not w.flags.c_contiguous or not w.flags.aligned:
            kind = f"{w.dtype}{'' if w.flags.c_contiguous else ', not contiguous'}"
            raise UsageError(
                f"`W` of {type(self.layer).__name__} must be float32 and C-contiguous for the engine. "
                f"Got {kind}. "
                'engine="layers" computes with any.'
            )
        if w.shape != self._shape:
            owner = type(self.layer).__name__
            raise ShapeError(f"`W` of {owner} must stay {self._shape}, as compiled. Got {w.shape}.")
        return w

    def _gradient(self, name: str, given: Any, shape: tuple[int, ...]) -> Numbers:  # noqa: ANN401
        if given is None:
            return np.zeros(shape, np.float32)
        if given.dtype != np.float32 or given.shape != shape or not given.flags.c_contiguous:
            owner = type(self.layer).__name__
            raise UsageError(
                f"the gradient of `{name}` of {owner} must be float32 {shape}, contiguous. "
                f"Got {given.dtype} {given.shape}."
            )
        if not given.flags.writeable:
            owner = type(self.layer).__name__
            raise UsageError(
                f"the gradient of `{name}` of {owner} is written into. Got an array that is read-only."
            )
        array: Numbers = given
        return array
