"""Networks whose every gradient is right, and that train badly all the same.

Each fault is a line or two of a right network: only a training shows it.
"""

import numpy as np


class Right:
    """A perceptron in plain NumPy, with a step and a training of its own."""

    def __init__(self, std=0.3, bias=0.0, seed=1):
        rng = np.random.default_rng(seed)
        self.params = {
            "W1": std * rng.normal(size=(12, 7)),
            "b1": np.full(7, bias),
            "W2": std * rng.normal(size=(7, 4)),
            "b2": np.zeros(4),
        }

    def hidden(self, x):
        return np.maximum(x @ self.params["W1"] + self.params["b1"], 0)

    def slope(self, h):
        return h > 0

    def predict(self, x):
        return self.hidden(x) @ self.params["W2"] + self.params["b2"]

    def probabilities(self, x):
        s = self.predict(x)
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def classes(self, t):
        return t

    def loss(self, x, t):
        return -np.log(self.probabilities(x)[np.arange(len(t)), self.classes(t)] + 1e-12).mean()

    def gradient(self, x, t):
        h, d = self.hidden(x), self.probabilities(x)
        d[np.arange(len(t)), self.classes(t)] -= 1
        d /= len(t)
        e = (d @ self.params["W2"].T) * self.slope(h)
        return {"W1": x.T @ e, "b1": e.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}

    def move(self, grads, lr):
        for key, one in self.params.items():
            one[...] = one - lr * grads[key]

    def train_step(self, x, t, lr=0.1):
        self.move(self.gradient(x, t), lr)

    def fit(self, x, t, epochs=10, batch_size=8, lr=0.1):
        rng = np.random.default_rng(0)
        for _ in range(epochs):
            order = rng.permutation(len(x))
            for at in range(0, len(x), batch_size):
                rows = order[at : at + batch_size]
                self.move(self.gradient(x[rows], t[rows]), lr)


class Zeros(Right):
    """All weights begin with 0."""

    def __init__(self):
        super().__init__(std=0.0)


class Ones(Right):
    """All weights begin with the same number."""

    def __init__(self):
        super().__init__()
        for key in ("W1", "W2"):
            self.params[key][...] = 0.5


class Huge(Right):
    """Weights of 300."""

    def __init__(self):
        super().__init__(std=300.0)


class Biased(Right):
    """Biases so low that no unit is ever on."""

    def __init__(self):
        super().__init__(bias=-60.0)


class Uphill(Right):
    """Loss and gradient turned over alike."""

    def loss(self, x, t):
        return -super().loss(x, t)

    def gradient(self, x, t):
        return {key: -one for key, one in super().gradient(x, t).items()}


class MovedClasses(Right):
    """Classes counted from 1 in loss and gradient, from 0 in `predict`."""

    def classes(self, t):
        return (t + 1) % 4


class Straight(Right):
    """Two affine layers with nothing between."""

    def hidden(self, x):
        return x @ self.params["W1"] + self.params["b1"]

    def slope(self, h):
        return np.ones(h.shape)


class OnlyFirst(Right):
    """Loss and gradient of the first sample of each batch alone."""

    def loss(self, x, t):
        return super().loss(x[:1], t[:1])

    def gradient(self, x, t):
        return super().gradient(x[:1], t[:1])


class StepUp(Right):
    """Its step goes up."""

    def move(self, grads, lr):
        super().move(grads, -lr)


class StepWithoutBias(Right):
    """Its step leaves a bias out."""

    def move(self, grads, lr):
        for key in ("W1", "W2", "b2"):
            self.params[key] -= lr * grads[key]


class StepAddsUp(Right):
    """Its step adds gradients up, and never clears them."""

    def __init__(self):
        super().__init__()
        self.sums = {}

    def move(self, grads, lr):
        for key, one in grads.items():
            self.sums[key] = self.sums.get(key, 0) + one
        super().move(self.sums, lr)


class StepTwice(Right):
    """Its step multiplies the rate twice."""

    def move(self, grads, lr):
        super().move(grads, lr * lr)


class StepReplaces(Right):
    """Its step puts the step in place of the parameter."""

    def move(self, grads, lr):
        for key, one in self.params.items():
            one[...] = -lr * grads[key]


class StepByN(Right):
    """Its step divides by the samples once more."""

    def train_step(self, x, t, lr=0.1):
        self.move({key: one / len(x) for key, one in self.gradient(x, t).items()}, lr)


class RateSmall(Right):
    """A rate that moves nothing."""

    def train_step(self, x, t):
        self.move(self.gradient(x, t), 1e-8)


class RateLarge(Right):
    """A rate that throws everything out."""

    def train_step(self, x, t, lr=5e4):
        self.move(self.gradient(x, t), lr)


class Shuffled(Right):
    """Pictures are shuffled, labels are not."""

    def fit(self, x, t, epochs=10, batch_size=8, lr=0.1):
        rng = np.random.default_rng(0)
        for _ in range(epochs):
            x = x[rng.permutation(len(x))]
            for at in range(0, len(x), batch_size):
                rows = slice(at, at + batch_size)
                self.move(self.gradient(x[rows], t[rows]), lr)


class OneBatch(Right):
    """Its training takes the first batch again and again."""

    def fit(self, x, t, epochs=10, batch_size=8, lr=0.1):
        for _ in range(epochs):
            for _ in range(0, len(x), batch_size):
                self.move(self.gradient(x[:batch_size], t[:batch_size]), lr)


class StartsAgain(Right):
    """Its training begins anew with each epoch."""

    def fit(self, x, t, epochs=10, batch_size=8, lr=0.1):
        for _ in range(epochs):
            self.params = Right().params
            for at in range(0, len(x), batch_size):
                rows = slice(at, at + batch_size)
                self.move(self.gradient(x[rows], t[rows]), 0.1 * lr)


class Detached(Right):
    """Its step makes new arrays, while the forward pass keeps the first ones."""

    def __init__(self):
        super().__init__()
        self.kept = [self.params[key] for key in ("W1", "b1", "W2", "b2")]

    def hidden(self, x):
        return np.maximum(x @ self.kept[0] + self.kept[1], 0)

    def predict(self, x):
        return self.hidden(x) @ self.kept[2] + self.kept[3]

    def move(self, grads, lr):
        for key in list(self.params):
            self.params[key] = self.params[key] - lr * grads[key]


NETWORKS = {
    Zeros: ("start", ("begun_alike",)),
    Ones: ("start", ("begun_alike",)),
    Huge: ("start", ("begun_large",)),
    Biased: ("start", ("begun_biased",)),
    Uphill: ("answers", ("upside_down",)),
    MovedClasses: ("answers", ("labels_moved",)),
    Straight: ("answers", ("straight",)),
    OnlyFirst: ("answers", ()),
    StepUp: ("update", ("sign",)),
    StepWithoutBias: ("b1", ("left_out",)),
    StepAddsUp: ("update", ("added_up",)),
    StepTwice: ("update", ("rate_twice",)),
    StepReplaces: ("update", ("replaced",)),
    StepByN: ("update", ("batch",)),
    RateSmall: ("update", ("rate_small",)),
    RateLarge: ("update", ("rate_large",)),
    Shuffled: ("update", ("labels_shuffled",)),
    OneBatch: ("update", ("one_batch",)),
    StartsAgain: ("update", ()),
    Detached: ("update", ("detached",)),
}
