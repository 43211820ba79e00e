"""The book's names under one import, in two protocols."""

import numpy as np
import pytest

# Everything that `from common.xxx import *`, `from dataset.mnist import …` and `from simple_convnet import …`
# give a reader in the book's chapters 3 to 8, the wildcard's `np` included.
NAMES = """
np OrderedDict load_mnist TwoLayerNet MultiLayerNet MultiLayerNetExtend SimpleConvNet DeepConvNet
AddLayer MulLayer Dropout BatchNormalization Trainer SGD Momentum Nesterov AdaGrad RMSprop Adam
Relu Sigmoid Affine SoftmaxWithLoss Convolution Pooling identity_function step_function sigmoid sigmoid_grad
relu relu_grad softmax sum_squared_error mean_squared_error cross_entropy_error softmax_loss
numerical_gradient numerical_gradient_2d im2col col2im conv_output_size smooth_curve shuffle_dataset
"""

ADAM_LOSSES = [
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


@pytest.mark.parametrize("module", ["book", "book.exact", "book.korean", "book.chapter4"])
def test_the_star_brings_all_names(module):
    """`from convlens.book import *` gives every name that a reader of the book uses."""
    namespace = {}
    exec(f"from convlens.{module} import *", namespace)  # noqa: S102 (a star import needs a namespace)
    assert set(NAMES.split()) <= set(namespace)


def test_exact_gives_the_books_losses_to_the_last_digit():
    """A script of the book, after `from convlens.book.exact import *`, gives the book's list of losses."""
    namespace = {}
    script = """
from convlens.book.exact import *
rs = np.random.RandomState(1234); x = rs.rand(60, 1, 10, 10); t = rs.randint(0, 10, 60)
np.random.seed(0)
net = SimpleConvNet((1, 10, 10), {'filter_num': 4, 'filter_size': 3, 'pad': 0, 'stride': 1},
                    hidden_size=10, output_size=10, weight_init_std=.01)
trainer = Trainer(net, x, t, x[:20], t[:20], epochs=3, mini_batch_size=20,
                  optimizer='Adam', optimizer_param={'lr': .01}, verbose=False)
trainer.train()
"""
    exec(script, namespace)  # noqa: S102 (a reader's script)
    np.testing.assert_allclose(namespace["trainer"].train_loss_list, ADAM_LOSSES, rtol=0, atol=1e-9)
    assert namespace["trainer"].max_iter == 9
    assert namespace["trainer"].iter_per_epoch == 3.0


def test_exact_uses_the_books_loss():
    """Under the book's protocol a hopeless answer costs 16.118, not infinity."""
    from convlens.book import exact

    loss = exact.SoftmaxWithLoss().forward(np.array([[0.0, 1000.0]]), np.array([0]))
    assert loss == pytest.approx(-np.log(1e-7))


def test_exact_trains_a_class_of_ones_own_by_the_books_protocol():
    """`exact.Trainer` draws with replacement and evaluates after the first step, whatever it trains."""
    from convlens.book import exact

    net = exact.SimpleConvNet((1, 6, 6), {"filter_num": 2, "filter_size": 3, "pad": 0, "stride": 1}, 4, 3)
    x, t = np.random.rand(30, 1, 6, 6), np.arange(30) % 3
    trainer = exact.Trainer(net, x, t, x, t, epochs=2, mini_batch_size=10, verbose=False)
    trainer.train_step()
    assert len(trainer.train_acc_list) == 1
