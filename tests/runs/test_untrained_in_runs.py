"""What a layer keeps but does not train goes through a run's folder, its checkpoint and its verification."""

from dataclasses import replace

import numpy as np
import pytest
from small_runs import Interrupts, config_of, contents

from convlens import Network
from convlens.networks import read_arrays
from convlens.runs import train_run
from convlens.runs.verification import verify_run
from normalisation import NAMES, NETWORK


def config(data, engine):
    """The small run, of the network that normalises."""
    return replace(config_of(data), network=NETWORK, engine=engine)


@pytest.mark.parametrize("engine", ["fused", "layers"])
def test_the_folder_holds_all(data, tmp_path, engine):
    """First and last weights hold what is not trained; the run gives back a network that answers alike."""
    run = train_run(config(data, engine), tmp_path / "run", "c")
    arrays = {which: read_arrays(run.folder / f"{which}.safetensors") for which in ("initial", "final")}
    assert all(sorted(found) == sorted(NAMES) for found in arrays.values())
    assert (arrays["initial"]["running_var2"] == 1).all()
    assert (arrays["final"]["running_var2"] != 1).all()
    scores = run.network().predict(run.data.test.x)
    np.testing.assert_array_equal(scores, run.predictions["test"])
    assert list(run.filters) == ["W1"]


@pytest.mark.parametrize("engine", ["fused", "layers"])
@pytest.mark.parametrize("at_step", [2, 4, 7])
def test_a_resumed_run_is_the_run_in_one_go(data, tmp_path, engine, at_step):
    """The checkpoint holds running statistics: interrupted and continued, a run leaves the same bytes."""
    train_run(config(data, engine), tmp_path / "whole", "c")
    with pytest.raises(KeyboardInterrupt):
        train_run(config(data, engine), tmp_path / "run", "c", [Interrupts(at_step=at_step)])
    train_run(config(data, engine), tmp_path / "run", "c")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_verification_looks_at_all(data, tmp_path):
    """A whole run passes, trained again too; one changed running statistic does not."""
    run = train_run(config(data, "layers"), tmp_path / "run", "c")
    assert [check for check in verify_run(run, retrain=True) if not check.passed] == []
    network = Network(NETWORK, engine="layers")
    path = run.folder / "final.safetensors"
    network.load_params(path)
    network.params["running_mean2"] += 0.5
    network.save_params(path)
    assert "predictions" in {check.name for check in verify_run(run) if not check.passed}
