"""`convlens predict`: answers to files, folders and the standard input, and what cannot be answered."""

import io
import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from convlens import Run
from convlens.cli import predict as command
from convlens.cli.answered import _WIDEST_NAME, _cut, _cut_left, table_of
from convlens.cli.app import app
from convlens.cli.tables import wide
from convlens.cli.words import words_in
from convlens.inspection import seen
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, NetworkSpec
from convlens.words import LANGUAGES
from file_names import require_names

DOCUMENT = Path(__file__).parents[2] / "docs" / "predict.md"
DIGITS = NetworkSpec("Digits", (1, 28, 28), (Affine(10),))


def call(run, *words, stdin=None, code=0):
    """What the command prints on stdout and on stderr."""
    done = CliRunner().invoke(app, ["predict", str(run), *map(str, words)], input=stdin)
    assert done.exit_code == code, done.output
    return done.stdout, done.stderr


def png(picture):
    """A picture as the bytes of a file."""
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """A run on MNIST, and test images in files: dark on white, large, as one photographs them."""
    folder = tmp_path_factory.mktemp("digits")
    run = train_run(RunConfig(DIGITS, train_size=2000, epochs=2), folder / "run", "convlens")
    files = folder / "own"
    files.mkdir()
    for number, (image, label) in enumerate(zip(run.data.test.x[:12, 0], run.data.test.t, strict=False)):
        large = Image.fromarray(255 - image).resize((112, 112), Image.Resampling.BICUBIC)
        large.save(files / f"{number}-is-{label}.jpg")
    return SimpleNamespace(run=run.folder, files=files)


@pytest.fixture(scope="module")
def colours(tmp_path_factory):
    """A run on one's own coloured pictures: reds, greens, and names with wide letters."""
    folder = tmp_path_factory.mktemp("colours")
    rng = np.random.default_rng(0)
    names = ("고양이", "rot & grün")
    require_names(*names)
    for channel, name in enumerate(names):
        (folder / "data" / name).mkdir(parents=True)
        for number in range(60):
            picture = rng.integers(0, 60, (8, 8, 3)).astype(np.uint8)
            picture[..., channel] += 180
            (folder / "data" / name / f"{number}.png").write_bytes(png(picture))
    network = NetworkSpec("Own", (3, 8, 8), (Affine(2),))
    config = RunConfig(network, str(folder / "data"), epochs=30, batch_size=20, optimizer_param={"lr": 0.01})
    return SimpleNamespace(run=train_run(config, folder / "run", "convlens").folder, data=folder / "data")


def test_a_folder_is_answered_in_natural_order(digits):
    """A row a file, the tenth behind the ninth; digits that are photographed dark on white are found."""
    out, err = call(digits.run, digits.files)
    rows = out.split("\n\n")[0].splitlines()[1:]
    assert [int(row.split("/")[-1].split("-")[0]) for row in rows] == list(range(12))
    right = [row.split(".jpg")[0][-1] == row.split(".jpg")[1].split()[0] for row in rows]
    assert sum(right) >= 9
    assert err == ""


def test_in_json_all_classes_have_probabilities(digits):
    """For programs: what the answers rest on, and per picture the class, all probabilities, and doubts."""
    two = np.hstack([255 - image for image in Run(digits.run).data.test.x[:2, 0]])
    told = json.loads(call(digits.run, "-", "--json", "--error-rate", "0.1", stdin=png(two))[0])
    (one,) = told["pictures"]
    assert sum(one["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert max(one["probabilities"], key=one["probabilities"].get) == one["class"] == str(one["number"])
    assert one["doubts"] == ["several"]
    assert told["promise"]["error_rate"] == 0.1
    assert (told["like"], told["unlike"]["n_images"], told["failed"]) == ("mnist", 10_000, [])


@pytest.mark.parametrize(
    ("picture", "doubt"),
    [
        (np.full((40, 60), 230, np.uint8), "blank"),
        (np.full((9, 9, 3), (200, 30, 30), np.uint8), "blank"),
        (np.pad(np.zeros((40, 40), np.uint8), 60, constant_values=255), "solid"),
    ],
    ids=["paper", "one colour", "a square"],
)
def test_what_is_no_digit_is_said_to_be_none(digits, picture, doubt):
    """As far as it can be told; the network answers all the same."""
    told = json.loads(call(digits.run, "-", "--json", stdin=png(picture))[0])
    assert doubt in told["pictures"][0]["doubts"]


def test_colours_and_names_of_ones_own(colours, tmp_path):
    """Pictures are scaled to the network's size as they were for training, in their colours; JPEGs, too."""
    for channel, name in enumerate(("a", "b")):
        picture = np.full((50, 30, 3), 30, np.uint8)
        picture[..., channel] = 210
        picture[::2] += 9
        Image.fromarray(picture).save(tmp_path / f"{name}.jpg", quality=95)
    told = json.loads(call(colours.run, tmp_path, "--json")[0])
    assert told["like"] == "plain"
    assert [one["class"] for one in told["pictures"]] == ["고양이", "rot & grün"]
    rows = call(colours.run, tmp_path)[0].split("\n\n")[0].splitlines()
    assert len({wide(row[: row.index("%")]) for row in rows[1:]}) == 1  # the columns stand below each other


def broken_files(folder):
    """Write files that are no pictures, and return what is said of each."""
    whole = io.BytesIO()
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(whole, "JPEG")
    (folder / "text.png").write_text("hello")
    (folder / "cut.jpg").write_bytes(whole.getvalue()[:300])
    (folder / "empty.gif").write_bytes(b"")
    (folder / "nothing").mkdir()
    return {
        "text.png": "is not a picture",
        "cut.jpg": "is a damaged picture",
        "empty.gif": "is not a picture",
        "nothing": "holds no pictures",
        "missing.png": "does not exist",
    }


def test_one_bad_file_does_not_keep_others_from_their_answers(digits, tmp_path):
    """Each is told in one line on stderr, and the exit code says that there were some."""
    said = broken_files(tmp_path)
    good = digits.files / "1-is-2.jpg"
    out, err = call(digits.run, *(tmp_path / name for name in said), good, code=1)
    lines = err.splitlines()
    assert len(lines) == len(said)
    for line, (name, text) in zip(lines, said.items(), strict=True):
        assert line.startswith(f"convlens: {tmp_path / name} ")
        assert text in line
    assert len(out.split("\n\n")[0].splitlines()) == 2
    told = json.loads(call(digits.run, tmp_path / "text.png", good, "--json", code=1)[0])
    assert [len(told["pictures"]), len(told["failed"])] == [1, 1]


def test_nothing_through_stdin(digits):
    """An empty standard input is a picture that cannot be read."""
    assert "nothing came through the standard input" in call(digits.run, "-", stdin=b"", code=1)[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--like", "mnits"],
            "`like` of pictures must be one of mnist, plain. Got 'mnits'. Did you mean mnist?",
        ),
        (["--error-rate", "0"], "`error_rate` of Classifier must be"),
        (["--error-rate", "lots"], "`--error-rate` must be a number. Got 'lots'."),
        (["--show", "a.txt"], "a picture's file must end in .png, .svg or .pdf"),
    ],
)
def test_what_is_refused(digits, words, said):
    """In one line, before anything is answered."""
    assert said in call(digits.run, digits.files / "0-is-7.jpg", *words, code=2)[1]


def test_ones_own_picture_is_never_overwritten(digits, tmp_path):
    """Not even if it is asked for."""
    own = tmp_path / "own.png"
    own.write_bytes(png(np.zeros((28, 28), np.uint8)))
    assert "must not be your own picture" in call(digits.run, own, "--show", own, code=2)[1]


def test_mnists_way_is_for_one_channel(colours, tmp_path):
    """What a network for colours cannot be asked."""
    (tmp_path / "a.png").write_bytes(png(np.zeros((9, 9, 3), np.uint8)))
    assert (
        "must be plain for a network of 3 channels"
        in call(colours.run, tmp_path / "a.png", "--like", "mnist", code=2)[1]
    )


def test_what_the_network_saw_is_drawn(digits, colours, tmp_path):
    """A page with each picture and its answer; its words stand in the file for those who cannot see it."""
    page = tmp_path / "page.png"
    out, _ = call(digits.run, digits.files, "--show", page)
    assert out.splitlines()[-1] == str(page)
    with Image.open(page) as drawn:
        assert drawn.size[1] > drawn.size[0] / 2
        assert "its answers to 12 pictures" in drawn.text["Description"]
        assert "11-is-6.jpg" in drawn.text["Description"]


def test_of_many_pictures_the_first_are_drawn(digits, tmp_path, monkeypatch):
    """One page that can be read; that it is not all is said, and rows are printed of all."""
    monkeypatch.setattr(seen, "MOST", 5)
    page = tmp_path / "page.png"
    out, err = call(digits.run, digits.files, "--show", page)
    assert err == f"{page} shows the first 5 of 12 pictures.\n"
    assert out.count(".jpg") == 12
    with Image.open(page) as drawn:
        assert "answers to 5 pictures" in drawn.text["Description"]


@pytest.mark.parametrize("name", ["나" * 80, "a" * 300, "b" * 31 + "\n"], ids=["wide", "long", "line end"])
def test_names_are_cut_where_they_are_drawn(name):
    """A file's end tells it from others, a class's beginning; neither runs into its neighbour."""
    assert wide(_cut_left(name, 32)) <= 32
    assert wide(_cut(name)) <= _WIDEST_NAME


def test_a_run_is_found_by_its_name(digits, tmp_path, monkeypatch):
    """Where `train` and `reproduce` leave runs."""
    for home in ("runs", "convlens-report/runs"):
        (tmp_path / home).mkdir(parents=True)
    (tmp_path / "convlens-report/runs/mine").symlink_to(digits.run, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    assert call("mine", digits.files / "0-is-7.jpg")[0].count("0-is-7.jpg") == 1


def test_many_pictures_go_through_in_parts(digits, monkeypatch):
    """What is in memory at once does not grow with the files; the rows are the same."""
    whole = call(digits.run, digits.files)[0]
    monkeypatch.setattr(command, "_AT_ONCE", 5)
    assert call(digits.run, digits.files)[0] == whole


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the tests lie beside no documents")
def test_the_documents_lines_work(digits, tmp_path, monkeypatch, capsys):
    """What docs/predict.md shows in Python, with a run and a photo of these names."""
    (tmp_path / "my-run").symlink_to(digits.run, target_is_directory=True)
    (tmp_path / "photo.jpg").write_bytes((digits.files / "0-is-7.jpg").read_bytes())
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {})  # noqa: S102 (our own lines)
    assert capsys.readouterr().out.startswith("7 ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hundred_classes_with_long_names_keep_to_their_columns(lang):
    """A name that is wider than its column is cut."""
    names = [f"가나다라마바사아자차카타파하 {number}" for number in range(100)]
    table = table_of(words_in(lang), ["a.png", "b" * 300], names)
    assert table.widths[1] == _WIDEST_NAME
    assert table.widths[0] < 60


@pytest.mark.parametrize("lang", ["ko", "ja"])
def test_it_speaks_the_users_language(digits, lang):
    """Heads, remarks and notes."""
    out, _ = call(digits.run, digits.files / "0-is-7.jpg", "--lang", lang)
    told = words_in(lang)
    assert told("predict.answer") in out
    assert "unsure" not in out
