"""`convlens reproduce`: the report's experiments, and the page made of them."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convlens.cli.lang import Lang
from convlens.words import language

if TYPE_CHECKING:
    from convlens.study import Experiment, Study

__all__ = ["reproduce"]

_SEEDS = 3
_PAGE_EVERY = 30.0  # seconds at least between two pages while runs are made


def reproduce(
    out: Annotated[Path, typer.Option(help="The folder of the page, the pictures and the runs.")] = Path(
        "convlens-report"
    ),
    seeds: Annotated[
        int | None,
        typer.Option(
            help=f"Runs of each small experiment, with different seeds. [default: {_SEEDS}; 1 with --quick]"
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="A look in half a minute, not for conclusions.")
    ] = False,
    small: Annotated[bool, typer.Option("--small", help="Leave out training on all 60,000 images.")] = False,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Re-do the report's experiments on the bundled MNIST and write one page, report.html.

    The page is there after the first seed of the small experiments and is written anew as more runs finish.
    Interrupted, the same command goes on where it stopped.
    """
    from convlens.study import Study, load_design  # noqa: PLC0415

    lang = language(lang)
    seeds = (1 if quick else _SEEDS) if seeds is None else seeds
    study = Study(load_design("homework", quick=quick, full=not (small or quick)), out, seeds, quick=quick)
    page = _run_all(study, lang, _command(seeds, quick, small), quiet)
    if as_json:
        json.dump({**study.results(), "page": str(page)}, sys.stdout)
        typer.echo()
    else:
        typer.echo(_table(study))
        typer.echo(f"\nThe page: {page}")


def _run_all(study: "Study", lang: str, command: str, quiet: bool) -> Path | None:
    """Make the missing runs, and the page: after the first seed of the small ones, then now and then."""
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy)
    from convlens.interrupts import heed, kept  # noqa: PLC0415
    from convlens.report import write_report  # noqa: PLC0415
    from convlens.runs import train_run  # noqa: PLC0415

    planned = list(study.planned())
    first_page = sum(experiment.section != "full" for experiment in study.design.experiments)
    page, written, left_out = None, time.monotonic(), list[str]()
    with ShowProgress(quiet) as progress:
        for number, plan in enumerate(planned, 1):
            news = study.run(plan) is None
            if news:
                name = f"{plan.experiment.name} seed {plan.config.seed}"
                progress.begin(f"run {number}/{len(planned)}  {name}")
                train_run(plan.config, plan.folder, plan.command, [progress])
            kept()
            heed()
            stale = time.monotonic() - written > _PAGE_EVERY
            if number == len(planned) or (news and (number == first_page or stale)):
                left_out.clear()
                page = write_report(study, lang=lang, command=command, tell=left_out.append)
                study.write_results()
                written = time.monotonic()
    for line in left_out:  # of the last page
        typer.echo(line, err=True)
    return page


def _command(seeds: int, quick: bool, small: bool) -> str:
    """Return the command line that makes this study again."""
    usual = 1 if quick else _SEEDS
    chosen = [("--quick", quick), ("--small", small), (f"--seeds {seeds}", seeds != usual)]
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
    from convlens.numerals import accuracy, percent  # noqa: PLC0415 (lazy)

    config, runs = experiment.config, study.runs(experiment)
    figures = [
        accuracy(sum(run.results[key] for run in runs) / len(runs), int(runs[0].results[n]))
        if runs
        else "not run yet"
        for key, n in (("test_accuracy_head", "test_head"), ("test_accuracy", "n_test"))
    ]
    reported = "-" if experiment.reported is None or study.quick else percent(experiment.reported)
    setting = (f"{config.train_size:,}", str(config.epochs), f"{config.lr:g}")
    return (experiment.name, *setting, *figures, str(len(runs)), reported)
