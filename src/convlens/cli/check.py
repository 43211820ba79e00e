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


_File = Annotated[Path | None, typer.Argument(help="A .py file, a notebook (.ipynb), or a folder of such.")]
_Class = Annotated[str | None, typer.Option("--class", help="Check this class only.")]
_Hint = Annotated[str, typer.Option("--hint", help="short says where to look, full what to write.")]
_Out = Annotated[
    Path | None, typer.Option("--out", help="Of a folder: the table, a CSV file. A page is put beside it.")
]
_Tests = Annotated[
    Path | None,
    typer.Option("--grade-tests", help="Your own tests, a .py file: which planted faults do they let pass?"),
]
_Module = Annotated[
    str | None, typer.Option("--module", help="With --grade-tests: the module that the tests import.")
]
_Workers = Annotated[
    int | None,
    typer.Option("--workers", help="Files, or planted faults, at once. [default: the processors]"),
]
_Seconds = Annotated[int, typer.Option("--seconds", help="So long the check of a file may take.")]
_Memory = Annotated[int, typer.Option("--memory", help="So many MiB it may need.")]
_Json = Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")]


def check(
    file: _File = None,
    class_name: _Class = None,
    hint: _Hint = "short",
    out: _Out = None,
    tests: _Tests = None,
    module: _Module = None,
    workers: _Workers = None,
    seconds: _Seconds = 30,
    memory: _Memory = 2048,
    as_json: _Json = False,
    lang: Lang = None,
) -> None:
    """Find what is wrong with layers and networks written by hand, and name the likely cause.

    Layers, losses, networks and optimizers are checked: shapes, values, gradients, state, batches. A file's
    imports and definitions are run, in a process of its own that is bounded but can do what you can do. How
    other constructors are called, a check.toml beside the file says. Exit code 3: something is wrong, or, of
    tests of your own, let pass.
    """
    from convlens.check import HINTS, Bounds  # noqa: PLC0415 (lazy: NumPy)

    if hint not in HINTS:
        raise UsageError(f"`--hint` must be {' or '.join(HINTS)}. Got {shown(hint)}.")
    say, bounds, n_workers = spoken(lang), Bounds(seconds, memory), workers or os.cpu_count() or 1
    if tests is not None:
        if file is not None or out is not None or class_name is not None:
            raise UsageError("`--grade-tests` goes with `--module` and `--workers` alone.")
        _grade(tests, module, bounds, n_workers, say, as_json)
    elif file is None or module is not None:
        rule = "be a .py file, a notebook or a folder"
        raise UsageError(f"`file` of check must {rule}. Or give `--grade-tests`.")
    elif file.is_dir():
        if class_name is not None:
            raise UsageError("`--class` is for one file. Leave it out, or give a file.")
        _check_folder(file, out, bounds, n_workers, say, as_json)
    elif out is not None or workers is not None:
        raise UsageError(f"`--out` and `--workers` are for a folder. Got {shown(str(file))}.")
    else:
        _check_file(file, class_name, bounds, say, hint, as_json)


def _check_file(
    file: Path, class_name: str | None, bounds: "Bounds", say: "Words", hint: str, as_json: bool
) -> None:
    """Say what is wrong in one file."""
    from convlens.check import check_file  # noqa: PLC0415 (lazy)

    found = check_file(file, class_name, bounds)
    if class_name is not None and not (found.outcomes or found.not_made or found.ended):
        rule = "name a layer, a loss, a network or an optimizer of the file"
        raise UsageError(f"`--class` must {rule}. Got {shown(class_name)}.")
    typer.echo(json.dumps({"format": 1, **found.to_dict()}) if as_json else found.text(say.lang, hint))
    if found.is_wrong or not found.outcomes:
        raise typer.Exit(_WRONG if found.is_wrong else _USAGE)


def _grade(
    tests: Path, module: str | None, bounds: "Bounds", workers: int, say: "Words", as_json: bool
) -> None:
    """Say which planted faults somebody's tests let pass."""
    from convlens.check import grade_tests  # noqa: PLC0415 (lazy)

    found = grade_tests(tests, module, bounds, workers)
    typer.echo(json.dumps({"format": 1, **found.to_dict()}) if as_json else found.text(say.lang))
    if not found.ok:
        raise typer.Exit(_USAGE if found.ended else _WRONG)


def _check_folder(
    folder: Path, out: Path | None, bounds: "Bounds", workers: int, say: "Words", as_json: bool
) -> None:
    """Check a folder; write its table and its page, and say where they are."""
    from convlens.check.folder import check_folder  # noqa: PLC0415 (lazy)
    from convlens.check.summary import write_summary  # noqa: PLC0415
    from convlens.check.words import words_in  # noqa: PLC0415

    if out is None or out.suffix != ".csv":
        found = "nothing: give --out table.csv" if out is None else shown(str(out))
        raise UsageError(f"`--out` of check must end in .csv where a folder is given. Got {found}.")
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
