"""Max pooling with a view of windows and numpy.add.at for those that overlap."""
import numpy as np


class MaxPooling:
    def __init__(self, size, stride):
        self.size, self.stride = size, stride

    def forward(self, x):
        view = np.lib.stride_tricks.sliding_window_view(x, (self.size, self.size), axis=(2, 3))
        view = view[:, :, ::self.stride, ::self.stride]
        flat = view.reshape(*view.shape[:4], -1)
        self.where = flat.argmax(axis=-1)
        self.shape = x.shape
        return np.take_along_axis(flat, self.where[..., None], axis=-1)[..., 0]

    def backward(self, dout):
        n, c, i, j = np.indices(dout.shape)
        rows = i * self.stride + self.where // self.size
        cols = j * self.stride + self.where % self.size
        dx = np.zeros(self.shape)
        np.add.at(dx, (n, c, rows, cols), dout)
        return dx
