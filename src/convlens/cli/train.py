"""`convlens train`: one run, one folder."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convlens.cli.run_options import given_settings, takes_settings

if TYPE_CHECKING:
    from convlens.runs import Run

__all__ = ["train"]

_NETWORK = "{networks}, or a NET.toml file."
_FOLDER = "The run's folder."


@takes_settings
def train(
    network: Annotated[str, typer.Argument(help=_NETWORK)],
    *,
    out: Annotated[Path | None, typer.Option(help=_FOLDER, show_default="runs/NETWORK-ID")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    **given: Any,  # noqa: ANN401
) -> None:
    """Train a network and leave a run folder: weights, curves, filters of each epoch, predictions.

    Interrupted, the same command goes on from the latest epoch. A run that is already there is not
    trained again.
    """
    from convlens import spec  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415
    from convlens.files import safe_stem  # noqa: PLC0415
    from convlens.findings import baseline  # noqa: PLC0415
    from convlens.interrupts import kept  # noqa: PLC0415
    from convlens.runs import RunConfig, train_run  # noqa: PLC0415

    config = RunConfig.of(spec.find(network), given_settings(given))
    folder = out or Path("runs") / f"{safe_stem(config.network.name) or 'network'}-{config.run_id}"
    with ShowProgress(quiet) as progress:
        progress.begin(f"{config.network.name} lr {config.lr:g} seed {config.seed}")
        command = config.command(network, str(folder))
        run = train_run(config, folder, command, [progress], threads=given.get("threads"))
    kept()
    if as_json:
        told = {"format": 1, "run": str(folder), "run_id": run.run_id, "results": run.results}
        json.dump({**told, "baseline": baseline([run]).as_data()}, sys.stdout)
        typer.echo()
    else:
        typer.echo(_told(run, folder))


def _told(run: "Run", folder: Path) -> str:
    """Return the result in a few lines."""
    from convlens.numerals import accuracy  # noqa: PLC0415 (lazy)

    results = run.results

    def share(right: str, n: str) -> str:
        return f"{accuracy(results[right], int(results[n]))} of {results[n]:,}"

    lines = [
        f"test accuracy     {share('test_accuracy', 'n_test')} images",
        f"                  {share('test_accuracy_head', 'test_head')} first images",
        *_held_against(run),
    ]
    if "validation_accuracy" in results:
        lines.append(f"held-out images   {share('validation_accuracy', 'n_validation')} images")
    lines.append(f"training          {run.seconds:.1f} s, {run.milliseconds_per_step:.2f} ms a step")
    lines.append(f"run folder        {folder}")
    return "\n".join(lines)


def _held_against(run: "Run") -> list[str]:
    """Say what the accuracy must be held against, where it misleads alone."""
    from convlens.findings import baseline, classes_of  # noqa: PLC0415 (lazy)
    from convlens.numerals import accuracy  # noqa: PLC0415

    found, lines = baseline([run]), []
    if found.matters:
        share = accuracy(found.share, found.n_images)
        verdict = "; the network is no better" if found.is_unbeaten else ""
        lines.append(
            f"baseline          {share} by always answering {found.name}, the largest class{verdict}"
        )
    outputs, classes = run.spec.n_classes, len(classes_of(run))
    if outputs > classes:
        lines.append(f"outputs           {outputs}, but the images are of {classes} classes")
    return lines
