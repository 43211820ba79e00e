"""What `convlens train` says beside an accuracy, and the limits of what `inspect` and `reproduce` count."""

import json

import pytest
from typer.testing import CliRunner

from convlens.cli.app import app
from lopsided import write_lopsided_set

TEN = """
name = "Ten"
input_shape = [1, 12, 12]
[[layers]]
kind = "affine"
units = 10
"""


def run(*words):
    """Run a command of convlens in this process."""
    return CliRunner().invoke(app, [str(word) for word in words])


def train(tmp_path, counts, *more, epochs=1):
    """Train on a set with so many test images of each class; return what is printed, and the run's folder."""
    data, net, n = write_lopsided_set(tmp_path / "set", counts), tmp_path / "ten.toml", 2 * sum(counts)
    net.write_text(TEN, encoding="utf-8")
    words = [
        "--train-size",
        n,
        "--epochs",
        epochs,
        "--batch-size",
        10,
        "--engine",
        "layers",
        "--quiet",
        *more,
    ]
    done = run("train", net, "--data", data, "--out", tmp_path / "run", *words)
    assert done.exit_code == 0, done.output
    return done.stdout, tmp_path / "run"


@pytest.mark.parametrize(
    ("counts", "epochs", "baseline"),
    [
        ((47, 3), 1, "94.0 % by always answering 0, the largest class"),
        ((2, 0, 18), 1, "90.0 % by always answering 2, the largest class"),
        ((15, 15, 70), 1, "70.0 % by always answering 2, the largest class"),
        ((25, 25), 40, None),
    ],
)
def test_training_names_the_baseline_where_it_matters(tmp_path, counts, epochs, baseline):
    """Behind the accuracy stands what always answering the largest class gives, in words and as JSON."""
    told, _ = train(tmp_path, counts, epochs=epochs)
    assert (f"baseline          {baseline}" in told) is (baseline is not None)
    as_json, _ = train(tmp_path, counts, "--json", epochs=epochs)
    found = json.loads(as_json)["baseline"]
    assert found["share"] == max(counts) / sum(counts)
    assert found["lopsided"] is (baseline is not None)


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ((25, 25), "outputs           10, but the images are of 2 classes"),
        ((0, 9, 0, 9), "outputs           10, but the images are of 2 classes"),
        ((3,) * 9, "outputs           10, but the images are of 9 classes"),
        ((2,) * 10, None),
    ],
)
def test_training_says_that_a_network_has_more_outputs_than_classes(tmp_path, counts, line):
    """In one line; nothing where they are as many."""
    told, _ = train(tmp_path, counts)
    assert ("but the images are of" in told) is (line is not None)
    assert line is None or line in told


@pytest.mark.parametrize(
    ("what", "most", "limit"),
    [
        ("mistakes", 100_000, None),
        ("mistakes", 121, 120),
        ("mistakes", 0, None),
        ("forming", 121, 120),
        ("forming", -1, None),
    ],
)
def test_counts_of_pictures_have_limits(tmp_path, what, most, limit):
    """Nobody waits minutes for a picture that nobody can look at; the message says how many there may be."""
    _, folder = train(tmp_path, (5, 5))
    done = run("inspect", folder, "--what", what, "--most", most, "--out", tmp_path / "x.png")
    assert done.exit_code == 2
    assert f"Got {most}." in done.stderr
    assert limit is None or f"`most` of {what} must be from 1 to {limit}" in done.stderr
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("seeds", ["0", "-3", "1001", "99999999999999999999"])
def test_the_number_of_seeds_has_limits(tmp_path, seeds):
    """A study that could never end is refused before it is planned."""
    done = run("reproduce", "--seeds", seeds, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert f"Got {seeds}." in done.stderr
    assert not (tmp_path / "out").exists()
