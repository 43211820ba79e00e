"""After the second volume of the book: parameters and gradients in lists."""
import numpy as np
class MatMul:
    def __init__(self, W):
        self.params = [W]; self.grads = [np.zeros_like(W)]; self.x = None
    def forward(self, x):
        W, = self.params
        self.x = x
        return np.dot(x, W)
    def backward(self, dout):
        W, = self.params
        dx = np.dot(dout, W.T)
        self.grads[0][...] = np.dot(self.x.T, dout)
        return dx
class Affine:
    def __init__(self, W, b):
        self.params = [W, b]; self.grads = [np.zeros_like(W), np.zeros_like(b)]; self.x = None
    def forward(self, x):
        W, b = self.params
        self.x = x
        return np.dot(x, W) + b
    def backward(self, dout):
        W, b = self.params
        self.grads[0][...] = np.dot(self.x.T, dout)
        self.grads[1][...] = np.sum(dout, axis=0)
        return np.dot(dout, W.T)
class Sigmoid:
    def __init__(self):
        self.params, self.grads = [], []
        self.out = None
    def forward(self, x):
        self.out = 1/(1+np.exp(-x)); return self.out
    def backward(self, dout):
        return dout*(1.0-self.out)*self.out
class SoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
    def forward(self, x, t):
        self.t = t
        e = np.exp(x-x.max(axis=1, keepdims=True))
        self.y = e/e.sum(axis=1, keepdims=True)
        if self.t.size == self.y.size: self.t = self.t.argmax(axis=1)
        return -np.sum(np.log(self.y[np.arange(len(x)), self.t]+1e-7))/len(x)
    def backward(self, dout=1):
        dx = self.y.copy(); dx[np.arange(len(dx)), self.t] -= 1
        return dx*dout/len(dx)
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        I,H,O = input_size, hidden_size, output_size
        self.layers = [Affine(0.01*np.random.randn(I,H), np.zeros(H)), Sigmoid(), Affine(0.01*np.random.randn(H,O), np.zeros(O))]
        self.loss_layer = SoftmaxWithLoss()
        self.params, self.grads = [], []
        for l in self.layers:
            self.params += l.params; self.grads += l.grads
    def predict(self, x):
        for l in self.layers: x = l.forward(x)
        return x
    def forward(self, x, t):
        return self.loss_layer.forward(self.predict(x), t)
    def backward(self, dout=1):
        dout = self.loss_layer.backward(dout)
        for l in reversed(self.layers): dout = l.backward(dout)
        return dout
class SGD:
    def __init__(self, lr=0.01): self.lr = lr
    def update(self, params, grads):
        for i in range(len(params)): params[i] -= self.lr*grads[i]
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr, self.beta1, self.beta2, self.iter, self.m, self.v = lr, beta1, beta2, 0, None, None
    def update(self, params, grads):
        if self.m is None:
            self.m, self.v = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
        self.iter += 1
        lr_t = self.lr*np.sqrt(1.0-self.beta2**self.iter)/(1.0-self.beta1**self.iter)
        for i in range(len(params)):
            self.m[i] += (1-self.beta1)*(grads[i]-self.m[i])
            self.v[i] += (1-self.beta2)*(grads[i]**2-self.v[i])
            params[i] -= lr_t*self.m[i]/(np.sqrt(self.v[i])+1e-7)
