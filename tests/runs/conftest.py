"""Data and a finished run that the tests of run folders share."""

import pytest
from small_runs import config_of

from convlens.runs import train_run
from small_sets import write_small_set


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder of four IDX files: 60 and 20 pictures of 6x6."""
    return write_small_set(tmp_path_factory.mktemp("small set"))


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    """The run, done in one go."""
    return train_run(config_of(data), tmp_path_factory.mktemp("runs") / "whole", "the command")
