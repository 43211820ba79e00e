"""`convlens warmup`: compile the kernels before they are needed."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from convlens.cli.lang import Lang
from convlens.cli.words import spoken
from convlens.errors import UsageError
from convlens.interrupts import kept
from convlens.words import Words

__all__ = ["warmup"]

_PLAIN_EVERY = 10.0  # seconds between plain lines


def warmup(lang: Lang = None) -> None:
    """Compile all kernels now, so that no training waits for them; after Ctrl-C it goes on where it was."""
    from convlens import engine  # noqa: PLC0415 (lazy: Numba)

    say = spoken(lang)
    folder = str(engine.facts()["cache"])
    if folder.startswith("none"):  # as `doctor` advises
        raise UsageError(
            "compiled kernels cannot be kept here, so compiling them ahead is of no use: set "
            "CONVLENS_CACHE_DIR to a folder of your own that can be written to."
        )
    start = time.monotonic()
    with _progress(say) as show:

        def progress(done: int, total: int) -> None:
            if done:
                kept()
            show(done, total)

        engine.warm_up(progress)
    typer.echo(say("warmup.ready", seconds=f"{time.monotonic() - start:.1f}"))
    typer.echo(say("warmup.kept", folder=folder))


@contextmanager
def _progress(say: Words) -> Iterator[Callable[[int, int], None]]:
    """Yield what shows how many are done, of how many: a bar in a terminal, plain lines elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 (lazy: only a terminal needs rich)
        from rich.progress import Progress  # noqa: PLC0415

        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task(say("warmup.compiling"))
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    said = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal said
        if done == 0 or time.monotonic() - said > _PLAIN_EVERY:
            said = time.monotonic()
            typer.echo(say("warmup.count", done=done, total=total), err=True)

    yield show
