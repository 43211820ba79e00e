import numpy as np


class HeikinPooling:
    """平均プーリング。窓が重なってもよい。"""

    def __init__(self, size, stride):
        self.size = size
        self.stride = stride

    def forward(self, x):
        k, s = self.size, self.stride
        self.x_shape = x.shape
        n, c, h, w = x.shape
        out = np.zeros((n, c, (h - k) // s + 1, (w - k) // s + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = np.mean(x[:, :, i * s:i * s + k, j * s:j * s + k], axis=(2, 3))
        return out

    def backward(self, dout):
        k, s = self.size, self.stride
        dx = np.zeros(self.x_shape)
        wake = dout / (k * k)       # 窓の中で等分する
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                dx[:, :, i * s:i * s + k, j * s:j * s + k] += wake[:, :, i, j][:, :, None, None]
        return dx
