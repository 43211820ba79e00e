"""`convlens reproduce`: the report's experiments, and the page made of them."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convlens.cli.about import AboutFile, keep_for_next_time, say_whose
from convlens.cli.crew_options import Asked, Dask, Workers, require_one_crew
from convlens.cli.lang import Lang
from convlens.cli.own_pages import require_own, require_own_results
from convlens.cli.tables import columns, wide
from convlens.cli.words import spoken
from convlens.errors import ConvlensError
from convlens.words import Words, language

if TYPE_CHECKING:
    from convlens.cli.progress import ShowProgress
    from convlens.report import About
    from convlens.study import Experiment, Study

__all__ = ["reproduce"]

_OUT = Path("convlens-report")
_SEEDS = 3
_FULL = "full"  # the group of experiments on all images
_PAGE_EVERY = 30.0  # seconds at least between two pages while runs are made
_PAGE_SHARE = 8  # times as long as a page took nobody waits for the next one: it takes time from the runs


_Seeds = Annotated[
    int | None,
    typer.Option(
        help=f"Runs of each small experiment, with different seeds. [default: {_SEEDS}; 1 with --quick]"
    ),
]


def reproduce(
    out: Annotated[Path, typer.Option(help="The folder of the page, the pictures and the runs.")] = _OUT,
    seeds: _Seeds = None,
    quick: Annotated[bool, typer.Option("--quick", help="A first look, not for conclusions.")] = False,
    small: Annotated[bool, typer.Option("--small", help="Leave out training on all 60,000 images.")] = False,
    about: AboutFile = None,
    workers: Workers = None,
    dask: Dask = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Re-do the report's experiments on the bundled MNIST and write one page, report.html.

    The page is there after the first seed of the small experiments and is written anew as more runs finish.
    Interrupted, the same command goes on where it stopped.
    """
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.report import with_reported  # noqa: PLC0415
    from convlens.study import Study, load_design  # noqa: PLC0415

    asked = require_one_crew(workers, dask)
    say, lang = spoken(lang), language(lang)
    seeds = (1 if quick else _SEEDS) if seeds is None else seeds
    design = load_design("homework", quick=quick, without={_FULL} if small or quick else ())
    study = Study(design, out, seeds, quick=quick)
    added, used = _added(about, study, say)
    say_whose(about, used, say)
    command = _command(seeds, quick=quick, small=small, out=out, about=used, lang=lang)
    told = {"lang": lang, "command": command, "about": added}
    writer = _written(study, told, asked, ShowProgress(quiet, say))
    if as_json:
        json.dump({**with_reported(study), "page": str(writer.page)}, sys.stdout)
        typer.echo()
    else:
        typer.echo(_table(study, say))
        again = [] if writer.n_missing else [say("reproduce.none_made", n=len(list(study.planned())))]
        typer.echo("\n".join(["", *again, say("reproduce.page", page=str(writer.page))]))


def _added(given: Path | None, study: "Study", say: Words) -> "tuple[About | None, Path | None]":
    """Return what the author adds and from where, or say what is wrong before anything long is done."""
    from convlens.report.about import require_places  # noqa: PLC0415 (lazy)
    from convlens.report.kept_about import about_for  # noqa: PLC0415

    page = study.folder / "report.html"
    require_own(page)
    require_own_results(study.folder / "results.json")
    about, used = about_for(page, given)
    networks = dict.fromkeys(experiment.config.network for experiment in study.design.experiments)
    if about is not None:
        require_places(about, (network.name for network in networks))
    keep_for_next_time(page, given, say)
    return about, used


def _written(study: "Study", told: dict[str, Any], asked: Asked, shown: "ShowProgress") -> "_Page":
    """Make the missing runs and the page; an error comes behind the page of what there is."""
    with shown as progress:
        writer = _Page(study, told, progress)
        failed = _run_all(study, writer, progress, asked)
    for line in writer.left_out:
        typer.echo(line, err=True)
    if failed is not None:
        raise failed
    return writer


def _run_all(study: "Study", writer: "_Page", progress: "ShowProgress", asked: Asked) -> ConvlensError | None:
    """Make the missing runs and the page of all that are there; return the error of one that failed."""
    failed = None
    try:
        _make_missing(study, writer, progress, asked)
    except ConvlensError as error:  # the page shows what was made all the same
        failed = error
    if failed is not None and not any(study.run(plan) for plan in study.planned()):
        raise failed
    try:
        writer.write()
    except ConvlensError:
        if failed is None:
            raise
    return failed  # where the page cannot be written either, it is the first error that says why


def _make_missing(study: "Study", writer: "_Page", progress: "ShowProgress", asked: Asked) -> None:
    """Make the runs that are not there, and write pages meanwhile."""
    from convlens.cli.crew import crew_for  # noqa: PLC0415 (lazy)
    from convlens.interrupts import heed, kept  # noqa: PLC0415

    planned, missing = list(study.planned()), study.missing()
    first = {plan.title for plan in missing if plan.config.seed == 0 and plan.experiment.group != _FULL}
    left, writer.n_missing = {plan.title for plan in missing}, len(missing)
    if len(missing) < len(planned):
        kept()
    if not missing:
        return
    with crew_for(planned, missing, progress, asked) as crew:
        for plan in study.run_missing(crew.executor, crew.make, crew.receive):
            kept()
            heed()
            left.discard(plan.title)
            if left and first.isdisjoint(left) and (plan.title in first or writer.is_stale):
                writer.write()


class _Page:
    """Writes a study's page again and again, and `results.json` beside it.

    Args:
        study: the study.
        told: what else `write_report` takes: the language, the command, what the author adds.
        progress: shows how far it is.

    Attributes:
        page: where it is.
        left_out: what had no room in the latest page, in lines.
        n_missing: how many runs were not there when it began.
    """

    def __init__(self, study: "Study", told: dict[str, Any], progress: "ShowProgress") -> None:
        self.page = study.folder
        self.left_out: list[str] = []
        self.n_missing = 0
        self._study, self._told, self._progress = study, told, progress
        self._written = time.monotonic()
        self._took = 0.0

    @property
    def is_stale(self) -> bool:
        """Whether the page is so old that it is worth the time to write it again."""
        return time.monotonic() - self._written > max(_PAGE_EVERY, _PAGE_SHARE * self._took)

    def write(self) -> None:
        """Write the page of what is there."""
        from convlens.report import write_report, write_results  # noqa: PLC0415 (lazy)

        begun = time.monotonic()
        self.left_out.clear()
        self._progress.begin(self._progress.say("progress.page"))
        self.page = write_report(
            self._study,
            **self._told,
            on_left_out=self.left_out.append,
            on_drawn=self._progress.note,
        )
        write_results(self._study)
        self._written = time.monotonic()
        self._took = self._written - begun
        self._progress.end()


def _command(seeds: int, *, quick: bool, small: bool, out: Path, about: Path | None, lang: str) -> str:
    """Return the command line that makes this very page again."""
    from convlens.files import command_line  # noqa: PLC0415 (lazy)
    from convlens.report.places import shareable  # noqa: PLC0415

    words = ["convlens", "reproduce", *(["--quick"] if quick else []), *(["--small"] if small else [])]
    words += ["--seeds", str(seeds)] if seeds != (1 if quick else _SEEDS) else []
    words += ["--out", shareable(out, out.parent)] if out != _OUT else []
    words += ["--about", shareable(about, out.parent)] if about is not None else []
    return command_line([*words, "--lang", lang])


_COLUMNS = ("experiment", "images", "epochs", "lr", "head", "all", "runs", "reported")


def _table(study: "Study", say: Words) -> str:
    """Return one line an experiment: mean test accuracies of its runs, and what the report states."""
    heads = [say(f"reproduce.{column}") for column in _COLUMNS]
    head, *rows = columns([heads, *(_row(study, one, say) for one in study.design.experiments)], "<>")
    return "\n".join([head, "-" * wide(head), *rows])


def _row(study: "Study", experiment: "Experiment", say: Words) -> list[str]:
    from convlens.report import reported_in  # noqa: PLC0415 (lazy)
    from convlens.study import Measured  # noqa: PLC0415
    from convlens.study.stated import Stated  # noqa: PLC0415

    config, results = experiment.config, [run.results for run in study.runs(experiment)]
    figures = [say("reproduce.not_yet")] * 2
    if results:
        head = Measured.of(results, "test_accuracy_head", "test_head")
        test = Measured.of(results, "test_accuracy", "n_test")
        figures = [say.accuracy(measured.mean, measured.n_images) for measured in (head, test)]
    stated = None if study.quick else reported_in(study.design.name).get(experiment.name)
    reported = "-" if stated is None else say.percent(stated, Stated(stated).digits)
    setting = (f"{config.train_size:,}", str(config.epochs), f"{config.lr:g}")
    return [experiment.name, *setting, *figures, str(len(results)), reported]
