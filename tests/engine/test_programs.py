"""A prepared step is the same step: bit for bit what its calls do when each is made anew."""

import copy
import pickle

import numpy as np
import pytest
from integer_networks import Integers, networks

from convlens import engine
from convlens.engine.program import MOST, Program, Programs
from convlens.errors import UsageError
from convlens.layers import Affine, SoftmaxWithLoss

NETWORKS = ["simple", "lenet", "other pooling", "pool and dense", "Winograd", "strides", "affine alone"]


@pytest.fixture
def at_once(monkeypatch):
    """Return a switch: from then on programs record nothing, but make every call anew."""

    def call_anew(self, call, in_python=False):
        del in_python
        self._steps.append(lambda: None if call() is None else 0)

    return lambda: monkeypatch.setattr(Program, "add", call_anew)


class Rehearsal:
    """A network of real numbers and some batches, the same each time; what steps leave is written down."""

    def __init__(self, name, capacity=30):
        rng = self.rng = np.random.default_rng(0)
        self.layers, shape = networks(Integers())[name]
        for layer in self.layers:
            for p in getattr(layer, "params", {}).values():
                p[...] = rng.standard_normal(p.shape) * 0.1
        self.plan = engine.compile(self.layers, SoftmaxWithLoss(), shape, capacity)
        self.x = [rng.integers(0, 256, (50, *shape), np.uint8) for _ in range(2)]
        self.x.append(rng.random((70, *shape), np.float32))
        classes = self.plan.output.shape[0]
        self.t = [rng.integers(0, classes, 70).astype(kind) for kind in (np.int64, np.uint8, np.int32)]
        self.found = []

    def step(self, n, data=0, labels=0):
        x = self.x[data]
        index = self.rng.integers(0, len(x), n)
        self.found.append(self.plan.loss_and_gradient(x, self.t[labels][: len(x)], index))
        self.found += [g.tobytes() for grads in self.plan.gradients for g in grads.values()]

    def predict(self, n, data=0):
        self.found.append(self.plan.predict(self.x[data][:n]).tobytes())
        self.found.append(self.plan.predict(self.x[data], np.arange(n)[::-1]).tobytes())


def batches_of_many_sizes(plays):
    for n in (30, 7, 30, 1, 7, 2):
        plays.step(n)
        plays.predict(n)


def several_data_sets(plays):
    for k in range(7):
        plays.step(10, data=k % 3, labels=k % 2)
        plays.predict(40, data=(k + 1) % 3)


def labels_of_every_kind(plays):
    for k in range(6):
        plays.step(8, labels=k % 3)


def weights_that_are_replaced(plays):
    weighted = [layer for layer in plays.layers if getattr(layer, "params", {})]
    plays.step(12)
    for layer in weighted:
        layer.W = layer.W * np.float32(0.5)
        plays.step(12)
        plays.predict(3)
        layer.b = np.float32(0.25) * np.ones_like(layer.b)
        plays.step(12)
    for layer in weighted:
        layer.W *= 2
        layer.b += 1
    plays.step(12)
    plays.predict(12)


def pictures_that_are_copied(plays):
    floats = plays.x[0] / 255
    for x in (floats, plays.x[0][:, ::-1], floats.astype(np.float32)):
        plays.x[0] = x
        plays.step(9)
        plays.predict(9)


SCENES = [
    batches_of_many_sizes,
    several_data_sets,
    labels_of_every_kind,
    weights_that_are_replaced,
    pictures_that_are_copied,
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
@pytest.mark.parametrize("name", ["lenet", "pool and dense", "affine alone"])
def test_a_prepared_step_is_the_same_step(at_once, name, scene):
    """Losses, derivatives and scores have the same bits as when every kernel is called anew."""
    prepared = Rehearsal(name)
    scene(prepared)
    at_once()
    anew = Rehearsal(name)
    scene(anew)
    assert prepared.found == anew.found


@pytest.mark.parametrize("name", NETWORKS)
def test_every_way_through_the_engine(at_once, name):
    """In pieces, too, which add their derivatives up."""
    found = []
    for anew in (False, True):
        if anew:
            at_once()
        plays = Rehearsal(name)
        for n in (30, 5, 30):
            plays.step(n)
        found.append(plays.found)
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["lenet", "Winograd"])
def test_pieces(at_once, name, monkeypatch):
    """Each piece of a batch has a program of its own."""
    monkeypatch.setattr("convlens.engine.plan.CACHE", 1)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 4)
    found = []
    for anew in (False, True):
        if anew:
            at_once()
        plays = Rehearsal(name)
        for n in (30, 11, 30, 3):
            plays.step(n)
            plays.predict(n)
        found.append(plays.found)
    assert found[0] == found[1]


def test_two_plans_in_turn():
    """Each reads its own memory, whichever ran last."""
    alone = Rehearsal("lenet")
    for _ in range(3):
        alone.step(9)
    one, two = Rehearsal("lenet"), Rehearsal("lenet", capacity=64)
    for _ in range(3):
        one.step(9)
        two.step(9)
    assert one.found == two.found == alone.found


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_copy_of_a_plan_is_prepared_anew(copied):
    """It computes the same with layers of its own, and what is done to those is not the original's."""
    plays, others = Rehearsal("lenet"), Rehearsal("lenet")
    plays.step(9)
    others.step(9)
    others.plan = copied(plays.plan)
    plays.step(9)
    others.step(9)
    assert plays.found == others.found
    for layer in others.plan.layers:
        for p in getattr(layer, "params", {}).values():
            p[...] = 0
    plays.step(9)
    others.step(9)
    assert plays.found[0] == others.found[0]
    assert plays.found[-1] != others.found[-1]


@pytest.mark.parametrize("length", [49, 20])
def test_a_data_set_that_has_moved_is_read_where_it_is(length):
    """An array that was given other memory, and another size, is not read where it was."""
    x = np.ones((50, 3), np.float32)
    plan = engine.compile([Affine(np.eye(3, dtype=np.float32), np.zeros(3))], SoftmaxWithLoss(), (3,), 50)
    t = np.zeros(50, np.int64)
    plan.loss_and_gradient(x, t)
    x.resize((4000, 3), refcheck=False)
    x.resize((length, 3), refcheck=False)
    x[:, 1:] = -100
    t.resize(length, refcheck=False)
    assert plan.loss_and_gradient(x, t) == pytest.approx(0)
    assert (plan.predict(x)[:, 1] == -100).all()
    with pytest.raises(UsageError, match="`index` must be 0 to"):
        plan.loss_and_gradient(x, t, np.array([length]))


def test_a_plan_does_not_keep_a_data_set():
    """What it was trained on may go when its owner drops it."""
    import gc
    import weakref

    plays = Rehearsal("affine alone")
    plays.step(9)
    plays.predict(9)
    seen = [weakref.ref(x) for x in plays.x]
    plays.x.clear()
    gc.collect()
    assert [ref() for ref in seen] == [None] * 3


@pytest.mark.parametrize("name", sorted(engine.RULES))
def test_an_optimizer_whose_arrays_are_replaced(name):
    """Memory, gradient, vector and settings may be others from one step to the next."""
    rng = np.random.default_rng(0)
    found = []
    for anew in (False, True):
        vector, gradient = np.ones(100, np.float32), rng.standard_normal(100).astype(np.float32) * 0 + 1
        optimizer = engine.FusedOptimizer(name, vector, gradient)
        for k in range(6):
            if k % 2 or anew:
                optimizer.vector, optimizer.gradient = optimizer.vector.copy(), optimizer.gradient.copy()
                optimizer.memory = {key: value.copy() for key, value in optimizer.memory.items()}
            for key, value in optimizer.settings.items():
                if isinstance(value, float) and k == 3:
                    optimizer.settings[key] = value / 2
            optimizer.gradient *= np.float32(1.5)
            optimizer.step(0.1 / (k + 1))
        found.append(optimizer.vector.tobytes())
    assert found[0] == found[1]


def test_memory_of_another_size_is_refused():
    """A kernel would write past its end."""
    optimizer = engine.FusedOptimizer("momentum", np.ones(10, np.float32), np.ones(10, np.float32))
    optimizer.step(0.1)
    optimizer.memory["v"] = np.ones(3, np.float32)
    with pytest.raises(UsageError, match="one shape"):
        optimizer.step(0.1)


def test_a_copied_optimizer_goes_on_by_itself():
    """With vectors of its own, from where the original stood."""
    one = engine.FusedOptimizer("adam", np.ones(10, np.float32), np.ones(10, np.float32))
    one.step(0.1)
    two = pickled(one)
    before = one.vector.copy()
    two.step(0.1)
    np.testing.assert_array_equal(one.vector, before)
    one.step(0.1)
    np.testing.assert_array_equal(one.vector, two.vector)


def test_the_oldest_program_goes():
    """However many sizes of batches come by, what is kept stays small."""
    programs = Programs()
    for k in range(MOST + 5):
        assert programs.get(k) is None
        assert programs.keep(k, str(k)) == str(k)
    assert [programs.get(k) for k in range(6)] == [None] * 5 + ["5"]
    assert copy.deepcopy(programs).get(10) is None
