"""Layers in single precision, with names of their own, and gradients that are returned or stepped along."""

import numpy as np


class ConvLayer:
    """A convolution; both passes go over the elements of the filter."""

    def __init__(self, n_channels, n_filters, filter_size, stride=1, padding=0):
        scale = np.sqrt(2 / (n_channels * filter_size**2))
        shape = (n_filters, n_channels, filter_size, filter_size)
        self.filters = np.random.default_rng(2).normal(0, scale, shape).astype(np.float32)
        self.biases = np.zeros((n_filters, 1), np.float32)
        self.stride = stride
        self.padding = padding

    def forward(self, inputs):
        p, s = self.padding, self.stride
        self.inputs = np.pad(inputs.astype(np.float32), ((0, 0), (0, 0), (p, p), (p, p)))
        size = self.filters.shape[2]
        rows = (self.inputs.shape[2] - size) // s + 1
        columns = (self.inputs.shape[3] - size) // s + 1
        outputs = np.zeros((len(inputs), len(self.filters), rows, columns), np.float32)
        for u in range(size):
            for v in range(size):
                seen = self.inputs[:, :, u : u + s * rows : s, v : v + s * columns : s]
                outputs += np.tensordot(seen, self.filters[:, :, u, v], axes=(1, 1)).transpose(0, 3, 1, 2)
        return (outputs + self.biases.reshape(1, -1, 1, 1)).astype(np.float32)

    def backward(self, delta):
        p, s, size = self.padding, self.stride, self.filters.shape[2]
        rows, columns = delta.shape[2:]
        self.grad_filters = np.zeros_like(self.filters)
        self.grad_biases = delta.sum(axis=(0, 2, 3)).reshape(-1, 1)
        error = np.zeros_like(self.inputs)
        for u in range(size):
            for v in range(size):
                at = (slice(None), slice(None), slice(u, u + s * rows, s), slice(v, v + s * columns, s))
                self.grad_filters[:, :, u, v] = np.tensordot(delta, self.inputs[at], axes=((0, 2, 3), (0, 2, 3)))
                error[at] += np.tensordot(delta, self.filters[:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
        return error[:, :, p : error.shape[2] - p, p : error.shape[3] - p]


class MaxPoolLayer:
    """Max-pooling by a mask of each element of the window."""

    def __init__(self, k, s):
        self.k = k
        self.s = s

    def forward(self, inputs):
        self.inputs = inputs.astype(np.float32)
        self.rows = (inputs.shape[2] - self.k) // self.s + 1
        self.columns = (inputs.shape[3] - self.k) // self.s + 1
        parts = [self.inputs[self.at(u, v)] for u in range(self.k) for v in range(self.k)]
        self.chosen = np.argmax(parts, axis=0)
        return np.max(parts, axis=0)

    def at(self, u, v):
        """Return the pixels under one element of each window."""
        return (..., slice(u, u + self.s * self.rows, self.s), slice(v, v + self.s * self.columns, self.s))

    def backward(self, delta):
        error = np.zeros_like(self.inputs)
        for u in range(self.k):
            for v in range(self.k):
                error[self.at(u, v)] += delta * (self.chosen == u * self.k + v)
        return error


class FullyConnected:
    """A full connection; backward returns all gradients."""

    def __init__(self, input_size, output_size):
        rng = np.random.default_rng(3)
        self.params = {
            "W": rng.normal(0, 0.1, (input_size, output_size)).astype(np.float32),
            "b": np.zeros((1, output_size), np.float32),
        }

    def forward(self, inputs):
        self.inputs = inputs.astype(np.float32)
        return (self.inputs @ self.params["W"] + self.params["b"]).astype(np.float32)

    def backward(self, delta):
        grads = {"W": self.inputs.T @ delta, "b": delta.sum(axis=0, keepdims=True)}
        return delta @ self.params["W"].T, grads["W"], grads["b"]


class LinearLayer:
    """A full connection that steps by itself."""

    def __init__(self, n_inputs, n_outputs):
        self.weights = np.random.default_rng(4).normal(0, 0.1, (n_inputs, n_outputs))
        self.bias = np.zeros((1, n_outputs))

    def forward(self, inputs):
        self.inputs = inputs
        return inputs @ self.weights + self.bias

    def backward(self, delta, learning_rate):
        error = delta @ self.weights.T
        self.weights -= learning_rate * self.inputs.T @ delta
        self.bias -= learning_rate * delta.sum(axis=0, keepdims=True)
        return error


class ReluLayer:
    """Rectified linear units."""

    def forward(self, inputs):
        self.outputs = np.maximum(inputs, 0).astype(np.float32)
        return self.outputs

    def backward(self, delta):
        return np.where(self.outputs > 0, delta, 0).astype(np.float32)


class CrossEntropyLoss:
    """Cross-entropy of probabilities, of one-hot rows."""

    def forward(self, probabilities, targets):
        self.probabilities, self.targets = probabilities, targets
        return -np.mean(np.sum(targets * np.log(probabilities), axis=1))

    def backward(self):
        return -self.targets / self.probabilities / len(self.targets)
