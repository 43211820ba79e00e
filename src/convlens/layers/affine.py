"""Affine (fully connected): every output sees every input."""

from math import prod
from typing import Any

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError, ShapeError, shown
from convlens.layers.layer import checked_gradient
from convlens.layers.weighted import Weighted, weights_given

__all__ = ["Affine"]


class Affine(Weighted):
    """out = x · W + b, where x is flattened to one row a sample.

    Args:
        W: weights (inputs, outputs).
        b: biases (outputs,).

    Attributes:
        x: the latest input, one row a sample.
        dW, db: the loss's derivatives by W and b, from the latest backward.
    """

    computes = spec.Affine
    remembered = ("x",)

    def __init__(self, W: Array, b: Array | float) -> None:
        W, b = weights_given("Affine", W, b)
        if np.ndim(W) != 2 or (np.ndim(b) and np.shape(b) != (np.shape(W)[1],)):
            shapes = f"{np.shape(W)} and {np.shape(b)}"
            raise ShapeError(f"`W` and `b` of Affine must be (inputs, outputs) and (outputs,). Got {shapes}.")
        super().__init__(W, b)
        self.original_x_shape: tuple[int, ...] | None = None

    @classmethod
    def from_spec(cls, layer: Any, **parameters: Any) -> "Affine":  # noqa: ANN401
        """Return the layer with these W and b, whose shapes say how many units there are."""
        del layer
        return cls(**parameters)

    def to_spec(self, name: str | None = None) -> spec.Affine:
        return spec.Affine(self.n_outputs, name=name)

    @property
    def n_outputs(self) -> int:
        return self.W.shape[1]

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, …) → (N, outputs)."""
        del train
        x = as_numbers("`x` of Affine", x)
        if not x.ndim:
            raise ShapeError(f"`x` of Affine must be (N, …), a row a sample. Got {shown(x[()])}.")
        flat = x.reshape(len(x), prod(x.shape[1:]))
        if flat.shape[1] != len(self.W):
            raise ShapeError(
                f"Affine has weights for {len(self.W)} inputs. Got {flat.shape[1]} from {x.shape}."
            )
        self.original_x_shape, self.x = x.shape, flat
        with np.errstate(invalid="ignore"):  # for an infinite x some BLAS warn of lanes that they throw away
            return flat @ self.W + self.b

    def backward(self, dout: Array) -> Array:
        """dW = xᵀ · dout, db = Σ_n dout, dx = dout · Wᵀ in the input's shape."""
        if self.x is None or self.original_x_shape is None:
            raise OrderError("Affine.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, (len(self.x), self.W.shape[1]), "Affine")
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.original_x_shape)
