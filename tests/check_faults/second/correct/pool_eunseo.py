import numpy as np


class Pooling:
    # 최대 풀링: 반복문으로 천천히
    def __init__(self, pool_h, pool_w, stride=2, pad=0):
        assert pad == 0, "패딩은 지원하지 않음"
        self.ph = pool_h
        self.pw = pool_w
        self.stride = stride

    def forward(self, x):
        self.x = x
        n, c, h, w = x.shape
        oh = 1 + (h - self.ph) // self.stride
        ow = 1 + (w - self.pw) // self.stride
        out = np.zeros((n, c, oh, ow))
        for i in range(oh):
            for j in range(ow):
                top, left = i * self.stride, j * self.stride
                out[:, :, i, j] = x[:, :, top:top + self.ph, left:left + self.pw].max(axis=(2, 3))
        return out

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        n, c, oh, ow = dout.shape
        for b in range(n):
            for k in range(c):
                for i in range(oh):
                    for j in range(ow):
                        top, left = i * self.stride, j * self.stride
                        win = self.x[b, k, top:top + self.ph, left:left + self.pw]
                        u, v = np.unravel_index(win.argmax(), win.shape)
                        dx[b, k, top + u, left + v] += dout[b, k, i, j]
        return dx
