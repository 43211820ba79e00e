"""최대 풀링을 반복문으로. 창이 겹쳐도 된다."""
import numpy as np


class Pooling:
    def __init__(self, pool_h, pool_w, stride=1):
        self.pool_h, self.pool_w, self.stride = pool_h, pool_w, stride

    def forward(self, x):
        self.x = x
        n, c, h, w = x.shape
        s = self.stride
        oh, ow = (h - self.pool_h) // s + 1, (w - self.pool_w) // s + 1
        out = np.zeros((n, c, oh, ow))
        for i in range(oh):
            for j in range(ow):
                window = x[:, :, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w]
                out[:, :, i, j] = window.max(axis=(2, 3))
        return out

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        s = self.stride
        n, c, oh, ow = dout.shape
        for b in range(n):
            for ch in range(c):
                for i in range(oh):
                    for j in range(ow):
                        window = self.x[b, ch, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w]
                        r, q = np.unravel_index(np.argmax(window), window.shape)  # 첫째 최댓값
                        dx[b, ch, i * s + r, j * s + q] = dout[b, ch, i, j]
        return dx
