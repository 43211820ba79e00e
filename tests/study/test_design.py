"""Designs as files, and studies as folders."""

import json

import pytest

from convlens.errors import UsageError
from convlens.runs import train_run
from convlens.study import DESIGNS, Study, load_design

TINY = """
format = 1
name = "tiny"
[defaults]
train_size = 60
epochs = 1
batch_size = 20
evaluate_samples = 50
[[experiments]]
name = "a"
section = "simple"
reported = 0.957
[[experiments]]
name = "b"
section = "lenet"
network = "lenet"
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


def test_homework_is_the_reports_experiments():
    """The shipped design has the report's five learning rates, LeNet, its two full runs and its figures."""
    assert "homework" in DESIGNS
    small, everything = load_design("homework"), load_design("homework", full=True)
    simple = [e for e in small.experiments if e.network == "simple"]
    assert sorted(e.config.lr for e in simple) == [0.0005, 0.001, 0.002, 0.003, 0.004]
    assert {e.config.lr: e.reported for e in simple} == {
        0.0005: None,
        0.001: 0.957,
        0.002: 0.962,
        0.003: 0.97,
        0.004: 0.97,
    }
    assert all((e.config.train_size, e.config.epochs) == (5000, 20) for e in small.experiments)
    full = [e for e in everything.experiments if e not in small.experiments]
    assert [(e.network, e.config.train_size, e.config.epochs, e.reported) for e in full] == [
        ("simple", 60000, 10, 0.988),
        ("lenet", 60000, 10, None),
    ]


def test_one_seed_of_everything_comes_first(tiny, tmp_path):
    """All experiments get seed 0 before any gets seed 1."""
    planned = list(Study(load_design(str(tiny)), tmp_path, 2).planned())
    assert [(p.experiment.name, p.config.seed) for p in planned] == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_an_experiment_may_get_fewer_seeds(tiny, tmp_path):
    """`seeds` in the design is a limit: the full set is trained on once, however many seeds are asked for."""
    tiny.write_text(TINY.replace('network = "lenet"', 'network = "lenet"\nseeds = 1'), encoding="utf-8")
    planned = list(Study(load_design(str(tiny)), tmp_path, 3).planned())
    assert [(p.experiment.name, p.config.seed) for p in planned] == [("a", 0), ("b", 0), ("a", 1), ("a", 2)]
    full = [e for e in load_design("homework", full=True).experiments if e.section == "full"]
    assert [e.seeds for e in full] == [1, 1]


def test_a_study_knows_what_is_finished(tiny, tmp_path):
    """What is finished is what is in the folder; results say the runs' own numbers."""
    study = Study(load_design(str(tiny)), tmp_path / "out", 1)
    first, second = study.planned()
    assert study.run(first) is None
    run = train_run(first.config, first.folder, first.command)
    assert study.run(first).run_id == run.run_id
    assert study.run(second) is None
    results = json.loads(study.write_results().read_text(encoding="utf-8"))
    assert [len(e["runs"]) for e in results["experiments"]] == [1, 0]
    assert results["experiments"][0]["runs"][0]["test_accuracy"] == run.results["test_accuracy"]
    assert results["experiments"][0]["reported_test_accuracy"] == 0.957


def test_quick_runs_are_kept_apart(tmp_path):
    """A quick look never stands in the place of a real run."""
    quick = Study(load_design("homework", quick=True), tmp_path, 1, quick=True)
    real = Study(load_design("homework"), tmp_path, 1)
    assert {p.folder for p in quick.planned()}.isdisjoint(p.folder for p in real.planned())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("format = 1", "format = 2"), "format"),
        (('name = "b"', 'name = "a"'), "different names"),
        (('name = "b"', 'name = "../b"'), "name"),
        (('section = "lenet"', 'section = "moon"'), "section"),
        (('network = "lenet"', 'network = "resnet"'), "there is no network `resnet`"),
        (("epochs = 1", "epochs = 0"), "epochs"),
        (("epochs = 1", "epochs = 1\nepoch = 1"), "epoch"),
        (("reported = 0.957", "reported = 95.7"), "reported"),
        (("[defaults]", "[defaults"), "not TOML"),
    ],
)
def test_a_wrong_design_is_named_in_one_line(tiny, change, says):
    """Whatever is wrong in a design's file, one line says where."""
    tiny.write_text(TINY.replace(*change), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_design(str(tiny))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_design_with_a_byte_order_mark(tiny):
    """What PowerShell's `>` writes is a design like any other."""
    plain = load_design(str(tiny))
    tiny.write_bytes(TINY.encode("utf-16"))
    assert load_design(str(tiny)) == plain


def test_an_unknown_design_is_answered_with_the_list():
    """Who asks for a design that is not there learns which are."""
    with pytest.raises(UsageError, match="homework"):
        load_design("thesis")
