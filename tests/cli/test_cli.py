"""The command line as a user meets it: output, errors, exit codes."""

import json
import os
import subprocess
import sys

import pytest
import typer

from convlens.cli.exits import exits
from convlens.errors import UsageError

TINY = ["--train-size", "200", "--epochs", "2", "--batch-size", "50"]


def convlens(*args, cwd=None, env=None):
    """Start `convlens` as its own process and wait for it."""
    command = [sys.executable, "-c", "from convlens.cli import main; main()", *map(str, args)]
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def one_line(text):
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_help_lists_the_commands():
    """`convlens --help` names every command and the exit codes."""
    done = convlens("--help")
    assert done.returncode == 0
    for word in ("reproduce", "train", "inspect", "summary", "Exit codes", "130"):
        assert word in done.stdout


def test_help_imports_nothing_heavy():
    """Help comes at once: neither NumPy nor anything that draws or computes is imported for it."""
    script = "import sys, convlens.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"numpy", "scipy", "matplotlib", "numba", "torch", "pydantic", "jinja2", "PIL"}.isdisjoint(loaded)


def test_version():
    """`convlens --version` says which one it is."""
    assert convlens("--version").stdout.startswith("convlens 0.")


def test_summary_as_table_json_and_toml(tmp_path):
    """A network's table can be read by people and by programs; its TOML is a network again."""
    assert "433,890" in convlens("summary", "simple").stdout
    described = json.loads(convlens("summary", "lenet", "--json").stdout)
    assert described["format"] == 1
    assert sum(layer["parameters"] for layer in described["layers"]) == 61706
    net = tmp_path / "net.toml"
    net.write_text(
        convlens("summary", "lenet", "--toml").stdout.replace("units = 120", "units = 60"), encoding="utf-8"
    )
    assert "Affine1" in convlens("summary", net).stdout


def test_summary_writes_a_toml_file(tmp_path):
    """`--toml --out` needs no redirection, whose encoding the shell chooses; nothing is overwritten."""
    net = tmp_path / "net.toml"
    assert convlens("summary", "simple", "--toml", "--out", net).stdout.strip() == str(net)
    assert "kernel_size = 5\n" in net.read_text(encoding="utf-8")
    net.write_text(net.read_text(encoding="utf-8").replace("units = 100", "units = 60"), encoding="utf-8")
    again = convlens("summary", "simple", "--toml", "--out", net)
    assert again.returncode == 2
    assert "exists and is not overwritten" in one_line(again.stderr)
    assert "units = 60" in net.read_text(encoding="utf-8")
    alone = convlens("summary", "simple", "--out", tmp_path / "other.toml")
    assert alone.returncode == 2
    assert "--toml" in one_line(alone.stderr)


def test_a_networks_name_stays_in_its_folder(tmp_path):
    """Without --out a run goes to runs/, whatever the network calls itself."""
    net = tmp_path / "net.toml"
    text = convlens("summary", "simple", "--toml").stdout
    net.write_text(text.replace('"SimpleConvNet"', '"../../evil"'), encoding="utf-8")
    assert "`name` of a network" in one_line(convlens("train", net, *TINY, cwd=tmp_path).stderr)
    net.write_text(text.replace('"SimpleConvNet"', '"나의 .. 그물"'), encoding="utf-8")
    assert convlens("train", net, *TINY, cwd=tmp_path).returncode == 0
    (run,) = (tmp_path / "runs").iterdir()
    assert run.name.startswith("network-")


def test_train_leaves_a_run_folder_and_tells_of_it(tmp_path):
    """`convlens train --json` prints the result on stdout alone; a second call does not train again."""
    out = tmp_path / "run"
    first = convlens("train", "simple", *TINY, "--json", "--out", out)
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert told["format"] == 1
    assert 0 <= told["results"]["test_accuracy"] <= 1
    assert (out / "run.json").exists()
    assert "epoch 2/2" in first.stderr
    again = convlens("train", "simple", *TINY, "--json", "--out", out)
    assert json.loads(again.stdout) == told
    assert "epoch" not in again.stderr


def test_the_recorded_command_makes_the_same_run(tmp_path):
    """The command in run.json, typed in again, gives the same run id."""
    convlens("train", "lenet", *TINY, "--seed", "3", "--lr", "0.002", "--out", "run", cwd=tmp_path)
    about = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert about["command"].startswith("convlens train lenet")
    again = about["command"].replace("--out run", "--out again").split()[1:]
    assert convlens(*again, cwd=tmp_path).returncode == 0
    assert (
        json.loads((tmp_path / "again" / "run.json").read_text(encoding="utf-8"))["run_id"] == about["run_id"]
    )


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["train", "vgg"], 2, "there is no network `vgg`. There are: simple, lenet"),
        (["train", "missing.toml"], 2, "missing.toml"),
        (
            ["train", "simple", "--optimizer", "lion"],
            2,
            "There are: sgd, momentum, nesterov, adagrad, rmsprop, adam",
        ),
        (["train", "simple", "--lr", "-1"], 2, "`lr` of Adam must be above 0"),
        (["train", "simple", "--optimizer-param", "lr=5"], 2, "`--optimizer-param` takes no lr: give it as"),
        (["train", "simple", "--epochs", "0"], 2, "`epochs`"),
        (["train", "simple", "--train-size", "57000"], 2, "`train_size` must be 1 to 55,000, or 60,000"),
        (["train", "simple", "--seed", "-1"], 2, "`seed`"),
        (
            ["train", "simple", "--train-size", "50", "--batch-size", "51"],
            2,
            "`batch_size` of a run must be at most its train_size, 50",
        ),
        (["train", "simple", "--data", "nowhere"], 1, "nowhere"),
        (["inspect", "nowhere"], 1, "nowhere is not a run"),
        (["reproduce", "--seeds", "0"], 2, "`seeds`"),
        (["reproduce", "--lang", "tlh"], 2, "tlh"),
    ],
)
def test_a_wrong_argument_gives_one_line_and_its_exit_code(args, code, says, tmp_path):
    """Whatever is wrong, stderr has one line that names it, stdout nothing, and no traceback anywhere."""
    done = convlens(*args, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    line = one_line(done.stderr)
    assert line.startswith("convlens: ")
    assert says in line
    assert not done.stdout
    assert not list(tmp_path.iterdir())


def test_an_unknown_option_is_a_usage_error():
    """Typing errors end with exit code 2 and a hint at --help."""
    done = convlens("train", "simple", "--epoch", "3")
    assert done.returncode == 2
    assert "--epoch" in done.stderr


def test_divergence_has_its_own_exit_code(tmp_path):
    """A learning rate far too large ends with code 3, names step and layer, and leaves nothing behind."""
    done = convlens("train", "simple", *TINY, "--optimizer", "sgd", "--lr", "1e30", "--out", tmp_path / "run")
    assert done.returncode == 3
    assert "at step" in done.stderr
    assert "layer" in done.stderr
    assert not list(tmp_path.iterdir())


def test_another_run_is_not_overwritten(tmp_path):
    """A folder that holds another run, or something else, is refused by name and left as it is."""
    out = tmp_path / "run"
    convlens("train", "simple", *TINY, "--out", out)
    before = (out / "run.json").read_bytes()
    done = convlens("train", "simple", *TINY, "--seed", "1", "--out", out)
    assert done.returncode == 2
    assert "another run" in one_line(done.stderr)
    assert (out / "run.json").read_bytes() == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious", encoding="utf-8")
    assert convlens("train", "simple", *TINY, "--out", tmp_path / "mine").returncode == 2
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "precious"


def test_paths_with_hangul_and_spaces_under_an_ascii_locale(tmp_path):
    """Nothing depends on the locale: a run in a folder with Hangul and spaces works without UTF-8."""
    folder, run, drawing = tmp_path / as_bytes("실험 폴더"), as_bytes("한글 run"), as_bytes("그림.png")
    folder.mkdir()
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = convlens("train", "simple", *TINY, "--out", run, cwd=folder, env=ascii_only)
    assert done.returncode == 0, done.stderr
    about = json.loads((folder / run / "run.json").read_text(encoding="utf-8"))
    assert about["command"].endswith('--out "한글 run"')
    drawn = convlens("inspect", run, "--what", "filters", "--out", drawing, cwd=folder, env=ascii_only)
    assert drawn.returncode == 0, drawn.stderr
    assert (folder / drawing).read_bytes().startswith(b"\x89PNG")


def as_bytes(name):
    """The name as its UTF-8 bytes, whatever the locale of the process that runs the tests can spell."""
    return os.fsdecode(name.encode())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")  # noqa: PTH110
def test_a_full_disk_is_one_line(tmp_path):
    """When the disk is full, the user reads which file could not be written."""
    (tmp_path / "x.png").symlink_to("/dev/full")
    done = convlens("train", "simple", *TINY, "--out", "/dev/full/run")
    assert done.returncode == 1
    assert "/dev/full" in one_line(done.stderr)


def shell(line):
    """Run a line of the shell in which `convlens` is the command."""
    command = f"convlens() {{ {sys.executable} -c 'from convlens.cli import main; main()' \"$@\"; }}; {line}"
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")  # noqa: PTH110
@pytest.mark.parametrize("command", ["summary simple", "summary simple --json", "--help", "--version"])
def test_output_that_cannot_be_written(command):
    """A full disk behind stdout is one line and exit code 1; no traceback, nothing from the interpreter."""
    done = shell(f"convlens {command} > /dev/full")
    assert done.returncode == 1
    assert one_line(done.stderr) == "convlens: cannot write the output: No space left on device."


@pytest.mark.skipif(os.name == "nt", reason="a shell's redirections")
@pytest.mark.parametrize("command", ["summary simple", "summary simple --json", "--help"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams(command, closed):
    """Where stdout or stderr is closed, what would be said goes nowhere and the command does its work."""
    done = shell(f"convlens {command} {closed}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="a shell's pipe")
def test_a_reader_that_has_seen_enough():
    """`| head` closes the pipe early: nothing is said about it."""
    done = shell("convlens summary simple | true")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            MemoryError("Unable to allocate 313. TiB"),
            "there is not enough memory: take a smaller network or batch. Unable to allocate 313. TiB",
        ),
        (MemoryError(), "there is not enough memory: take a smaller network or batch."),
        (RecursionError("maximum recursion depth exceeded"), "something that was read is nested too deeply."),
        (OSError(28, "No space left on device", "/mnt/run/x"), "/mnt/run/x: No space left on device."),
        (OSError(5, "Input/output error", "weights"), "weights: Input/output error."),
        (UsageError("`lr` must be above 0.\nGot -1."), "`lr` must be above 0. Got -1."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_machine_refuses(capsys, error, line):
    """What does not fit in memory, on the disk or on the stack is one line; no command has to foresee it."""

    def command():
        raise error

    with pytest.raises(typer.Exit):
        exits(command)()
    assert one_line(capsys.readouterr().err) == f"convlens: {line}"


@pytest.mark.parametrize("error", [KeyError("b\na"), ZeroDivisionError("x" * 10_000), AssertionError()])
def test_what_nobody_expected(capsys, monkeypatch, error):
    """A bug of convlens is one line that says so and asks for a report; its traceback is there on demand."""

    def command():
        raise error

    with pytest.raises(typer.Exit) as raised:
        exits(command)()
    assert raised.value.exit_code == 1
    line = one_line(capsys.readouterr().err)
    assert line.startswith(
        f"convlens: this is a bug of convlens: {type(error).__name__} in test_cli.py, line "
    )
    assert line.endswith("Please report it, with what CONVLENS_TRACEBACK=1 and the same command show.")
    assert len(line) < 1100
    monkeypatch.setenv("CONVLENS_TRACEBACK", "1")
    with pytest.raises(type(error)):
        exits(command)()
