"""A run under the book's protocol: what its folder says of it is what was done."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest
from small_runs import NETWORK, config_of

from convlens.networks import Network
from convlens.runs import train_run
from convlens.runs.verification import verify_run
from convlens.training import Trainer

BOOK = replace(NETWORK, dtype="float64", protocol="book")


@pytest.fixture
def run(data, tmp_path):
    """A finished run of the book's protocol."""
    return train_run(config_of(data, network=BOOK, engine="layers", seed=3), tmp_path / "run", "c")


def test_it_is_the_books_training_on_pictures_from_0_to_1(run):
    """Its weights are those of a Trainer under `np.random.seed(seed)`, fed as `load_mnist` feeds."""
    data, config = run.data, run.config
    np.random.seed(3)
    network = Network(BOOK)
    x, x_test = (part.x.astype(np.float32) / 255 for part in (data.train, data.test))
    Trainer(
        network, x, data.train.t, x_test, data.test.t, epochs=config.epochs,
        mini_batch_size=config.batch_size, optimizer=config.optimizer, optimizer_param=config.optimizer_param,
        evaluate_sample_num_per_epoch=config.evaluate_samples, verbose=False,
    ).train()  # fmt: skip
    assert np.array_equal(network.params.vector, run.network().params.vector)
    assert np.array_equal(network.predict(x_test), run.predictions["test"])


def test_its_seed_decides_and_the_global_stream_stands_still(data, tmp_path):
    """Whatever was drawn before, the same config gives the same run; who draws later sees no difference."""
    config = config_of(data, network=BOOK, engine="layers", seed=3)
    np.random.seed(0)
    expected = np.random.rand(5)
    np.random.seed(0)
    first = train_run(config, tmp_path / "first", "c")
    first.network("initial")
    assert np.array_equal(np.random.rand(5), expected)
    second = train_run(config, tmp_path / "second", "c")
    other = train_run(replace(config, seed=4), tmp_path / "other", "c")
    weights = [run.network().params.vector for run in (first, second, other)]
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_it_is_verified_from_its_first_weights_on(run):
    """Nothing of it is left out but the curve's end, before which the book judges."""
    checks = list(verify_run(run, retrain=True))
    assert [check for check in checks if not check.passed] == []
    assert "bit by bit" in {check.name: check.told for check in checks}["first weights"]
    assert "bit by bit" in checks[-1].told


@pytest.mark.parametrize("of", [lambda network: network, copy.deepcopy], ids=["opened", "copied"])
def test_its_networks_take_bytes(run, of):
    """Whoever reads the run gives it pictures as they are in the data; a copy of its network, too."""
    network = of(run.network())
    again = pickle.loads(pickle.dumps(network))  # noqa: S301 (our own)
    for one in (network, again):
        assert np.array_equal(one.predict(run.data.test.x), run.predictions["test"])
