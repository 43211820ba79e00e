import numpy as np


class Pooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w = pool_h, pool_w
        self.stride, self.pad = stride, pad
        self.arg_max = None
        self.shape = None

    def forward(self, x):
        # 負の無限大で囲むので、縁が選ばれることはない
        p, s = self.pad, self.stride
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=-np.inf)
        self.shape = x.shape
        N, C, H, W = x.shape
        oh, ow = (H - self.pool_h) // s + 1, (W - self.pool_w) // s + 1
        stack = [x[:, :, i:i + s * oh:s, j:j + s * ow:s] for i in range(self.pool_h) for j in range(self.pool_w)]
        stack = np.array(stack)
        self.arg_max = stack.argmax(axis=0)
        return stack.max(axis=0)

    def backward(self, dout):
        p, s = self.pad, self.stride
        oh, ow = dout.shape[2:]
        dx = np.zeros(self.shape)
        for k in range(self.pool_h * self.pool_w):
            i, j = divmod(k, self.pool_w)
            dx[:, :, i:i + s * oh:s, j:j + s * ow:s] += np.where(self.arg_max == k, dout, 0.0)
        return dx[:, :, p:dx.shape[2] - p, p:dx.shape[3] - p]
