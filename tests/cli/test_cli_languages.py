"""Tables, checks and closing lines of the commands in every language; errors and help stay English."""

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from convlens import engine, spec, training
from convlens.cli.app import app
from convlens.cli.reproduce import _table
from convlens.cli.tables import columns, filled_up, wide
from convlens.cli.words import WORDS, spoken, words_in
from convlens.networks import summary_table
from convlens.study import Study, load_design
from convlens.training.speed import StepTimes
from convlens.words import LANGUAGES

OWN = {"ko": "[가-힣]", "ja": "[ぁ-んァ-ヶ一-龠]"}
TRANSLATED = pytest.mark.parametrize("lang", OWN)
TINY = ["--train-size", "100", "--epochs", "2", "--batch-size", "50"]


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


def english_in(text, lang):
    """Return what the English table says in so many words, and this language otherwise, in a text."""
    ours, first = WORDS[lang], WORDS["en"]
    fixed = {first[key] for key in first if ours[key] != first[key] and "{" not in first[key]}
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
def test_checks_are_told(trained, lang):
    """Names, verdicts and findings, a line each below the folder."""
    told, doing = said("verify", trained.folder, "--lang", lang)
    english = said("verify", trained.folder, "--lang", "en")[0]
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
        ({"threading layer": "workqueue"}, ["libgomp1"]),
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
        "threading layer": "omp",
        "threads": 2,
        "spin count": "3000",
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
    assert {wide(line) for line in told.splitlines()[1:]} == {wide(told.splitlines()[1])}
    assert english_in(told, lang) == english_in(doing, lang) == []
    monkeypatch.setattr(engine, "warm_up", lambda show: show(0, 7))
    told, doing = said("warmup", "--lang", lang)
    assert all(re.search(OWN[lang], line) for line in [*told.splitlines(), *doing.splitlines()])
    assert "7" in doing


@TRANSLATED
def test_what_programs_read_is_the_same_in_every_language(trained, lang, monkeypatch):
    """`--json` says what it says in English, to the byte."""
    monkeypatch.setattr(engine, "measured_threads", lambda: {2: 1})  # other processes may add to it meanwhile
    for words in (
        ("summary", "lenet", "--json"),
        ("verify", trained.folder, "--json"),
        ("doctor", "--json"),
        ("train", "lenet", *TINY, "--out", trained.folder, "--json"),
    ):
        told, english = said(*words, "--lang", lang)[0], said(*words, "--lang", "en")[0]
        assert told == english
        assert json.loads(told)["format"] == 1


@TRANSLATED
@pytest.mark.parametrize("words", [("summary", "resnet"), ("train", "simple", "--epochs", "0")])
def test_errors_and_help_are_english(lang, words):
    """Whoever searches for a message finds it."""
    error = said(*words, "--lang", lang, code=2)[1]
    assert re.search(OWN[lang], error) is None
    told = said(words[0], "--help", "--lang", lang)[0]
    assert re.search(OWN[lang], told) is None
    assert "--lang" in told


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"LC_ALL": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"),
        ({"LC_ALL": "C"}, "en"),
    ],
)
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
def test_no_command_fails_in_an_ascii_locale(trained, lang):
    """Under LC_ALL=C without UTF-8 all of it is written, in English."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    words = ["verify", str(trained.folder), "--lang", lang]
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
    assert [
        name for name, command in group.commands.items() if "lang" not in {p.name for p in command.params}
    ] == []
