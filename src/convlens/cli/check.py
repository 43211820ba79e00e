"""`convlens check`: what is wrong with layers and losses that somebody wrote by hand."""

import json
from pathlib import Path
from typing import Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.words import spoken
from convlens.errors import UsageError, shown

__all__ = ["check"]

_WRONG, _USAGE = 3, 2


def check(
    file: Annotated[Path, typer.Argument(help="A .py file or a notebook (.ipynb).")],
    class_name: Annotated[str | None, typer.Option("--class", help="Check this class only.")] = None,
    hint: Annotated[
        str, typer.Option("--hint", help="short says where to look, full what to write.")
    ] = "short",
    seconds: Annotated[int, typer.Option("--seconds", help="So long the check may take.")] = 30,
    memory: Annotated[int, typer.Option("--memory", help="So many MiB it may need.")] = 2048,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Find what is wrong with layers and losses written by hand, and name the likely cause.

    Each class with a forward and a backward is checked: shapes, values, gradients, state, batches. The file's
    imports and definitions are run, in a process of its own that is bounded but can do what you can do. How
    other constructors are called, a check.toml beside the file says. Exit code 3: something is wrong.
    """
    from convlens.check import HINTS, Bounds, check_file  # noqa: PLC0415 (lazy: NumPy)

    if hint not in HINTS:
        raise UsageError(f"`--hint` must be {' or '.join(HINTS)}. Got {shown(hint)}.")
    say = spoken(lang)
    found = check_file(file, class_name, Bounds(seconds, memory))
    if as_json:
        typer.echo(json.dumps({"format": 1, **found.to_dict()}))
    else:
        typer.echo(found.text(say.lang, hint))
    if found.is_wrong:
        raise typer.Exit(_WRONG)
    if not found.outcomes:
        raise typer.Exit(_USAGE)
