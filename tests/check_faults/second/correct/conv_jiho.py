import numpy as np

# 채널별 합성곱 (depthwise): 채널마다 필터가 하나씩


def depthwise_forward(x, k, stride=1):
    N, C, H, W = x.shape
    _, kh, kw = k.shape
    OH = (H - kh) // stride + 1
    OW = (W - kw) // stride + 1
    out = np.zeros((N, C, OH, OW))
    for p in range(kh):
        for q in range(kw):
            out += x[:, :, p:p + stride * OH:stride, q:q + stride * OW:stride] * k[:, p, q][None, :, None, None]
    return out, (x, k, stride)


def depthwise_backward(dout, cache):
    x, k, stride = cache
    OH, OW = dout.shape[2:]
    dx = np.zeros(x.shape)
    dk = np.zeros(k.shape)
    for p in range(k.shape[1]):
        for q in range(k.shape[2]):
            rows = slice(p, p + stride * OH, stride)
            cols = slice(q, q + stride * OW, stride)
            dk[:, p, q] = np.sum(dout * x[:, :, rows, cols], axis=(0, 2, 3))
            dx[:, :, rows, cols] += dout * k[:, p, q][None, :, None, None]
    return dx, dk
