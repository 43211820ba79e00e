import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def forward(self, x):
        p, s = self.pad, self.stride
        self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        F, C, h, w = self.W.shape
        OH, OW = (self.x.shape[2] - h) // s + 1, (self.x.shape[3] - w) // s + 1
        out = np.zeros((x.shape[0], F, OH, OW))
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    out[:, f, i, j] = np.sum(self.x[:, :, i * s:i * s + h, j * s:j * s + w] * self.W[f], axis=(1, 2, 3))
        return out

    def backward(self, dout):
        p, s = self.pad, self.stride
        F, C, h, w = self.W.shape
        dx = np.zeros_like(self.x)
        self.dW = np.zeros_like(self.W)
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    # 표본마다의 기울기
                    g = dout[:, f, i, j].reshape(-1, 1, 1, 1)
                    here = (slice(None), slice(None), slice(i * s, i * s + h), slice(j * s, j * s + w))
                    self.dW[f] += (g * self.x[here]).sum(axis=0)
                    dx[here] += g * self.W[f]
        self.db = dout.sum(axis=(0, 2, 3))
        return dx[:, :, p:dx.shape[2] - p, p:dx.shape[3] - p]
