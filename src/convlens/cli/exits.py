"""How a command ends: one line for an error, and an exit code. Must not know the commands.

0 ok, 1 failed (or the result could not be written), 2 usage, 3 diverged or check failed, 130 interrupted,
143 terminated.
"""

import os
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import typer

from convlens.errors import ConvlensError, one_line, unencodable
from convlens.interrupts import heed

__all__ = ["TRACEBACK", "exits"]

TRACEBACK = "CONVLENS_TRACEBACK"
"""The environment variable with which an unexpected error shows where it arose."""

_INTERRUPTED = 130  # `main` knows it too


def exits(command: Callable[..., None]) -> Callable[..., None]:
    """Return `command` with every error that convlens raises on purpose made into one line on stderr."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None  # `main` says so
        except ConvlensError as error:
            typer.echo(f"convlens: {error}", err=True)
            raise typer.Exit(error.exit_code) from None
        except Exception as error:
            heed()  # a compiler that was stopped half-way fails in its own way
            if os.environ.get(TRACEBACK) or _is_answered(error):
                raise
            typer.echo(f"convlens: {one_line(_sentence(error))}", err=True)
            raise typer.Exit(1) from None

    return run


def _is_answered(error: Exception) -> bool:
    """Say whether Typer or `main` has words for it: the end of a command, or a stream that is gone."""
    if isinstance(error, OSError):
        return isinstance(error, BrokenPipeError) or error.filename is None
    return isinstance(error, typer.Exit | typer.Abort | typer.BadParameter)


def _sentence(error: Exception) -> str:
    """Return what is said of an error that nobody has made a sentence of."""
    if isinstance(error, MemoryError):
        return f"there is not enough memory: take a smaller network or batch. {error}"
    if isinstance(error, RecursionError):
        return "something that was read is nested too deeply."
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror or error}."
    if isinstance(error, UnicodeEncodeError):
        return f"{unencodable(error)}."
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return (
        f"this is a bug of convlens: {type(error).__name__} in {where}: {str(error).rstrip('.')}. "
        f"Please report it, with what {TRACEBACK}=1 and the same command show."
    )
