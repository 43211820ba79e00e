"""Hand-written classes on the engine: only where it computes what they compute, and they say so."""

from pathlib import Path

import numpy as np
import pytest
from small_trainers import BooksMethods, Notes

from convlens import LeNet, Trainer
from convlens.layers import (
    Affine,
    BatchNormalization,
    BookSoftmaxWithLoss,
    Convolution,
    Pooling,
    Relu,
    SoftmaxWithLoss,
)
from convlens.runs.recorder import Recorder
from convlens.training import Callback
from convlens.training.hand_written import misfit
from convlens.training.printing import BookLines

RNG = np.random.default_rng(0)
X, T = RNG.random((40, 1, 8, 8)), RNG.integers(0, 3, 40)


class Written(BooksMethods):
    """A network of the book's kind: float64 arrays, a dict of our layers, its own methods."""

    dtype = np.float64

    def __init__(self):
        rng = np.random.default_rng(1)
        shapes = {"W1": (4, 1, 3, 3), "b1": (4,), "W2": (36, 3), "b2": (3,)}
        self.params = {name: rng.normal(0, 0.3, shape).astype(self.dtype) for name, shape in shapes.items()}
        self.layers = {
            "Conv1": Convolution(self.params["W1"], self.params["b1"]),
            "Relu1": Relu(),
            "Pool1": Pooling(2, 2),
            "Affine1": Affine(self.params["W2"], self.params["b2"]),
        }
        self.last_layer = SoftmaxWithLoss()
        self.calls = 0

    def gradient(self, x, t):
        self.calls += 1
        self.loss(x, t)
        dout = self.last_layer.backward()
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        conv, affine = self.layers["Conv1"], self.layers["Affine1"]
        return {"W1": conv.dW, "b1": conv.db, "W2": affine.dW, "b2": affine.db}


class AsList(Written):
    """Its layers are a list."""

    def __init__(self):
        super().__init__()
        self.named = self.layers
        self.layers = list(self.named.values())

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def gradient(self, x, t):
        self.calls += 1
        self.loss(x, t)
        dout = self.last_layer.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        conv, affine = self.layers[0], self.layers[3]
        return {"W1": conv.dW, "b1": conv.db, "W2": affine.dW, "b2": affine.db}


class Decayed(Written):
    """Weight decay on W2: not what the layers alone compute."""

    def gradient(self, x, t):
        grads = super().gradient(x, t)
        return {**grads, "W2": grads["W2"] + 0.1 * self.params["W2"]}


class Penalised(Written):
    """A penalty in the loss that its gradient has forgotten."""

    def loss(self, x, t):
        return super().loss(x, t) + 0.1 * np.sum(self.params["W2"] ** 2)


class Lenient(Written):
    """Counts the two best answers as right."""

    def accuracy(self, x, t):
        best_two = np.argsort(self.predict(x), axis=1)[:, -2:]
        return np.mean([label in row for label, row in zip(t, best_two, strict=True)])


class OwnRelu(Relu):
    """Not one of ours: it may compute anything."""


class Clipping(Notes):
    """Keeps W2 small after each update, in the object's own array."""

    def on_step(self, trainer, loss):
        np.clip(trainer.network.params["W2"], -0.2, 0.2, out=trainer.network.params["W2"])


def trained(network, engine=None, epochs=3, optimizer="Adam", listener=Notes):
    notes = listener()
    trainer = Trainer(
        network,
        X,
        T,
        X,
        T,
        epochs,
        10,
        optimizer,
        {"lr": 0.02},
        verbose=False,
        engine=engine,
        callbacks=[notes],
    )
    trainer.train()
    return trainer, notes.lines


@pytest.mark.parametrize("kind", [Written, AsList])
@pytest.mark.parametrize("optimizer", ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam"])
def test_the_engine_takes_over_what_it_computes_alike(kind, optimizer):
    """A class of our layers is asked once for its gradient, then trained by the engine to the same result."""
    network, as_written = kind(), kind()
    trainer, lines = trained(network, optimizer=optimizer)
    reference, _ = trained(as_written, engine="layers", optimizer=optimizer)
    assert network.calls == 1
    assert lines == [
        f"{kind.__name__} is trained on the engine, in float32: its gradient equals its layers' own."
    ]
    np.testing.assert_allclose(trainer.train_loss_list, reference.train_loss_list, rtol=2e-3)
    for name, value in network.params.items():  # the object's own arrays have followed
        np.testing.assert_allclose(value, as_written.params[name], rtol=0, atol=5e-3)
        assert value.dtype == np.float64
    assert trainer.final_test_acc == pytest.approx(network.accuracy(X, T))


def test_what_a_callback_changes_is_kept():
    """Weights that are clipped after each update are clipped on the engine, too."""
    network, as_written = Written(), Written()
    _, lines = trained(network, listener=Clipping)
    trained(as_written, engine="layers", listener=Clipping)
    assert "is trained on the engine" in lines[0]
    assert np.abs(network.params["W2"]).max() == pytest.approx(0.2)
    for name, value in network.params.items():
        np.testing.assert_allclose(value, as_written.params[name], rtol=0, atol=5e-3)


class Watching(Notes):
    """Says that it only looks on."""

    may_change_parameters = False


class Both(Clipping, Watching):
    """Derived from one that only looks on, and says nothing for itself."""


class Late(Callback):
    """Brings along another callback when training starts."""

    may_change_parameters = False

    def on_start(self, trainer):
        trainer.callbacks.append(Clipping())


@pytest.mark.parametrize(
    ("listener", "rereads"),
    [(Callback, True), (Notes, True), (Clipping, True), (Watching, False), (Both, True), (Late, True),
     (BookLines, False), (Recorder, False), (type("Mine", (BookLines,), {}), True)],
)  # fmt: skip
def test_parameters_are_read_again_for_callbacks_that_may_change_them(listener, rereads):
    """Each class says for itself that it only looks on; what says nothing may change them."""
    arguments = {Recorder: (Path("nowhere"), list)}.get(listener, ())
    callback = listener(*arguments)
    callback.on_epoch = callback.on_end = callback.on_step = lambda *_: None
    if listener is not Late:
        callback.on_start = lambda *_: None
    trainer = Trainer(Written(), X, T, X, T, 1, 20, verbose=False, callbacks=[callback])
    times, own = [], trainer._learner.reread
    trainer._learner.reread = lambda: (times.append(1), own())
    trainer.train()
    assert len(times) == (1 + trainer.max_iter if rereads else 1)


def test_what_is_changed_between_steps_is_kept():
    """A loop of one's own around `train_step` may change the parameters."""
    network, as_written = Written(), Written()
    for trained_one, engine in ((network, None), (as_written, "layers")):
        trainer = Trainer(trained_one, X, T, X, T, 2, 10, "SGD", {"lr": 0.1}, verbose=False, engine=engine)
        for _ in range(4):
            trainer.train_step()
            trained_one.params["W2"] *= 0.5
    np.testing.assert_allclose(network.params["W2"], as_written.params["W2"], rtol=0, atol=1e-5)


def test_a_class_that_computes_something_else_is_trained_as_written():
    """Where one gradient differs, the line names its parameter, and training is the class's own."""
    network, as_written = Decayed(), Decayed()
    trainer, lines = trained(network)
    reference, _ = trained(as_written, engine="layers")
    assert lines == ["Decayed is trained as it is written: its gradient of `W2` is not its layers' own."]
    assert network.calls == 12
    assert trainer.train_loss_list == reference.train_loss_list
    np.testing.assert_array_equal(network.params["W2"], as_written.params["W2"])


def test_an_accuracy_of_ones_own_is_asked():
    """A class that counts right answers its own way is judged its own way, engine or not."""
    network = Lenient()
    trainer, lines = trained(network)
    assert "on the engine" in lines[0]
    assert trainer.final_test_acc == pytest.approx(network.accuracy(X, T))
    assert trainer.final_test_acc > Written.accuracy(network, X, T)


def test_a_loss_of_ones_own_is_recorded():
    """Where only the loss differs, the class is trained as written too: its list of losses is its own."""
    trainer, lines = trained(Penalised())
    reference, _ = trained(Penalised(), engine="layers")
    assert lines == ["Penalised is trained as it is written: its loss is not its layers' own."]
    assert trainer.train_loss_list == reference.train_loss_list


def test_parameters_that_no_layer_holds_are_named():
    """Copies of the layers' arrays, a parameter beside them, a layer left out: one line says which."""
    copies, beside, left_out = Written(), Written(), Written()
    copies.params = {name: value.copy() for name, value in copies.params.items()}
    beside.params["temperature"] = np.zeros(1)
    own = beside.gradient
    beside.gradient = lambda x, t: {**own(x, t), "temperature": np.zeros(1)}
    del left_out.params["b2"]
    as_written = "Written is trained as it is written: "
    for network, reason in (
        (copies, "its `W1` is not an array of one of its layers."),
        (beside, "its `temperature` is not an array of one of its layers."),
        (left_out, "`b` of its Affine is not in its `params`."),
    ):
        _, lines = trained(network, epochs=1)
        assert lines == [as_written + reason]
        assert network.calls == 4


def test_the_objects_own_layers_do_not_go_on_from_the_first_batch():
    """After training on the engine their backward asks for a forward of their own."""
    network = Written()
    trained(network)
    network.layers["Relu1"].forward(
        np.ones((1, 4, 6, 6))
    )  # its own forward makes its own backward right again
    network.layers["Relu1"].backward(np.ones((1, 4, 6, 6)))
    with pytest.raises(RuntimeError, match="needs a forward"):
        network.layers["Conv1"].backward(np.zeros((10, 4, 6, 6)))


class Foreign:
    """A layer that has nothing to do with ours."""

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


def of_foreign_layers():
    """A class none of whose layers is ours."""
    network = Written()
    own = network.layers
    network.predict = lambda x: Written.predict(type("All", (), {"layers": own}), x)
    network.gradient = lambda x, t: Written.gradient(type("All", (), {**vars(network), "layers": own}), x, t)
    network.layers = {"one": Foreign()}
    return network


def spoiled(place, part):
    """A class of our layers but for one part."""
    network = AsList() if isinstance(place, int) else Written()
    if place == "last_layer":
        network.last_layer = part
    else:
        network.layers[place] = part
        if isinstance(place, int):
            network.named["Relu1"] = part
    return network


MY_LOSS = type("MyLoss", (SoftmaxWithLoss,), {})


@pytest.mark.parametrize(
    ("place", "part", "reason"),
    [
        ("Relu1", OwnRelu, "its `Relu1` is a class of your own, OwnRelu"),
        (1, OwnRelu, "its layer 1 is a class of your own, OwnRelu"),
        ("Relu1", Foreign, "its `Relu1` is a class of your own, Foreign"),
        ("last_layer", MY_LOSS, "its `last_layer` is not SoftmaxWithLoss but MyLoss"),
        (
            "last_layer",
            BookSoftmaxWithLoss,
            "its `last_layer` is not SoftmaxWithLoss but BookSof",
        ),
    ],
)
def test_what_is_not_all_ours_is_trained_as_it_is_written(place, part, reason):
    """A layer or a loss of one's own among ours keeps the object as it is written, and one line says so."""
    network = spoiled(place, part())
    _, lines = trained(network, epochs=1)
    assert len(lines) == 1
    assert lines[0].startswith(f"{type(network).__name__} is trained as it is written: {reason}")
    assert network.calls == 4


def test_what_is_nowhere_ours_is_left_alone_without_a_word():
    """A class without any layer of ours never could run on the engine."""
    _, lines = trained(of_foreign_layers(), epochs=1)
    assert lines == []


@pytest.mark.parametrize("place", ["Relu1", "last_layer"])
def test_layers_that_were_asked_for_need_no_line(place):
    """engine="layers" is what was asked for."""
    _, lines = trained(spoiled(place, OwnRelu() if place == "Relu1" else MY_LOSS()), "layers", epochs=1)
    assert lines == []


def test_verbose_says_it_in_one_line(capsys):
    """The book's lines begin with the one that says how the class is trained."""
    Trainer(Written(), X, T, X, T, 1, 20, "SGD").train()
    assert capsys.readouterr().out.splitlines()[0].startswith("Written is trained on the engine")


def test_the_books_protocol_never_takes_over():
    """Under the book's protocol everything is computed as it is written."""
    network, notes = Written(), Notes()
    Trainer(network, X, T, X, T, 1, 10, verbose=False, protocol="book", callbacks=[notes]).train()
    assert notes.lines == []
    assert network.calls == 4


def test_mixing_the_engine_with_layers_is_an_error():
    """After a step on the engine a layer's own backward has nothing to go by, and says so."""
    network = LeNet()
    network.gradient(RNG.random((4, 1, 28, 28)), np.arange(4))
    for layer in network.layers.values():
        with pytest.raises(RuntimeError, match="needs a forward before it"):
            layer.backward(np.zeros((4, 10)))


def test_layers_that_remember_batches_are_trained_as_they_are_written():
    """The engine would remember in a copy, and count the batch that it is tried on twice."""
    network = Written()
    channels = len(network.params["W1"])
    norm = BatchNormalization(np.ones(channels), np.zeros(channels))
    layers = list(network.layers.values())
    assert misfit(network, layers) is None
    network.params |= {"gamma": norm.gamma, "beta": norm.beta}
    reason = misfit(network, [layers[0], norm, *layers[1:]])
    assert reason == "its BatchNormalization remembers what it has seen of batches"
