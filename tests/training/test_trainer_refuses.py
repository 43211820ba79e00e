"""The Trainer: what it refuses, and what it says when training diverges."""

import re

import numpy as np
import pytest
from small_trainers import TT, XT, T, X, tiny, trainer_of

from convlens import Trainer
from convlens.errors import DivergedError, ShapeError, UsageError
from convlens.runs.settings import SETTINGS
from convlens.training import Adam, Callback


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"epochs": 0}, UsageError, r"`epochs` of Trainer must be a positive int. Got 0"),
        ({"epochs": 1.5}, UsageError, r"`epochs` of Trainer"),
        ({"mini_batch_size": -1}, UsageError, r"`mini_batch_size` of Trainer must be a positive int. Got -1"),
        ({"mini_batch_size": True}, UsageError, r"`mini_batch_size` of Trainer"),
        ({"evaluate_sample_num_per_epoch": 0}, UsageError, r"`evaluate_sample_num_per_epoch` of Trainer"),
        ({"optimizer": "adamax"}, UsageError, r"no optimizer 'adamax'. There are: sgd, momentum, nesterov"),
        ({"optimizer_param": {"rate": 1}}, UsageError, r"SGD takes lr, weight_decay. Got rate"),
        ({"seed": -1}, UsageError, r"`seed` of Trainer must be an int ≥ 0. Got -1"),
        (
            {"protocol": "mine"},
            UsageError,
            r"`protocol` of Trainer must be one of standard, book. Got 'mine'",
        ),
        ({"clip_norm": -1}, UsageError, r"`clip_norm` of Trainer must be 0 or more and finite. Got -1."),
        ({"clip_norm": np.inf}, UsageError, r"`clip_norm` of Trainer must be 0 or more and finite. Got inf."),
        ({"clip_norm": None}, UsageError, r"`clip_norm` of Trainer must be 0 or more and finite. Got None."),
        ({"ema": 1}, UsageError, r"`ema` of Trainer must be at least 0 and below 1. Got 1."),
        ({"ema": True}, UsageError, r"`ema` of Trainer must be at least 0 and below 1. Got True."),
        ({"ema": np.nan}, UsageError, r"`ema` of Trainer must be at least 0 and below 1. Got nan."),
        ({"warm_up": 2.5}, UsageError, r"`warm_up` of Trainer must be 0 to its epochs, 2. Got 2.5."),
        ({"warm_up": "1"}, UsageError, r"`warm_up` of Trainer must be 0 to its epochs, 2. Got '1'."),
        ({"weight_decay": -1}, UsageError, r"`weight_decay` of SGD must be 0 or more and finite. Got -1."),
        ({"validation": (XT, TT[:3])}, ShapeError, r"`x_validation` and `t_validation` .* Got 20 and 3"),
    ],
)
def test_wrong_arguments(changes, error, words):
    """Each is refused before anything is trained, in one line."""
    with pytest.raises(error, match=words) as raised:
        trainer_of(tiny(), **changes)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("value", [10**30, 10**4000, np.int64(2**62), 10**9], ids=type)
@pytest.mark.parametrize("name", ["epochs", "mini_batch_size", "evaluate_sample_num_per_epoch"])
@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_more_than_anybody_can_wait_for(name, value, protocol):
    """A number of things has an upper limit, as on the command line; the message says it."""
    with pytest.raises(UsageError, match=f"`{name}` of Trainer must be at most .*0. Got ") as raised:
        trainer_of(tiny(), protocol=protocol, **{name: value})
    assert len(str(raised.value)) < 200


def test_the_limits_are_those_of_a_run():
    """What the command line takes, the Trainer takes."""
    most = SETTINGS["epochs"].most
    assert trainer_of(tiny(), epochs=most).epochs == most
    with pytest.raises(UsageError, match=r"`epochs` of Trainer must be at most 1,000,000. Got 1000001."):
        trainer_of(tiny(), epochs=most + 1)


class NoCallback:
    """Hears what a callback hears, but is none."""

    def on_step(self, trainer, loss):
        """Hear nothing."""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"callbacks": None}, "`callbacks` of Trainer must be a list of .* Got None."),
        ({"callbacks": Callback()}, "`callbacks` of Trainer must be .* Got an object of type Callback."),
        ({"callbacks": [Callback]}, r"Got the class Callback: call it, Callback\(\)."),
        ({"callbacks": [Callback(), NoCallback()]}, "Got an object of type NoCallback among them."),
        ({"callbacks": "abc"}, "`callbacks` of Trainer must be .* Got 'abc'."),
        ({"validation": 5}, r"`validation` of Trainer must be a pair \(pictures, labels\) or None. Got 5."),
        ({"validation": (XT, TT, TT)}, "`validation` of Trainer must be a pair .* Got 3 things."),
        ({"validation": (XT, None)}, "`t_validation` of Trainer must be an array of numbers"),
        ({"schedule": ["cosine"]}, r"there is no schedule \['cosine'\]. There are: constant, "),
        ({"schedule": None}, "there is no schedule None."),
        ({"optimizer": None}, "there is no optimizer None."),
        ({"optimizer": Adam, "optimizer_param": None}, r"must be a name or an optimizer: Adam\(\), called."),
        ({"optimizer_param": 5}, "`optimizer_param` must be a dict such as .* Got 5."),
        ({"optimizer_param": ["lr"]}, r"`optimizer_param` must be a dict such as .* Got \['lr'\]."),
        ({"optimizer_param": {"lr": "0.1"}}, "`lr` of SGD must be above 0 and finite. Got '0.1'."),
        ({"seed": True}, "`seed` of Trainer must be an int ≥ 0. Got True."),
        ({"seed": 1.5}, "`seed` of Trainer must be an int ≥ 0. Got 1.5."),
        ({"protocol": ["book"]}, "`protocol` of Trainer must be one of standard, book."),
        ({"engine": ["fused"]}, "`engine` must be one of fused, layers."),
        ({"threads": 0, "engine": "layers"}, "`threads` must be between 1 and .* Got 0."),
        ({"threads": "2", "protocol": "book"}, "`threads` must be between 1 and .* Got '2'."),
        ({"threads": True, "engine": "fused"}, "`threads` must be between 1 and .* Got True."),
        ({"mini_batch_size": 51}, "`mini_batch_size` of Trainer must be at most the number .*, 50. Got 51."),
        ({"evaluate_sample_num_per_epoch": "5"}, "`evaluate_sample_num_per_epoch` of Trainer .* Got '5'."),
    ],
)
def test_arguments_of_another_kind(changes, words):
    """What is no value of the argument's kind at all is refused by name, too, with what it must be."""
    with pytest.raises(UsageError, match=words) as raised:
        trainer_of(tiny(), **changes)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("x", "t", "words"),
    [
        (None, T, "`x_train` of Trainer must be an array of numbers, one for each picture. Got None."),
        (X, None, "`t_train` of Trainer must be an array of numbers"),
        ("abc", T, "`x_train` .* Got 'abc'."),
        (5, T, "`x_train` .* Got 5."),
        ([[1], [1, 2]], [0, 1], "`x_train` of Trainer must be one array: its parts have different shapes."),
        (X.astype(object), T, "`x_train` .* Got an array of object."),
        (X.astype(str), T, "`x_train` .* Got an array of <U"),
        (X.astype(complex), T, "`x_train` .* Got an array of complex128."),
        (X, T.astype(str), "`t_train` .* Got an array of <U"),
    ],
)
def test_what_are_no_pictures_or_labels(x, t, words):
    """They are refused by name, before anything is trained."""
    with pytest.raises(UsageError, match=words):
        Trainer(tiny(), x, t, XT, TT, 1, 10, verbose=False)


def test_the_books_protocol_takes_batches_of_any_size():
    """It draws with replacement, so that some pictures come twice."""
    trainer = trainer_of(tiny(), protocol="book", mini_batch_size=70)
    trainer.train()
    assert len(trainer.train_loss_list) == trainer.max_iter


@pytest.mark.parametrize("part", ["train", "test"])
def test_pictures_without_labels(part):
    """As many pictures as labels are needed, at least one."""
    for x, t in ((X[:3], T[:2]), (X[:0], T[:0])):
        data = (x, t, XT, TT) if part == "train" else (X, T, x, t)
        with pytest.raises(ShapeError, match=rf"`x_{part}` and `t_{part}` of Trainer must have as many"):
            Trainer(tiny(), *data)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adagrad"])
@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_divergence_names_step_and_layer(optimizer, protocol):
    """A learning rate far too large ends in one error, without warnings, that says where and what helps."""
    np.random.seed(1)
    changes = {"optimizer_param": {"lr": 1e30}, "protocol": protocol, "epochs": 9}
    trainer = trainer_of(tiny(), optimizer=optimizer, **changes)
    with pytest.raises(DivergedError) as raised:
        trainer.train()
    found = re.fullmatch(
        r"the loss became (nan|inf|-inf) at step (\d+) \(epoch (\d+)\): the first NaN or infinity "
        r"(?:comes out of|is in `[Wb]\d?` of) layer (\w+); a smaller learning rate usually helps\.",
        str(raised.value),
    )
    assert found
    assert found[4] in trainer.network.layers
    assert int(found[2]) in {len(trainer.train_loss_list), len(trainer.train_loss_list) + 1}
    assert int(found[3]) == (int(found[2]) - 1) // trainer.iter_per_epoch + 1


def test_divergence_of_the_last_update():
    """A network that becomes infinite in its last update is not handed back as if it were trained."""
    trainer = trainer_of(tiny(), epochs=1, mini_batch_size=50, optimizer_param={"lr": 1e38})
    with pytest.raises(DivergedError, match=r"at step 1 \(epoch 1\)"):
        trainer.train()
    assert trainer.train_acc_list == []


def test_divergence_on_the_test_pictures():
    """Scores that are not finite are no final accuracy."""
    x_test = XT.copy()
    x_test[19] = np.nan
    trainer = Trainer(tiny(), X, T, x_test, TT, 1, 50, "SGD", {"lr": 0.1}, 1, verbose=False)
    with pytest.raises(
        DivergedError,
        match=r"at step 1 \(epoch 1\): the pictures themselves hold NaN or infinity: x_test\[19\].",
    ):
        trainer.train()
    assert trainer.final_test_acc is None


def test_divergence_in_the_place_that_is_named():
    """The layer named is the first one whose own parameter or output is not finite."""
    network = tiny()
    network.params["W2"][0, 0] = np.inf
    with pytest.raises(
        DivergedError, match=r"at step 1 \(epoch 1\): the first NaN .* in `W` of layer Affine1"
    ):
        trainer_of(network).train()


def test_divergence_with_bytes():
    """uint8 pictures are looked at as the network sees them, scaled: what is named does not change."""
    pictures = (X * 255).astype(np.uint8)
    messages = []
    for x in (pictures, pictures.astype(np.float32) / np.float32(255)):
        network = tiny()
        network.params["W1"] = np.full((2, 1, 3, 3), 3e37)  # unscaled, the convolution would overflow
        network.params["W2"] = np.full((8, 4), 3.0)
        trainer = Trainer(network, x, T, XT, TT, 1, 50, "SGD", {"lr": 0.1}, verbose=False)
        with pytest.raises(DivergedError) as raised:
            trainer.train()
        messages.append(str(raised.value))
    assert messages[0] == messages[1]
    assert "layer Affine1" in messages[0]


def test_nan_pictures():
    """Pictures that hold NaN are named as the cause, not a layer."""
    x = X.copy()
    x[7, 0, 0, 0] = np.nan
    trainer = Trainer(tiny(), x, T, XT, TT, 1, 16, "SGD", {"lr": 0.1}, verbose=False)
    with pytest.raises(
        DivergedError, match=r"\(epoch 1\): the pictures themselves hold NaN or infinity: x_train\[7\]."
    ):
        trainer.train()


def test_optimizers_that_do_not_fit():
    """Its arguments are its own, and one that remembers another training is not taken."""
    with pytest.raises(
        UsageError, match=r"`optimizer_param` of Trainer must be left out where .* an Adam itself"
    ):
        trainer_of(tiny(), optimizer=Adam(), optimizer_param={"lr": 0.1})
    used = Adam()
    used.update({"W1": np.ones(2)}, {"W1": np.ones(2)})
    with pytest.raises(
        UsageError, match=r"`optimizer` of Trainer must be a new one. Got .* 1 updates: make another"
    ):
        trainer_of(tiny(), optimizer=used, optimizer_param=None)
