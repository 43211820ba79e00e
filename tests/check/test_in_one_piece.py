"""Networks written in one piece, and what objects share: the fault's layer is named, and so is what leaks."""

import numpy as np
import pytest

from convlens.check import check_layer
from convlens.check.submission import examined

NET = """
import numpy as np


class Net:
    def __init__(self, n_in, n_hidden, n_out):
        r = np.random.RandomState(3)
        self.params = {"W1": r.randn(n_in, n_hidden), "b1": np.zeros(n_hidden),
                       "W2": r.randn(n_hidden, n_hidden), "b2": np.zeros(n_hidden),
                       "W3": r.randn(n_hidden, n_out), "b3": np.zeros(n_out)}

    def predict(self, x):
        p = self.params
        self.z1 = x @ p["W1"] + p["b1"]
        self.a1 = ACT(self.z1)
        self.z2 = self.a1 @ p["W2"] + p["b2"]
        self.a2 = ACT(self.z2)
        s = self.a2 @ p["W3"] + p["b3"]
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        return -np.log(self.predict(x)[np.arange(len(t)), t] + 1e-12).mean()

    def gradient(self, x, t):
        d = self.predict(x)
        d[np.arange(len(t)), t] -= 1
        d = d / len(t)
        g = {"W3": self.a2.T @ d, "b3": d.sum(axis=0)}
        d = d @ self.params["W3"].T
        d = d * SLOPE(2)
        g["W2"], g["b2"] = self.a1.T @ d, d.sum(axis=0)
        d = d @ self.params["W2"].T
        d = d * SLOPE(1)
        g["W1"], g["b1"] = x.T @ d, d.sum(axis=0)
        return g
"""
WAYS = {
    "relu": ("np.maximum({}, 0)", "(self.z{} > 0)"),
    "sigmoid": ("1 / (1 + np.exp(-({})))", "(self.a{0} * (1 - self.a{0}))"),
    "tanh": ("np.tanh({})", "(1 - self.a{} ** 2)"),
}
FAULTS = [
    ("relu", "d = d * SLOPE(2)", "d = d * (d > 0)", "mask_of_gradient", "relu 2", {"W1", "b1", "W2", "b2"}),
    ("relu", "d = d * SLOPE(1)", "d = d * (self.z1 <= 0)", "mask_inverted", "relu 1", {"W1", "b1"}),
    ("sigmoid", "d = d * SLOPE(1)", "d = d * self.z1 * (1 - self.z1)", "input_for_output", "sigmoid 1",
     {"W1", "b1"}),
    ("tanh", "d = d * SLOPE(2)", "d = d * (1 + self.a2 ** 2)", "sign", "tanh 2", {"W1", "b1", "W2", "b2"}),
    ("tanh", "d = d * SLOPE(1)", "pass", "slope_forgotten", "tanh 1", {"W1", "b1"}),
    ("tanh", 'd = d @ self.params["W2"].T', 'd = d @ self.params["W2"]', "transposed", "W2", {"W1", "b1"}),
    ("relu", "d = d / len(t)", "pass", "batch", None, {"W1", "b1", "W2", "b2", "W3", "b3"}),
]  # fmt: skip


def written(tmp_path, activation, old="", new=""):
    """What is said of the network with this activation, one line of it changed."""
    act, slope = WAYS[activation]
    text = NET.replace(old, new, 1) if old else NET
    for n in (1, 2):
        text = text.replace(f"ACT(self.z{n})", act.format(f"self.z{n}"))
        text = text.replace(f"SLOPE({n})", slope.format(n))
    path = tmp_path / "net.py"
    path.write_text(text, encoding="utf-8")
    (outcome,) = examined(path, None, {}).outcomes
    return outcome


@pytest.mark.parametrize("activation", WAYS)
def test_a_right_one_is_let_alone(tmp_path, activation):
    """Nothing is wrong with it, whatever lies between its layers."""
    assert written(tmp_path, activation).ok


@pytest.mark.parametrize("row", range(len(FAULTS)), ids=lambda row: f"{FAULTS[row][3]}-{FAULTS[row][4]}")
def test_the_layer_of_the_fault_is_named(tmp_path, row):
    """All gradients that it makes wrong tell its cause, and the layer in which it lies."""
    activation, old, new, cause, layer, wrong = FAULTS[row]
    found = written(tmp_path, activation, old, new).findings
    assert {one.target for one in found} == wrong
    assert all(cause in one.causes for one in found)
    assert layer is None or {one.detail["layer"] for one in found} == {layer}


SHARED = {
    "AdaGrad": """
class AdaGrad:
    h = {}
    def __init__(self, lr=0.1):
        self.lr = lr
    def update(self, params, grads):
        for key, g in grads.items():
            self.h[key] = self.h.get(key, 0) + g * g
            params[key] -= self.lr * g / (np.sqrt(self.h[key]) + 1e-7)
""",
    "Momentum": """
class Momentum:
    def __init__(self, lr=0.1, momentum=0.9, v={}):
        self.lr, self.momentum, self.v = lr, momentum, v
    def update(self, params, grads):
        for key, g in grads.items():
            STORE[key] = self.momentum * STORE.get(key, 0) - self.lr * g
            params[key] += STORE[key]
STORE = {}
""",
    "Relu": """
class Relu:
    masks = []
    def forward(self, x):
        self.masks.append(x > 0)
        return np.maximum(x, 0)
    def backward(self, dout):
        return dout * self.masks[0]
""",
    "pool": """
def pool_forward(x, k, places=[]):
    n, c, h, w = x.shape
    out = np.zeros((n, c, h // k, w // k))
    for at in np.ndindex(*out.shape):
        a, b, i, j = at
        part = x[a, b, i * k:(i + 1) * k, j * k:(j + 1) * k]
        u, v = np.unravel_index(part.argmax(), part.shape)
        places.append((a, b, i * k + u, j * k + v))
        out[at] = part[u, v]
    return out, (places, x.shape)

def pool_backward(dout, cache):
    places, shape = cache
    dx = np.zeros(shape)
    for place, g in zip(places, dout.ravel()):
        dx[place] += g
    return dx
""",
}


@pytest.mark.parametrize("name", SHARED)
def test_what_one_object_leaves_for_another_is_found(tmp_path, name):
    """A dict of the class or the module, a default list: what belongs to all objects is told as that."""
    path = tmp_path / "shared.py"
    path.write_text("import numpy as np\n" + SHARED[name], encoding="utf-8")
    (outcome,) = examined(path, None, {}).outcomes
    assert [(one.check, one.causes) for one in outcome.findings] == [("state", ("shared",))]


class Remembers:
    """Sizes that it has seen, in its class: it uses them for nothing else."""

    seen: dict = {}  # noqa: RUF012 (that is what it is about)

    def forward(self, x):
        self.mask = self.seen.setdefault(x.shape, np.ones(x.shape)) * (x > 0)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


def test_a_table_that_is_shared_and_right_is_let_alone():
    """What objects share is no fault where no result depends on it."""
    assert check_layer(Remembers(), np.random.default_rng(0).normal(size=(3, 5))).ok
