"""`convlens reproduce`: the report's experiments, and the page made of them."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from convlens.study import Experiment, Study

__all__ = ["reproduce"]


def reproduce(
    out: Annotated[Path, typer.Option(help="The folder of the page, the pictures and the runs.")] = Path(
        "convlens-report"
    ),
    seeds: Annotated[int, typer.Option(help="Runs of each experiment, with different seeds.")] = 1,
    quick: Annotated[
        bool, typer.Option("--quick", help="A look in half a minute, not for conclusions.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Also train on all 60,000 images.")] = False,
    lang: Annotated[str | None, typer.Option(help="en or ko. [default: the locale's]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Re-do the report's experiments on the bundled MNIST and write one page, report.html.

    The page is there after the first seed of everything and is written anew as more runs finish.
    Interrupted, the same command goes on where it stopped.
    """
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.report import language, write_report  # noqa: PLC0415
    from convlens.study import Study, load_design  # noqa: PLC0415
    from convlens.training import train_run  # noqa: PLC0415

    lang = language(lang)
    study = Study(load_design("homework", quick=quick, full=full), out, seeds, quick=quick)
    command = _command(seeds, quick, full)
    planned = list(study.planned())
    first_page = sum(experiment.section != "full" for experiment in study.design.experiments)
    page, news = None, True
    with ShowProgress(quiet) as progress:
        for number, plan in enumerate(planned, 1):
            if study.run(plan) is None:
                name = f"{plan.experiment.name} seed {plan.config.seed}"
                progress.begin(f"run {number}/{len(planned)}  {name}")
                train_run(plan.config, plan.folder, plan.command, [progress])
                news = True
            if (news and number >= first_page) or number == len(planned):
                page = write_report(study, lang=lang, command=command)
                study.write_results()
                news = False
    if as_json:
        json.dump({**study.results(), "page": str(page)}, sys.stdout)
        typer.echo()
    else:
        typer.echo(_table(study))
        typer.echo(f"\nThe page: {page}")


def _command(seeds: int, quick: bool, full: bool) -> str:
    """Return the command line that makes this study again."""
    chosen = [("--quick", quick), ("--full", full), (f"--seeds {seeds}", seeds > 1)]
    return " ".join(["convlens reproduce", *(option for option, wanted in chosen if wanted)])


_COLUMNS = ("experiment", "images", "epochs", "lr", "first 1,000", "all test images", "runs", "the report")


def _table(study: "Study") -> str:
    """Return one line an experiment: mean test accuracies of its runs, and what the report states."""
    rows = [_COLUMNS, *(_row(study, experiment) for experiment in study.design.experiments)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [
        "  ".join(f"{cell:{'<' if column == 0 else '>'}{widths[column]}}" for column, cell in enumerate(row))
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(study: "Study", experiment: "Experiment") -> tuple[str, ...]:
    config, runs = experiment.config, study.runs(experiment)
    figures = [
        f"{sum(run.results[key] for run in runs) / len(runs):.2%}" if runs else "not run yet"
        for key in ("test_accuracy_head", "test_accuracy")
    ]
    reported = "-" if experiment.reported is None else f"{experiment.reported:.1%}"
    setting = (f"{config.train_size:,}", str(config.epochs), f"{config.lr:g}")
    return (experiment.name, *setting, *figures, str(len(runs)), reported)
