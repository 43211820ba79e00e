"""Layers in four styles, and one line of them changed at a time: faults that were planted on purpose.

Each row: the style's file, the class, the line as it is, what it becomes, and the right cause.
"""

import numpy as np

RNG = np.random.default_rng(0)
PICTURES = RNG.random((3, 2, 7, 5))
LAST = PICTURES.transpose(0, 2, 3, 1)
ROWS = RNG.random((3, 12))
FILTERS = RNG.normal(size=(4, 2, 3, 3))
WEIGHTS = RNG.normal(size=(12, 5))
SQUARE = RNG.normal(size=(12, 12))

MADE = {
    ("by_loops", "Convolution"): ((FILTERS, np.zeros(4), 2, 1), PICTURES),
    ("by_loops", "MaxPooling"): ((3, 3, 2), PICTURES),
    ("by_loops", "Affine"): ((SQUARE, np.zeros(12)), ROWS),
    ("by_loops", "ReLU"): ((), ROWS),
    ("by_columns", "Convolution"): ((FILTERS, np.zeros(4), 2, 1), PICTURES),
    ("by_columns", "Pooling"): ((3, 3, 2), PICTURES),
    ("by_columns", "Affine"): ((WEIGHTS, np.zeros(5)), RNG.random((3, 2, 2, 3))),
    ("by_columns", "Relu"): ((), PICTURES),
    ("by_columns", "Sigmoid"): ((), ROWS),
    ("by_einsum", "Conv2D"): ((2, 4, 3, 2, 1), LAST),
    ("by_einsum", "MaxPool2D"): ((3, 2), LAST),
    ("by_einsum", "Dense"): ((12, 5), ROWS),
    ("by_einsum", "Tanh"): ((), ROWS),
    ("by_einsum", "Softmax"): ((), ROWS),
    ("in_singles", "ConvLayer"): ((2, 4, 3, 2, 1), PICTURES),
    ("in_singles", "MaxPoolLayer"): ((3, 2), PICTURES),
    ("in_singles", "FullyConnected"): ((12, 5), ROWS),
    ("in_singles", "LinearLayer"): ((12, 5), ROWS),
    ("in_singles", "ReluLayer"): ((), ROWS),
}
"""Style and class → its arguments, and an input. What is not here is a loss."""

LOSSES = (("by_loops", "SoftmaxLoss"), ("by_columns", "SoftmaxWithLoss"), ("by_einsum", "MSELoss"),
          ("in_singles", "CrossEntropyLoss"))  # fmt: skip

LOOPS, COLUMNS, EINSUM, SINGLES = "by_loops", "by_columns", "by_einsum", "in_singles"

FAULTS = (
    (LOOPS, "Convolution", " + self.b[f]\n", "\n", "bias"),
    (LOOPS, "Convolution", "(window * self.W[f])", "(window * self.W[f][:, ::-1, ::-1])", "flipped"),
    (LOOPS, "Convolution", "= x\n        out = np",
     "= 0\n        self.xp[:, :, :H, :W] = x\n        out = np", "padding"),
    (LOOPS, "Convolution", "dW[f] += window", "dW[f] = window", "sum"),
    (LOOPS, "Convolution", "db[f] += dout", "db[f] = dout", "sum"),
    (LOOPS, "Convolution", "kw] += self.W[f]", "kw] -= self.W[f]", "sign"),
    (LOOPS, "Convolution", "return dxp[:, :, p : p + H, p : p + W]", "return dxp", "padding"),
    (LOOPS, "Convolution", "return dxp[:, :, p : p + H, p : p + W]", "return dxp[:, :, :H, :W]", "padding"),
    (LOOPS, "Convolution", "+= self.W[f] *", "+= self.W[f][:, ::-1, ::-1] *", "flipped"),
    (LOOPS, "Convolution", "j * s : j * s + kw] += self.W", "j : j + kw] += self.W", None),
    (LOOPS, "Convolution", "(self.W.shape)\n", "(self.W.shape)\n        dout = dout / N\n", "batch"),
    (LOOPS, "MaxPooling", "left + v] += dout", "left + v] = dout", "overwritten"),
    (LOOPS, "MaxPooling", "argmax(), window", "argmin(), window", None),
    (LOOPS, "MaxPooling", ".max(axis", ".mean(axis", "other_pooling"),
    (LOOPS, "MaxPooling", "dx[n, c, top + u, left + v] +=",
     "dx[n, c, top : top + self.pool_h, left : left + self.pool_w] +=", "to_all"),
    (LOOPS, "Affine", "np.dot(self.W, dout[n])", "np.dot(self.W.T, dout[n])", "transposed"),
    (LOOPS, "Affine", "self.dW += np.outer", "self.dW = np.outer", "sum"),
    (LOOPS, "Affine", "np.outer(self.x[n], dout[n])", "np.outer(dout[n], self.x[n])", "transposed"),
    (LOOPS, "Affine", "self.db += dout[n]", "self.db += 1", None),
    (LOOPS, "Affine", "        self.dW = np.zeros(self.W.shape)\n",
     '        self.dW = self.__dict__.get("dW", np.zeros(self.W.shape))\n', "added_up"),
    (LOOPS, "ReLU", "if self.x[place] > 0", "if dout[place] > 0", "mask_of_gradient"),
    (LOOPS, "ReLU", "if self.x[place] > 0", "if self.x[place] < 0", "mask_inverted"),
    (LOOPS, "SoftmaxLoss", "np.exp(x[n] - np.max(x[n]))", "np.exp(x[n])", "no_maximum"),
    (LOOPS, "SoftmaxLoss", "dx / len(dx)", "dx", "mean"),
    (LOOPS, "SoftmaxLoss", "dx[n, self.t[n]] -= 1", "dx[n, self.t[n]] += 1", None),
    (LOOPS, "SoftmaxLoss", "dx[n, self.t[n]] -= 1", "dx[:, self.t[n]] -= 1", "one_hot"),
    (COLUMNS, "Convolution", "self.stride, self.pad)\n        col_W", "1, self.pad)\n        col_W", None),
    (COLUMNS, "Convolution", "out = np.dot(col, col_W) + self.b", "out = np.dot(col, col_W)", "bias"),
    (COLUMNS, "Convolution", "self.dW.transpose(1, 0).reshape", "self.dW.reshape", "transposed"),
    (COLUMNS, "Convolution", "self.dW = np.dot(self.col.T, dout)",
     "self.dW = -np.dot(self.col.T, dout)", "sign"),
    (COLUMNS, "Convolution", "self.db = np.sum(dout, axis=0)", "self.db = np.mean(dout, axis=0)", "mean"),
    (COLUMNS, "Convolution", "self.db = np.sum(dout, axis=0)", "self.db = np.sum(dout, axis=1)", None),
    (COLUMNS, "Convolution", "        self.x = x\n        self.col = col\n        self.col_W",
     "        self.x = x\n        self.col = self.__dict__.get('col', col)\n        self.col_W", "stale"),
    (COLUMNS, "Convolution", "y_max:stride, x:x_max:stride] += col[", "y_max:stride, x:x_max:stride] = col[",
     "overwritten"),
    (COLUMNS, "Convolution", "return img[:, :, pad : H + pad, pad : W + pad]",
     "return img[:, :, :H, :W]", "padding"),
    (COLUMNS, "Pooling", "y_max:stride, x:x_max:stride] += col[", "y_max:stride, x:x_max:stride] = col[",
     "overwritten"),
    (COLUMNS, "Pooling", "np.max(col, axis=1)", "np.min(col, axis=1)", "other_pooling"),
    (COLUMNS, "Pooling", "self.arg_max.flatten()] = dout", "0] = dout", "wrong_place"),
    (COLUMNS, "Affine", "self.db = np.sum(dout, axis=0)", "self.db = dout", "sum"),
    (COLUMNS, "Affine", "np.dot(self.x.T, dout)", "np.dot(self.x.T, dout) / len(dout)", "batch"),
    (COLUMNS, "Affine", "return dx.reshape(*self.original_x_shape)", "return dx", "shape"),
    (COLUMNS, "Affine", "        self.db = np.sum(dout, axis=0)\n", "", "no_gradient"),
    (COLUMNS, "Affine", "self.W.T)\n", "self.W.T)\n        self.W -= 0.1 * np.dot(self.x.T, dout)\n",
     "updates_itself"),
    (COLUMNS, "Affine", "np.dot(self.x.T, dout)", "(np.dot(dout.T, self.x))", "transposed"),
    (COLUMNS, "Relu", "out = x.copy()", "out = x", "input_changed"),
    (COLUMNS, "Relu", "dout[self.mask] = 0", "dout[~self.mask] = 0", "mask_inverted"),
    (COLUMNS, "Sigmoid", "(1.0 - self.out) * self.out", "(1.0 - self.x) * self.x", "input_for_output"),
    (COLUMNS, "Sigmoid", "dout * (1.0 - self.out) * self.out",
     "(1.0 - self.out) * self.out", "dout_forgotten"),
    (COLUMNS, "SoftmaxWithLoss", "dx[np.arange(batch_size), self.t] -= 1", "dx[:, self.t] -= 1", "one_hot"),
    (COLUMNS, "SoftmaxWithLoss", "self.y - self.t)", "self.t - self.y)", "sign"),
    (EINSUM, "Conv2D", '"nijcuv,nijf->uvcf"', '"nijcuv,nijf->vucf"', "transposed"),
    (EINSUM, "Conv2D", "grad.sum(axis=(0, 1, 2))", "grad.sum(axis=(1, 2))", "sum"),
    (EINSUM, "Conv2D", "[:, ::s, ::s]", "[:, :, :]", "stride"),
    (EINSUM, "Conv2D", "+= back[", "= back[", "overwritten"),
    (EINSUM, "MaxPool2D", "/ is_most.sum(axis=(-1, -2), keepdims=True)", "", "to_all"),
    (EINSUM, "MaxPool2D", "self.size] += back", "self.size] = back", "overwritten"),
    (EINSUM, "Dense", '"no,ni->oi", grad', '"no,ni->oi", 0.5 * grad', "two"),
    (EINSUM, "Dense", '"bias": np', '"bias": 0 * np', "nothing"),
    (EINSUM, "Tanh", "1 - self.y**2", "1 - self.y", "slope_wrong"),
    (EINSUM, "Softmax", "np.exp(x - x.max(axis=-1, keepdims=True))", "np.exp(x)", "no_maximum"),
    (EINSUM, "Softmax", ' - np.einsum("ni,nj->nij", self.y, self.y)', "", "slope_wrong"),
    (EINSUM, "MSELoss", "return 2 * self", "return self", "two"),
    (SINGLES, "ConvLayer", "error[at] += np", "error[at] = np", "overwritten"),
    (SINGLES, "ConvLayer", "self.filters[:, :, u, v], axes=(1, 0)", "self.filters[:, :, v, u], axes=(1, 0)",
     "transposed"),
    (SINGLES, "ConvLayer", ".sum(axis=(0, 2, 3)).reshape(-1, 1)", ".sum(axis=(0, 2, 3))", "shape"),
    (SINGLES, "MaxPoolLayer", "+= delta *", "= delta *", "overwritten"),
    (SINGLES, "FullyConnected", '"b": delta.sum(axis=0', '"b": delta.mean(axis=0', "batch"),
    (SINGLES, "FullyConnected", 'grads["W"], grads["b"]', 'grads["b"]', "no_gradient"),
    (SINGLES, "LinearLayer", "self.bias -= learning_rate", "self.bias += learning_rate", "sign"),
    (SINGLES, "ReluLayer", "self.outputs > 0, delta", "self.outputs > 0, 1", "dout_forgotten"),
    (SINGLES, "CrossEntropyLoss", "self.targets / self.probabilities /",
     "(self.targets - self.probabilities) /", "softmax_derivative"),
)  # fmt: skip
"""None: a fault whose cause has no name; it must be found, and nothing else be named."""
