"""Training in one thread while others use the network: right, or refused in one line."""

import copy
import threading

import numpy as np
import pytest
from small_trainers import TT, XT, Listener, T, X, tiny, trainer_of
from test_learner import Plain

from convlens import Trainer
from convlens.errors import UsageError
from convlens.training import OPTIMIZERS, Adam, Callback
from sharing import results_of


class Meanwhile(Callback):
    """Lets another thread do something at the first step, and remembers what came of it."""

    def __init__(self, call):
        self.call, self.result = call, None

    def on_step(self, trainer, loss):
        if trainer.current_iter == 0:
            self.result = results_of(lambda _: self.call(trainer), [None], rounds=1)[0][0]


class Predicting(Listener):
    """Predicts, and asks for gradients, in the thread that trains."""

    def on_step(self, trainer, loss):
        super().on_step(trainer, loss)
        assert np.isfinite(trainer.network.predict(XT)).all()
        trainer.network.gradient(XT, TT)


def alone(**changes):
    """The losses and the vector of a training that nobody disturbs."""
    trainer = trainer_of(tiny(), **changes)
    trainer.train()
    return trainer.train_loss_list, trainer.network.params.vector


@pytest.mark.parametrize("engine", ["fused", "layers"])
@pytest.mark.parametrize("method", ["predict", "gradient", "loss_and_gradient", "evaluate", "activations"])
def test_others_use_the_network_meanwhile(method, engine):
    """Threads that predict, judge and ask for gradients change nothing in the training beside them."""
    network, stop = tiny(), threading.Event()
    arguments = (XT,) if method in {"predict", "activations"} else (XT, TT)
    trainer = trainer_of(network, engine=engine, epochs=6)

    def others():
        while not stop.is_set():
            getattr(network, method)(*arguments)

    threads = [threading.Thread(target=others) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        trainer.train()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    losses, vector = alone(engine=engine, epochs=6)
    assert trainer.train_loss_list == losses
    np.testing.assert_array_equal(network.params.vector, vector)


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_a_callback_of_the_same_thread(engine):
    """A callback may use the network that is being trained, and waits for nobody."""
    trainer = trainer_of(tiny(), engine=engine, callbacks=[Predicting()])
    trainer.train()
    assert trainer.train_loss_list == alone(engine=engine)[0]


def second(trainer):
    """Train the same network with another Trainer."""
    Trainer(trainer.network, X, T, XT, TT, 1, 16, verbose=False).train()


def same_step(trainer):
    """One more step of the same Trainer."""
    trainer.train_step()


def same(trainer):
    """The same Trainer once more."""
    trainer.train()


@pytest.mark.parametrize("make", [tiny, Plain], ids=["ours", "hand-written"])
@pytest.mark.parametrize("call", [second, same, same_step])
def test_a_second_thread_that_trains_the_same_network_is_refused(call, make):
    """It hears so in one line; the first one's training is as if nothing had happened."""
    network, meanwhile, losses = make(), Meanwhile(call), []
    data = (X, T) if make is tiny else (X[:, :, :4, :4], T)
    for callbacks in ([meanwhile], []):
        trainer = Trainer(make() if losses else network, *data, *data, 2, 16, verbose=False, engine="layers")
        trainer.callbacks += callbacks
        if call is second and make is Plain and callbacks:
            meanwhile.call = lambda t: Trainer(t.network, *data, *data, 1, 16, verbose=False).train()
        trainer.train()
        losses.append(trainer.train_loss_list)
    assert isinstance(meanwhile.result, UsageError)
    assert str(meanwhile.result) == (
        f"this {type(network).__name__} is being trained by another thread: wait for it, or train a copy. "
        "Got a second thread beside 'MainThread'."
    )
    assert losses[0] == losses[1]


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_one_optimizer_in_two_threads_is_refused(engine):
    """Two Trainers would mix up what it remembers."""
    adam = Adam(0.01)
    other = trainer_of(tiny(), optimizer=adam, optimizer_param=None, engine=engine)
    meanwhile = Meanwhile(lambda _: other.train())
    trainer_of(tiny(), optimizer=adam, optimizer_param=None, engine=engine, callbacks=[meanwhile]).train()
    assert str(meanwhile.result).startswith("this Adam serves another thread's Trainer: give each its own.")


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_trainings_side_by_side(engine):
    """Trainers of networks of their own, copies of one, train in several threads as each would alone."""
    network = tiny()

    def train(_):
        trainer = trainer_of(copy.deepcopy(network), engine=engine, optimizer="Adam")
        trainer.train()
        return trainer.train_loss_list

    wanted = train(0)
    assert all(losses == wanted for row in results_of(train, range(3), rounds=3) for losses in row)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_of_several_threads(name):
    """An optimizer's update is a whole one: as many as were asked for, one after the other."""
    shared, single = OPTIMIZERS[name](0.01), OPTIMIZERS[name](0.01)
    params, alone_, grads = ({"W": np.ones(20000)} for _ in range(3))
    results_of(lambda _: shared.update(params, grads), range(4), rounds=10)
    for _ in range(40):
        single.update(alone_, grads)
    assert shared.iter == 40
    np.testing.assert_array_equal(params["W"], alone_["W"])


def test_one_trainer_step_by_step_in_several_threads():
    """Threads that take their steps one after the other train as one thread would."""
    trainer = trainer_of(tiny())
    for _ in range(trainer.max_iter):
        assert results_of(lambda _: trainer.train_step(), [None], rounds=1) == [[None]]
    assert trainer.train_loss_list == alone()[0]
