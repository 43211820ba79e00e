"""A run as data: round trip, its hash, its limits, its command."""

import json

import pytest

from convlens import spec
from convlens.errors import SpecError, UsageError
from convlens.runs import SETTINGS, RunConfig
from convlens.spec import Affine, Convolution, NetworkSpec, Relu

MINE = NetworkSpec("mine", (1, 6, 6), (Convolution(2, 3), Relu(), Affine(10)), weight_init_std=1)
OTHERS = {
    "network": spec.lenet(),
    "data": "/somewhere",
    "train_size": 4999,
    "epochs": 3,
    "batch_size": 99,
    "optimizer": "momentum",
    "optimizer_param": {"lr": 0.002},
    "seed": 1,
    "evaluate_samples": 500,
    "engine": "layers",
    "schedule": "cosine",
    "warm_up": 0.5,
    "weight_decay": 0.0005,
    "clip_norm": 1.0,
    "ema": 0.99,
    "size": "20",
    "augment": {"rotate": 10},
    "label_smoothing": 0.2,
}


@pytest.mark.parametrize("network", [spec.simple(), spec.lenet(dtype="float64", protocol="book"), MINE])
@pytest.mark.parametrize("param", [{"lr": 0.003}, {}, {"lr": 0.1, "beta1": 0.5}])
def test_round_trip(network, param):
    """A config comes back from JSON equal and with the same run id."""
    config = RunConfig(network, optimizer_param=param, epochs=3, seed=5)
    again = RunConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert again == config
    assert again.run_id == config.run_id


def test_every_field_changes_the_id():
    """Whatever decides a run's numbers changes its id: each field does."""
    config = RunConfig(spec.simple())
    ids = {config.run_id}
    for name, value in OTHERS.items():
        fields = {"network": spec.simple(), name: value}
        ids.add(RunConfig(**fields).run_id)
    assert len(ids) == 1 + len(OTHERS)
    assert set(OTHERS) == set(RunConfig(**OTHERS).to_dict())
    assert set(OTHERS) - set(config.to_dict()) == {row.name for row in SETTINGS.values() if row.came_later}


def test_the_id_is_of_the_content():
    """Neither the order of a dict nor the spelling of the optimizer changes its twelve hex digits."""
    one = RunConfig(MINE, optimizer="Adam", optimizer_param={"lr": 0.1, "beta1": 0.5})
    same = RunConfig(MINE, optimizer="adam", optimizer_param={"beta1": 0.5, "lr": 0.1})
    assert one.run_id == same.run_id
    assert len(one.run_id) == 12
    assert int(one.run_id, 16) >= 0


def test_the_id_never_changes():
    """The id of the report's first run is pinned: a change of it would orphan every recorded run."""
    assert RunConfig(spec.simple()).run_id == "a6385ca0c5b0"


def test_defaults():
    """The small set at 0.001 with Adam, as the report trains it."""
    config = RunConfig(spec.simple())
    assert (config.train_size, config.epochs, config.batch_size) == (5000, 20, 100)
    assert (config.optimizer, config.lr, config.seed, config.data) == ("adam", 0.001, 0, "mnist")


@pytest.mark.parametrize(
    ("optimizer", "param", "lr"),
    [("sgd", {}, 0.01), ("adam", {"beta1": 0.5}, 0.001), ("adam", {"lr": 1}, 1.0)],
)
def test_the_learning_rate(optimizer, param, lr):
    """`lr` is the one that is used, also where it was left to the optimizer."""
    config = RunConfig(MINE, optimizer=optimizer, optimizer_param=param)
    assert config.lr == lr
    assert f"--lr {lr:g}" in config.command("net.toml", "out")


def test_command():
    """The command names everything that `convlens train` needs, the data where they are not MNIST."""
    command = RunConfig(spec.lenet(), epochs=3, seed=2, optimizer_param={"lr": 0.0005}).command(
        "lenet", "runs/a"
    )
    assert command == (
        "convlens train lenet --train-size 5000 --epochs 3 --batch-size 100 "
        "--optimizer adam --lr 0.0005 --seed 2 --out runs/a"
    )
    assert "--data there" in RunConfig(MINE, data="there", train_size=5, batch_size=5).command("n.toml", "a")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"train_size": 0}, r"`train_size` of a run must be an int ≥ 1. Got 0"),
        ({"epochs": 0}, r"`epochs` of a run must be an int ≥ 1. Got 0"),
        ({"epochs": 2.0}, r"`epochs` of a run .* Got 2.0"),
        ({"batch_size": True}, r"`batch_size` of a run .* Got True"),
        ({"evaluate_samples": -1}, r"`evaluate_samples` of a run .* Got -1"),
        (
            {"train_size": 50, "batch_size": 100},
            r"`batch_size` of a run must be at most its train_size, 50. Got 100",
        ),
        ({"seed": -1}, r"`seed` of a run must be an int ≥ 0. Got -1"),
        ({"train_size": 59_999}, r"`train_size` must be 1 to 55,000, or 60,000"),
        ({"train_size": 70_000}, r"`train_size` must be .* Got 70,000"),
        ({"optimizer": "adamax"}, r"no optimizer 'adamax'. There are: sgd"),
        ({"optimizer_param": {"lr": -1}}, r"`lr` of Adam must be above 0"),
    ],
)
def test_wrong_fields(fields, words):
    """Each is refused when the config is made, in one line that names the field."""
    with pytest.raises(UsageError, match=words) as raised:
        RunConfig(spec.simple(), **fields)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"network": None}, SpecError, r"run.json: a network is a table"),
        ({"network": "simple"}, SpecError, r"run.json: a network is a table"),
        ({"network": {"layers": 3}}, SpecError, r"run.json: `layers` must be a list"),
        ({"colour": 3}, UsageError, r"run.json is not a run's config: .*colour"),
        ({"optimizer_param": 3}, UsageError, r"run.json is not a run's config"),
        ({"optimizer_param": {"lr": "fast"}}, UsageError, r"`lr` of Adam must be above 0 .* Got 'fast'"),
        ({"epochs": "many"}, UsageError, r"`epochs` of a run must be an int"),
    ],
)
def test_wrong_data(change, error, words):
    """A file that was changed by hand is refused in one line that names the file."""
    with pytest.raises(error, match=words) as raised:
        RunConfig.from_dict({**RunConfig(MINE).to_dict(), **change}, "run.json")
    assert "\n" not in str(raised.value)


def test_the_id_of_ones_own_data(tmp_path, monkeypatch):
    """It holds the folder's name, not its place, and needs no data; a folder called mnist is one's own."""
    (tmp_path / "here" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    absolute = str(tmp_path / "elsewhere" / "raw")
    ids = {RunConfig(MINE, data).run_id for data in ("raw", "raw/", "./raw", "../here/raw", absolute)}
    monkeypatch.chdir("raw")
    ids.add(RunConfig(MINE, ".").run_id)
    assert len(ids) == 1
    assert RunConfig(MINE, "./mnist").run_id != RunConfig(MINE, "mnist").run_id
    assert RunConfig(MINE, "../raw").data_source.startswith(str(tmp_path))
    assert RunConfig(MINE).data_source == "mnist"


@pytest.mark.parametrize(("protocol", "n_steps"), [("standard", 9), ("book", 6)])
def test_the_number_of_updates(protocol, n_steps):
    """The last batch of an epoch may be smaller; the book leaves it out."""
    network = spec.simple(protocol=protocol, dtype="float64")
    assert RunConfig(network, train_size=25, batch_size=10, epochs=3).n_steps == n_steps
