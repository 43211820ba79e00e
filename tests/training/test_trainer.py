"""The Trainer: batches, evaluations, recorded losses, printed lines."""

import re

import numpy as np
import pytest
from small_trainers import TT, XT, Listener, T, X, tiny, trainer_of

from convlens import Trainer
from convlens.data import batch_index, epoch_order
from convlens.networks import Network
from convlens.spec import Affine, NetworkSpec
from convlens.training import SGD, Adam


def watched():
    """A network of one affine layer that writes down which samples each update sees."""
    network = Network(NetworkSpec("watched", (1, 6, 6), (Affine(3),)))
    network.seen = []
    own = network.loss_and_gradient

    def loss_and_gradient(x, t, index=None):
        network.seen.append(index.tolist())
        return own(x, t, index)

    network.loss_and_gradient = loss_and_gradient
    return network


class Decayed(Network):
    """A network of one's own: ours, with weight decay in its gradient."""

    def gradient(self, x, t):
        return {name: grad + 0.1 * self.params[name] for name, grad in super().gradient(x, t).items()}


def test_an_overridden_gradient_is_used():
    """A subclass of our networks that changes `gradient` is trained by its own."""
    spec = NetworkSpec("decayed", (1, 6, 6), (Affine(3),))
    own, ours = Decayed(spec), Network(spec)
    for network in (own, ours):
        trainer_of(network).train_step()
    assert not np.array_equal(own.params.vector, ours.params.vector)


def test_each_epoch_is_one_pass():
    """50 samples in batches of 16 are 4 updates; each epoch sees every sample once, in its own order."""
    network = watched()
    trainer_of(network, seed=3).train()
    assert [len(batch) for batch in network.seen] == [16, 16, 16, 2] * 2
    for epoch in (0, 1):
        order = [i for batch in network.seen[4 * epoch : 4 * epoch + 4] for i in batch]
        assert order == epoch_order(3, epoch, 50).tolist()
        assert sorted(order) == list(range(50))


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 50), (7, 8), (16, 4), (25, 2), (50, 1)])
@pytest.mark.parametrize("epochs", [1, 3])
def test_lengths(batch_size, steps, epochs):
    """One loss an update, one evaluation an epoch, whether the sizes divide or not."""
    trainer = trainer_of(tiny(), epochs=epochs, mini_batch_size=batch_size)
    assert (trainer.iter_per_epoch, trainer.max_iter) == (steps, epochs * steps)
    trainer.train()
    assert len(trainer.train_loss_list) == epochs * steps == trainer.current_iter
    assert len(trainer.train_acc_list) == len(trainer.test_acc_list) == epochs == trainer.current_epoch


def test_the_recorded_loss_is_the_gradient_passs():
    """Each loss is that of the batch before its update, and costs no further pass."""
    listener, network = Listener(), tiny(dtype="float64")
    trainer = trainer_of(network, callbacks=[listener])
    before, twin = tiny(dtype="float64").params.vector, tiny(dtype="float64")
    trainer.train()
    for step, loss in enumerate(trainer.train_loss_list):
        twin.params.vector[:] = before
        index = batch_index(0, step, 50, 16)
        assert loss == pytest.approx(twin.loss(X[index], T[index]), rel=1e-12)
        before = listener.vectors[step]
    assert trainer.train_loss_list == listener.losses


def test_evaluation_at_each_epochs_end():
    """The scores of an epoch are those of the network after its last update, on the pictures asked for."""
    listener, twin = Listener(), tiny()
    trainer = trainer_of(
        tiny(), evaluate_sample_num_per_epoch=10, validation=(XT[5:], TT[5:]), callbacks=[listener]
    )
    trainer.train()
    for epoch, scores in enumerate(listener.scores):
        twin.params.vector[:] = listener.vectors[4 * epoch + 3]
        assert scores.epoch == epoch + 1
        assert scores.train == twin.evaluate(X[:10], T[:10])
        assert scores.test == twin.evaluate(XT[:10], TT[:10])
        assert scores.validation == twin.evaluate(XT[5:], TT[5:])
    assert trainer.train_acc_list == [scores.train.accuracy for scores in listener.scores]
    assert trainer.test_acc_list == [scores.test.accuracy for scores in listener.scores]
    assert trainer.final_test_acc == twin.accuracy(XT, TT)


def test_callbacks_hear_in_order():
    """Start, then steps and evaluations as they happen, then the end."""
    listener = Listener()
    trainer_of(tiny(), callbacks=[listener]).train()
    assert listener.heard == ["start", *["step"] * 4, "epoch", *["step"] * 4, "epoch", "end"]


def test_training_learns():
    """Labels that follow from the pictures, a bright bar in one of three places, are learned to 100 %."""
    x = X * 0.2
    for sample, label in enumerate(T):
        x[sample, 0, :, 2 * label] += 1
    trainer = Trainer(tiny(), x, T, x, T, 40, 10, "Adam", {"lr": 0.02}, verbose=False)
    trainer.train()
    assert trainer.train_acc_list[-1] == trainer.final_test_acc == 1.0
    assert np.mean(trainer.train_loss_list[-5:]) < np.mean(trainer.train_loss_list[:5]) / 5


def test_seeds():
    """The same seed gives the same losses bit for bit; another order gives others."""
    losses = []
    for seed in (0, 0, 1):
        trainer = trainer_of(tiny(), seed=seed)
        trainer.train()
        losses.append(trainer.train_loss_list)
    assert losses[0] == losses[1] != losses[2]


def test_train_goes_on_where_it_stands():
    """Steps by hand and `train()` together are the same training as `train()` alone."""
    whole, parts = trainer_of(tiny()), trainer_of(tiny())
    whole.train()
    for _ in range(3):
        parts.train_step()
    parts.train()
    assert parts.train_loss_list == whole.train_loss_list
    np.testing.assert_array_equal(parts.network.params.vector, whole.network.params.vector)
    parts.train()
    assert len(parts.train_loss_list) == 8


def test_the_books_protocol_step_by_step():
    """Batches with replacement from np.random, a second loss after the update, evaluation after step 1."""
    np.random.seed(3)
    network = tiny(protocol="book")
    listener = Listener()
    trainer = trainer_of(network, callbacks=[listener])
    trainer.train()
    assert (trainer.iter_per_epoch, trainer.max_iter) == (3, 6)
    assert listener.heard == [
        "start",
        "step",
        "epoch",
        "step",
        "step",
        "step",
        "epoch",
        "step",
        "step",
        "end",
    ]
    np.random.seed(3)
    twin = tiny(protocol="book")
    for step, loss in enumerate(trainer.train_loss_list):
        index = np.random.choice(50, 16)
        twin.params.vector[:] = listener.vectors[step]
        assert loss == pytest.approx(twin.loss(X[index], T[index]), rel=1e-12)


def test_the_protocol_is_the_networks_unless_said():
    """`protocol=` of the Trainer comes before the network's own."""
    np.random.seed(0)
    assert trainer_of(tiny(protocol="book")).iter_per_epoch == 3
    assert trainer_of(tiny(protocol="book"), protocol="standard").iter_per_epoch == 4
    assert trainer_of(tiny(), protocol="book").iter_per_epoch == 3


def test_the_books_printed_lines(capsys):
    """A line a step, a line an epoch, and the final accuracy, worded as in the book."""
    trainer = trainer_of(tiny(), verbose=True)
    trainer.train()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"train loss:{trainer.train_loss_list[0]}"
    accuracies = f"train acc:{trainer.train_acc_list[0]}, test acc:{trainer.test_acc_list[0]}"
    assert lines[4] == f"=== epoch:1, {accuracies} ==="
    assert lines[9].startswith("=== epoch:2, train acc:")
    assert lines[10:] == [
        "=============== Final Test Accuracy ===============",
        f"test acc:{trainer.final_test_acc}",
    ]
    assert all(re.fullmatch(r"train loss:\d\.\d+", line) for line in lines[:4] + lines[5:9])


def test_silence(capsys):
    """verbose=False prints nothing."""
    trainer_of(tiny()).train()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("labels", [T[:, None], np.eye(3)[T]])
def test_labels_in_any_form(labels):
    """A column of class numbers and one-hot rows train as class numbers do."""
    expected, found = (
        trainer_of(tiny()),
        Trainer(tiny(), X, labels, XT, TT, 2, 16, "SGD", {"lr": 0.1}, None, False),
    )
    expected.train()
    found.train()
    assert found.train_loss_list == expected.train_loss_list


def test_defaults_are_the_books():
    """20 epochs, batches of 100, SGD at 0.01, all pictures judged, lines printed."""
    x, t = np.concatenate([X, X, X]), np.concatenate([T, T, T])
    trainer = Trainer(tiny(), x, t, XT, TT)
    assert (trainer.epochs, trainer.batch_size, trainer.evaluate_sample_num_per_epoch) == (20, 100, None)
    assert repr(trainer.optimizer) == "SGD(lr=0.01)"
    assert trainer.verbose
    assert (trainer.train_size, trainer.current_iter, trainer.current_epoch) == (150, 0, 0)
    assert trainer.train_loss_list == trainer.train_acc_list == trainer.test_acc_list == []


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_an_optimizer_itself(engine):
    """An optimizer may be given instead of its name: it is the one that trains, with its own arguments."""
    one = trainer_of(tiny(), optimizer="Adam", optimizer_param={"lr": 0.02, "beta1": 0.5}, engine=engine)
    adam = Adam(0.02, beta1=0.5)
    two = trainer_of(tiny(), optimizer=adam, optimizer_param=None, engine=engine)
    assert two.optimizer is adam
    one.train()
    two.train()
    assert one.train_loss_list == two.train_loss_list
    assert adam.iter == two.max_iter


def test_an_optimizer_of_ones_own():
    """A class of one's own trains, on the engine too."""

    class Signs(SGD):
        """Steps of one size."""

        def rule(self, p, g, *memory):
            """Follow the sign."""
            p -= self.lr * np.sign(g)

    trainer = trainer_of(tiny(), optimizer=Signs(0.001), optimizer_param=None, epochs=1)
    before = trainer.network.params.vector.copy()
    trainer.train_step()
    steps = np.abs(trainer.network.params.vector - before)
    np.testing.assert_allclose(steps[steps > 0], 0.001, rtol=1e-3)
    assert steps.any()
