import numpy as np


class Pooling:
    # 창이 겹칠 수 있는 최대 풀링
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w, self.stride, self.pad = pool_h, pool_w, stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        N, C, H, W = self.x.shape
        out = np.zeros((N, C, (H - self.pool_h) // s + 1, (W - self.pool_w) // s + 1))
        self.pos = np.zeros(out.shape + (2,), dtype=int)
        for n, c, i, j in np.ndindex(*out.shape):
            w = self.x[n, c, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w]
            u, v = divmod(int(np.argmax(w)), self.pool_w)
            out[n, c, i, j] = w[u, v]
            self.pos[n, c, i, j] = i * s + u, j * s + v
        return out

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for n, c, i, j in np.ndindex(*dout.shape):
            y, x = self.pos[n, c, i, j]
            dx[n, c, y, x] = dout[n, c, i, j]
        p = self.pad
        return dx[:, :, p:dx.shape[2] - p, p:dx.shape[3] - p]
