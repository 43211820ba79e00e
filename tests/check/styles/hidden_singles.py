"""Right layers, losses and a network that round to single precision somewhere inside, or to half of it."""

import numpy as np

F = np.float32
ONE = F(1)


class Elu:
    def __init__(self, alpha=1.0):
        self.alpha = F(alpha)

    def forward(self, z):
        low = z <= 0
        out = z.astype(F)
        out[low] = self.alpha * np.expm1(out[low])
        self.low, self.out = low, out
        return out.astype(np.float64)

    def backward(self, d):
        slope = np.ones_like(self.out)
        slope[self.low] = self.out[self.low] + self.alpha
        return slope * d


class Gelu:
    def forward(self, x):
        self.x = x.astype(F)
        self.t = np.tanh(F(0.7978846) * (self.x + F(0.044715) * self.x**3))
        return F(0.5) * self.x * (ONE + self.t)

    def backward(self, d):
        inner = F(0.7978846) * (ONE + F(3 * 0.044715) * self.x**2)
        return d * (F(0.5) * (ONE + self.t) + F(0.5) * self.x * (ONE - self.t**2) * inner)


class Swish:
    def forward(self, x):
        self.x = np.array(x, F)
        self.s = ONE / (ONE + np.exp(-self.x))
        return np.array(self.x * self.s, float)

    def backward(self, d):
        return d * (self.s + self.x * self.s * (ONE - self.s))


class Softplus:
    def forward(self, x):
        self.x = x.astype("f4")
        return np.log1p(np.exp(self.x)).astype("f8")

    def backward(self, d):
        return d / (1 + np.exp(-self.x))


class RoundedWeights:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W.astype(F) + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


class RoundedBias:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b.astype(F)

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


class RoundedBack:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        d = dout.astype(F)
        self.dW, self.db = self.x.T.astype(F) @ d, d.sum(axis=0)
        return d @ self.W.T.astype(F)


class HalfPrecision:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x.astype(np.float16)
        return (self.x @ self.W.astype(np.float16) + self.b).astype(np.float16)

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


class HalfTanh:
    def forward(self, x):
        self.y = np.tanh(x.astype(np.float16)).astype(float)
        return self.y

    def backward(self, dout):
        return dout * (1 - self.y**2)


class RowNorm:
    def forward(self, x):
        x = x.astype(F)
        m, self.s = x.mean(axis=-1, keepdims=True), np.sqrt(x.var(axis=-1, keepdims=True) + F(1e-5))
        self.u = (x - m) / self.s
        return self.u

    def backward(self, d):
        return (d - d.mean(axis=-1, keepdims=True) - self.u * (d * self.u).mean(axis=-1, keepdims=True)) / self.s


class Conv:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        n, _, h, w = x.shape
        f, _, kh, kw = self.W.shape
        self.x, out = x, np.zeros((n, f, h - kh + 1, w - kw + 1), F)
        for i, j in np.ndindex(*out.shape[2:]):
            out[:, :, i, j] = np.tensordot(x[:, :, i : i + kh, j : j + kw], self.W, axes=([1, 2, 3], [1, 2, 3]))
        return out + self.b[:, None, None]

    def backward(self, dout):
        kh, kw = self.W.shape[2:]
        self.db, self.dW, dx = dout.sum(axis=(0, 2, 3)), np.zeros(self.W.shape, F), np.zeros(self.x.shape, F)
        for i, j in np.ndindex(*dout.shape[2:]):
            d = dout[:, :, i, j]
            self.dW += np.einsum("nf,ncuv->fcuv", d, self.x[:, :, i : i + kh, j : j + kw])
            dx[:, :, i : i + kh, j : j + kw] += np.einsum("nf,fcuv->ncuv", d, self.W)
        return dx


class LossInSingles:
    def forward(self, x, t):
        z = x.astype(F)
        z = z - z.max(axis=1, keepdims=True)
        self.p, self.t = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), t
        return float(-np.log(self.p[np.arange(len(t)), t]).sum()) / len(t)

    def backward(self, dout=1):
        d = self.p.copy()
        d[np.arange(len(d)), self.t] -= 1
        return dout * d / len(d)


class NetInSingles:
    def __init__(self, n_in, n_hidden, n_out):
        r = np.random.default_rng(1)
        self.params = {"W1": r.normal(size=(n_in, n_hidden)), "b1": np.zeros(n_hidden),
                       "W2": r.normal(size=(n_hidden, n_out)), "b2": np.zeros(n_out)}

    def predict(self, x):
        p = {key: one.astype(F) for key, one in self.params.items()}
        self.h = np.tanh(x.astype(F) @ p["W1"] + p["b1"])
        s = self.h @ p["W2"] + p["b2"]
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        return float(-np.log(self.predict(x)[np.arange(len(t)), t]).sum()) / len(t)

    def gradient(self, x, t):
        d = self.predict(x)
        d[np.arange(len(t)), t] -= 1
        d /= len(t)
        e = (d @ self.params["W2"].T) * (1 - self.h**2)
        return {"W1": x.T @ e, "b1": e.sum(axis=0), "W2": self.h.T @ d, "b2": d.sum(axis=0)}
