"""Networks in other forms than the book's."""
import numpy as np
class Net1:
    """attributes, backward sets dW1"""
    def __init__(self, n_x, n_h, n_y):
        self.W1 = np.random.randn(n_x, n_h); self.b1 = np.zeros((1, n_h)); self.W2 = np.random.randn(n_h, n_y); self.b2 = np.zeros((1, n_y))
    def forward(self, X):
        self.X = X; self.z1 = X@self.W1+self.b1; self.a1 = np.tanh(self.z1)
        s = self.a1@self.W2+self.b2; e = np.exp(s-s.max(1,keepdims=True)); self.p = e/e.sum(1,keepdims=True)
        return self.p
    def loss(self, X, y):
        p = self.forward(X)
        return -np.log(p[np.arange(len(y)), y]).mean()
    def backward(self, X, y):
        d = self.p.copy(); d[np.arange(len(y)), y] -= 1; d /= len(y)
        self.dW2 = self.a1.T@d; self.db2 = d.sum(0, keepdims=True)
        d = d@self.W2.T*(1-self.a1**2)
        self.dW1 = X.T@d; self.db1 = d.sum(0, keepdims=True)
class Net2:
    """no arguments"""
    def __init__(self):
        r = np.random.default_rng(0)
        self.params = {"W1": r.normal(size=(64, 10)), "b1": np.zeros(10), "W2": r.normal(size=(10, 3)), "b2": np.zeros(3)}
    def loss(self, x, t):
        p = self.params
        self.h = np.maximum(x@p["W1"]+p["b1"], 0); s = self.h@p["W2"]+p["b2"]
        s = s-s.max(1,keepdims=True); self.y = np.exp(s)/np.exp(s).sum(1,keepdims=True)
        return -np.mean(np.sum(t*np.log(self.y+1e-7), axis=1))
    def gradient(self, x, t):
        self.loss(x,t)
        d = (self.y-t)/len(t)
        g = {"W2": self.h.T@d, "b2": d.sum(0)}
        d = d@self.params["W2"].T*(self.h>0)
        g["W1"], g["b1"] = x.T@d, d.sum(0)
        return g
class MLP:
    def __init__(self, sizes=[784, 50, 10]):
        self.Ws = [np.random.randn(a, b)*0.1 for a, b in zip(sizes[:-1], sizes[1:])]
        self.bs = [np.zeros(b) for b in sizes[1:]]
    def predict(self, x):
        self.acts = [x]
        for i, (W, b) in enumerate(zip(self.Ws, self.bs)):
            x = x@W+b
            if i < len(self.Ws)-1: x = np.maximum(0, x)
            self.acts.append(x)
        return x
    def loss(self, x, t):
        return 0.5*np.sum((self.predict(x)-t)**2)/len(x)
    def gradients(self, x, t):
        d = (self.predict(x)-t)/len(x)
        gW, gb = [], []
        for i in range(len(self.Ws)-1, -1, -1):
            gW.append(self.acts[i].T@d); gb.append(d.sum(0))
            d = d@self.Ws[i].T*(self.acts[i]>0)
        return gW[::-1], gb[::-1]
class Conv:
    def __init__(self, in_channels, out_channels, k, activation="relu"):
        self.W = np.random.randn(out_channels, in_channels, k, k)*0.1; self.b = np.zeros(out_channels); self.act = activation
    def forward(self, x):
        w = np.lib.stride_tricks.sliding_window_view(x, self.W.shape[2:], axis=(2,3))
        self.w, self.x = w, x
        z = np.einsum("nchwij,fcij->nfhw", w, self.W)+self.b[:,None,None]
        self.m = z>0
        return np.maximum(z,0) if self.act=="relu" else z
    def backward(self, d):
        d = d*self.m
        self.dW = np.einsum("nfhw,nchwij->fcij", d, self.w); self.db = d.sum((0,2,3))
        dx = np.zeros_like(self.x)
        k = self.W.shape[2]
        for i in range(d.shape[2]):
            for j in range(d.shape[3]):
                dx[:,:,i:i+k,j:j+k] += np.einsum("nf,fcij->ncij", d[:,:,i,j], self.W)
        return dx
