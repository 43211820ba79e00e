"""The command line: one thin file a command. Must not compute anything itself.

Results go to stdout, progress and errors to stderr. Heavy imports wait until a command runs; `main` itself
stands on nothing but the standard library, so that Ctrl-C is answered from the first moment.
"""

import atexit
import os
import select
import signal
import sys
import threading
from contextlib import suppress

from convlens.cli.console import forgive_streams
from convlens.interrupts import heard, is_kept

__all__ = ["main", "say_at_the_end"]

_SIGNALLED = 128  # + the signal's number: 130 interrupted, 143 terminated
_last_words = {
    "interrupted": b"interrupted.",
    "terminated": b"terminated.",
    "goes_on": b"The same command goes on from here.",
}
_SHOW_CURSOR = b"\x1b[?25h"  # a bar of progress hides it

_ending = threading.Lock()


def main() -> None:
    """Run the command line."""
    with heard(_end_signalled) as signals:
        forgive_streams()
        os.environ["MPLBACKEND"] = "agg"  # figures become files; what else is asked for may not be there
        try:
            _run()
        except BaseException as end:  # noqa: BLE001 (it is raised again, or the process ends)
            if signals.pressed:  # whatever has become of it on its way
                _end_signalled(signals.pressed[0])
            if isinstance(end, KeyboardInterrupt) or _exit_code(end) == _SIGNALLED + signal.SIGINT:
                _end_signalled(signal.SIGINT)
            _answer(end)
        finally:
            atexit.register(_ignore_signals)
    if signals.pressed:
        _end_signalled(signals.pressed[0])


def say_at_the_end(words: dict[str, bytes]) -> None:
    """Have the last line of a command that is interrupted, or terminated, in other words.

    Args:
        words: for "interrupted", "terminated" and "goes_on", as `sys.stderr` encodes them.
    """
    _last_words.update(words)


def _run() -> None:
    """Run the command; it ends with SystemExit."""
    try:
        from convlens.cli.app import app  # noqa: PLC0415 (Ctrl-C while it is loaded is heard, too)

        app()
    finally:
        sys.stdout.flush()


def _exit_code(end: BaseException) -> object:
    return end.code if isinstance(end, SystemExit) else None


def _answer(end: BaseException) -> None:
    """Say in one line what could not be written; let everything else pass."""
    if isinstance(end, BrokenPipeError):  # the reader, such as `head`, has seen enough
        _end(None, 1)
    if isinstance(end, OSError):
        what = "cannot write the output" if end.filename is None else end.filename
        _end(f"{what}: {end.strerror or end}.", 1)
    raise end


def _end(text: str | None, code: int) -> None:
    """Say one line and end; what waits to be written to a broken stdout is dropped, not tried again."""
    if text is not None:
        print(f"convlens: {text}", file=sys.stderr, flush=True)  # noqa: T201
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _end_signalled(number: int) -> None:
    """Say one line and end at once, from any thread.

    Without clearing up: a compiler that was stopped half-way may crash, or complain, as it is cleared up. Not
    through `sys.stderr`, where the main thread may be waiting for a reader.
    """
    if _ending.acquire(blocking=False):
        said = [
            "interrupted" if number == signal.SIGINT else "terminated",
            *(["goes_on"] if is_kept() else []),
        ]
        text = b" ".join([b"convlens:", *(_last_words[one] for one in said)]) + b"\n"
        with suppress(OSError, ValueError):
            descriptor = sys.stderr.fileno()
            if os.name != "posix" or select.select([], [descriptor], [], 0)[1]:
                os.write(descriptor, _SHOW_CURSOR * os.isatty(descriptor) + text)
    os._exit(_SIGNALLED + number)


def _ignore_signals() -> None:
    """Let nothing interrupt the interpreter while it ends: the command has done its work."""
    with suppress(ValueError):  # not the main thread
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
