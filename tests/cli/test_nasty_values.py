"""Every option of every command with values that nobody should type: never a traceback."""

import os
import struct

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from convlens.cli.app import app
from convlens.training.speed import StepTimes

GROUP = typer.main.get_command(app)

NASTY = [
    *("", " ", "0", "-1", "-0", "1.5", "1e9", "1e999", "nan", "inf", "-inf", "0x10", "1_0", "\uff11", "true"),
    *(
        "99999999999999999999",
        "9" * 5000,
        "1e-400",
        "None",
        "[]",
        "{}",
        "{0.__class__}",
        "%s%n",
        "a=b",
        "=",
        "a=",
    ),
    *(
        "a" * 300,
        "a" * 5000,
        "\n",
        "a\nb",
        "\t",
        "\x1b[2J",
        "\u202e",
        "\u3164",
        "한글",
        "🙂",
        "-",
        "*",
    ),
    *("~", "/", ".", "..", "../..", "/dev/null", "/dev/zero", "/dev/full", "/proc/self/mem", "/proc/none/x"),
    *(
        "x.png",
        "x.html",
        "x.toml",
        "x.PDF",
        "none/x.png",
        "folder",
        "folder/x.html",
        "file",
        "file/x",
        "pipe",
    ),
    *(
        "folder.png",
        "folder.html",
        "folder.toml",
        "pipe.png",
        "pipe.html",
        "pipe.toml",
        "link",
        "link.png",
        "C:\\x",
    ),
    *("mnist", "MNIST", "simple", "sgd", "digit", "ko", "xx", "curves", "filters", "mistakes", "Conv1"),
]


def idx(array):
    """An array of bytes as an IDX file."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with data, a network, a run, and things that are no files."""
    folder = tmp_path_factory.mktemp("nasty")
    rng = np.random.default_rng(0)
    (folder / "data").mkdir()
    for part, n in (("train", 60), ("t10k", 30)):
        pictures = rng.integers(0, 256, (n, 8, 8)).astype(np.uint8)
        (folder / "data" / f"{part}-images-idx3-ubyte").write_bytes(idx(pictures))
        (folder / "data" / f"{part}-labels-idx1-ubyte").write_bytes(idx(np.arange(n, dtype=np.uint8) % 10))
    (folder / "net.toml").write_text(
        'format = 1\nname = "Small"\ninput_shape = [1, 8, 8]\n[[layers]]\nkind = "convolution"\nfilters = 2\n'
        'kernel_size = 3\n[[layers]]\nkind = "affine"\nunits = 10\n',
        encoding="utf-8",
    )
    fill(folder)
    before = os.getcwd()  # noqa: PTH109
    os.chdir(folder)
    done = CliRunner().invoke(app, ["train", "net.toml", *TRAIN, "--out", "run"])
    assert done.exit_code == 0, done.output
    yield folder
    os.chdir(before)


def fill(folder):
    """Put folders, pipes and links where files are looked for."""
    for name in ("folder", "folder.png", "folder.html", "folder.toml"):
        (folder / name).mkdir()
    for name in ("pipe", "pipe.png", "pipe.html", "pipe.toml"):
        os.mkfifo(folder / name)
    (folder / "file").write_bytes(b"text")
    Image.new("L", (8, 8)).save(folder / "dot.bmp")
    (folder / "link").symlink_to("gone")
    (folder / "link.png").symlink_to("link.png")


TRAIN = ["--data", "data", "--train-size", "50", "--epochs", "1", "--batch-size", "50", "--quiet"]
BASE = {
    "train": ["net.toml", *TRAIN, "--engine", "layers"],
    "inspect": ["run"],
    "report": ["run"],
    "explore": ["run"],
    "predict": ["run", "dot.bmp"],
    "verify": ["run"],
    "summary": ["net.toml", "--toml"],
    "bench": ["net.toml"],
    "reproduce": ["--quiet"],
}


def cases():
    """Every argument and every option that takes a value."""
    for name, command in GROUP.commands.items():
        for param in command.params:
            if not getattr(param, "is_flag", False):
                option = max(param.opts, key=len) if param.param_type_name == "option" else None
                yield pytest.param(name, option, id=f"{name} {param.name}")


@pytest.fixture
def no_work(monkeypatch):
    """Let nothing long be done: studies, measurements and pages have tests of their own."""
    monkeypatch.setattr("convlens.cli.reproduce._run_all", lambda *_: None)
    monkeypatch.setattr("convlens.training.step_times", lambda *_: StepTimes(1.0, 1.0, 1.0, 1.0))
    monkeypatch.setattr("convlens.report.write_runs_report", lambda _runs, page, **_: page)
    monkeypatch.setattr("convlens.engine.warm_up", lambda _: None)
    monkeypatch.setattr("convlens.inspection.save", lambda *_: None)
    monkeypatch.setattr("convlens.inspection.catalogue.PictureKind.__call__", lambda *_: None)


def complaint(args, done):
    """What is wrong with how a command ended; None if nothing is."""
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return f"{args}: {done.exception!r}"
    lines = done.stderr.splitlines()
    if done.exit_code not in {0, 1, 2, 3} or "bug of convlens" in done.stderr or "Traceback" in done.stderr:
        return f"{args}: {done.exit_code} {lines}"
    if done.exit_code and (len(lines) != 1 or not lines[0].startswith("convlens") or len(lines[0]) > 1100):
        return f"{args}: {done.exit_code} {lines}"
    return None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("command", "option"), list(cases()))
def test_nasty_values(place, no_work, command, option):
    """Whatever is typed: it works, or one line says why not; exit code 0, 1, 2 or 3."""
    complaints = []
    first = len(command + str(option)) % 2  # every second value for one option, the others for the next
    for number, value in list(enumerate(NASTY))[first::2]:
        base = BASE.get(command, [])
        args = [command, *base, option, value] if option else [command, value, *base[1:]]
        if command == "train" and option != "--out":
            args += ["--out", f"{option}-{number}".strip("-")]
        complaints.append(complaint(args, CliRunner().invoke(app, args)))
    assert [found for found in complaints if found] == []
