"""`convlens train`: one run, one folder."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convlens.cli.lang import Lang
from convlens.cli.run_options import given_settings, takes_settings
from convlens.cli.tables import filled_up, wide
from convlens.cli.words import spoken

if TYPE_CHECKING:
    from convlens.cli.progress import ShowProgress
    from convlens.runs import Run, RunConfig
    from convlens.training import Callback
    from convlens.words import Words

__all__ = ["train"]

_NETWORK = "{networks}, or a NET.toml file."
_FOLDER = "The run's folder."
_LABELS = ("accuracy", "baseline", "held_out", "outputs", "training", "folder")


@takes_settings
def train(
    network: Annotated[str, typer.Argument(help=_NETWORK)],
    *,
    out: Annotated[Path | None, typer.Option(help=_FOLDER, show_default="runs/NETWORK-ID")] = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    **given: Any,  # noqa: ANN401
) -> None:
    """Train a network and leave a run folder: weights, curves, filters of each epoch, predictions.

    Interrupted, the same command goes on from the latest epoch. A run that is already there is not
    trained again.
    """
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.files import safe_stem  # noqa: PLC0415
    from convlens.findings import baseline  # noqa: PLC0415
    from convlens.interrupts import kept  # noqa: PLC0415
    from convlens.runs import train_run  # noqa: PLC0415

    say = spoken(lang)
    with ShowProgress(quiet, say) as progress:
        config, listeners = _planned(network, given_settings(given), progress)
        folder = out or Path("runs") / f"{safe_stem(config.network.name) or 'network'}-{config.run_id}"
        name, lr = config.network.name, f"{config.lr:g}"
        progress.begin(say("progress.training", network=name, lr=lr, seed=str(config.seed)))
        command = config.command(network, str(folder))
        run = train_run(config, folder, command, listeners, threads=given.get("threads"))
    kept()
    if as_json:
        if not progress.trained:
            progress.tell(progress.title, say("train.again"))
        told = {"format": 1, "run": str(folder), "run_id": run.run_id, "results": run.results}
        json.dump({**told, "baseline": baseline([run]).as_data()}, sys.stdout)
        typer.echo()
    else:
        typer.echo(_told(run, folder, say, "train.took" if progress.trained else "train.took_then"))


def _planned(
    network: str, settings: dict[str, Any], progress: "ShowProgress"
) -> "tuple[RunConfig, list[Callback]]":
    """Return what is to be trained, and who hears of it; its data are read by then."""
    from convlens import spec  # noqa: PLC0415 (lazy)
    from convlens.cli.reading import TellsFirst, read_first  # noqa: PLC0415
    from convlens.runs import RunConfig, network_for  # noqa: PLC0415

    spec.find(network)  # a slip in its name is told before data are read
    opened = read_first(progress, settings)
    config = RunConfig.of(network_for(network, settings), settings)
    tells = [] if opened is None else [TellsFirst(progress, opened, config.train_size)]
    return config, [*tells, progress]


def _told(run: "Run", folder: Path, say: "Words", took: str) -> str:
    """Return the result in a few lines; `took` is the key of the one on the time."""
    results = run.results

    def share(key: str, right: str, n: str) -> str:
        return say(key, share=say.accuracy(results[right], int(results[n])), n=int(results[n]))

    lines = [(say("train.accuracy"), share("train.of_all", "test_accuracy", "n_test"))]
    if results["test_head"] < results["n_test"]:
        lines.append(("", share("train.of_first", "test_accuracy_head", "test_head")))
    lines += _held_against(run, say)
    if "validation_accuracy" in results:
        lines.append((say("train.held_out"), share("train.of_all", "validation_accuracy", "n_validation")))
    told = say(took, seconds=f"{run.seconds:.1f}", step=f"{run.milliseconds_per_step:.2f}")
    lines += [(say("train.training"), told), (say("train.folder"), str(folder))]
    width = max(wide(say(f"train.{label}")) for label in _LABELS) + 3
    return "\n".join(filled_up(label, width) + told for label, told in lines)


def _held_against(run: "Run", say: "Words") -> list[tuple[str, str]]:
    """Say what the accuracy must be held against, where it misleads alone."""
    from convlens.findings import baseline, classes_of  # noqa: PLC0415 (lazy)

    found, lines = baseline([run]), []
    if found.matters:
        key = "train.no_better" if found.is_unbeaten else "train.by_one_answer"
        told = say(key, share=say.accuracy(found.share, found.n_images), name=found.name)
        lines.append((say("train.baseline"), told))
    outputs, classes = run.spec.n_classes, len(classes_of(run))
    if outputs > classes:
        lines.append((say("train.outputs"), say("train.more_outputs", outputs=outputs, classes=classes)))
    return lines
