"""`convlens check`: what is wrong with layers, networks and optimizers that somebody wrote by hand."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.own_pages import require_own
from convlens.cli.words import spoken
from convlens.errors import UsageError, shown

if TYPE_CHECKING:
    from convlens.check import Bounds
    from convlens.check.folder import Row
    from convlens.words import Words

__all__ = ["check"]

_WRONG, _USAGE = 3, 2


def check(
    file: Annotated[Path, typer.Argument(help="A .py file, a notebook (.ipynb), or a folder of such.")],
    class_name: Annotated[str | None, typer.Option("--class", help="Check this class only.")] = None,
    hint: Annotated[
        str, typer.Option("--hint", help="short says where to look, full what to write.")
    ] = "short",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Of a folder: the table, a CSV file. A page is put beside it."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help="Of a folder: files at once. [default: the processors]")
    ] = None,
    seconds: Annotated[int, typer.Option("--seconds", help="So long the check of a file may take.")] = 30,
    memory: Annotated[int, typer.Option("--memory", help="So many MiB it may need.")] = 2048,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    lang: Lang = None,
) -> None:
    """Find what is wrong with layers and networks written by hand, and name the likely cause.

    Layers, losses, networks and optimizers are checked: shapes, values, gradients, state, batches. A file's
    imports and definitions are run, in a process of its own that is bounded but can do what you can do. How
    other constructors are called, a check.toml beside the file says. Exit code 3: something is wrong.
    """
    from convlens.check import HINTS, Bounds, check_file  # noqa: PLC0415 (lazy: NumPy)

    if hint not in HINTS:
        raise UsageError(f"`--hint` must be {' or '.join(HINTS)}. Got {shown(hint)}.")
    say, bounds = spoken(lang), Bounds(seconds, memory)
    if file.is_dir():
        if class_name is not None:
            raise UsageError("`--class` is for one file. Leave it out, or give a file.")
        _check_folder(file, out, bounds, workers or os.cpu_count() or 1, say, as_json)
        return
    if out is not None or workers is not None:
        raise UsageError(f"`--out` and `--workers` are for a folder. Got {shown(str(file))}.")
    found = check_file(file, class_name, bounds)
    typer.echo(json.dumps({"format": 1, **found.to_dict()}) if as_json else found.text(say.lang, hint))
    if found.is_wrong or not found.outcomes:
        raise typer.Exit(_WRONG if found.is_wrong else _USAGE)


def _check_folder(
    folder: Path, out: Path | None, bounds: "Bounds", workers: int, say: "Words", as_json: bool
) -> None:
    """Check a folder; write its table and its page, and say where they are."""
    from convlens.check.folder import check_folder  # noqa: PLC0415 (lazy)
    from convlens.check.summary import write_summary  # noqa: PLC0415
    from convlens.check.words import words_in  # noqa: PLC0415

    if out is None or out.suffix != ".csv":
        raise UsageError(f"`--out` of check must end in .csv where a folder is given. Got {shown(str(out))}.")
    page = out.with_suffix(".html")
    require_own(page)
    words = words_in(say.lang)

    def tell(row: "Row", done: int, every: int) -> None:
        state = words(f"state.{row.state}")
        typer.echo(words("summary.done", done=done, all=every, file=row.file, state=state), err=True)

    rows = check_folder(folder, out, bounds, workers, tell)
    write_summary(rows, page, say.lang)
    if as_json:
        typer.echo(json.dumps({"format": 1, "rows": [asdict(row) for row in rows]}))
    else:
        typer.echo(words("summary.table", table=str(out)))
        typer.echo(words("summary.page", page=str(page)))
    if any(row.state in {"wrong", "stopped"} for row in rows):
        raise typer.Exit(_WRONG)
