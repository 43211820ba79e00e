"""Right layers that take other things than rows and pictures, or call their arguments by any name."""

import numpy as np


class TimeDistributed:
    def __init__(self, gewicht, achse):
        self.gewicht, self.achse = gewicht, achse

    def forward(self, folge):
        b, t, d = folge.shape
        self.flach = folge.reshape(b * t, d)
        self.form = (b, t)
        return (self.flach @ self.gewicht + self.achse).reshape(b, t, -1)

    def backward(self, dout):
        d = dout.reshape(len(self.flach), -1)
        self.d_gewicht = self.flach.T @ d
        self.d_achse = d.sum(axis=0)
        return (d @ self.gewicht.T).reshape(*self.form, -1)


class Sequence:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = np.einsum("btd,btm->dm", self.x, dout)
        self.db = np.einsum("btm->m", dout)
        return dout @ self.W.T


class BiasFirst:
    def __init__(self, theta):
        self.theta = theta

    def forward(self, x):
        self.x1 = np.hstack([np.ones((len(x), 1)), x])
        return self.x1 @ self.theta

    def backward(self, dy):
        self.dtheta = self.x1.T @ dy
        return (dy @ self.theta.T)[:, 1:]


class DepthwiseLayer:
    def __init__(self, noyau, pas):
        self.noyau, self.pas = noyau, pas

    def forward(self, x):
        n, c, h, w = x.shape
        _, kh, kw = self.noyau.shape
        oh, ow = (h - kh) // self.pas + 1, (w - kw) // self.pas + 1
        self.x, self.taille = x, (oh, ow)
        out = np.zeros((n, c, oh, ow))
        for u in range(kh):
            for v in range(kw):
                out += x[:, :, u : u + self.pas * oh : self.pas, v : v + self.pas * ow : self.pas] \
                    * self.noyau[None, :, u, v, None, None]
        return out

    def backward(self, d):
        oh, ow = self.taille
        self.d_noyau, dx = np.zeros_like(self.noyau), np.zeros_like(self.x)
        for u in range(self.noyau.shape[1]):
            for v in range(self.noyau.shape[2]):
                at = np.s_[:, :, u : u + self.pas * oh : self.pas, v : v + self.pas * ow : self.pas]
                self.d_noyau[:, u, v] = (d * self.x[at]).sum(axis=(0, 2, 3))
                dx[at] += d * self.noyau[None, :, u, v, None, None]
        return dx


class Signal:
    def __init__(self, taps, extra, hop=1):
        self.taps, self.extra, self.hop = taps, extra, hop

    def forward(self, sound):
        n, c, t = sound.shape
        k = self.taps.shape[2]
        self.sound, self.starts = sound, range(0, t - k + 1, self.hop)
        made = [np.einsum("nck,fck->nf", sound[:, :, s : s + k], self.taps) for s in self.starts]
        return np.stack(made, axis=2) + self.extra[:, None]

    def backward(self, d):
        k = self.taps.shape[2]
        self.d_taps, dx = np.zeros_like(self.taps), np.zeros_like(self.sound)
        for i, s in enumerate(self.starts):
            self.d_taps += np.einsum("nf,nck->fck", d[:, :, i], self.sound[:, :, s : s + k])
            dx[:, :, s : s + k] += np.einsum("nf,fck->nck", d[:, :, i], self.taps)
        self.d_extra = d.sum(axis=(0, 2))
        return dx


class OnePicture:
    def __init__(self, stencil):
        self.stencil = stencil

    def forward(self, picture):
        h, w = picture.shape
        kh, kw = self.stencil.shape
        self.picture = picture
        return np.array([[(picture[i : i + kh, j : j + kw] * self.stencil).sum() for j in range(w - kw + 1)]
                         for i in range(h - kh + 1)])

    def backward(self, d):
        kh, kw = self.stencil.shape
        dx, self.d_stencil = np.zeros_like(self.picture), np.zeros_like(self.stencil)
        for i, j in np.ndindex(*d.shape):
            dx[i : i + kh, j : j + kw] += d[i, j] * self.stencil
            self.d_stencil += d[i, j] * self.picture[i : i + kh, j : j + kw]
        return dx


class OneSample:
    def __init__(self, omega, beta):
        self.omega, self.beta = omega, beta

    def forward(self, v):
        (n,) = v.shape
        self.v = v
        return self.omega @ v + self.beta

    def backward(self, d):
        self.d_omega = np.outer(d, self.v)
        self.d_beta = d.copy()
        return self.omega.T @ d


class GlobalMaximum:
    def forward(self, x):
        n, c, h, w = x.shape
        rows = x.reshape(n, c, -1)
        self.at, self.shape = rows.argmax(axis=2), x.shape
        return rows.max(axis=2)

    def backward(self, d):
        n, c, h, w = self.shape
        rows = np.zeros((n, c, h * w))
        np.put_along_axis(rows, self.at[..., None], d[..., None], axis=2)
        return rows.reshape(self.shape)


class Twice:
    def __init__(self, mal):
        self.mal = mal

    def forward(self, x):
        n, c, h, w = x.shape
        return x.repeat(self.mal, axis=2).repeat(self.mal, axis=3)

    def backward(self, d):
        n, c, h, w = d.shape
        m = self.mal
        return d.reshape(n, c, h // m, m, w // m, m).sum(axis=(3, 5))


class Gate:
    def forward(self, x):
        self.a, self.b = np.split(x, 2, axis=1)
        self.s = 1 / (1 + np.exp(-self.b))
        return self.a * self.s

    def backward(self, d):
        return np.concatenate([d * self.s, d * self.a * self.s * (1 - self.s)], axis=1)


class PerChannel:
    def __init__(self, a):
        self.a = a

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, x * self.a.reshape(1, -1, 1, 1))

    def backward(self, d):
        self.da = (d * np.minimum(self.x, 0)).sum(axis=(0, 2, 3)).reshape(self.a.shape)
        return np.where(self.x > 0, d, d * self.a.reshape(1, -1, 1, 1))


class Attention:
    def __init__(self, fragen, schluessel, werte):
        self.fragen, self.schluessel, self.werte = fragen, schluessel, werte

    def forward(self, x):
        self.x = x
        self.q, self.k, self.v = (np.einsum("btd,de->bte", x, m)
                                  for m in (self.fragen, self.schluessel, self.werte))
        s = np.einsum("bte,bse->bts", self.q, self.k)
        p = np.exp(s - s.max(axis=-1, keepdims=True))
        self.p = p / p.sum(axis=-1, keepdims=True)
        return self.p @ self.v

    def backward(self, d):
        dp, dv = np.einsum("bte,bse->bts", d, self.v), np.einsum("bts,bte->bse", self.p, d)
        ds = self.p * (dp - (dp * self.p).sum(axis=-1, keepdims=True))
        dq, dk = ds @ self.k, np.einsum("bts,bte->bse", ds, self.q)
        parts = ((dq, self.fragen), (dk, self.schluessel), (dv, self.werte))
        self.d_fragen, self.d_schluessel, self.d_werte = (np.einsum("btd,bte->de", self.x, one)
                                                          for one, _ in parts)
        return sum(one @ m.T for one, m in parts)


class Normalise:
    """Layer normalisation: each row for itself."""

    def __init__(self, g, h):
        self.g, self.h = g, h

    def forward(self, x):
        m, s = x.mean(axis=-1, keepdims=True), np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        self.s, self.u = s, (x - m) / s
        return self.g * self.u + self.h

    def backward(self, d):
        self.dg, self.dh = (d * self.u).sum(axis=0), d.sum(axis=0)
        e = d * self.g
        return (e - e.mean(axis=-1, keepdims=True)
                - self.u * (e * self.u).mean(axis=-1, keepdims=True)) / self.s


class Seikika:
    """バッチ正規化"""

    def __init__(self, g, h):
        self.g, self.h = g, h

    def forward(self, x):
        self.s = np.sqrt(x.var(axis=0) + 1e-5)
        self.u = (x - x.mean(axis=0)) / self.s
        return self.g * self.u + self.h

    def backward(self, d):
        self.dg, self.dh = (d * self.u).sum(axis=0), d.sum(axis=0)
        e = d * self.g
        return (e - e.mean(axis=0) - self.u * (e * self.u).mean(axis=0)) / self.s


class Fixed:
    def __init__(self, batch_size, n_in, n_out):
        self.W = np.random.default_rng(0).normal(size=(n_in, n_out))
        self.out = np.zeros((batch_size, n_out))

    def forward(self, x):
        self.x = x
        self.out[:] = x @ self.W
        return self.out.copy()

    def backward(self, d):
        self.dW = self.x.T @ d
        return d @ self.W.T


class SharedPlaces:
    def __init__(self, W, b):
        self.params = [W, b]
        self.W, self.b = self.params
        self.grads = [None, None]

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.grads = [self.x.T @ dout, dout.sum(axis=0)]
        return dout @ self.W.T


NOISE = np.random.default_rng(5)


class Rauschen:
    def __init__(self, anteil):
        self.anteil = anteil

    def forward(self, x):
        self.maske = NOISE.random(x.shape) > self.anteil
        return x * self.maske

    def backward(self, d):
        return d * self.maske


def dropout_forward(x, keep, mode, seed=None):
    mask = None
    if mode == "train":
        mask = (np.random.default_rng(seed).random(x.shape) < keep) / keep
        return x * mask, (mask, mode)
    return x, (mask, mode)


def dropout_backward(dout, cache):
    mask, mode = cache
    return dout * mask if mode == "train" else dout
