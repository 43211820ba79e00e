"""Networks, pictures and Trainers of milliseconds, callbacks that remember, and the book's methods."""

import numpy as np

from convlens import SimpleConvNet, Trainer
from convlens.training import Callback

RNG = np.random.default_rng(0)
X, T = RNG.random((50, 1, 6, 6)).astype(np.float32), RNG.integers(0, 3, 50)
XT, TT = RNG.random((20, 1, 6, 6)).astype(np.float32), RNG.integers(0, 3, 20)
CONV = {"filter_num": 2, "filter_size": 3, "pad": 0, "stride": 1}


def tiny(**start):
    """A SimpleConvNet on pictures of 6x6 with 3 classes."""
    return SimpleConvNet((1, 6, 6), CONV, hidden_size=4, output_size=3, **{"weight_init_std": 0.3, **start})


def trainer_of(network, **changes):
    """A quiet Trainer for two epochs of four updates."""
    arguments = {"epochs": 2, "mini_batch_size": 16, "optimizer_param": {"lr": 0.1}, "verbose": False}
    return Trainer(network, X, T, XT, TT, **{**arguments, **changes})


class Listener(Callback):
    """Writes down what it hears, and what the network had learned at that moment."""

    def __init__(self):
        self.heard, self.losses, self.scores, self.vectors = [], [], [], []

    def on_start(self, trainer):
        self.heard.append("start")

    def on_step(self, trainer, loss):
        self.heard.append("step")
        self.losses.append(loss)
        self.vectors.append(trainer.network.params.vector.copy())

    def on_epoch(self, trainer, scores):
        self.heard.append("epoch")
        self.scores.append(scores)

    def on_end(self, trainer):
        self.heard.append("end")


class Notes(Callback):
    """Remembers what the Trainer notes."""

    def __init__(self):
        self.lines = []

    def on_note(self, trainer, text):
        self.lines.append(text)


class BooksMethods:
    """What a network of the book's kind computes with its `layers`, a dict, and its `last_layer`."""

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.last_layer.forward(self.predict(x), t)

    def accuracy(self, x, t):
        return np.mean(self.predict(x).argmax(axis=1) == t)
