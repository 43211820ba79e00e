"""The command line: one thin file a command. Must not compute anything itself.

Results go to stdout, progress and errors to stderr. Heavy imports wait until a command runs; `main` itself
stands on nothing but the standard library, so that Ctrl-C is answered from the first moment.
"""

import _thread
import os
import sys
import threading
from contextlib import suppress

__all__ = ["main"]

_INTERRUPTED = 130
_GOES_ON = "interrupted. The same command goes on from here."


def main() -> None:
    """Run the command line."""
    _prepare_streams()
    swallowed = _hear_swallowed_interrupts()
    try:
        try:
            from convlens.cli.app import app  # noqa: PLC0415 (Ctrl-C while it is loaded is caught too)

            app()
        finally:
            sys.stdout.flush()
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != _INTERRUPTED:
            raise
        _end(_GOES_ON, _INTERRUPTED)
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        _end(None, 1)
    except OSError as error:
        what = "cannot write the output" if error.filename is None else error.filename
        _end(f"{what}: {error.strerror or error}.", 1)
    except Exception:
        if not swallowed:
            raise
        _end(_GOES_ON, _INTERRUPTED)


def _hear_swallowed_interrupts() -> list[bool]:
    """Have a Ctrl-C that Python could not raise raised again; return a list that then is not empty.

    LLVM calls back while it compiles. What is raised there is lost, and the compiler may fail a moment later.
    """
    swallowed: list[bool] = []

    def hook(lost: "sys.UnraisableHookArgs") -> None:
        if not isinstance(lost.exc_value, KeyboardInterrupt):
            sys.__unraisablehook__(lost)
            return
        swallowed.append(True)
        again = threading.Timer(0.05, _thread.interrupt_main)
        again.daemon = True
        again.start()

    sys.unraisablehook = hook
    return swallowed


def _prepare_streams() -> None:
    """Let no stream's absence or alphabet end a command."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: what is said goes nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Hangul shows ? instead of failing


def _end(text: str | None, code: int) -> None:
    """Say one line and end; what waits to be written to a broken stdout is dropped, not tried again."""
    with suppress(OSError):
        if text is not None:
            print(f"convlens: {text}", file=sys.stderr, flush=True)  # noqa: T201
    if code == _INTERRUPTED:
        os._exit(
            code
        )  # at once: a compiler that was stopped half-way may crash, or complain, as it is cleared up
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)
