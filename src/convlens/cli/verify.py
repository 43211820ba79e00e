"""`convlens verify`: checks run folders without trusting them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["verify"]

_FAILED = 3


def verify(
    runs: Annotated[list[Path], typer.Argument(help="Run folders.")],
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Train each run again, too, and compare the weights.")
    ] = False,
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

    def say(text: str) -> None:
        if not quiet:
            typer.echo(text, err=True)

    found, passed = [], True
    with ShowProgress(quiet, keeps=False) as progress:
        for folder in runs:
            progress.begin(str(folder))
            checks = []
            if not as_json:
                typer.echo(folder)
            for check in verify_run(Run(folder), retrain=retrain, say=say, callbacks=[progress]):
                checks.append(asdict(check))
                passed &= check.passed
                if not as_json:
                    typer.echo(f"  {'ok' if check.passed else 'FAILED':6}  {check.name:14}  {check.told}")
            found.append({"run": str(folder), "checks": checks})
    if as_json:
        typer.echo(json.dumps({"format": 1, "passed": passed, "runs": found}))
    if not passed:
        raise typer.Exit(_FAILED)
