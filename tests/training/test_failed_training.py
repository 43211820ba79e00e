"""Training that went wrong is not handed back as a success: a line says so, or an error."""

import numpy as np
import pytest
from small_trainers import TT, XT, T, X, tiny, trainer_of
from test_hand_written import Decayed, Notes, Written
from test_learner import Plain

from convlens import LeNet, SimpleConvNet, Trainer
from convlens.data import load_mnist
from convlens.errors import DivergedError

(MX, MT), (MXT, MTT) = load_mnist(flatten=False)


def trained(network, lr, optimizer="sgd", epochs=2, n=600, **changes):
    """What the Trainer notes while it trains on a few hundred digits."""
    notes = Notes()
    data = (MX[:n], MT[:n], MXT[:100], MTT[:100])
    arguments = {"verbose": False, "callbacks": [notes], **changes}
    Trainer(network, *data, epochs, 100, optimizer, {"lr": lr}, **arguments).train()
    return notes.lines


@pytest.mark.parametrize(
    ("make", "optimizer", "lr"),
    [
        (SimpleConvNet, "adam", 1.0),
        (SimpleConvNet, "momentum", 3.0),
        (LeNet, "adam", 0.5),
        (lambda: SimpleConvNet(engine="layers"), "adam", 1.0),
    ],
)
def test_units_that_have_died_are_said(make, optimizer, lr):
    """A network that answers every picture alike has failed; the line names the learning rate."""
    (line,) = trained(make(), lr, optimizer)
    assert line == (
        "training has failed: the network gives the same scores to every picture; "
        f"a learning rate below {lr:g} usually helps"
    )


@pytest.mark.parametrize("engine", ["fused", "layers"])
@pytest.mark.parametrize(
    ("optimizer", "lr"), [("adam", 1e6), ("sgd", 1e6), ("adagrad", 1e5), ("rmsprop", 1e4)]
)
def test_losses_beyond_any_sense_are_an_error(optimizer, lr, engine):
    """A loss of 10²² is none: the error names the step, the first loss and the remedy, and exits with 3."""
    words = r"the loss (grew to \S+ at step \d+ \(epoch \d\), from 2.3|became (nan|inf)).* rate usually helps"
    with pytest.raises(DivergedError, match=words) as raised:
        trained(SimpleConvNet(engine=engine), lr, optimizer)
    assert raised.value.exit_code == 3


def test_a_loss_that_has_grown_is_said():
    """A network that tells pictures apart, but worse than it began, has failed as well."""
    listener = Notes()
    network = tiny()
    trainer = trainer_of(network, optimizer_param={"lr": 1e-6}, callbacks=[listener], epochs=1)
    network.params["W3"] *= 100
    own = trainer._learner.loss_and_gradient
    trainer._learner.loss_and_gradient = lambda batch: own(batch) * (1 + 5 * batch.step)
    trainer.train()
    (line,) = listener.lines
    assert line.startswith("training has failed: the loss rose from ")
    assert line.endswith("a learning rate below 1e-06 usually helps")


@pytest.mark.parametrize(("make", "optimizer", "lr"), [
    (SimpleConvNet, "adam", 0.001), (LeNet, "adam", 0.002), (LeNet, "sgd", 0.001),
    (SimpleConvNet, "sgd", 1e-9), (lambda: SimpleConvNet(dtype="float64", protocol="book"), "adam", 0.001),
])  # fmt: skip
def test_nothing_is_said_of_the_others(make, optimizer, lr):
    """A training that learns, or has hardly begun to, needs no remark."""
    np.random.seed(0)
    assert trained(make(), lr, optimizer) == []


class Dead(Written):
    """A class of one's own whose units die."""

    def __init__(self):
        super().__init__()
        self.params["b1"] -= 1e3


@pytest.mark.parametrize("engine", [None, "layers"])
def test_hand_written_classes_die_too(engine):
    """On the engine or as it is written, and the line is the same."""
    rng, listener = np.random.default_rng(0), Notes()
    x, t = rng.random((40, 1, 8, 8)), rng.integers(0, 3, 40)
    Trainer(Dead(), x, t, x, t, 1, 10, verbose=False, engine=engine, callbacks=[listener]).train()
    assert "training has failed: the network gives the same scores to every picture" in listener.lines[-1]


def test_pictures_that_are_all_one_say_nothing():
    """Equal scores for equal pictures are right."""
    listener = Notes()
    Trainer(tiny(), X, T, X[[1] * 20], TT, 1, 10, verbose=False, callbacks=[listener]).train()
    assert listener.lines == []


@pytest.mark.parametrize("verbose", [True, False])
def test_the_line_is_printed_where_lines_are(verbose, capsys):
    """verbose=True prints it before the final accuracy; verbose=False prints nothing."""
    trained(SimpleConvNet(), 1.0, "adam", verbose=verbose)
    printed = capsys.readouterr().out
    assert printed.count("training has failed") == verbose


SETS = ["train", "test", "validation"]


@pytest.mark.parametrize("make", [tiny, Plain], ids=["ours", "hand-written"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("which", SETS)
def test_a_picture_that_is_not_finite_is_named(which, value, make):
    """Of whichever set it is, with its number in it."""
    side = 6 if make is tiny else 4
    pictures = {name: x[:, :, :side, :side].copy() for name, x in zip(SETS, (X, XT, XT), strict=True)}
    pictures[which][13, 0, 2, 1] = value
    x, xt, xv = (pictures[name] for name in SETS)
    trainer = Trainer(make(), x, T, xt, TT, 1, 50, verbose=False, engine="layers", validation=(xv, TT))
    words = rf"the pictures themselves hold NaN or infinity: x_{which}\[13\]\."
    with pytest.raises(DivergedError, match=words):
        trainer.train()


@pytest.mark.parametrize("name", ["W1", "b2", "W3"])
@pytest.mark.parametrize("make", [tiny, Decayed], ids=["ours", "hand-written"])
def test_weights_that_were_nan_before_the_first_step(make, name):
    """No learning rate helps them, so none is recommended."""
    network = make()
    name = name if name in network.params else "W2"
    network.params[name].flat[0] = np.nan
    rng = np.random.default_rng(0)
    x = X if make is tiny else rng.random((50, 1, 8, 8))
    trainer = Trainer(network, x, T, x[:20], TT, 1, 50, verbose=False)
    with pytest.raises(DivergedError) as raised:
        trainer.train()
    assert "does not help: it was there before the first update" in str(raised.value)
    assert "usually helps" not in str(raised.value)


@pytest.mark.parametrize("which", ["x_train", "x_test"])
def test_floats_that_look_like_bytes_are_said(which):
    """They are taken as they are, and one line says what usually trains better."""
    listener = Notes()
    sets = {"x_train": X, "x_test": XT}
    sets[which] = np.round(sets[which] * 255)
    Trainer(tiny(), sets["x_train"], T, sets["x_test"], TT, 1, 50, "sgd", {"lr": 1e-6}, callbacks=[listener],
            verbose=False).train()  # fmt: skip
    words = f"{which} holds floats up to {sets[which].max():g}, which are taken as they are: "
    assert listener.lines == [f"{words}{which} / 255 usually trains better"]


@pytest.mark.parametrize(
    "x", [X, 3 * X - 1, (X * 255).astype(np.uint8), 1000 * X], ids=["0-1", "-1-2", "bytes", "1000"]
)
def test_other_pictures_need_no_remark(x):
    """Scaled, standardised and bytes are as they should be; larger numbers are no bytes."""
    listener = Notes()
    Trainer(tiny(), x, T, x[:20], TT, 1, 50, "sgd", {"lr": 1e-9}, verbose=False, callbacks=[listener]).train()
    assert listener.lines == []
