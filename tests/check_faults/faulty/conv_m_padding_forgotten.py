"""합성곱 계층: 출력의 자리마다 창을 한 번에 계산한다."""
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        # 가장자리를 0으로 채운다
        P, S = self.pad, self.stride
        self.x_pad = x
        FN, C, FH, FW = self.W.shape
        OH = (self.x_pad.shape[2] - FH) // S + 1
        OW = (self.x_pad.shape[3] - FW) // S + 1
        out = np.empty((x.shape[0], FN, OH, OW))
        for i in range(OH):
            for j in range(OW):
                window = self.x_pad[:, :, i * S:i * S + FH, j * S:j * S + FW]
                out[:, :, i, j] = np.tensordot(window, self.W, axes=([1, 2, 3], [1, 2, 3])) + self.b
        return out

    def backward(self, dout):
        P, S = self.pad, self.stride
        FN, C, FH, FW = self.W.shape
        dx = np.zeros(self.x_pad.shape)
        self.dW = np.zeros(self.W.shape)
        self.db = dout.sum(axis=(0, 2, 3))  # 편향은 모든 자리에 더해졌다
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                g = dout[:, :, i, j]
                window = self.x_pad[:, :, i * S:i * S + FH, j * S:j * S + FW]
                self.dW += np.tensordot(g, window, axes=(0, 0))
                dx[:, :, i * S:i * S + FH, j * S:j * S + FW] += np.tensordot(g, self.W, axes=(1, 0))
        if P > 0:
            dx = dx[:, :, P:-P, P:-P]  # 채운 곳을 잘라낸다
        return dx
