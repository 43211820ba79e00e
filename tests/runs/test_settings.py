"""The table of run settings: each consumer knows each row."""

import inspect
import json
from dataclasses import fields

import pytest
from typer.testing import CliRunner

from convlens import runs, spec
from convlens.cli.app import app
from convlens.cli.run_options import given_settings
from convlens.cli.train import train
from convlens.cli.usage import LIMITS
from convlens.data import TRANSFORMS
from convlens.errors import UsageError
from convlens.networks.engines import ENGINES
from convlens.runs import SETTINGS, RunConfig
from convlens.training import OPTIMIZERS, SCHEDULES
from small_sets import write_small_set

DECIDE = [name for name, row in SETTINGS.items() if row.decides]
OTHERS = {
    "train_size": 4999,
    "epochs": 3,
    "batch_size": 99,
    "optimizer": "momentum",
    "lr": 0.25,
    "optimizer_param": {"momentum": 0.5},
    "schedule": "one-cycle",
    "warm_up": 0.25,
    "weight_decay": 0.0005,
    "clip_norm": 1.5,
    "ema": 0.999,
    "engine": "layers",
    "evaluate_samples": 7,
    "seed": 5,
    "data": "a folder",
    "size": "9x7",
    "augment": {"shift": 3, "stroke": 0.5},
    "label_smoothing": 0.1,
}
"""Another value than the usual one of each setting."""


def config_with(name):
    """A run in which one setting is not as usual."""
    also = {"optimizer": "momentum"} if name == "optimizer_param" else {}
    given = {**also, name: OTHERS[name]}
    return RunConfig.of(runs.network_for("simple", given), given)


def test_every_setting_has_another_value():
    """The table of this test and the table itself have the same rows."""
    assert set(OTHERS) == set(DECIDE)


def test_the_fields_of_a_config_are_the_rows():
    """A field more or less, or another default, would be a setting that a consumer does not know."""
    found = {field.name for field in fields(RunConfig)} - {"network"}
    assert found == set(DECIDE) - {"lr"}  # kept among optimizer_param
    usual = RunConfig(spec.simple())
    for name in set(DECIDE) - {"engine", "weight_decay"}:  # the network's and the optimizer's own
        assert usual.settings[name] == SETTINGS[name].default
    assert usual.unusual == {}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_an_option(name):
    """`convlens train` takes each row, under its own name, with its help."""
    assert name in inspect.signature(train).parameters
    told = " ".join(CliRunner().invoke(app, ["train", "--help"]).output.split())
    assert SETTINGS[name].option in told
    assert SETTINGS[name].help in told
    assert SETTINGS[name].usual in told


@pytest.mark.parametrize("name", DECIDE)
def test_a_setting_decides_and_is_told(name):
    """Another value gives another id, survives JSON, and is among what is unusual."""
    config = config_with(name)
    assert config.settings[name] == OTHERS[name]
    assert config.unusual[name] == OTHERS[name]
    assert config.run_id != RunConfig(spec.simple()).run_id
    assert RunConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize("name", DECIDE)
def test_the_printed_command_makes_the_same_run(monkeypatch, name):
    """What a run says of how it was made is read back by `convlens train` as the same config."""
    made = []

    def remember(config, *_, **__):
        made.append(config)
        raise UsageError("seen")

    monkeypatch.setattr("convlens.runs.make.train_run", remember)
    config = config_with(name)
    command = ["train", "simple", *_words(config.command("simple", "out"))]
    CliRunner().invoke(app, command)
    assert made == [config]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["shift"], {"shift": 2}),
        (["flip", "rotate=10", "shear=0.1"], {"rotate": 10, "shear": 0.1, "flip": 0.5}),
        (["stroke=1.5", "shift=0"], {"stroke": 1.5}),
    ],
)
def test_a_transform_may_stand_alone(words, found):
    """`--augment NAME` is of the usual strength; what changes nothing is left out."""
    given = given_settings({"augment": words})
    assert RunConfig.of(spec.simple(), given).augment == found
    with pytest.raises(UsageError, match=r"`--augment` must be NAME or NAME=NUMBER. Got 'shift=far'"):
        given_settings({"augment": [*words, "shift=far"]})


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("augment", ["shift=1", "shift=3"]),
        ("augment", ["flip", "rotate", "flip=0.1"]),
        ("optimizer_param", ["momentum=0.5", "momentum=0.5"]),
    ],
)
def test_a_name_is_given_once(setting, words):
    """Which of two numbers is meant is not guessed."""
    with pytest.raises(UsageError, match=r"must be given once for each name. Got '\w+' twice"):
        given_settings({setting: words})


def test_a_run_without_it_says_nothing_of_augmentation():
    """A folder from before reads as what it was, and no run has got another id."""
    assert "augment" not in RunConfig(spec.simple()).to_dict()
    none = RunConfig(spec.simple(), augment={"shift": 0})
    assert none.run_id == RunConfig(spec.simple()).run_id
    assert RunConfig(spec.simple(), augment={"shift": 3}).run_id != none.run_id


@pytest.mark.parametrize("name", ["warm_up", "weight_decay", "clip_norm", "ema"])
def test_how_updates_are_tamed_is_written_in_one_way(name):
    """Nothing, 0 and what an optimizer does anyway are one run, that of before; 1 and 1.0 are one, too."""
    usual = RunConfig(spec.simple())
    assert name not in usual.to_dict()
    assert RunConfig(spec.simple(), **{name: 0}).run_id == usual.run_id
    if name != "ema":
        ids = {RunConfig(spec.simple(), **{name: one}).run_id for one in (1, 1.0)}
        assert len(ids - {usual.run_id}) == 1


def test_the_decay_of_adamw_is_its_own():
    """A hundredth where nothing is said; said, it is the same run, and 0 is another one."""
    adamw = [
        RunConfig(spec.simple(), optimizer="AdamW", weight_decay=decay) for decay in (None, 0.01, 0, 0.1)
    ]
    assert [config.weight_decay for config in adamw] == [0.01, 0.01, 0.0, 0.1]
    assert ["weight_decay" in config.to_dict() for config in adamw] == [False, False, True, True]
    assert len({config.run_id for config in adamw}) == 3
    assert [RunConfig.from_dict(config.to_dict()) for config in adamw] == adamw
    assert "--weight-decay 0.0" in adamw[2].command("simple", "out")


def _words(command):
    """The words behind the network's name, as a shell reads them."""
    import shlex

    return shlex.split(command)[3:]


def test_names_in_help_are_those_that_there_are():
    """The texts name each optimizer, schedule and engine, and each transform's usual strength."""
    usual = [f"{name}={row.usual:g}" for name, row in TRANSFORMS.items()]
    named = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES, "engine": ENGINES, "augment": usual}
    for name, known in named.items():
        assert all(one in SETTINGS[name].help for one in known)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"epochs": 99999999999999999999}, r"`epochs` of a run must be an int ≤ 1,000,000"),
        ({"seed": 2**70}, r"`seed` of a run must be an int ≤"),
        ({"evaluate_samples": 10**12}, r"`evaluate_samples` of a run must be an int ≤"),
        ({"data": ""}, r"`data` of a run must be a text that is not empty. Got ''"),
        ({"data": "  "}, r"`data` of a run must be a text that is not empty"),
        ({"data": 3}, r"`data` of a run must be a text"),
        ({"schedule": ["cosine"]}, r"`schedule` of a run must be a text"),
        ({"optimizer": ""}, r"`optimizer` of a run must be a text"),
        ({"optimizer_param": {"lr": 1}}, r"`optimizer_param` of a run takes no lr"),
        (
            {"optimizer_param": {"weight_decay": 1}},
            r"`optimizer_param` of a run takes no weight_decay: it is",
        ),
        ({"weight_decay": -1}, r"`weight_decay` of a run must be 0 or more and finite. Got -1"),
        ({"weight_decay": "much"}, r"`weight_decay` of a run must be 0 or more and finite. Got 'much'"),
        ({"clip_norm": -0.5}, r"`clip_norm` of a run must be 0 or more and finite. Got -0.5"),
        ({"ema": 1.0}, r"`ema` of a run must be at least 0 and below 1. Got 1.0"),
        ({"ema": [0.9]}, r"`ema` of a run must be at least 0 and below 1. Got \[0.9\]"),
        ({"warm_up": 3, "epochs": 2}, r"`warm_up` of a run must be 0 to its epochs, 2. Got 3"),
        ({"augment": {"turn": 2}}, r"`augment` of a run knows shift, .* Got 'turn'"),
        ({"augment": {"scale": 0.9}}, r"`scale` of `augment` must be 0 to 0.5 \(a share\). Got 0.9"),
        ({"augment": 2}, r"`augment` of a run must be names of transforms, .* Got 2"),
        ({"threads": 2}, r"a run has the settings train_size, .*. Got 'threads'"),
        ({"epoch": 2}, r"a run has the settings train_size, .*. Got 'epoch'"),
    ],
)
def test_what_no_setting_can_be(given, says):
    """It is refused when the config is made, in one line."""
    with pytest.raises(UsageError, match=says) as raised:
        RunConfig.of(spec.simple(), given)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("n_train", "train_size", "batch_size"), [(60, 55, 55), (120, 110, 100), (12, 11, 11), (2, 1, 1)]
)
def test_what_is_left_out_gives_way_to_a_small_set(tmp_path, n_train, train_size, batch_size):
    """Of a set with fewer images the usual sizes take as many as leave some to hold out."""
    folder = write_small_set(tmp_path / "data", n_train=n_train)
    network = spec.simple()
    config = RunConfig(network, str(folder))
    assert (config.train_size, config.batch_size) == (train_size, batch_size)
    assert type(config.train_size) is type(config.batch_size) is int
    assert len(runs.open_data(config.data, config.train_size).train) == train_size
    with pytest.raises(UsageError, match="at most its train_size"):  # what was said stays as it was said
        RunConfig(network, str(folder), train_size=1, batch_size=2)


@pytest.mark.parametrize("name", [row.name for row in SETTINGS.values() if row.kind is int])
def test_what_a_run_may_be_the_command_line_takes(name):
    """The largest value of each whole number is the command line's too: a printed command can be typed."""
    row = SETTINGS[name]
    assert row.least is not None
    assert row.most is not None
    assert LIMITS[name][1] == row.most
