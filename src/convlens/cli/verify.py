"""`convlens verify`: checks run folders without trusting them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convlens.cli.lang import Lang
from convlens.cli.tables import filled_up, wide
from convlens.cli.words import spoken
from convlens.words import LANGUAGES, Words

if TYPE_CHECKING:
    from convlens.runs.verification import Check

__all__ = ["verify"]

_FAILED = 3


def verify(
    runs: Annotated[list[Path], typer.Argument(help="Run folders.")],
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Train each run again, too, and compare the weights.")
    ] = False,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Check what run folders say: the data, the first weights, the scores computed again, the accuracies.

    Without --retrain, nothing shows that the last weights come from this training. Trained again on the same
    processor with the same versions, they must be equal, bit by bit; elsewhere they may differ by rounding.
    Exit code 3: a check failed.
    """
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.runs import Run, verify_run  # noqa: PLC0415

    words = spoken(lang)
    in_lines = None if as_json else _line_of(words)
    told_in = LANGUAGES[0] if as_json else words.lang
    found: list[dict[str, Any]] = []
    with ShowProgress(quiet, keeps=False, say=words) as progress:
        for folder in runs:
            progress.begin(str(folder))
            checks = verify_run(
                Run(folder), retrain=retrain, say=partial(_say, quiet), callbacks=[progress], lang=told_in
            )
            found.append({"run": str(folder), "checks": _told(folder, checks, in_lines)})
    passed = all(check["passed"] for one in found for check in one["checks"])
    if as_json:
        typer.echo(json.dumps({"format": 1, "passed": passed, "runs": found}))
    if not passed:
        raise typer.Exit(_FAILED)


def _say(quiet: bool, text: str) -> None:
    """Say what is being done."""
    if not quiet:
        typer.echo(text, err=True)


def _told(
    folder: Path, checks: Iterable["Check"], in_lines: Callable[["Check"], str] | None
) -> list[dict[str, Any]]:
    """Print each check in a line as soon as it is done, if in lines at all; return what they all found."""
    told = []
    if in_lines is not None:
        typer.echo(folder)
    for check in checks:
        told.append(asdict(check))
        if in_lines is not None:
            typer.echo(in_lines(check))
    return told


def _line_of(say: Words) -> Callable[["Check"], str]:
    """Return what writes a check in a line; verdicts and names have columns of their own."""
    from convlens.runs.words import words_in  # noqa: PLC0415 (lazy)

    verdicts = (say("verify.failed"), say("verify.passed"))
    names = [text for key, text in words_in(say.lang).items() if key.startswith("check.")]
    widths = max(map(wide, verdicts)), max(map(wide, names))

    def written(check: "Check") -> str:
        cells = map(filled_up, (verdicts[check.passed], check.name), widths)
        return "  ".join(["", *cells, check.told])

    return written
