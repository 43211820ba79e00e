"""The affine layer and its faults, for weights (inputs, outputs) or (outputs, inputs). Must not know reports.

out = x · W + b;  dx = dout · Wᵀ,  dW = xᵀ · dout,  db = Σ_n dout.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from convlens._typing import Array
from convlens.check.known.known import Known, Suspects

__all__ = ["Affine", "BiasWithin"]


class Affine(Known):
    """An affine layer at one input.

    Args:
        x: inputs (N, …), or (inputs, N) where samples are columns.
        W: path and array of the weights.
        b: path and array of the bias, or None.
        turned: whether the weights are (outputs, inputs).
        columns: whether each sample is a column.
    """

    kind: ClassVar[str] = "affine"

    def __init__(
        self,
        x: Array,
        W: tuple[str, Array],
        b: tuple[str, Array] | None,
        *,
        turned: bool,
        columns: bool = False,
    ) -> None:
        self.columns, self.turned = columns, turned
        self.shape = x.shape
        self.x = x.T if columns else x.reshape(len(x), -1)
        self.W_path, weights = W
        self.W = weights.T if turned else weights
        self.b_path = b[0] if b else None
        self.b = b[1] if b else None

    def _written(self, out: Array) -> Array:
        return out.T if self.columns else out

    def _bias(self) -> Array:
        return np.zeros(self.W.shape[1]) if self.b is None else self.b.reshape(-1)

    def right(self) -> Array:
        return self._written(self.x @ self.W + self._bias())

    def outputs(self) -> Suspects:
        product, bias = self.x @ self.W, self._bias()
        yield "bias", self._written(product)
        yield "sign", self._written(product - bias)
        yield "bias_again", self._written(product + 2 * bias)
        if self.W.shape[0] == self.W.shape[1]:
            yield "transposed", self._written(self.x @ self.W.T + bias)
        yield "sum", self._written(self.x[:, :1] * self.W[:1] + bias)
        yield "sum", self._written(self.x[:, :-1] @ self.W[:-1] + bias)

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        dout = dout.T if self.columns else dout
        dx, dW = dout @ self.W.T, self.x.T @ dout
        found = {
            "x": dx.T if self.columns else dx.reshape(self.shape),
            self.W_path: dW.T if self.turned else dW,
        }
        if self.b_path is not None and self.b is not None:
            found[self.b_path] = dout.sum(axis=0).reshape(self.b.shape)
        return found

    def suspects(self, target: str, dout: Array) -> Suspects:
        dout = dout.T if self.columns else dout
        if target == "x":
            dx = dout @ self.W.T
            yield "shape", dx
            if self.W.shape[0] == self.W.shape[1]:
                made = dout @ self.W
                yield "transposed", made.T if self.columns else made.reshape(self.shape)
        elif target == self.W_path:
            yield from ((key, made.T if self.turned else made) for key, made in self._weights(dout))
        elif self.b is not None:
            yield from _biases(dout, self.b.shape)
            if self.x.shape[1] == self.b.size:
                yield "wrong_parameter", self.x.sum(axis=0).reshape(self.b.shape)

    def _weights(self, dout: Array) -> Suspects:
        yield "transposed", (self.x.T @ dout).T
        yield "transposed", (dout.T @ self.x).reshape(self.W.shape)
        for one in (0, -1):
            yield "sum", np.outer(self.x[one], dout[one])
        if self.x.shape == dout.shape:
            yield "wrong_array", dout.T @ dout
            yield "wrong_array", self.x.T @ self.x


class BiasWithin(Affine):
    """An affine layer whose bias is one more row of its matrix.

    Args:
        x: inputs.
        W: path and array of the weights with the bias.
        turned: whether the weights are (outputs, inputs + 1).
        columns: whether each sample is a column.
        first: whether the bias is the first row, not the last one.
    """

    def __init__(self, x: Array, W: tuple[str, Array], *, turned: bool, columns: bool, first: bool) -> None:
        path, whole = W
        rows = whole.T if turned else whole
        self.first = first
        kernel, bias = (rows[1:], rows[0]) if first else (rows[:-1], rows[-1])
        super().__init__(x, (path, kernel.T if turned else kernel), None, turned=turned, columns=columns)
        self.b = bias

    def _stacked(self, dW: Array, db: Array) -> Array:
        made = np.vstack([db[None], dW] if self.first else [dW, db[None]])
        return made.T if self.turned else made

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        found = dict(super().derivatives(dout))
        dout = dout.T if self.columns else dout
        found[self.W_path] = self._stacked(self.x.T @ dout, dout.sum(axis=0))
        return found

    def suspects(self, target: str, dout: Array) -> Suspects:
        if target != self.W_path:
            yield from super().suspects(target, dout)
            return
        dout = dout.T if self.columns else dout
        dW, db = self.x.T @ dout, dout.sum(axis=0)
        yield from (("wrong_parameter", self._stacked(dW, row)) for row in dW)
        n = len(dout)
        yield "bias_still", self._stacked(dW, 0 * db)
        yield from ((key, self._stacked(dW, made)) for key, made in (("batch", db / n), ("sign", -db)))
        yield from ((key, self._stacked(made, db)) for key, made in (("batch", dW / n), ("sign", -dW)))
        for key, made in self._weights(dout):
            if made.shape == dW.shape:
                yield key, self._stacked(made, db)
        for key, made in _biases(dout, db.shape):
            if made.shape == db.shape:
                yield key, self._stacked(dW, made)


def _biases(dout: Array, shape: tuple[int, ...]) -> Suspects:
    """Yield sums that stop short of an axis, go over the wrong one, or take one sample alone."""
    yield "sum", dout
    yield "sum", dout.T
    for made in (dout.sum(axis=1), dout[0], dout[-1], dout.sum()):
        yield "sum", np.asarray(made)
        if np.size(made) in {1, int(np.prod(shape))}:
            yield "sum", np.broadcast_to(np.reshape(made, shape) if np.size(made) > 1 else made, shape)
