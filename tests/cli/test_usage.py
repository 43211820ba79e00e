"""What is typed wrongly: one line with the option, the rule and the value; a limit for every count."""

import re

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from convlens.cli.app import app
from convlens.cli.usage import GROUPS, LIMITS

GROUP = typer.main.get_command(app)


def one_line(*args):
    """Run the command line in this process; return its exit code and the one line that it says."""
    done = CliRunner().invoke(app, list(args))
    assert isinstance(done.exception, SystemExit), done.exception
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert not done.stdout
    return done.exit_code, lines[0]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["train", "x", "--epochs", "abc"], "convlens train: `--epochs` must be a whole number. Got 'abc'."),
        (["train", "x", "--epochs=1.5"], "convlens train: `--epochs` must be a whole number. Got '1.5'."),
        (["train", "simple", "--lr", "1e"], "convlens train: `--lr` must be a number. Got '1e'."),
        (["bench", "--batch-size", "0"], "convlens bench: `--batch-size` must be 1 or more. Got '0'."),
        (
            ["bench", "--thread", "3"],
            (
                "convlens bench: there is no option '--thread'. Did you mean --threads? "
                "`convlens bench --help` lists them."
            ),
        ),
        (["train", "-z"], "convlens train: there is no option '-z'. `convlens train --help` lists them."),
        (["--foo"], "convlens: there is no option '--foo'. `convlens --help` lists them."),
        (["trian"], "convlens: there is no command 'trian'. Did you mean train?"),
        (["TRAIN"], "convlens: there is no command 'TRAIN'. Did you mean train?"),
        (["train", "simple", "x"], "convlens train: no more arguments are expected. Got x."),
        (
            ["train"],
            ("convlens train: NETWORK is missing: simple, lenet, speedrun, deep, tiny, swift, resnet, or a "
            "NET.toml file."),
        ),
        (["inspect"], "convlens inspect: RUNS is missing: Run folders; some pictures compare several."),
        (["train", "simple", "--epochs"], "convlens: `--epochs` requires a value."),
        (["train", "simple", "--quiet=3"], "convlens: `--quiet` does not take a value."),
        (["train", "simple", "--data", ""], "convlens train: `--data` must not be empty. Got ''."),
        (["train", "simple", "--out="], "convlens train: `--out` must not be empty. Got ''."),
        (["inspect", "x", "--picture", " "], "convlens inspect: `--picture` must not be empty. Got ' '."),
        (["summary", ""], "convlens summary: an argument must not be empty. Got ''."),
        (
            ["report", "x", "--out", "/"],
            "convlens report: `--out` must not be the root of the file system. Got '/'.",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_one_line_says_what_is_wrong(args, line):
    """Every error of usage is one line: whose, the option, the rule, the value; exit code 2."""
    assert one_line(*args) == (2, line)


@pytest.mark.parametrize(
    ("words", "got"),
    [
        (["--epochs", "2", "--epochs", "1e3"], "1e3"),
        (["--epochs=2", "--epochs", "x"], "x"),
        (["--epochs", "2", "--epochs=many"], "many"),
        (["--epochs", "a", "--epochs", "b"], "b"),
        (["--seed", "2", "--epochs", "3", "--seed=s"], "s"),
        (["--seed", "s", "--", "--seed", "3"], "s"),
    ],
)
def test_an_option_given_twice(words, got):
    """The value that is shown is the last one, which counts, not an earlier one that is right."""
    code, line = one_line("train", *words, *([] if "--" in words else ["simple"]))
    assert code == 2
    assert line.endswith(f"must be a whole number. Got '{got}'.")


def test_a_missing_command_is_no_error_of_a_command():
    """`convlens` alone shows the help."""
    done = CliRunner().invoke(app, [])
    assert done.exit_code == 2
    assert "Usage: " in done.output


def options():
    """Every option of every command that takes a whole number, as its help says."""
    for command in GROUP.commands:
        told = CliRunner().invoke(app, [command, "--help"]).stdout
        for option in re.findall(r"--([\w-]+) (?:<int>|INTEGER)", told):
            yield pytest.param(command, option.replace("-", "_"), f"--{option}", id=f"{command} {option}")


def test_whole_numbers_are_seen():
    """The test below looks at some options of several commands."""
    assert len(list(options())) >= 10


REQUIRED = {"train": ["simple"], "summary": ["simple"], "inspect": ["x"], "report": ["x"], "explore": ["x"],
            "check": ["x.py"]}  # fmt: skip


@pytest.mark.parametrize(("command", "name", "option"), list(options()))
@pytest.mark.parametrize("value", ["99999999999999999999", "9" * 4000, "one more"])
def test_every_count_has_a_limit(command, name, option, value):
    """A number beyond all sense is refused at once, in one line that says the limit."""
    assert name in LIMITS
    if value == "one more":
        value = str(LIMITS[name][1] + 1)
    code, line = one_line(command, *REQUIRED.get(command, []), option, value)
    assert code == 2
    most = f"{LIMITS[name][1]:,}"
    assert f"`{option}` must be " in line
    assert most in line
    assert len(line) < 200


@pytest.mark.parametrize("value", ["0", "-1", "1001"])
def test_most_has_both_ends(value):
    """Nor can nothing be asked for, or less."""
    assert one_line("inspect", "x", "--most", value) == (
        2,
        f"convlens inspect: `--most` must be 1 to 1,000. Got {value}.",
    )


def test_the_help_shows_every_command_once():
    """The commands stand in groups, sixteen at most, in plain text."""
    told = CliRunner().invoke(app, ["--help"]).stdout
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(GROUP.commands)
    assert len(grouped) <= 16
    for name in grouped:
        assert len(re.findall(rf"^  {name}  ", told, re.MULTILINE)) == 1
    assert told.isascii()


@pytest.mark.parametrize("command", ["train", "summary", "bench"])
def test_the_help_names_the_networks(command):
    """The networks in a command's help are those that there are."""
    from convlens.spec import NETWORKS

    assert ", ".join(NETWORKS) in " ".join(CliRunner().invoke(app, [command, "--help"]).stdout.split())


def test_the_help_names_everything():
    """So are the optimizers, the schedules, the pictures and the languages."""
    from convlens.inspection import PICTURES
    from convlens.networks.engines import ENGINES
    from convlens.training.optimizers import OPTIMIZERS
    from convlens.training.schedules import SCHEDULES
    from convlens.words import LANGUAGES

    train = CliRunner().invoke(app, ["train", "--help"]).stdout
    inspect = CliRunner().invoke(app, ["inspect", "--help"]).stdout
    assert [name for name in (*OPTIMIZERS, *SCHEDULES, *ENGINES) if name not in train] == []
    assert [name for name in (*PICTURES, *LANGUAGES) if name not in re.sub(r"-\s+", "-", inspect)] == []


@pytest.mark.parametrize("out", ["net.toml", "notes.txt", "page"])
def test_an_explorer_is_a_page(tmp_path, monkeypatch, out):
    """What it is called ends as a page does: another file of one's own is not written over."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / out).write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(app, ["explore", "run", "--out", out])
    assert done.exit_code == 2
    assert "`--out` of explore must end in .html" in done.stderr
    assert (tmp_path / out).read_text(encoding="utf-8") == "mine"


def test_a_picture_is_not_drawn_over_itself(tmp_path, monkeypatch):
    """The picture that is looked at through filters stays."""
    monkeypatch.chdir(tmp_path)
    Image.new("L", (8, 8)).save("cat.png")
    before = (tmp_path / "cat.png").read_bytes()
    words = ["inspect", "run", "--what", "applied", "--picture", "cat.png", "--out", "./cat.png"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert "`--out` must not be your own picture" in done.stderr
    assert (tmp_path / "cat.png").read_bytes() == before
