"""A training that is taken up from its state is the training in one go, bit for bit, from any step."""

import numpy as np
import pytest
from small_trainers import TT, XT, Listener, T, X, tiny
from test_hand_written import Decayed, Lenient, Written
from test_learner import Plain

from convlens import Trainer
from convlens.errors import UsageError
from convlens.training import OPTIMIZERS, SGD, Adam, Callback, Optimizer

STEPS = (0, 1, 3, 4, 6, 8)  # of eight (six under the book's protocol), four an epoch (three)


class Drawing(Plain):
    """A class of the book's kind that draws from NumPy's global stream, as the book's Dropout does."""

    def predict(self, x):
        return super().predict(x) * (np.random.rand(len(x), 1) > 0.2)


class Lion(Optimizer):
    """An optimizer of one's own, with two memories."""

    memory = ("first", "second")

    def __init__(self, lr=0.01):
        super().__init__(lr)

    def rule(self, p, g, *memory):
        first, second = memory
        first += 0.1 * (g - first)
        second *= 0.9
        second += np.sign(first)
        p -= self.lr * second


class Stops(Callback):
    """Ends the training at the step given, from within a moment of its own, and takes the state there."""

    def __init__(self, moment, step):
        self.moment, self.step, self.state = moment, step, None

    def take(self, trainer, moment):
        if moment == self.moment and len(trainer.train_loss_list) >= self.step and self.state is None:
            self.state = trainer.state()
            raise KeyboardInterrupt

    def on_step(self, trainer, loss):
        self.take(trainer, "step")

    def on_epoch(self, trainer, scores):
        self.take(trainer, "epoch")


def trainer_of(network, optimizer="Adam", x=X, xt=XT, **changes):
    """A quiet Trainer of two epochs with a schedule, on what the network takes."""
    given = {"optimizer_param": {"lr": 0.02}} if isinstance(optimizer, str) else {}
    arguments = {"epochs": 2, "mini_batch_size": 16, "schedule": "cosine", "verbose": False}
    return Trainer(network, x, T, xt, TT, optimizer=optimizer, **{**arguments, **given, **changes})


def numbers(trainer):
    """All that a training leaves."""
    params = {name: np.array(value) for name, value in trainer.network.params.items()}
    lists = trainer.train_loss_list, trainer.train_acc_list, trainer.test_acc_list
    return params, (*lists, trainer.final_test_acc, trainer.current_iter, trainer.current_epoch)


def assert_equal(one, other):
    """The same numbers, bit for bit."""
    assert one[1] == other[1]
    for name, value in one[0].items():
        np.testing.assert_array_equal(value, other[0][name], strict=True)


def in_one_go(make):
    np.random.seed(5)
    trainer = make()
    trainer.train()
    return numbers(trainer)


def resumed(make, step):
    """The same, but after so many steps its state goes to a new Trainer, whatever happened in between."""
    np.random.seed(5)
    first = make()
    for _ in range(min(step, first.max_iter)):
        first.train_step()
    state = first.state()
    kept = {name: value.copy() for name, value in state.items()}
    first.train()  # what it does afterwards does not reach the state
    for name, value in state.items():
        np.testing.assert_array_equal(value, kept[name])
    np.random.seed(99)
    second = make()
    second.load_state(state)
    second.train()
    return numbers(second)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    ("protocol", "engine"), [("standard", "fused"), ("standard", "layers"), ("book", None)]
)
def test_from_any_step(optimizer, protocol, engine):
    """All optimizers, both protocols, both engines; at the start, amid an epoch, at its end, at the last."""

    def make():
        return trainer_of(tiny(protocol=protocol), optimizer, engine=engine)

    wanted = in_one_go(make)
    for step in STEPS:
        assert_equal(resumed(make, step), wanted)


@pytest.mark.parametrize("engine", [None, "layers"])
@pytest.mark.parametrize("protocol", ["standard", "book"])
@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
@pytest.mark.parametrize("kind", [Written, Decayed, Lenient, Drawing])
def test_hand_written_classes(kind, optimizer, protocol, engine):
    """On the engine or as they are written, with an accuracy or a random stream of their own."""
    side = 4 if kind is Drawing else 8
    rng = np.random.default_rng(2)
    x, xt = rng.random((50, 1, side, side)), rng.random((20, 1, side, side))

    def make():
        return trainer_of(kind(), optimizer, x, xt, engine=engine, protocol=protocol)

    wanted = in_one_go(make)
    for step in (0, 1, 5):
        assert_equal(resumed(make, step), wanted)


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_an_optimizer_of_ones_own(engine):
    """What it declares as its memory is kept."""

    def make():
        return trainer_of(tiny(), Lion(0.01), engine=engine)

    assert_equal(resumed(make, 5), in_one_go(make))


@pytest.mark.parametrize("moment", ["step", "epoch"])
@pytest.mark.parametrize("protocol", ["standard", "book"])
@pytest.mark.parametrize("step", [1, 3, 4])
def test_a_state_taken_by_a_callback(moment, protocol, step):
    """At its own moment: the step that it hears of is done, the evaluation that follows it is not."""

    def make(*callbacks):
        return trainer_of(tiny(protocol=protocol), callbacks=callbacks, validation=(XT[5:], TT[5:]))

    wanted = in_one_go(make)
    np.random.seed(5)
    stops = Stops(moment, step)
    with pytest.raises(KeyboardInterrupt):
        make(stops).train()
    listener = Listener()
    second = make(listener)
    second.load_state(stops.state)
    second.train()
    assert_equal(numbers(second), wanted)
    heard = len(wanted[1][1]) - len(stops.state["train_acc_list"])
    assert listener.heard.count("epoch") == heard


def test_pieces_are_cut_as_before(monkeypatch):
    """A plan that prediction has made larger cuts batches otherwise; a resumed training does the same."""
    monkeypatch.setattr("convlens.engine.plan.CACHE", 31_800)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 4)
    first, second, other = (trainer_of(tiny()) for _ in range(3))
    first.network.predict(X[:40])  # in three pieces of 14: a batch of 16 then takes two
    second.load_state(first.state())
    one, two, fresh = (trainer.network.gradient(X[:16], T[:16])["W1"] for trainer in (first, second, other))
    np.testing.assert_array_equal(two, one)
    assert not np.array_equal(fresh, one)


def test_a_state_is_plain_arrays():
    """Nothing but arrays of numbers by text, all of which safetensors can hold."""
    from safetensors.numpy import load, save

    for network in (tiny(), tiny(protocol="book"), Written()):
        x = np.random.default_rng(0).random((50, 1, 8, 8)) if isinstance(network, Written) else X
        trainer = trainer_of(network, "Adam", x, x[:20])
        trainer.train_step()
        state = trainer.state()
        again = load(save({name: np.atleast_1d(value) for name, value in state.items()}))
        for name, value in state.items():
            assert type(name) is str
            assert type(value) is np.ndarray
            np.testing.assert_array_equal(again[name].reshape(value.shape), value, strict=True)


def state_of(*arguments, **changes):
    """The state of another training."""
    return trainer_of(*arguments, **changes).state()


def without(state, left_out):
    """The state but for one of its arrays."""
    return {name: value for name, value in state.items() if name != left_out}


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (lambda _: state_of(tiny(), SGD(0.01)), "`optimizer.class` must be Adam. Got SGD."),
        (lambda _: state_of(tiny(), "momentum"), "`optimizer.class` must be Adam. Got Momentum."),
        (lambda _: state_of(tiny(dtype="float64")), r"`params.W1` must be \(2, 1, 3, 3\) float32. Got"),
        (lambda _: state_of(tiny(), protocol="book"), "`iter_per_epoch` must be 4. Got 3"),
        (lambda _: state_of(tiny(), mini_batch_size=50), "`iter_per_epoch` must be 4. Got 1."),
        (lambda _: state_of(tiny(), epochs=5), "`max_iter` must be 8. Got 20."),
        (lambda s: {**s, "params.W2": np.zeros((3, 3), np.float32)}, r"must be \(8, 4\) float32. Got \(3, 3"),
        (lambda s: {**s, "params.W9": np.zeros(3)}, r"`params.W9` must be absent. Got \(3,\) float64."),
        (lambda s: without(s, "current_iter"), "`current_iter` must be an array of 0 axes. Got absent."),
        (lambda s: {**s, "train_acc_list": np.zeros((2, 2))}, "must be an array of 1 axes. Got an array"),
        (lambda s: without(s, "optimizer.iter"), "`optimizer.iter` must be an array of 0 axes. Got abs"),
        (lambda s: {**s, "random.keys": np.zeros(624, np.uint32)}, "`random.keys` must be absent."),
        (lambda _: None, "a Trainer's state must be a dict of arrays. Got NoneType."),
        (lambda _: [1], "a Trainer's state must be a dict of arrays. Got list."),
    ],
)  # fmt: skip
def test_a_state_of_another_training(other, words):
    """It is refused in one line with the first thing that does not fit, and nothing has changed."""
    trainer = trainer_of(tiny(), Adam(0.02))
    trainer.train_step()
    before = trainer.state()
    with pytest.raises(UsageError, match=words) as raised:
        trainer.load_state(other(trainer.state()))
    assert "\n" not in str(raised.value)
    for name, value in trainer.state().items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize("protocol", ["standard", "book"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("current_iter", -5),
        ("current_iter", 10**9),
        ("current_iter", 2),  # there is one loss
        ("current_iter", 0),
        ("current_iter", 1.5),
        ("current_iter", "1"),
        ("current_iter", np.array(None)),
        ("current_epoch", -1),
        ("current_epoch", np.nan),
        ("evaluation_due", 2),
        ("evaluation_due", "no"),
        ("train_loss_list", ["a"]),
        ("train_loss_list", [None]),
        ("train_loss_list", [0.5, 0.5]),
        ("train_loss_list", [[1], [1, 2]]),
        ("train_acc_list", ["0.5"]),
        ("train_acc_list", [0.5] * 9),
        ("test_acc_list", [0.5] * 9),
        ("optimizer.iter", -1),
        ("optimizer.iter", "x"),
        ("optimizer.m.vector", ["x"]),
        ("learner.capacity", -3),
        ("learner.capacity", "x"),
        ("random.position", -1),
        ("random.position", 625),
        ("random.keys", [1, 2, 3]),
        ("random.gauss", "x"),
        (5, 5),
    ],
)
def test_a_state_of_what_no_training_leaves(name, value, protocol):
    """A number out of range, or a text in its place, is named before anything is changed."""
    trainer = trainer_of(tiny(protocol=protocol), Adam(0.02))
    trainer.train_step()
    state = trainer.state()
    trainer.train_step()
    now = trainer.state()
    with pytest.raises(UsageError, match="state") as raised:
        trainer.load_state({**state, name: value})
    assert "\n" not in str(raised.value)
    for kept, array in trainer.state().items():
        np.testing.assert_array_equal(array, now[kept])


def test_an_object_on_the_engine_and_as_it_is_written():
    """Their states are not each other's: what the optimizer remembers lies in another order."""
    x = np.random.default_rng(0).random((50, 1, 8, 8))
    on_engine, as_written = (
        trainer_of(Written(), "Adam", x, x[:20], engine=kind) for kind in (None, "layers")
    )
    for one, other in ((on_engine, as_written), (as_written, on_engine)):
        one.train_step()
        with pytest.raises(UsageError, match=r"`learner\.\w+` must be"):
            other.load_state(one.state())
