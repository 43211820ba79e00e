"""Tiny finished runs, and what several tests ask of a figure."""

from pathlib import Path

import pytest

from convlens.inspection import fonts
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Sigmoid

SMALL = NetworkSpec("Small", (1, 28, 28), (Convolution(6, 5), Relu(), Pooling(2), Affine(10)), "he")
DEEP = NetworkSpec(
    "Deep",
    (1, 28, 28),
    (Convolution(3, 5, 2, name="C1"), Sigmoid(), Convolution(4, (3, 5), name="C2"), Pooling(2), Affine(10)),
)
FLAT = NetworkSpec("Flat", (1, 28, 28), (Affine(10),))


def trained(folder: Path, network: NetworkSpec, **options):
    """Train a run that takes a second."""
    config = RunConfig(network, **{"train_size": 200, "epochs": 2, **options})
    return train_run(config, folder / config.run_id, "convlens train")


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Where the runs are."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def runs(folder):
    """Three seeds of a small network."""
    return [trained(folder, SMALL, seed=seed) for seed in range(3)]


@pytest.fixture(scope="session")
def run(runs):
    """One run of a small network."""
    return runs[0]


@pytest.fixture(scope="session")
def slow_run(folder):
    """A run with another learning rate and another number of epochs."""
    return trained(folder, SMALL, epochs=1, optimizer_param={"lr": 0.0001})


@pytest.fixture(scope="session")
def deep_run(folder):
    """A run of a network with two convolutions, without an activation behind the second."""
    return trained(folder, DEEP, epochs=1)


@pytest.fixture(scope="session")
def flat_run(folder):
    """A run of a network without a convolution."""
    return trained(folder, FLAT, epochs=1)


@pytest.fixture
def no_hangul(monkeypatch):
    """A machine on which no font has Hangul."""
    found = fonts.font_of
    monkeypatch.setattr(fonts, "font_of", lambda lang: found(lang) if lang == "en" else None)


@pytest.fixture
def hangul():
    """Skip where no font has Hangul."""
    if fonts.font_of("ko") is None:
        pytest.skip("no installed font has Hangul")
