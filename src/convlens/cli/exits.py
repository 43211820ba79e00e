"""How a command ends: one line for an error, and an exit code. Must not know the commands.

0 ok, 1 failed (or the result could not be written), 2 usage, 3 diverged or check failed, 130 interrupted,
143 terminated.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import typer

from convlens.errors import ConvlensError

__all__ = ["exits"]

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
        except MemoryError as error:
            remedy = "take a smaller network or batch"
            typer.echo(f"convlens: there is not enough memory: {remedy}. {error}".rstrip(), err=True)
            raise typer.Exit(1) from None

    return run
