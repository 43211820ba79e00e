"""A finished study of small runs and its pages, made once."""

import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from small_pages import experiments, train, write

from convlens import inspection
from convlens.report import context
from convlens.study import Design, Study
from small_sets import write_small_set


@pytest.fixture(scope="session", autouse=True)
def _as_they_come():
    """Draw all pictures without arranging them, which takes long and changes nothing that is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConstrainedLayoutEngine, "execute", lambda *_: {})
        yield


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A data set of 12 x 12 pixels."""
    return write_small_set(tmp_path_factory.mktemp("set") / "small", size=12)


@pytest.fixture(scope="session")
def study(data, tmp_path_factory):
    """A finished study with three seeds."""
    return train(Study(Design("tiny", experiments(data)), tmp_path_factory.mktemp("three"), 3))


@pytest.fixture(scope="session")
def english(study):
    """Its page."""
    return write(study, "en")


@pytest.fixture(scope="session")
def korean(study, english):
    """Its page in Korean."""
    return write(study, "ko")


@pytest.fixture(scope="session")
def japanese(study, korean):
    """Its page in Japanese."""
    return write(study, "ja")


@pytest.fixture
def undrawn(monkeypatch):
    """Empty figures instead of the real ones, for tests of what stands around them."""

    def empty(*_args, **_options):
        figure = Figure((2, 1))
        figure.set_label("nothing")
        return figure

    names = ("applied", "applied_by_rate", "architecture", "classes", "comparison", "excitement", "filters")
    for name in (*names, "filters_by_rate", "forming", "learning_curves", "learning_rates", "side_by_side"):
        monkeypatch.setattr(inspection, name, empty)
    monkeypatch.setattr(context, "learning_curves", empty)
