"""A network need not end with an affine layer: trained, looked at, explored and reported all the same."""

import numpy as np
import pytest

from convlens.engine import compile as compiled
from convlens.explorer import write_explorer
from convlens.findings import oddities, responses
from convlens.inspection import alt_text, architecture, show
from convlens.layers import SoftmaxWithLoss
from convlens.networks import Network
from convlens.report import write_runs_report
from convlens.runs import Run, RunConfig, train_run
from convlens.spec import (
    Affine,
    AveragePooling,
    Convolution,
    GlobalAveragePooling,
    LeakyRelu,
    NetworkSpec,
    Pooling,
    Relu,
)
from small_sets import SIZE, write_small_set

LAST = {
    "global average": (Convolution(3, 3, pad="same"), Relu(), Convolution(10, 3), GlobalAveragePooling()),
    "convolution": (Convolution(3, 3), Relu(), AveragePooling(2), Convolution(10, 2)),
    "pooling": (Convolution(10, 3), Pooling(4)),
    "activation": (Convolution(3, 3), Relu(), Affine(10), LeakyRelu(0.1)),
    "ReLU on maps": (AveragePooling(2), Convolution(10, 3), Relu()),
}
every_last = pytest.mark.parametrize("name", LAST)


def network_of(name):
    """The network that ends with it."""
    return NetworkSpec("Last", (1, SIZE, SIZE), LAST[name], weight_init_std="he")


@pytest.fixture(scope="module")
def run_of(tmp_path_factory):
    """Runs by the name of the last layer, each trained once."""
    data, known = write_small_set(tmp_path_factory.mktemp("data")), {}

    def get(name):
        if name not in known:
            folder = tmp_path_factory.mktemp("last") / "run"
            usual = {"epochs": 2, "batch_size": 20, "evaluate_samples": 20, "engine": "layers"}
            config = RunConfig(network_of(name), data=str(data), train_size=60, **usual)
            train_run(config, folder, "convlens train")
            known[name] = Run(folder)
        return known[name]

    return get


@every_last
def test_scores_are_one_number_a_class(name):
    """By both engines, for any number of pictures, and gradients agree."""
    fused, plain = (Network(network_of(name), engine=engine) for engine in ("fused", "layers"))
    x = np.random.default_rng(0).random((7, 1, SIZE, SIZE), np.float32)
    for n in (0, 1, 7):
        assert fused.predict(x[:n]).shape == plain.predict(x[:n]).shape == (n, 10)
    t = np.arange(7) % 10
    assert fused.loss_and_gradient(x, t) == pytest.approx(plain.loss_and_gradient(x, t), rel=1e-5)
    for key, expected in plain.grads.items():
        np.testing.assert_allclose(fused.grads[key], expected, rtol=0, atol=1e-5)
    numbers = plain.numerical_gradient(x, t)
    assert np.abs(numbers["b1"] - plain.grads["b1"]).max() < 1e-3


def test_a_plan_of_layers_ends_with_rows():
    """Maps of one number each are scores for the loss, and come out as rows."""
    plan = compiled(
        list(Network(network_of("pooling")).layers.values()), SoftmaxWithLoss(), (1, SIZE, SIZE), 3
    )
    assert plan.output.shape == (10,)


@every_last
def test_a_run_is_looked_at(run_of, name, tmp_path):
    """Its filters, their oddities and responses, the drawing of the network, the page in which it runs."""
    run = run_of(name)
    behind = [*run.spec.layers[1:], None]
    for row, following in zip(run.spec.table, behind, strict=True):
        if isinstance(row.layer, Convolution):
            assert oddities(run, row.name).n_filters == row.layer.filters
            activation = responses(run, run.data.test.x[0, 0], row.name).activation
            assert activation == ("ReLU" if isinstance(following, Relu) else None)
    assert "10" in alt_text(architecture(run.spec))
    assert write_explorer(run, tmp_path / "explorer.html", lang="en").stat().st_size > 10_000


def test_every_figure_and_the_report(run_of, tmp_path):
    """Of a network whose last layer has filters itself."""
    run = run_of("convolution")
    assert {"filters W1", "filters W2", "applied W2"} <= set(show(run).figures)
    page = write_runs_report([run], tmp_path / "report.html", lang="en", command="convlens report")
    assert "AveragePool1" in page.read_text(encoding="utf-8")
