import numpy as np


def bn_forward(x, gamma, beta):
    # 정규화 후 늘리고 옮기기
    centred = x - x.mean(axis=0)
    scale = 1 / np.sqrt((centred ** 2).mean(axis=0) + 1e-5)
    norm = centred * scale
    return norm * gamma + beta, (norm, scale, gamma)


def bn_backward(dout, cache):
    norm, scale, gamma = cache
    d_shift = dout.sum(axis=0)
    d_stretch = (dout * norm).sum(axis=0)
    g = dout * gamma
    dx = scale * (g - g.mean(axis=0) - norm * (g * norm).mean(axis=0))
    return dx, d_shift, d_stretch
