"""Trainings whose pictures are varied: one set of bits, whatever computes it and wherever it is taken up."""

import numpy as np
import pytest
from small_trainers import TT, XT, Listener, T, X, tiny, trainer_of
from test_hand_written import T as WRITTEN_T
from test_hand_written import Written
from test_hand_written import X as WRITTEN_X

from convlens import Trainer
from convlens.data import TRANSFORMS, augmented, batch_index
from convlens.errors import DivergedError, ShapeError, UsageError

BYTES = (X * 255).astype(np.uint8)


def trained(x=X, network=None, **changes):
    """A Trainer that has trained a tiny network with all transforms."""
    trainer = trainer_of(network or tiny(), **{"augment": list(TRANSFORMS), **changes})
    trainer.x_train = x
    trainer.train()
    return trainer


@pytest.mark.parametrize("engine", ["fused", "layers"])
@pytest.mark.parametrize("x", [X, BYTES], ids=["floats", "bytes"])
def test_a_network_sees_what_augmented_shows(engine, x):
    """Each batch holds the pictures of `augmented` for that seed and epoch, to the bit on both engines."""
    network, heard = tiny(engine=engine), []
    own = network.run
    network.run = lambda batch: heard.append(batch.pictures) or own(batch)
    trained(x, network, seed=4, augment={"flip": 0.5, "shift": 1})
    assert len(heard) == 8
    for step, pictures in enumerate(heard):
        wanted = augmented(x, {"flip": 0.5, "shift": 1}, seed=4, epoch=step // 4)
        np.testing.assert_array_equal(pictures, wanted[batch_index(4, step, len(x), 16)], strict=True)


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_labels_and_weights_stay_with_their_pictures(engine):
    """A picture of weight 0 teaches nothing, however it is moved."""
    weights, wrong = np.ones(len(X)), T.copy()
    weights[10:30] = 0
    wrong[10:30] = (T[10:30] + 1) % 3
    vectors = []
    for labels in (T, wrong):
        network = tiny(engine=engine)
        changes = {"epochs": 1, "mini_batch_size": 16, "verbose": False, "sample_weights": weights}
        Trainer(network, X, labels, XT, TT, augment="shift", **changes).train()
        vectors.append(network.params.vector)
    np.testing.assert_array_equal(*vectors)


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_the_bits_do_not_depend_on_the_threads(threads):
    """Any number of threads gives the weights and losses of one."""
    one, several = trained(threads=1), trained(threads=threads)
    np.testing.assert_array_equal(one.network.params.vector, several.network.params.vector)
    assert one.train_loss_list == several.train_loss_list


def test_nothing_is_nothing():
    """Strengths of 0 give the training without augmentation; others give another one."""
    plain, none, some = (
        trained(augment=what).network.params.vector for what in (None, {"shift": 0}, "shift")
    )
    np.testing.assert_array_equal(plain, none)
    assert (plain != some).any()


@pytest.mark.parametrize("step", [1, 4, 6])
@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_taken_up_in_the_middle(step, engine):
    """A training that goes on from a state is the one in one go, bit for bit, within an epoch too."""
    whole, first, second = (trainer_of(tiny(engine=engine), augment=list(TRANSFORMS)) for _ in range(3))
    whole.train()
    for _ in range(step):
        first.train_step()
    second.load_state(first.state())
    second.train()
    np.testing.assert_array_equal(second.network.params.vector, whole.network.params.vector)
    assert second.train_loss_list == whole.train_loss_list


@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_classes_of_ones_own(protocol):
    """A hand-written class gets the varied pictures, too: by the engine, or as it is written."""
    network, heard = Written(), []
    own = network.gradient
    network.gradient = lambda x, t: heard.append(x) or own(x, t)
    data = WRITTEN_X, WRITTEN_T, WRITTEN_X[:9], WRITTEN_T[:9]
    Trainer(network, *data, 1, 40, verbose=False, augment="rotate", protocol=protocol).train()
    wanted = augmented(WRITTEN_X, "rotate")
    where = [np.flatnonzero((wanted == picture).all(axis=(1, 2, 3))) for picture in heard[0]]
    assert all(len(found) == 1 for found in where)
    assert heard[0].dtype == np.float32


def test_what_is_no_number_is_told_by_its_own_place():
    """A picture with NaN is named by where it lies among those that were given."""
    x = X.copy()
    x[31, 0, 2, 2] = np.nan
    with pytest.raises(DivergedError, match=r"NaN or infinity: x_train\[31\]"):
        trained(x, augment={"rotate": 1}, callbacks=[Listener()])


@pytest.mark.parametrize(
    ("x", "augment", "error", "says"),
    [
        (X, "turn", UsageError, r"`augment` of Trainer knows shift, .* Got 'turn'"),
        (X, {"shift": -1}, UsageError, r"`shift` of `augment` must be 0 to 100 \(pixels\). Got -1"),
        (X, 2.5, UsageError, r"`augment` of Trainer must be names of transforms, .* Got 2.5"),
        (X.reshape(50, 36), "shift", ShapeError, r"`x_train` of Trainer must be \(N, C, H, W\) where .*36"),
    ],
)
def test_what_no_augmentation_can_be(x, augment, error, says):
    """It is refused before anything is trained, in one line."""
    with pytest.raises(error, match=says) as raised:
        Trainer(tiny(), x, T, XT, TT, verbose=False, augment=augment)
    assert "\n" not in str(raised.value)
