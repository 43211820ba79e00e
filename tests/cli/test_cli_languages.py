"""Tables, checks and closing lines of the commands in every language; errors and help stay English."""

import json
import os
import pickle
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from convlens import engine, spec, training
from convlens.cli.app import app
from convlens.cli.progress import ShowProgress
from convlens.cli.reproduce import _table
from convlens.cli.tables import columns, filled_up, wide
from convlens.cli.words import WORDS, spoken, words_in
from convlens.networks import Score, summary_table
from convlens.study import Study, load_design
from convlens.training.notes import Note
from convlens.training.speed import StepTimes
from convlens.words import LANGUAGES
from small_sets import write_small_set

OWN = {"ko": "[가-힣]", "ja": "[ぁ-んァ-ヶ一-龠]"}
TRANSLATED = pytest.mark.parametrize("lang", OWN)
TINY = ["--train-size", "100", "--epochs", "2", "--batch-size", "50"]
TINIEST = ["--train-size", "40", "--epochs", "2", "--batch-size", "20"]


def said(*words, code=0):
    """Run a command in this process; return what it printed on stdout and on stderr."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """What `train` prints in each language, of one run, and the run's folder."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    said("train", "lenet", *TINY, "--out", folder, "--quiet")
    told = {lang: said("train", "lenet", *TINY, "--out", folder, "--lang", lang)[0] for lang in LANGUAGES}
    return SimpleNamespace(folder=folder, told=told)


@pytest.fixture(scope="module")
def small_data(tmp_path_factory):
    """Pictures of MNIST's size, 80 instead of 70,000: for what is said of any data."""
    return write_small_set(tmp_path_factory.mktemp("set"), size=28)


@pytest.fixture(scope="module")
def small(small_data, tmp_path_factory):
    """A run on them: its folder, and how it was trained."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    training_of_it = ("train", "lenet", *TINIEST, "--data", small_data, "--out", folder)
    said(*training_of_it, "--quiet")
    return SimpleNamespace(folder=folder, training=training_of_it)


def english_in(text, lang):
    """Return what the English table says in so many words, and this language otherwise, in a text."""
    ours, first = WORDS[lang], WORDS["en"]
    keys = [key for key in first if not key.endswith(".one")]  # for one thing of many: English alone needs it
    fixed = {first[key] for key in keys if ours[key] != first[key] and "{" not in first[key]}
    return sorted(word for word in fixed if re.search(rf"(?<![\w/-]){re.escape(word)}(?![\w/-])", text))


@pytest.mark.parametrize(
    ("text", "width"),
    [("LeNet", 5), ("학습률", 6), ("エポック", 8), ("「%」", 5), ("a\u2060b", 2), ("e\u0301", 1), ("", 0)],
)
def test_a_letter_is_as_wide_as_a_terminal_draws_it(text, width):
    """Hangul, kana, kanji and brackets of full width take two columns, joiners and accents none."""
    assert wide(text) == width
    assert filled_up(text, 10, ">") == " " * (10 - width) + text


def test_columns_stand_below_each_other():
    """However wide their letters are: the first to the left, the others to the right."""
    lines = columns([("신경망", "값"), ("LeNet", "1,234"), ("エポック", "五")], "<>")
    assert lines == ["신경망       값", "LeNet     1,234", "エポック     五"]
    assert {wide(line) for line in lines} == {15}


@TRANSLATED
@pytest.mark.parametrize("name", ["simple", "lenet"])
def test_the_summary_is_a_table_of_the_language(lang, name):
    """With the numbers of the English one, nothing in English, and columns that end together."""
    told, english = said("summary", name, "--lang", lang)[0], said("summary", name)[0]
    numbers = r"\d(?:[\d,.]*\d)?"
    assert re.findall(numbers, told) == re.findall(numbers, english)
    assert english_in(told, lang) == []
    head, *rows = [line for line in told.splitlines()[2:] if not line.startswith("-")]
    assert {wide(line) for line in (head, *rows[:-1])} == {wide(head)}
    assert set(told.splitlines()[1]) == {"-"}
    assert len(told.splitlines()[1]) == wide(head)


@pytest.mark.parametrize("name", spec.NETWORKS)
def test_the_english_summary_is_the_networks_own(name):
    """The command and `network.summary()` print the same."""
    assert said("summary", name, "--lang", "en")[0] == summary_table(spec.find(name)) + "\n"


@TRANSLATED
def test_the_result_of_a_training_is_told(trained, lang):
    """The same figures as in English, labels in a column of their own."""
    told, english = trained.told[lang], trained.told["en"]
    numbers = r"\d(?:[\d,.]*\d)?"
    assert re.findall(numbers, told.replace(str(trained.folder), "")) == re.findall(
        numbers, english.replace(str(trained.folder), "")
    )
    assert english_in(told, lang) == []
    assert " %" not in told
    assert len(re.findall(OWN[lang], told)) > 10


@TRANSLATED
def test_progress_is_told(tmp_path, lang):
    """The line of the last epoch: which one, loss, test accuracy and the time left."""
    shown = said("train", "lenet", *TINY, "--out", tmp_path / "run", "--lang", lang)[1]
    (last,) = [line for line in shown.splitlines() if "2/2" in line]
    assert last.startswith("LeNet")
    assert len(re.findall(OWN[lang], last)) > 8
    assert re.search(r"\d\.\d%", last)
    assert re.search("loss|test|epoch|left|seed", last) is None


@TRANSLATED
def test_the_table_of_experiments_is_told(tmp_path, lang):
    """Each experiment has its line, and what is not there yet is said."""
    design = load_design("homework", quick=True)
    study = Study(design, tmp_path / "out", 1, quick=True)
    head, rule, *rows = _table(study, words_in(lang)).splitlines()
    assert [row.split()[0] for row in rows] == [experiment.name for experiment in design.experiments]
    assert {wide(line) for line in (head, rule, *rows)} == {wide(head)}
    assert english_in("\n".join([head, *rows]), lang) == []
    assert all(WORDS[lang]["reproduce.not_yet"] in row for row in rows)


@TRANSLATED
def test_checks_are_told(small, lang):
    """Names, verdicts and findings, a line each below the folder."""
    told, doing = said("verify", small.folder, "--lang", lang)
    english = said("verify", small.folder, "--lang", "en")[0]
    assert len(told.splitlines()) == len(english.splitlines())
    assert all(re.search(OWN[lang], line) for line in told.splitlines()[1:])
    assert re.search(OWN[lang], doing)
    assert english_in(told, lang) == []
    starts = {wide(re.split(r"(?<=\S)  +", line.strip())[0]) for line in told.splitlines()[1:]}
    assert len(starts) == 1


@TRANSLATED
def test_the_doctor_speaks(lang):
    """Every fact has a label of the language or a name, and the end of it is a sentence."""
    told = said("doctor", "--lang", lang)[0]
    assert english_in(told, lang) == []
    assert len(told.splitlines()) == len(said("doctor", "--lang", "en")[0].splitlines())
    for fact in engine.facts():
        assert f"doctor.fact.{fact}" in WORDS[lang]


@TRANSLATED
@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({"threading layer": "workqueue"}, ["--force-reinstall numba"]),
        ({"spin count": "loaded before convlens, as found"}, ["GOMP_SPINCOUNT"]),
        ({"cache": "none: no private folder could be made", "threads": 1}, ["CONVLENS_CACHE_DIR", "taskset"]),
        ({"new kernels": "not kept: the disk is full"}, ["the disk is full"]),
    ],
)
def test_advice_is_given_in_the_language(monkeypatch, lang, facts, names):
    """What to type stays as it is typed."""
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    monkeypatch.delenv("NUMBA_THREADING_LAYER", raising=False)
    usual = engine.facts()
    plain = {
        "threading layer": "convlens",
        "threads": 2,
        "spin count": "100 µs",
        "cache": "kept",
        "new kernels": "kept",
    }
    monkeypatch.setattr(engine, "facts", lambda: usual | plain | facts)
    lines = [line for line in said("doctor", "--lang", lang)[0].splitlines() if line.startswith("-> ")]
    assert len(lines) == len(names)
    for line, name in zip(lines, names, strict=True):
        assert name in line
        assert re.search(OWN[lang], line)


@TRANSLATED
def test_benchmarks_and_warmups_speak(monkeypatch, lang):
    """A table of speeds, and how far the compiling is."""
    times = StepTimes(1.25, 100.5, 400.0, 500.0)
    monkeypatch.setattr(training, "step_times", lambda *_: times)
    told, doing = said("bench", "lenet", "simple", "--lang", lang)
    assert "1.25" in told
    assert "80%" in told
    assert {wide(line) for line in told.splitlines()[1:-1]} == {wide(told.splitlines()[1])}
    assert english_in(told, lang) == english_in(doing, lang) == []
    monkeypatch.setattr(engine, "warm_up", lambda show: show(0, 7))
    told, doing = said("warmup", "--lang", lang)
    assert all(re.search(OWN[lang], line) for line in [*told.splitlines(), *doing.splitlines()])
    assert "7" in doing


@TRANSLATED
def test_what_programs_read_is_the_same_in_every_language(small, lang, monkeypatch):
    """`--json` says what it says in English, to the byte."""
    monkeypatch.setattr(engine, "measured_threads", lambda: {2: 1})  # other processes may add to it meanwhile
    for words in (
        ("summary", "lenet", "--json"),
        ("verify", small.folder, "--json"),
        ("doctor", "--json"),
        (*small.training, "--json"),
    ):
        told, english = said(*words, "--lang", lang)[0], said(*words, "--lang", "en")[0]
        assert told == english
        assert json.loads(told)["format"] == 1


@TRANSLATED
@pytest.mark.parametrize("words", [("summary", "vgg"), ("train", "simple", "--epochs", "0")])
def test_errors_and_help_are_english(lang, words):
    """Whoever searches for a message finds it."""
    error = said(*words, "--lang", lang, code=2)[1]
    assert re.search(OWN[lang], error) is None
    told = said(words[0], "--help", "--lang", lang)[0]
    assert re.search(OWN[lang], told) is None
    assert "--lang" in told


@pytest.mark.parametrize(("environment", "wanted"), [
    ({"LC_ALL": "ko_KR.UTF-8"}, "ko"), ({"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"), ({"LC_ALL": "C"}, "en"),
])  # fmt: skip
def test_the_locale_decides_where_nobody_asks(monkeypatch, environment, wanted):
    """As for pages and pictures."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert said("summary", "lenet")[0] == said("summary", "lenet", "--lang", wanted)[0]


@pytest.mark.parametrize(("encoding", "lang", "wanted"), [
    ("ascii", "ko", "en"), ("latin-1", "ja", "en"), ("utf-8", "ko", "ko"), ("cp949", "ko", "ko"),
    ("cp932", "ja", "ja"), ("cp949", "ja", "en"), ("no such", "ja", "en"),
])  # fmt: skip
def test_a_terminal_without_the_letters_gets_english(monkeypatch, encoding, lang, wanted):
    """Instead of a row of question marks."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, SimpleNamespace(encoding=encoding))
    assert spoken(lang).lang == wanted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_command_fails_in_an_ascii_locale(small, lang):
    """Under LC_ALL=C without UTF-8 all of it is written, in English."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    words = ["verify", str(small.folder), "--lang", lang]
    done = subprocess.run(
        [sys.executable, "-m", "convlens", *words],
        env={**os.environ, **ascii_only},
        capture_output=True,
        check=True,
    )
    assert b"SHA-256" in done.stdout
    assert b"???" not in done.stdout + done.stderr


def test_every_command_takes_a_language():
    """So that a page, a picture and what is said of them can be had in one."""
    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        assert "lang" in {param.name for param in command.params}, name


@pytest.mark.parametrize(
    ("lang", "more"),
    [
        *((lang, []) for lang in LANGUAGES),
        ("en", ["--quiet"]),
        ("ko", ["--json"]),
        ("ja", ["--json", "--quiet"]),
    ],
)
def test_a_second_training_says_that_nothing_was_trained(small_data, tmp_path, lang, more):
    """In one line, on stderr only where stdout is for programs; the first one says nothing of it."""
    words = ["train", "lenet", *TINIEST, "--data", small_data, "--engine", "layers", "--lang", lang, *more]
    words += ["--out", tmp_path / "run"]
    first, second = said(*words), said(*words)
    say = words_in(lang)
    again = say["train.again"] if "--json" in more else re.split(r" ?[(\uff08]", say["train.took_then"])[0]
    assert again not in "".join(first)
    assert again in second["--json" in more]
    assert "".join(second).count(again) == 1
    assert "--json" not in more or first[0] == second[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("judged", "n_test", "n"), [(200, 10_000, 200), (None, 90, 90), (500, 90, 90)])
def test_progress_says_of_how_many_images(capsys, lang, judged, n_test, n):
    """An accuracy on the images that an epoch looks at is not that of all."""
    trainer = SimpleNamespace(
        evaluate_sample_num_per_epoch=judged, x_test=range(n_test), current_iter=3, max_iter=3, epochs=1,
        train_loss_list=[0.5],
    )  # fmt: skip
    progress = ShowProgress(say=words_in(lang))
    progress.on_epoch(trainer, training.EpochScores(1, Score(0.5, 0.1), Score(0.985, 0.1), None))
    told = capsys.readouterr().err
    assert words_in(lang)("progress.test", share=words_in(lang).percent(0.985), n=n) in told
    assert f"{n}" in told


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "note",
    [
        Note("note.unscaled", name="x_train", largest="255"),
        Note("note.same_scores", lr="0.25"),
        Note("note.loss_rose", first="2.3", last="17", lr="0.25"),
        Note("note.no_checkpoints", error="cannot write a: full"),
    ],
    ids=lambda note: note.key,
)
def test_what_the_trainer_notes_is_told_in_the_language(capsys, lang, note):
    """Also where another process has noted it: it comes as bytes."""
    came = pickle.loads(pickle.dumps(note))  # noqa: S301 (our own)
    assert isinstance(came, str)
    assert (came, came.values) == (note, note.values)
    ShowProgress(True, words_in(lang)).tell("LeNet", came)
    told = capsys.readouterr().err
    assert all(value in told for value in note.values.values())
    assert (note in told) is (lang == "en")
    assert lang == "en" or re.search(OWN[lang], told)


ABSENT = [
    *((command, "nowhere") for command in ("report", "inspect", "explore", "verify")),
    *((command, "vgg") for command in ("train", "summary", "bench")),
    ("reproduce", "--about", "nowhere.toml"),
]


@TRANSLATED
@pytest.mark.parametrize("words", ABSENT, ids=lambda words: words[0])
def test_the_last_line_is_of_the_language_from_the_beginning(monkeypatch, tmp_path, lang, words):
    """Whenever a command is interrupted, its last words are those of the language that was asked for."""
    monkeypatch.chdir(tmp_path)
    heard = {}
    monkeypatch.setattr("convlens.cli.words.say_at_the_end", heard.update)
    done = CliRunner().invoke(app, [*words, "--lang", lang])
    assert done.exit_code in {1, 2}
    assert heard == {
        one: WORDS[lang][f"end.{one}"].encode() for one in ("interrupted", "terminated", "goes_on")
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("rate", [100.0, 580.0, 1000.0])
def test_a_share_above_all_of_it_is_explained(monkeypatch, lang, rate):
    """Kernels skip what is zero, so their share of sgemm may be above 100 %: that stands below the table."""
    monkeypatch.setattr(training, "step_times", lambda *_: StepTimes(1.25, 100.5, rate, 400.0))
    told = said("bench", "lenet", "--lang", lang)[0]
    assert words_in(lang).percent(rate / 400, 0) in told
    assert told.endswith(words_in(lang)["bench.note"] + "\n")


@TRANSLATED
@pytest.mark.parametrize(
    ("fact", "value", "kept"),
    [
        ("new kernels", "not kept: No space left on device", "No space left on device"),
        ("spin count", "loaded before convlens, as found", "convlens"),
        ("spin count", "not used", ""),
        ("spin count", "PASSIVE, as found", "PASSIVE"),
        ("spin count", "100, as found", "100"),
    ],
)
def test_the_doctors_values_are_of_the_language(monkeypatch, lang, fact, value, kept):
    """What a system or a user says stays; what convlens says of it is translated."""
    usual = engine.facts()
    monkeypatch.setattr(engine, "facts", lambda: usual | {fact: value})
    label = WORDS[lang][f"doctor.fact.{fact}"]
    (line,) = [one for one in said("doctor", "--lang", lang)[0].splitlines() if one.startswith(f"{label} ")]
    assert kept in line
    assert re.search(OWN[lang], line.removeprefix(label))
    assert not re.search("[a-z]{3}", line.removeprefix(label).replace(kept, ""))
    assert f"  {value}" in said("doctor", "--lang", "en")[0]
