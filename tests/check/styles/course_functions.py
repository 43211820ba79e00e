"""Functions in pairs, each forward with a cache, and a network whose loss returns its gradients."""
import numpy as np
def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache
def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db
def relu_forward(x):
    return np.maximum(0, x), x
def relu_backward(dout, cache):
    return dout * (cache > 0)
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0,0),(0,0),(p,p),(p,p)), mode="constant")
    oh, ow = 1 + (H + 2*p - HH)//s, 1 + (W + 2*p - WW)//s
    out = np.zeros((N, F, oh, ow))
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    out[n,f,i,j] = np.sum(xp[n,:,i*s:i*s+HH,j*s:j*s+WW]*w[f]) + b[f]
    return out, (x, w, b, conv_param)
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0,0),(0,0),(p,p),(p,p)), mode="constant")
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), dout.sum(axis=(0,2,3))
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    dw[f] += xp[n,:,i*s:i*s+HH,j*s:j*s+WW]*dout[n,f,i,j]
                    dxp[n,:,i*s:i*s+HH,j*s:j*s+WW] += w[f]*dout[n,f,i,j]
    return dxp[:,:,p:p+H,p:p+W], dw, db
def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    h, w, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    oh, ow = (H-h)//s+1, (W-w)//s+1
    out = np.zeros((N,C,oh,ow))
    for i in range(oh):
        for j in range(ow):
            out[:,:,i,j] = x[:,:,i*s:i*s+h,j*s:j*s+w].max(axis=(2,3))
    return out, (x, pool_param)
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    h, w, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    N,C,oh,ow = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(oh):
                for j in range(ow):
                    r = x[n,c,i*s:i*s+h,j*s:j*s+w]
                    u,v = np.unravel_index(r.argmax(), r.shape)
                    dx[n,c,i*s+u,j*s+v] += dout[n,c,i,j]
    return dx
def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param["mode"]; eps = bn_param.get("eps", 1e-5); momentum = bn_param.get("momentum", 0.9)
    rm, rv = bn_param.get("running_mean", np.zeros(x.shape[1])), bn_param.get("running_var", np.zeros(x.shape[1]))
    if mode == "test":
        return gamma*(x-rm)/np.sqrt(rv+eps)+beta, None
    mu, var = x.mean(0), x.var(0)
    bn_param["running_mean"] = momentum*rm + (1-momentum)*mu
    bn_param["running_var"] = momentum*rv + (1-momentum)*var
    xh = (x-mu)/np.sqrt(var+eps)
    return gamma*xh+beta, (xh, gamma, var+eps)
def batchnorm_backward(dout, cache):
    xh, gamma, v = cache
    dg, db = (dout*xh).sum(0), dout.sum(0)
    d = dout*gamma
    dx = (d - d.mean(0) - xh*(d*xh).mean(0))/np.sqrt(v)
    return dx, dg, db
def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param: np.random.seed(dropout_param["seed"])
    mask = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p)/p
        out = x*mask
    else: out = x
    return out, (dropout_param, mask)
def dropout_backward(dout, cache):
    p, mask = cache
    return dout*mask if p["mode"]=="train" else dout
def affine_relu_forward(x, w, b):
    a, fc = affine_forward(x, w, b)
    out, rc = relu_forward(a)
    return out, (fc, rc)
def affine_relu_backward(dout, cache):
    fc, rc = cache
    return affine_backward(relu_backward(dout, rc), fc)
def svm_loss(x, y):
    N = x.shape[0]
    c = x[np.arange(N), y]
    m = np.maximum(0, x - c[:,None] + 1.0)
    m[np.arange(N), y] = 0
    loss = m.sum()/N
    dx = (m>0).astype(float)
    dx[np.arange(N), y] -= dx.sum(axis=1)
    return loss, dx/N
def softmax_loss(x, y):
    s = x - x.max(axis=1, keepdims=True)
    Z = np.exp(s).sum(axis=1, keepdims=True)
    lp = s - np.log(Z)
    N = x.shape[0]
    loss = -lp[np.arange(N), y].sum()/N
    dx = np.exp(lp); dx[np.arange(N), y] -= 1; dx /= N
    return loss, dx
def sgd(w, dw, config=None):
    if config is None: config = {}
    config.setdefault("learning_rate", 1e-2)
    w -= config["learning_rate"]*dw
    return w, config
def sgd_momentum(w, dw, config=None):
    if config is None: config = {}
    config.setdefault("learning_rate", 1e-2); config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"]*v - config["learning_rate"]*dw
    next_w = w + v
    config["velocity"] = v
    return next_w, config
def adam(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-3); config.setdefault('beta1', 0.9); config.setdefault('beta2', 0.999)
    config.setdefault('epsilon', 1e-8); config.setdefault('m', np.zeros_like(w)); config.setdefault('v', np.zeros_like(w)); config.setdefault('t', 0)
    config['t'] += 1
    config['m'] = config['beta1']*config['m'] + (1-config['beta1'])*dw
    config['v'] = config['beta2']*config['v'] + (1-config['beta2'])*dw*dw
    m = config['m']/(1-config['beta1']**config['t']); v = config['v']/(1-config['beta2']**config['t'])
    return w - config['learning_rate']*m/(np.sqrt(v)+config['epsilon']), config
class TwoLayerNet(object):
    def __init__(self, input_dim=3*32*32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.params = {"W1": weight_scale*np.random.randn(input_dim, hidden_dim), "b1": np.zeros(hidden_dim), "W2": weight_scale*np.random.randn(hidden_dim, num_classes), "b2": np.zeros(num_classes)}
        self.reg = reg
    def loss(self, X, y=None):
        a, c1 = affine_relu_forward(X, self.params["W1"], self.params["b1"])
        scores, c2 = affine_forward(a, self.params["W2"], self.params["b2"])
        if y is None: return scores
        loss, ds = softmax_loss(scores, y)
        da, dW2, db2 = affine_backward(ds, c2)
        _, dW1, db1 = affine_relu_backward(da, c1)
        return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
