import numpy as np


def im2col(x, fh, fw, stride=1, pad=0):
    n, c, h, w = x.shape
    oh = (h + 2 * pad - fh) // stride
    ow = (w + 2 * pad - fw) // stride + 1
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    col = [x[:, :, i * stride:i * stride + fh, j * stride:j * stride + fw].reshape(n, -1)
           for i in range(oh) for j in range(ow)]
    return np.stack(col, axis=1), oh, ow


class Convolution:
    # 列に直して行列の積
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        f, c, fh, fw = self.W.shape
        self.shape = x.shape
        self.col, self.oh, self.ow = im2col(x, fh, fw, self.stride, self.pad)
        out = self.col @ self.W.reshape(f, -1).T + self.b
        return out.transpose(0, 2, 1).reshape(len(x), f, self.oh, self.ow)

    def backward(self, dout):
        f, c, fh, fw = self.W.shape
        n, _, h, w = self.shape
        s, p = self.stride, self.pad
        d = dout.reshape(n, f, -1).transpose(0, 2, 1)
        self.db = d.sum(axis=(0, 1))
        self.dW = np.einsum('npf,npk->fk', d, self.col).reshape(self.W.shape)
        dcol = (d @ self.W.reshape(f, -1)).reshape(n, self.oh, self.ow, c, fh, fw)
        dx = np.zeros((n, c, h + 2 * p, w + 2 * p))
        for i in range(self.oh):
            for j in range(self.ow):
                dx[:, :, i * s:i * s + fh, j * s:j * s + fw] += dcol[:, i, j]
        return dx[:, :, p:p + h, p:p + w]
