"""Tiny finished runs, and what several tests ask of a figure."""

import pytest

from convlens.inspection.drawing import fonts
from looked_into import DEEP, FLAT, SMALL, trained


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
def told_run(folder):
    """A run of which much is to be said: nothing is as usual."""
    unusual = {"schedule": "cosine", "warm_up": 0.5, "clip_norm": 1.0, "ema": 0.99, "label_smoothing": 0.1}
    return trained(folder, SMALL, epochs=1, weight_decay=0.0001, **unusual)


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
