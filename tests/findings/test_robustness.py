"""How runs answer when test images are moved, turned, thinner or thicker."""

import numpy as np
import pytest

from convlens.data.augmentation import moved, rows_for
from convlens.errors import UsageError
from convlens.findings import CHANGES, Change, Changed, robustness
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, NetworkSpec
from looked_at_sets import run_on
from small_sets import write_small_set

NET = NetworkSpec("tiny", (1, 6, 6), (Affine(10),), weight_init_std="he")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run on small pictures of lines."""
    folder = tmp_path_factory.mktemp("robust")
    data = write_small_set(folder / "data")
    return train_run(RunConfig(NET, str(data), 40, 2, 10, engine="layers"), folder / "run", "the command")


def test_each_image_is_moved_in_its_own_way(run):
    """Right, down, left or up in turn; clockwise and back in turn: counted as one would by hand."""
    found, test, network = robustness([run]), run.data.test, run.network()
    assert found.n_images == len(test)

    def right(rows):
        return int((network.predict(moved(test.x, rows)).argmax(axis=1) == test.t).sum())

    n, size = len(test), (6, 6)
    ways = [(0, 2), (2, 0), (0, -2), (-2, 0)]
    shifts = np.array([ways[k % 4] for k in range(n)]).T
    turns = np.array([-20 if k % 2 else 20 for k in range(n)])
    assert found.right[Changed(Change.SHIFT, 2)] == (right(rows_for(n, size, shift=shifts)),)
    assert found.right[Changed(Change.TURN, 20)] == (right(rows_for(n, size, turn=turns)),)
    assert found.right[Changed(Change.NONE, 0)] == (right(rows_for(n, size)),)


def test_strokes_only_where_there_are_any(run, tmp_path):
    """Of bright lines on a dark ground everything is tried; pictures in colour are moved and turned."""
    assert tuple(robustness([run]).right) == CHANGES
    kinds = {changed.change for changed in robustness([run_on("two in colour", tmp_path / "run")]).right}
    assert kinds == {Change.NONE, Change.SHIFT, Change.TURN}


def test_the_share_is_the_mean_over_runs_and_wilson_s_interval_is_around_it(run):
    """Two runs count as often as each; a run of other test images is refused."""
    found, plain = robustness([run, run]), Changed(Change.NONE, 0)
    assert found.share(plain) == found.right[plain][0] / found.n_images
    assert found.interval(plain).low < found.share(plain) < found.interval(plain).high


def test_runs_of_other_images_are_refused(run, tmp_path):
    """One table has one set of images."""
    data = write_small_set(tmp_path / "other", seed=1)
    other = train_run(RunConfig(NET, str(data), 40, 1, 10, engine="layers"), tmp_path / "run", "the command")
    with pytest.raises(UsageError, match="`runs` of robustness must have the same test images"):
        robustness([run, other])
