"""`convlens data`, and `convlens train` on pictures of one's own: what is said before anything is trained."""

import json

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from convlens import spec
from convlens.cli.app import app
from convlens.data.named_sets import NAMED_SETS
from convlens.data.places import DATA_FOLDERS
from convlens.data.sources import set_names
from convlens.runs import SETTINGS, Run
from convlens.words import LANGUAGES
from file_names import require_names

FEW = ["--epochs", "1", "--engine", "layers", "-q"]


def said(*words, code=0):
    """Run a command in this process; return what it printed on stdout and on stderr."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.stdout, done.stderr


@pytest.fixture
def own(tmp_path):
    """Coloured pictures of three classes, one of them larger, one file that is none."""
    require_names("개")
    rng = np.random.default_rng(0)
    for name, n in (("개", 12), ("cat 10", 4), ("cat 9", 4)):
        (tmp_path / "own" / name).mkdir(parents=True)
        for k in range(n):
            pixels = rng.integers(0, 256, (12, 14, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "own" / name / f"{k}.png")
    (tmp_path / "own" / "cat 9" / "notes.txt").write_text("none", encoding="ascii")
    return tmp_path / "own"


@pytest.mark.parametrize("network", ["simple", "lenet"])
def test_a_named_network_is_as_large_as_the_pictures(own, tmp_path, network):
    """Their size, channels and classes are the network's; what is odd is said first, a line each."""
    _, told = said("train", network, "--data", own, *FEW, "--out", tmp_path / "run", "--lang", "en")
    run = Run(tmp_path / "run")
    assert run.spec.input_shape == (3, 12, 14)
    assert run.class_names == ("cat 9", "cat 10", "개")
    assert run.spec.n_classes == 3
    assert run.channels == ("red", "green", "blue")
    lines = told.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["own"] * 3
    for part in ("1 file that is no picture", "4 of 20 pictures", "개 has 10 training images, cat 9 3"):
        assert part in told
    assert len(run.data.test) == 4


def test_the_same_command_finds_its_run_again(own, tmp_path):
    """As finished; with another size it is another run, whose size its command says."""
    words = ["train", "simple", "--data", own, *FEW, "--json", "--out"]
    first = json.loads(said(*words, tmp_path / "run")[0])
    assert json.loads(said(*words, tmp_path / "run")[0])["run_id"] == first["run_id"]
    other = json.loads(said(*words, tmp_path / "small", "--size", "8x10")[0])
    assert other["run_id"] != first["run_id"]
    run = Run(tmp_path / "small")
    assert run.spec.input_shape == (3, 8, 10)
    assert "--size 8x10" in run.command
    assert "size" not in Run(tmp_path / "run").about["config"]
    assert run.data.train.x.shape[1:] == (3, 8, 10)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--train-size", "17"], "`train_size` must be 1 to 15, or 16 (all images, none held out). Got 17."),
        (["--size", "0"], "`size` of pictures must be"),
        (
            ["--size", "4"],
            "SimpleConvNet, layer Conv1: images of 4 x 4 are too small. Give a larger `--size`.",
        ),
    ],
)
def test_what_cannot_be_trained(own, tmp_path, more, says):
    """It is refused in one line, and nothing is left."""
    _, told = said("train", "simple", "--data", own, *FEW, "--out", tmp_path / "run", *more, code=2)
    assert says in told.splitlines()[-1]
    assert not (tmp_path / "run").exists()


def test_ones_own_network_stays_as_it_is_written(own, tmp_path):
    """It has to fit: the line names both sizes."""
    path = tmp_path / "net.toml"
    path.write_text(spec.to_toml(spec.simple()), encoding="utf-8")
    _, told = said("train", path, "--data", own, *FEW, "--out", tmp_path / "run", code=2)
    assert told.splitlines()[-1].endswith("takes pictures of 1 x 28 x 28. own has 3 x 12 x 14.")


def test_damaged_pictures_are_named_before_a_training(own, tmp_path):
    """Up to three, with the number of all; `data info` lists each."""
    for k in range(4):
        (own / "개" / f"{k}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    _, told = said("train", "simple", "--data", own, *FEW, "--out", tmp_path / "run", code=1)
    assert "own has 4 of 20 pictures that cannot be read" in told
    assert "Others: 개/1.png, 개/2.png, …" in told
    found = json.loads(said("data", "info", own, "--json")[0])
    damaged = next(one for one in found["remarks"] if one["kind"] == "damaged")
    assert damaged["names"] == [f"개/{k}.png" for k in range(4)]


def test_the_list_of_named_sets(tmp_path, monkeypatch):
    """Each with where it is; nothing is downloaded for it. The help of `--data` names them, too."""
    monkeypatch.setenv("CONVLENS_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv(DATA_FOLDERS, raising=False)
    found = {one["name"]: one for one in json.loads(said("data", "list", "--json")[0])["sets"]}
    assert tuple(found) == set_names() == ("mnist", *NAMED_SETS)
    assert found["mnist"]["is_here"]
    assert not found["cifar10"]["is_here"]
    for lang in LANGUAGES:
        told = said("data", "list", "--lang", lang)[0]
        assert all(name in told for name in found)
        assert "170 MB" in told
    assert all(name in SETTINGS["data"].help for name in found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_in_a_set(own, lang):
    """Sizes, channels, classes with their counts, and what is odd, in every language."""
    told = said("data", "info", own, "--lang", lang)[0]
    assert "12 x 14" in told
    assert [line.split()[-2:] for line in told.splitlines() if line.startswith("cat")] == [["3", "1"]] * 2
    assert told.count("\n-> ") == 3


def test_what_is_in_a_set_as_data(own):
    """The same for programs."""
    found = json.loads(said("data", "info", own, "--json", "--size", "6")[0])
    assert (found["shape"], found["n_train"], found["n_test"]) == ([3, 6, 6], 16, 4)
    assert found["classes"][2] == {"name": "개", "train": 10, "test": 2}
    assert {one["kind"] for one in found["remarks"]} == {"others", "held_out", "imbalance"}
    assert set(found["sha256"]) == {"train pictures", "test pictures"}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_picture_of_a_set(own, tmp_path, monkeypatch, lang):
    """Some of each class as a network sees them, under a name of the set's own unless one is given."""
    monkeypatch.chdir(tmp_path)
    assert said("data", "preview", own, "--lang", lang)[0] == "own-preview.png\n"
    with Image.open("own-preview.png") as picture:
        assert picture.width > 1000
        colours = np.asarray(picture.convert("RGB"))
    assert np.ptp(colours.astype(int), axis=2).max() > 100


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lst"], "WHAT must be list, info or preview. Got 'lst'. Did you mean list?"),
        (["info"], "`convlens data info` needs a SOURCE"),
        (["list", "mnist"], "`convlens data list` takes no SOURCE"),
        (["preview", "mnist", "--json"], "`--json` is not an option of `convlens data preview`"),
        (["info", "mnist", "--out", "x.png"], "`--out` is not an option of `convlens data info`"),
        (["list", "--size", "8"], "`--size` is not an option of `convlens data list`"),
        (["info", "mnsit"], "Did you mean mnist?"),
    ],
)
def test_words_without_a_meaning(words, says, tmp_path, monkeypatch):
    """One line says which word is wrong."""
    monkeypatch.chdir(tmp_path)
    assert says in said("data", *words, code=2)[1]
