"""One network in several threads: every result is what the thread would get alone, or an error says why."""

import copy
import os
import pickle
import threading

import numpy as np
import pytest

from convlens import engine
from convlens.errors import UsageError
from convlens.layers import SoftmaxWithLoss
from convlens.networks import Network
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Sigmoid
from sharing import THREADS, results_of

RNG = np.random.default_rng(0)
SPEC = NetworkSpec(
    "shared", (1, 10, 10), (Convolution(4, 3), Relu(), Pooling(2), Affine(12), Sigmoid(), Affine(5))
)
SIZES = (40, 7, 300, 90)
BATCHES = [(RNG.random((n, 1, 10, 10), np.float32), RNG.integers(0, 5, n)) for n in SIZES]


def gradients_of(network, x, t):
    """What a careful user reads after a pass."""
    network.loss_and_gradient(x, t)
    return {name: value.copy() for name, value in network.grads.items()}


CALLS = {
    "predict": lambda network, x, t: network.predict(x),
    "loss": lambda network, x, t: network.loss(x, t),
    "accuracy": lambda network, x, t: network.accuracy(x, t, batch_size=33),
    "evaluate": lambda network, x, t: network.evaluate(x, t),
    "activations": lambda network, x, t: network.activations(x),
    "loss_and_gradient": lambda network, x, t: network.loss_and_gradient(x, t),
    "gradient": lambda network, x, t: network.gradient(x, t),
    "of an index": lambda network, x, t: network.loss_and_gradient(x, t, np.arange(0, len(x), 2)),
    "compiled": lambda network, x, t: network.compiled(len(x)).predict(x),
    "copied": lambda network, x, t: copy.deepcopy(network).predict(x),
    "pickled": lambda network, x, t: pickle.loads(pickle.dumps(network)).predict(x),  # noqa: S301
    "last_layer": lambda network, x, t: network.evaluate(x, np.eye(5, dtype=int)[t]),
}


def same(found, wanted):
    """Whether two results are equal, bit for bit."""
    if isinstance(wanted, dict):
        return list(found) == list(wanted) and all(same(found[name], value) for name, value in wanted.items())
    return bool(np.array_equal(found, wanted)) if isinstance(wanted, np.ndarray) else found == wanted


@pytest.mark.parametrize("kind", ["fused", "layers"])
@pytest.mark.parametrize("method", CALLS)
def test_each_thread_gets_what_it_would_get_alone(method, kind):
    """Four threads call one method of one network, with batches of four sizes, many times."""
    network, call = Network(SPEC, engine=kind), CALLS[method]
    wanted = [call(network, *batch) for batch in BATCHES]
    network = Network(SPEC, engine=kind)
    found = results_of(lambda place: call(network, *BATCHES[place]), range(THREADS))
    assert [
        [same(one, alone) for one in row].count(False) for row, alone in zip(found, wanted, strict=True)
    ] == [0] * 4


@pytest.mark.parametrize("kind", ["fused", "layers"])
def test_all_methods_together(kind):
    """Threads that call different methods do not disturb each other either."""
    network = Network(SPEC, engine=kind)
    names = ["predict", "gradient", "activations", "evaluate", "loss_and_gradient"]
    wanted = [CALLS[name](network, *BATCHES[0]) for name in names]
    found = results_of(lambda name: CALLS[name](network, *BATCHES[0]), names)
    assert all(same(one, alone) for row, alone in zip(found, wanted, strict=True) for one in row)


@pytest.mark.parametrize("kind", ["fused", "layers"])
def test_gradients_read_after_a_pass_are_the_threads_own(kind):
    """`grads` show this thread's latest pass; if another one has made a pass since, they say so."""
    network = Network(SPEC, engine=kind)
    wanted = [gradients_of(Network(SPEC, engine=kind), *batch) for batch in BATCHES]
    found = results_of(lambda place: gradients_of(network, *BATCHES[place]), range(THREADS))
    for row, alone in zip(found, wanted, strict=True):
        for one in row:
            assert isinstance(one, UsageError) or same(one, alone)
            if isinstance(one, UsageError):
                assert str(one).startswith("`grads` of shared are of another thread's pass: use `gradient`")


@pytest.mark.parametrize("kind", ["fused", "layers"])
def test_a_turn_of_several_calls(kind):
    """Within `with network.turn:` a pass and its `grads` belong together."""
    network = Network(SPEC, engine=kind)
    wanted = [gradients_of(Network(SPEC, engine=kind), *batch) for batch in BATCHES]

    def within(place):
        with network.turn:
            return gradients_of(network, *BATCHES[place])

    found = results_of(within, range(THREADS))
    assert all(same(one, alone) for row, alone in zip(found, wanted, strict=True) for one in row)


@pytest.mark.parametrize("kind", ["fused", "layers"])
def test_gradients_of_a_thread_that_has_ended(kind):
    """A thread that made no pass of its own sees the latest of all, such as a worker's."""
    network = Network(SPEC, engine=kind)
    thread = threading.Thread(target=network.loss_and_gradient, args=BATCHES[0])
    thread.start()
    thread.join()
    assert same(dict(network.grads), gradients_of(Network(SPEC, engine=kind), *BATCHES[0]))


def test_a_plan_in_several_threads():
    """Scores are right; a second thread's step is refused while the first may read `gradients`."""
    network = Network(SPEC)
    plan = engine.compile(network.layers, SoftmaxWithLoss(), (1, 10, 10), 300)
    wanted = [plan.predict(x) for x, _ in BATCHES]
    found = results_of(lambda place: plan.predict(BATCHES[place][0]), range(THREADS))
    assert all(same(one, alone) for row, alone in zip(found, wanted, strict=True) for one in row)
    plan.loss_and_gradient(*BATCHES[0])
    (refused,) = results_of(lambda batch: plan.loss_and_gradient(*batch), [BATCHES[1]], rounds=1)[0]
    assert isinstance(refused, UsageError)
    assert str(refused) == "`gradients` of this plan are another thread's. Compile a plan a thread."


def test_a_fused_optimizer_in_several_threads():
    """As many steps as threads ask for, each a whole one."""
    vector, gradient = np.zeros(3000, np.float32), np.ones(3000, np.float32)
    shared, alone = (engine.FusedOptimizer("adam", vector.copy(), gradient) for _ in range(2))
    results_of(lambda _: shared.step(0.01), range(THREADS))
    for _ in range(shared.iter):
        alone.step(0.01)
    assert shared.iter == THREADS * 30
    np.testing.assert_array_equal(shared.vector, alone.vector)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_predicts_while_the_parents_thread_was_within_a_turn():
    """It does not wait for a thread that does not exist in it."""
    network = Network(SPEC, engine="layers")
    wanted = network.predict(BATCHES[1][0])
    taken, done = threading.Event(), threading.Event()

    def hold():
        with network.turn:
            taken.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(network.predict(BATCHES[1][0]), wanted) else 1)
    status = os.waitpid(child, 0)[1]
    done.set()
    thread.join()
    assert os.waitstatus_to_exitcode(status) == 0
