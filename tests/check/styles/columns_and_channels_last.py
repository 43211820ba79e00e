"""Functions in pairs: samples as columns, pictures with their channels last."""
import numpy as np
def linear_forward(A, W, b):
    Z = W.dot(A) + b
    return Z, (A, W, b)
def linear_backward(dZ, cache):
    A_prev, W, b = cache
    return W.T.dot(dZ), dZ.dot(A_prev.T), dZ.sum(axis=1, keepdims=True)
def conv_forward(A_prev, W, b, hparameters):
    m, nh, nw, nc0 = A_prev.shape
    f, f, nc0, nc = W.shape
    s, p = hparameters["stride"], hparameters["pad"]
    oh, ow = (nh - f + 2*p)//s + 1, (nw - f + 2*p)//s + 1
    Z = np.zeros((m, oh, ow, nc))
    P = np.pad(A_prev, ((0,0),(p,p),(p,p),(0,0)))
    for h in range(oh):
        for w in range(ow):
            for c in range(nc):
                Z[:, h, w, c] = (P[:, h*s:h*s+f, w*s:w*s+f]*W[..., c]).sum(axis=(1,2,3)) + b[0,0,0,c]
    return Z, (A_prev, W, b, hparameters)
def conv_backward(dZ, cache):
    A_prev, W, b, hp = cache
    s, p = hp["stride"], hp["pad"]
    f = W.shape[0]
    P = np.pad(A_prev, ((0,0),(p,p),(p,p),(0,0)))
    dP, dW, db = np.zeros_like(P), np.zeros_like(W), dZ.sum(axis=(0,1,2)).reshape(b.shape)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            for c in range(dZ.shape[3]):
                g = dZ[:, h, w, c][:, None, None, None]
                dW[..., c] += (g*P[:, h*s:h*s+f, w*s:w*s+f]).sum(axis=0)
                dP[:, h*s:h*s+f, w*s:w*s+f] += g*W[..., c]
    return dP[:, p:p+A_prev.shape[1], p:p+A_prev.shape[2]], dW, db
def pool_forward(A_prev, hparameters, mode="max"):
    m, nh, nw, nc = A_prev.shape
    f, s = hparameters["f"], hparameters["stride"]
    oh, ow = int(1+(nh-f)/s), int(1+(nw-f)/s)
    A = np.zeros((m, oh, ow, nc))
    for h in range(oh):
        for w in range(ow):
            r = A_prev[:, h*s:h*s+f, w*s:w*s+f]
            A[:, h, w] = r.max(axis=(1,2)) if mode == "max" else r.mean(axis=(1,2))
    return A, (A_prev, hparameters)
def pool_backward(dA, cache, mode="max"):
    A_prev, hp = cache
    f, s = hp["f"], hp["stride"]
    d = np.zeros_like(A_prev)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            r = A_prev[:, h*s:h*s+f, w*s:w*s+f]
            k = r == r.max(axis=(1,2), keepdims=True)
            k = k / k.sum(axis=(1, 2), keepdims=True)
            d[:, h*s:h*s+f, w*s:w*s+f] += (k if mode=="max" else 1/f**2)*dA[:, h:h+1, w:w+1]
    return d
def relu(x):
    return np.maximum(x, 0)
def relu_backward(dA, cache):
    return np.where(cache > 0, dA, 0)
def sigmoid(Z):
    A = 1/(1+np.exp(-Z))
    return A, Z
def sigmoid_backward(dA, cache):
    s = 1/(1+np.exp(-cache))
    return dA*s*(1-s)
def mse(y, t):
    return 0.5*np.sum((y-t)**2)
def mse_grad(y, t):
    return y-t
