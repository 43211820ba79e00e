"""`convlens train`: one run, one folder."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from convlens.runs import Run

__all__ = ["train"]

_NETWORK = "{networks}, or a NET.toml file."


def train(
    network: Annotated[str, typer.Argument(help=_NETWORK)],
    train_size: Annotated[int, typer.Option(help="Train on the first so many images.")] = 5000,
    epochs: Annotated[int, typer.Option(help="Passes over them.")] = 20,
    batch_size: Annotated[int, typer.Option(help="Images of one update.")] = 100,
    optimizer: Annotated[
        str, typer.Option(help="sgd, momentum, nesterov, adagrad, rmsprop or adam.")
    ] = "adam",
    lr: Annotated[float, typer.Option(help="Learning rate.")] = 0.001,
    optimizer_param: Annotated[
        list[str] | None, typer.Option(help="A further argument of the optimizer, such as momentum=0.95.")
    ] = None,
    evaluate_samples: Annotated[
        int, typer.Option(help="Judge by the first so many images at each epoch's end.")
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Of the first weights and of the order of images.")] = 0,
    schedule: Annotated[
        str, typer.Option(help="How the learning rate changes: constant, cosine, step or one-cycle.")
    ] = "constant",
    engine: Annotated[
        str | None, typer.Option(help="fused (kernels) or layers (readable NumPy). [default: fused]")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of the kernels. [default: all]")] = None,
    data: Annotated[str, typer.Option(help="mnist, or a folder with four IDX files.")] = "mnist",
    out: Annotated[Path | None, typer.Option(help="The run's folder. [default: runs/NETWORK-ID]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
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

    config = RunConfig(
        spec.find(network),
        data,
        train_size,
        epochs,
        batch_size,
        optimizer,
        {"lr": lr, **_numbers(optimizer_param or [])},
        seed,
        evaluate_samples,
        engine,
        schedule,
    )
    folder = out or Path("runs") / f"{safe_stem(config.network.name) or 'network'}-{config.run_id}"
    with ShowProgress(quiet) as progress:
        progress.begin(f"{config.network.name} lr {lr:g} seed {seed}")
        run = train_run(config, folder, config.command(network, str(folder)), [progress], threads=threads)
    kept()
    if as_json:
        told = {"format": 1, "run": str(folder), "run_id": run.run_id, "results": run.results}
        json.dump({**told, "baseline": baseline([run]).as_data()}, sys.stdout)
        typer.echo()
    else:
        typer.echo(_told(run, folder))


def _numbers(given: list[str]) -> dict[str, float]:
    """Read the optimizer's further arguments, NAME=NUMBER words."""
    from convlens.errors import UsageError, shown  # noqa: PLC0415 (lazy)

    numbers = {}
    for word in given:
        name, _, value = word.partition("=")
        if name == "lr":
            raise UsageError("`--optimizer-param` takes no lr: give it as --lr.")
        try:
            numbers[name] = float(value)
        except ValueError:
            raise UsageError(f"`--optimizer-param` must be NAME=NUMBER. Got {shown(word)}.") from None
    return numbers


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
        noun = "class" if classes == 1 else "classes"
        lines.append(f"outputs           {outputs}, but the images are of {classes} {noun}")
    return lines
