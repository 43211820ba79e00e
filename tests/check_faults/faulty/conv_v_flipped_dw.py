"""逆伝播は三つの勾配を組にして返す。パディングなし。"""
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1):
        self.W = W
        self.b = b
        self.stride = stride

    def forward(self, x):
        self.x = x
        N, _, H, W = x.shape
        F, _, h, w = self.W.shape
        s = self.stride
        out = np.zeros((N, F, (H - h) // s + 1, (W - w) // s + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                region = x[:, None, :, i * s:i * s + h, j * s:j * s + w]
                out[:, :, i, j] = (region * self.W[None]).sum(axis=(2, 3, 4))
        return out + self.b.reshape(1, F, 1, 1)

    def backward(self, dout):
        h, w = self.W.shape[2:]
        s = self.stride
        dx, dW = np.zeros_like(self.x), np.zeros_like(self.W)
        db = dout.sum(axis=(0, 2, 3))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                g = dout[:, :, i, j][:, :, None, None, None]
                region = self.x[:, None, :, i * s:i * s + h, j * s:j * s + w]
                dW += (g * region).sum(axis=0)  # バッチについて和を取る
                dx[:, :, i * s:i * s + h, j * s:j * s + w] += (g * self.W[None]).sum(axis=1)
        return dx, np.flip(dW, axis=(2, 3)), db
