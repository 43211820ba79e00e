import numpy as np


def im2col(a, fh, fw, st):
    win = np.lib.stride_tricks.sliding_window_view(a, (fh, fw), axis=(2, 3))[:, :, ::st, ::st]
    return win.reshape(win.shape[:4] + (fh * fw,))


class Pooling:
    """列に展開してから最大値を取る"""

    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        p = self.pad
        self.hw = x.shape[2:]
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))) if p else x
        col = im2col(xp, self.pool_h, self.pool_w, self.stride)
        self.onehot = np.arange(col.shape[-1]) == col.argmax(-1)[..., None]
        self.padded = xp.shape
        return col.max(-1)

    def backward(self, dout):
        dcol = dout[..., None] * self.onehot
        dcol = dcol.reshape(dout.shape + (self.pool_h, self.pool_w))
        dx = np.zeros(self.padded)
        oh, ow = dout.shape[2:]
        st = self.stride
        for u in range(self.pool_h):
            for v in range(self.pool_w):
                dx[:, :, u:u + st * (oh - 1) + 1:st, v:v + st * (ow - 1) + 1:st] += dcol[..., u, v]
        p, (h, w) = self.pad, self.hw
        return dx[:, :, p:p + h, p:p + w]
