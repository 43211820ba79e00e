"""Tiny finished runs to find something in."""

import pytest

from looked_into import DEEP, SMALL, trained


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Where the runs are."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def run(folder):
    """One run of a small network."""
    return trained(folder, SMALL)


@pytest.fixture(scope="session")
def deep_run(folder):
    """A run of a network with two convolutions, without an activation behind the second."""
    return trained(folder, DEEP, epochs=1)
