"""Designs as files, and studies as folders."""

from pathlib import Path

import pytest

import convlens
from convlens.errors import UsageError
from convlens.report import reported_in
from convlens.runs import SETTINGS, train_run
from convlens.spec import NETWORKS
from convlens.study import DESIGNS, Study, load_design

RECORDS = sorted((Path(convlens.__file__).parent / "experiments" / "records").glob("*.toml"))
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
[[experiments]]
name = "b"
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
    small, everything = load_design("homework", without={"full"}), load_design("homework")
    simple = [e for e in small.experiments if e.network == "simple"]
    assert sorted(e.config.lr for e in simple) == [0.0005, 0.001, 0.002, 0.003, 0.004]
    stated = reported_in("homework")
    assert {e.config.lr: stated.get(e.name) for e in simple} == {
        0.0005: None,
        0.001: 0.957,
        0.002: 0.962,
        0.003: 0.97,
        0.004: 0.97,
    }
    assert all((e.config.train_size, e.config.epochs) == (5000, 20) for e in small.experiments)
    full = [e for e in everything.experiments if e not in small.experiments]
    assert [(e.network, e.config.train_size, e.config.epochs, stated.get(e.name)) for e in full] == [
        ("simple", 60000, 10, 0.988),
        ("lenet", 60000, 10, None),
    ]
    assert set(stated) <= {e.name for e in everything.experiments}


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_records_recipe_is_of_all_images(path):
    """It is of one network, called after it, on all 60,000 images, and of the same test images as any run."""
    (experiment,) = load_design(path).experiments
    assert experiment.name == experiment.network == path.stem
    assert (experiment.config.train_size, experiment.config.data) == (60_000, "mnist")
    assert experiment.config.network == NETWORKS[path.stem]()


@pytest.mark.parametrize(
    ("groups", "without", "left"),
    [
        (("", ""), (), ["a", "b"]),
        (("", "long"), (), ["a", "b"]),
        (("", "long"), ("long",), ["a"]),
        (("short", "long"), ("short",), ["b"]),
    ],
)
def test_groups_of_experiments_can_be_left_out(tiny, groups, without, left):
    """An experiment that belongs to a group is left out with it; one without a group is always in."""
    text = TINY
    for name, group in zip("ab", groups, strict=True):
        text = text.replace(
            f'name = "{name}"', f'name = "{name}"\ngroup = "{group}"' if group else f'name = "{name}"'
        )
    tiny.write_text(text, encoding="utf-8")
    assert [e.name for e in load_design(str(tiny), without=without).experiments] == left


def test_a_group_that_is_not_there_is_refused(tiny):
    """The message lists the groups that there are; a design is never empty."""
    with pytest.raises(UsageError, match=r"groups: none\. Got 'full'"):
        load_design(str(tiny), without={"full"})
    with pytest.raises(UsageError, match=r"groups: full\. Got 'ful'"):
        load_design("homework", without={"ful"})
    tiny.write_text(
        TINY.replace('name = "', 'group = "x"\nname = "').replace(
            'group = "x"\nname = "tiny"', 'name = "tiny"'
        ),
        encoding="utf-8",
    )
    with pytest.raises(UsageError, match="has no experiment without x"):
        load_design(str(tiny), without={"x"})


def test_one_seed_of_everything_comes_first(tiny, tmp_path):
    """All experiments get seed 0 before any gets seed 1."""
    planned = list(Study(load_design(str(tiny)), tmp_path, 2).planned())
    assert [(p.experiment.name, p.config.seed) for p in planned] == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_an_experiment_may_get_fewer_seeds(tiny, tmp_path):
    """`seeds` in the design is a limit: the full set is trained on once, however many seeds are asked for."""
    tiny.write_text(TINY.replace('network = "lenet"', 'network = "lenet"\nseeds = 1'), encoding="utf-8")
    planned = list(Study(load_design(str(tiny)), tmp_path, 3).planned())
    assert [(p.experiment.name, p.config.seed) for p in planned] == [("a", 0), ("b", 0), ("a", 1), ("a", 2)]
    full = [e for e in load_design("homework").experiments if e.group == "full"]
    assert [e.seeds for e in full] == [1, 1]


def test_a_study_knows_what_is_finished(tiny, tmp_path):
    """What is finished is what is in the folder."""
    study = Study(load_design(str(tiny)), tmp_path / "out", 1)
    first, second = study.planned()
    assert study.run(first) is None
    run = train_run(first.config, first.folder, first.command)
    assert study.run(first).run_id == run.run_id
    assert study.run(second) is None


@pytest.mark.parametrize("seeds", [-1, 0, 1001, 10**20])
def test_the_number_of_seeds_has_its_limits(tiny, tmp_path, seeds):
    """One at least, and no more than can be planned at once."""
    with pytest.raises(UsageError, match=r"from 1 to 1,000\. Got"):
        Study(load_design(str(tiny)), tmp_path, seeds)


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
        (('name = "b"', 'name = "b"\ngroup = "a b"'), "group"),
        (('name = "b"', 'name = "b"\nsection = "moon"'), "section"),
        (('network = "lenet"', 'network = "vgg"'), "there is no network `vgg`"),
        (("epochs = 1", "epochs = 0"), "epochs"),
        (("epochs = 1", "epochs = 1\nepoch = 1"), "epoch"),
        (('name = "b"', 'name = "b"\nreported = 0.957'), "reported"),
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


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ('schedule = "one-cycle"', "schedule", "one-cycle"),
        (
            'optimizer = "momentum"\noptimizer_param = { momentum = 0.5 }',
            "optimizer_param",
            {"momentum": 0.5},
        ),
        ("lr = 0.25", "lr", 0.25),
        ("warm_up = 1", "warm_up", 1.0),
        ("weight_decay = 0.0005", "weight_decay", 0.0005),
        ('optimizer = "adamw"\nweight_decay = 0', "weight_decay", 0.0),
        ("clip_norm = 2", "clip_norm", 2.0),
        ("ema = 0.99", "ema", 0.99),
        ("label_smoothing = 0.1", "label_smoothing", 0.1),
        ('engine = "layers"', "engine", "layers"),
        ('data = "somewhere"', "data", "somewhere"),
        ('size = "32x24"', "size", "32x24"),
        ("size = 32", "size", "32"),
        ("augment = { shift = 3, flip = 0 }", "augment", {"shift": 3}),
        ("train_size = 400", "train_size", 400),
        ("epochs = 7", "epochs", 7),
        ("batch_size = 9", "batch_size", 9),
        ('optimizer = "sgd"', "optimizer", "sgd"),
        ("evaluate_samples = 9", "evaluate_samples", 9),
    ],
)
@pytest.mark.parametrize("place", ["[defaults]", "[quick]", "[[experiments]]"])
def test_every_setting_can_be_written(tmp_path, line, name, value, place):
    """In the defaults, for a quick look, or of one experiment; the printed command says it, too."""
    text = 'format = 1\nname = "t"\n[defaults]\n[quick]\n[[experiments]]\nname = "a"\n'
    path = tmp_path / "t.toml"
    path.write_text(text.replace(place, f"{place}\n{line}"), encoding="utf-8")
    (experiment,) = load_design(str(path), quick=place == "[quick]").experiments
    assert experiment.config.settings[name] == value


def test_every_setting_that_labels_is_tried():
    """The table of the test before has each row of the table of settings."""
    (mark,) = [
        m for m in test_every_setting_can_be_written.pytestmark if m.args[0] == ("line", "name", "value")
    ]
    assert {name for _, name, _ in mark.args[1]} == {name for name, row in SETTINGS.items() if row.labels}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("seed = 3", "a setting in `defaults` must be one of network, train_size"),
        ("threads = 3", "a setting in `defaults` must be one of"),
        ("Epochs = 3", "Got 'Epochs'"),
        ('optimizer_param = "momentum"', "`optimizer_param` of a run must be numbers by name"),
        ("optimizer_param = { lr = 1 }", "takes no lr"),
        ("optimizer_param = { rho = 1 }", "Adam takes"),
        ("epochs = true", "`epochs` of a run must be an int"),
        ('epochs = "3"', "`epochs` of a run must be an int"),
        ("network = 3", "a network is found by its name or its file"),
        ("lr = [1]", "`lr` of Adam must be"),
        ('schedule = "sine"', "sine"),
    ],
)
def test_a_setting_that_cannot_be(tmp_path, line, says):
    """It is named in one line, also where a quick look would not need it."""
    path = tmp_path / "t.toml"
    text = f'format = 1\nname = "t"\n[defaults]\n{line}\n[[experiments]]\nname = "a"\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_design(str(path))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
