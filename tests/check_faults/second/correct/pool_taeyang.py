import numpy as np


def pool_forward(x, k, stride, pad):
    """최대 풀링 + 패딩. cache에는 최댓값의 위치(1차원 번호)를 저장한다."""
    N, C, H, W = x.shape
    xp = np.full((N, C, H + 2 * pad, W + 2 * pad), -1e30)
    xp[:, :, pad:pad + H, pad:pad + W] = x
    OH = (H + 2 * pad - k) // stride + 1
    OW = (W + 2 * pad - k) // stride + 1
    out = np.zeros((N, C, OH, OW))
    where = np.zeros((N, C, OH, OW), dtype=int)
    for i in range(OH):
        for j in range(OW):
            flat = xp[:, :, i * stride:i * stride + k, j * stride:j * stride + k].reshape(N, C, k * k)
            best = flat.argmax(axis=2)
            out[:, :, i, j] = flat.max(axis=2)
            where[:, :, i, j] = (i * stride + best // k) * xp.shape[3] + (j * stride + best % k)
    return out, (where, x.shape, pad)


def pool_backward(dout, cache):
    where, (N, C, H, W), pad = cache
    width = W + 2 * pad
    dxp = np.zeros((N, C, (H + 2 * pad) * width))
    n, c = np.ogrid[:N, :C]
    np.add.at(dxp, (n[..., None, None], c[..., None, None], where), dout)
    dxp = dxp.reshape(N, C, H + 2 * pad, width)
    return dxp[:, :, pad:pad + H, pad:pad + W]
