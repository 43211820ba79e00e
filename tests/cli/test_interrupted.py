"""Ctrl-C and SIGTERM on the command line: exit codes 130 and 143, one true line, nothing lost."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from same_bytes import assert_same

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

GOES_ON = "convlens: interrupted. The same command goes on from here."
PLAIN = "convlens: interrupted."
TRAIN = ["train", "simple", "--train-size", "200", "--batch-size", "50", "-q", "--epochs"]

SCRIPT = """
import os, signal, sys, time
from convlens.cli import main

def press(number=signal.SIGINT):
    os.kill(os.getpid(), number)

{setup}
sys.argv = ["convlens", *sys.argv[1:]]
print("started", flush=True)
main()
"""


def started(*args, setup="", **settings):
    """Start a command of which the first line of stdout has been read."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(setup=setup), *map(str, args)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings,
    )  # fmt: skip
    assert process.stdout.readline() == "started\n"
    return process


def ended(*args, setup="", **settings):
    """Run a command that presses Ctrl-C itself; return its exit code and the lines of its stderr."""
    process = started(*args, setup=setup, **settings)
    _, errors = process.communicate()
    return process.returncode, errors.splitlines()


def at_step(number, what="press()"):
    """Press after so many steps of all trainings, through the progress that every command has."""
    return f"""
from convlens.cli.progress import ShowProgress
steps = iter(range(1, 10**6))
def on_step(self, trainer, loss):
    if next(steps) == {number}:
        {what}
ShowProgress.on_step = on_step
"""


SOON = "import convlens.interrupts; convlens.interrupts._PATIENCE = (0.2, 0.4, 0.6)\n"
NEVER = SOON.replace("(0.2, 0.4, 0.6)", "(10**6,) * 3")
COMMAND = """
from convlens.cli import app
def command():
{body}
app.app = command
"""


def doing(*lines):
    """Put a command of these lines in the place of all commands, and wait less for those that do not ask."""
    return SOON + COMMAND.format(body="\n".join(f"    {line}" for line in lines))


IN_A_FINALIZER = "type('Presses', (), {'__del__': lambda self: press()})()"
IN_A_CALLBACK = "import ctypes; ctypes.CFUNCTYPE(None)(press)()"
LOST = (
    "import ctypes; ctypes.CFUNCTYPE(None)(lambda: (_ for _ in ()).throw(KeyboardInterrupt))()"  # no signal
)
ASKS = "from convlens.interrupts import heed", "while True: heed()"
SLEEPS = ("time.sleep(10_000)",)
FAILS = ("raise RuntimeError('no compiled object yet')",)
SWALLOWS = "while True:", "    try: time.sleep(0.1)", "    except BaseException: pass"
FINISHES = ("sys.exit(0)",)


@pytest.mark.parametrize("behind", [ASKS, SLEEPS, FAILS, SWALLOWS, FINISHES])
@pytest.mark.parametrize("place", ["press()", IN_A_FINALIZER, IN_A_CALLBACK, LOST])
def test_it_ends_whatever_becomes_of_the_interrupt(place, behind):
    """Where Python loses KeyboardInterrupt, or a library makes another error of it: 130 and one line."""
    assert ended(setup=doing(place, *behind)) == (130, [PLAIN])


@pytest.mark.parametrize("behind", [ASKS, SLEEPS, SWALLOWS])
def test_sigterm_ends_as_ctrl_c_does(behind):
    """What a supervisor sends ends with 143 and its own line."""
    assert ended(setup=doing("press(signal.SIGTERM)", *behind)) == (143, ["convlens: terminated."])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_one_stops_at_once(number):
    """The second is not waited for: with a patience without end only it can end what swallows everything."""
    process = started(setup=doing("print('swallows', flush=True)", *SWALLOWS) + NEVER)
    assert process.stdout.readline() == "swallows\n"
    process.send_signal(number)
    time.sleep(0.1)  # two at once would be one
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == 128 + number
    assert errors in {f"{PLAIN}\n", "convlens: terminated.\n"}


@pytest.mark.parametrize("ignored", [[], [signal.SIGINT, signal.SIGTERM]])
def test_a_shells_background_job_hears_it_too(ignored):
    """A script's `convlens … &` starts with Ctrl-C ignored; `kill -INT` ends it all the same."""
    setup = "".join(f"signal.signal({int(number)}, signal.SIG_IGN)\n" for number in ignored)
    assert ended(setup=setup + doing("press()", *SLEEPS)) == (130, [PLAIN])


def test_nobody_reads_what_is_said(tmp_path):
    """Stuck in writing to a full pipe, a command ends at Ctrl-C, too, and does not wait to say so."""
    reading, writing = os.pipe()
    setup = doing("print('stuck', flush=True)", "press()", "while True: sys.stderr.write('x' * 10**6)")
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(setup=setup)], stdout=subprocess.DEVNULL, stderr=writing
    )
    assert process.wait() == 130
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize(("module", "args"), [("typer", ["--help"]), ("numpy", ["summary", "simple"])])
def test_interrupted_while_it_is_loaded(module, args):
    """Ctrl-C in the first moments, while modules are loaded, ends with 130 and one line as later."""
    setup = f"""
class PressesCtrlC:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, PressesCtrlC())
"""
    assert ended(*args, setup=setup) == (130, [PLAIN])


QUICKER = """
from convlens.runs import verification
verification._predictions = lambda run: "not looked at here"
"""

WARMUP = """
from convlens import engine
def warm_up(progress):
    from convlens.interrupts import heed
    for done in range({kernels} + 1):
        progress(done, 9)
    press()
    heed()
engine.warm_up = warm_up
"""


@pytest.mark.parametrize(
    ("args", "setup", "line"),
    [
        (["train", "simple"], doing("press()", *ASKS), PLAIN),
        ([*TRAIN, "2", "--out", "run"], at_step(3), PLAIN),
        ([*TRAIN, "2", "--out", "run"], at_step(5), GOES_ON),
        ([*TRAIN, "1", "--out", "finished"], doing("press()", *ASKS), PLAIN),
        (["verify", "finished", "--retrain", "-q"], QUICKER + at_step(4), PLAIN),
        (["warmup"], WARMUP.format(kernels=0), PLAIN),
        (["warmup"], WARMUP.format(kernels=2), GOES_ON),
    ],
)
def test_goes_on_from_here_is_said_where_it_is_true(args, setup, line, tmp_path):
    """Only what keeps something, and only once it has, promises that the same command goes on."""
    if "finished" in args:
        assert ended(*TRAIN, "1", "--out", "finished", cwd=tmp_path) == (0, [])
    code, lines = ended(*args, setup=setup, cwd=tmp_path)
    assert (code, lines[-1]) == (130, line)


@pytest.mark.parametrize(
    ("lang", "what", "step", "code", "line"),
    [
        ("en", "press()", 5, 130, GOES_ON),
        ("ko", "press()", 3, 130, "convlens: 중단했습니다."),
        ("ko", "press()", 5, 130, "convlens: 중단했습니다. 같은 명령을 다시 실행하면 여기서부터 이어집니다."),
        ("ja", "press()", 3, 130, "convlens: 中断しました。"),
        ("ja", "press(15)", 3, 143, "convlens: 終了の合図を受けて止まりました。"),
    ],
)
def test_the_last_line_is_in_the_language_of_the_command(lang, what, step, code, line, tmp_path):
    """As all closing lines are; whether it goes on is said in each."""
    utf8 = {"env": os.environ | {"PYTHONUTF8": "1"}, "encoding": "utf-8"}
    args = [*TRAIN, "2", "--out", "run", "--lang", lang]
    ended_so, lines = ended(*args, setup=at_step(step, what), cwd=tmp_path, **utf8)
    assert (ended_so, lines[-1]) == (code, line)


def test_taken_up_again_it_goes_on_from_the_first_moment(tmp_path):
    """What an earlier attempt has kept is kept, also before this one's first epoch is done."""
    args = [*TRAIN, "3", "--out", "run"]
    assert ended(*args, setup=at_step(6), cwd=tmp_path) == (130, [GOES_ON])
    assert ended(*args, setup=at_step(1), cwd=tmp_path) == (130, [GOES_ON])


SWALLOWED = {
    "a finalizer": IN_A_FINALIZER,
    "a callback from C": IN_A_CALLBACK,
    "an except": "exec('try:\\n press()\\n time.sleep(0)\\nexcept BaseException:\\n pass')",
}


@pytest.mark.parametrize("place", SWALLOWED.values(), ids=SWALLOWED)
def test_a_training_stops_after_the_step_in_which_it_was_swallowed(place, tmp_path):
    """Ctrl-C that falls into a finalizer, a callback or an `except` ends the training all the same."""
    code, lines = ended(*TRAIN, "50", "--out", "run", setup=at_step(9, place), cwd=tmp_path)
    assert (code, lines[-1]) == (130, GOES_ON)
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_at_any_instant_it_ends_with_130_and_nothing_is_lost(tmp_path):
    """Ctrl-C or SIGTERM at random instants, again and again: the run goes on to the bytes of one go.

    CONVLENS_TRIES=200 tries as often.
    """
    args = [*TRAIN, "5", "--out"]
    begun = time.monotonic()
    assert ended(*args, "whole", cwd=tmp_path) == (0, [])
    whole, codes = time.monotonic() - begun, []
    for attempt in range(int(os.environ.get("CONVLENS_TRIES", "8"))):
        number = signal.SIGTERM if attempt % 3 == 2 else signal.SIGINT
        process = started(*args, "cut", cwd=tmp_path)
        time.sleep(random.uniform(0, whole))  # noqa: S311 (no secret)
        process.send_signal(number)
        output, errors = process.communicate()
        codes.append(process.returncode)
        if process.returncode == 0:  # it was done, and has said so
            assert "run folder" in output
        else:
            assert process.returncode == 128 + number, (attempt, errors)
            assert len(errors.splitlines()) == 1, errors
        if process.returncode == 0 or (tmp_path / "cut").exists():
            assert_same(tmp_path / "cut", tmp_path / "whole")
            (tmp_path / "cut").rename(tmp_path / f"done {attempt}")
    assert any(codes)
    assert ended(*args, "cut", cwd=tmp_path) == (0, [])
    assert_same(tmp_path / "cut", tmp_path / "whole")
    assert all(path.name in {"cut", "whole"} or path.name.startswith("done") for path in tmp_path.iterdir())
