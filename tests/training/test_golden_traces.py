"""The book's own numbers: fixed seeds give the loss lists that the book's code gives (BOOK_API.md, 12)."""

import numpy as np
import pytest

from convlens import SimpleConvNet, Trainer

ADAM = [
    2.2972627623715844,
    2.2925728261830227,
    2.2992447526259068,
    2.300124580109876,
    2.305968685947583,
    2.2942571976807664,
    2.3012021433915404,
    2.2645712378751925,
    2.2737930612836688,
]
FIRST_AND_LAST = {
    "sgd": (2.302189368357, 2.301700715725),
    "momentum": (2.302189368357, 2.300823364531),
    "nesterov": (2.301829665014, 2.300118233851),
    "adagrad": (2.29722003661, 2.291722334806),
    "rmsprop": (2.198052945996, 2.210246750195),
    "adam": (2.297262762372, 2.294257197681),
}


def trained(optimizer, epochs):
    """The Trainer of the golden trace, when it is done."""
    rs = np.random.RandomState(1234)
    x, t = rs.rand(60, 1, 10, 10), rs.randint(0, 10, 60)
    np.random.seed(0)
    conv_param = {"filter_num": 4, "filter_size": 3, "pad": 0, "stride": 1}
    network = SimpleConvNet((1, 10, 10), conv_param, 10, 10, 0.01, protocol="book")
    trainer = Trainer(network, x, t, x[:20], t[:20], epochs, 20, optimizer, {"lr": 0.01}, verbose=False)
    trainer.train()
    return trainer


def test_all_losses_of_adam():
    """Nine losses to 1e-9, after three epochs of three updates."""
    trainer = trained("Adam", 3)
    np.testing.assert_allclose(trainer.train_loss_list, ADAM, rtol=0, atol=1e-9)
    assert (trainer.max_iter, trainer.iter_per_epoch, trainer.current_iter) == (9, 3, 9)
    assert len(trainer.train_acc_list) == len(trainer.test_acc_list) == 3


@pytest.mark.parametrize("optimizer", list(FIRST_AND_LAST))
def test_first_and_last_loss(optimizer):
    """The first and the last loss of two epochs to 1e-9, for each of the six optimizers."""
    losses = trained(optimizer, 2).train_loss_list
    assert len(losses) == 6
    np.testing.assert_allclose([losses[0], losses[-1]], FIRST_AND_LAST[optimizer], rtol=0, atol=1e-9)
