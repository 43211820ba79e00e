"""Names in other letters' case, or slightly misspelt: the message asks whether the right one was meant."""

import pytest
from typer.testing import CliRunner

from convlens import spec
from convlens.cli.app import app
from convlens.errors import UsageError, did_you_mean
from convlens.networks.engines import engine_for
from convlens.runs.data import open_data
from convlens.spec import simple
from convlens.training.optimizers import make_optimizer
from convlens.training.schedules import schedule_named
from convlens.words import checked_language


@pytest.mark.parametrize(
    ("look_up", "given", "meant"),
    [
        (lambda name: open_data(name, 100), "MNIST", "mnist"),
        (lambda name: open_data(name, 100), "Mnist", "mnist"),
        (lambda name: open_data(name, 100), "mnist/", "mnist"),
        (lambda name: open_data(name, 100), "MNIST/", "mnist"),
        (schedule_named, "Cosine", "cosine"),
        (schedule_named, "ONE-CYCLE", "one-cycle"),
        (schedule_named, "one_cycle", "one-cycle"),
        (lambda name: engine_for(name, simple()), "Fused", "fused"),
        (lambda name: engine_for(name, simple()), "LAYERS", "layers"),
        (checked_language, "KO", "ko"),
        (spec.find, "Simple", "simple"),
        (spec.find, "LeNet", "lenet"),
        (make_optimizer, "adamm", "adam"),
    ],
)
def test_a_name_in_other_letters(look_up, given, meant, tmp_path, monkeypatch):
    """It is refused as a slip of whoever typed it, in one line that ends with the name that there is."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=rf"Did you mean {meant}\?$") as raised:
        look_up(given)
    assert raised.value.exit_code == 2
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("given", ["MNIST", "mnist/", "Mnist"])
def test_a_command_ends_as_of_a_slip(given, tmp_path, monkeypatch):
    """The command line, too, ends with 2 and leaves nothing."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["train", "simple", "--data", given, "--out", "run", "-q"])
    assert done.exit_code == 2
    assert done.stderr.rstrip().endswith("Did you mean mnist?")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["", "x" * 100_000, None, 3, ["adam"], "vgg"])
def test_nothing_alike(given):
    """Where nothing resembles what was given, nothing is asked."""
    assert did_you_mean(given, ["adam", "cosine"]) == ""
