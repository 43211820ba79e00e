import numpy as np

# 宿題3 畳み込み(四重ループ版)

def conv_forward(x, w, b, stride=1, pad=0):
    n, c, h, wd = x.shape
    f, _, fh, fw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
    oh = (h + 2 * pad - fh) // stride + 1
    ow = (wd + 2 * pad - fw) // stride + 1
    out = np.zeros((n, f, oh, ow))
    for i in range(n):
        for k in range(f):
            for y in range(oh):
                for z in range(ow):
                    mado = xp[i, :, y * stride:y * stride + fh, z * stride:z * stride + fw]
                    out[i, k, y, z] = (mado * w[k]).sum() + b[k]
    return out, (x, w, stride, pad)


def conv_backward(dout, cache):
    x, w, stride, pad = cache
    fh, fw = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    n, f, oh, ow = dout.shape
    for i in range(n):
        for k in range(f):
            for y in range(oh):
                for z in range(ow):
                    a, e = y * stride, z * stride
                    dw[k] += dout[i, k, y, z] * xp[i, :, a:a + fh, e:e + fw]
                    dxp[i, :, a:a + fh, e:e + fw] += dout[i, k, y, z] * w[k]
    # 外側の0の部分を取り除く
    dx = dxp[:, :, pad:pad + x.shape[2], pad:pad + x.shape[3]]
    db = dout.sum(axis=(0, 2, 3))
    return dx, dw, db
