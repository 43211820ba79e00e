"""The code on the page: executed, it trains the run that the page shows."""

from dataclasses import replace

import numpy as np
import pytest
from small_pages import LENET, SIMPLE

from convlens import spec
from convlens.networks import Network
from convlens.report.listing import network_code, training_code
from convlens.runs import RunConfig, train_run

ODD_NAME = replace(SIMPLE, name='"""\';class 1', weight_init_std=0.05)
OTHER_LAYERS = spec.NetworkSpec(
    "class",
    (1, 12, 12),
    (
        spec.Convolution(3, (3, 2), stride=(1, 2), pad=(1, 0), name="first 'one'"),
        spec.LeakyRelu(0.2),
        spec.Pooling(3, stride=2, pad=1),
        spec.Affine(7),
        spec.Tanh(),
        spec.Affine(10),
        spec.Sigmoid(),
        spec.Affine(10),
    ),
    weight_init_std="xavier",
)
DOUBLE = replace(LENET, dtype="float64")
RUNS = [
    pytest.param(SIMPLE, {}, id="SimpleConvNet"),
    pytest.param(LENET, {"seed": 3, "optimizer": "sgd", "optimizer_param": {"lr": 0.1}}, id="LeNet"),
    pytest.param(
        ODD_NAME,
        {"schedule": "cosine", "engine": "layers", "clip_norm": 0.5, "warm_up": 0.5},
        id="hostile name",
    ),
    pytest.param(OTHER_LAYERS, {"optimizer": "momentum", "optimizer_param": {"momentum": 0.8}}, id="others"),
    pytest.param(DOUBLE, {"optimizer": "adamw", "weight_decay": 0.1, "ema": 0.9}, id="float64"),
    pytest.param(replace(SIMPLE, protocol="book", dtype="float64"), {}, id="the book's protocol"),
    pytest.param(replace(LENET, protocol="book", dtype="float64"), {"seed": 2**32 + 5}, id="a long seed"),
]


def executed(config):
    """Run a config's listings as a script and return its names."""
    names = {}
    code = f"{network_code(config.network) or ''}\n\n{training_code(config)}"
    exec(compile(code, "listing.py", "exec"), names)  # noqa: S102 (the page's own code is what is tested)
    return names


def require_equal(run, trainer):
    """The loss of every update, each epoch's accuracies, the final one and the weights are the run's own."""
    assert trainer.train_loss_list == pytest.approx(list(run.step_losses), rel=1e-6)
    assert trainer.train_acc_list == pytest.approx(list(run.curve("train").accuracy))
    assert trainer.test_acc_list == pytest.approx(list(run.curve("test").accuracy))
    assert trainer.final_test_acc == run.results["test_accuracy"]
    assert trainer.network.params.vector == pytest.approx(run.network().params.vector, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(("network", "settings"), RUNS)
def test_the_code_trains_the_run_again(network, settings, data, tmp_path, monkeypatch):
    """Whatever the network is called and made of, from the folder in which its data lie."""
    monkeypatch.chdir(data.parent)
    config = RunConfig(
        network, data=str(data), train_size=40, epochs=3, batch_size=10, evaluate_samples=20, **settings
    )
    run = train_run(config, tmp_path / "run", "")
    require_equal(run, executed(config)["trainer"])
    assert str(data) not in training_code(config)


@pytest.mark.parametrize(
    "name",
    [
        "Network",
        "Relu",
        "Trainer",
        "np",
        "super",
        "x_train",
        "network",
        "\N{FULLWIDTH LATIN CAPITAL LETTER R}elu",
    ],
)
def test_a_networks_name_is_not_one_that_the_code_needs(name, data, monkeypatch):
    """Nor one that becomes such a name when Python reads it."""
    monkeypatch.chdir(data.parent)
    config = RunConfig(
        replace(SIMPLE, name=name),
        data=str(data),
        train_size=20,
        epochs=1,
        batch_size=10,
        evaluate_samples=20,
    )
    assert list(executed(config)["trainer"].network.params) == list(Network(config.network).params)


@pytest.mark.parametrize("name", ["simple", "lenet"])
def test_the_reports_networks_train_as_their_code_says(name, tmp_path):
    """The two classes on the bundled digits, bit by bit; their gradients are the trained network's."""
    config = RunConfig(spec.named_network(name), train_size=1000, epochs=1, batch_size=50, seed=1)
    names = executed(config)
    run = train_run(config, tmp_path / "run", "")
    require_equal(run, names["trainer"])
    assert names["trainer"].train_loss_list == list(run.step_losses)
    assert (names["trainer"].network.params.vector == run.network().params.vector).all()
    written, ours = names[config.network.name](seed=1), Network(config.network, 1, "layers")
    x, t = np.float32(names["x_train"][:5]) / 255, names["t_train"][:5]
    assert written.accuracy(x, t) == ours.accuracy(x, t)
    expected = ours.gradient(x, t)
    for parameter, found in written.gradient(x, t).items():
        assert found == pytest.approx(expected[parameter], rel=1e-4, abs=1e-7)


def test_the_code_is_python_of_a_width_that_prints():
    """No line is wider than a page of paper takes."""
    for name in spec.NETWORKS:
        config = RunConfig(spec.named_network(name))
        code = f"{network_code(config.network)}{training_code(config)}"
        assert max(map(len, code.splitlines())) <= 105
