"""Runs and pages of the explorer, made once."""

import pytest
from explorer_pages import ODD, REPORT, page_of, ready, trained

from small_sets import write_small_set


@pytest.fixture(scope="session")
def small_data(tmp_path_factory):
    """A data set of 12 x 12 pixels."""
    return write_small_set(tmp_path_factory.mktemp("set") / "small", size=12)


@pytest.fixture(scope="session")
def runs(small_data, tmp_path_factory):
    """Every network that the tests look at, trained when it is first asked for."""
    made = {}

    def get(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("runs") / "run"
            made[name] = (
                trained(REPORT[name], folder)
                if name in REPORT
                else trained(ODD[name], folder, small_data, epochs=20)
            )
        return made[name]

    return get


@pytest.fixture(scope="session")
def pages(runs, tmp_path_factory):
    """Their pages, in any language."""
    made = {}

    def get(name, lang="en"):
        if (name, lang) not in made:
            made[name, lang] = page_of(runs(name), tmp_path_factory.mktemp("pages"), lang)
        return made[name, lang]

    return get


@pytest.fixture
def open_page(open_page):
    """Open pages as all tests do, and wait until the network runs."""
    return lambda *args, **kwargs: ready(open_page(*args, **kwargs))
