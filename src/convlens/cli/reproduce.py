"""`convlens reproduce`: the report's experiments, and the page made of them."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convlens.cli.about import AboutFile
from convlens.cli.crew_options import Asked, Dask, Workers, require_one_crew
from convlens.cli.lang import Lang
from convlens.cli.tables import columns, wide
from convlens.cli.words import spoken
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
    from convlens.report import with_reported  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.study import Study, load_design  # noqa: PLC0415

    asked = require_one_crew(workers, dask)
    lang = language(lang)
    seeds = (1 if quick else _SEEDS) if seeds is None else seeds
    design = load_design("homework", quick=quick, without={_FULL} if small or quick else ())
    study = Study(design, out, seeds, quick=quick)
    command = _command(seeds, quick=quick, small=small, out=out, about=about, lang=lang)
    page = _run_all(study, {"lang": lang, "command": command, "about": _added(about, study)}, asked, quiet)
    if as_json:
        json.dump({**with_reported(study), "page": str(page)}, sys.stdout)
        typer.echo()
    else:
        say = spoken(lang)
        typer.echo(_table(study, say))
        typer.echo("\n" + say("reproduce.page", page=str(page)))


def _added(path: Path | None, study: "Study") -> "About | None":
    """Return what the author adds, or say what is wrong with it before anything long is done."""
    from convlens.report.about import read_about, require_places  # noqa: PLC0415 (lazy)

    if path is None:
        return None
    about = read_about(path)
    networks = dict.fromkeys(experiment.config.network for experiment in study.design.experiments)
    require_places(about, (network.name for network in networks))
    return about


def _run_all(study: "Study", told: dict[str, Any], asked: Asked, quiet: bool) -> Path:
    """Make the missing runs, and the page: after the first seed of the small ones, then now and then."""
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy)
    from convlens.errors import ConvlensError  # noqa: PLC0415

    failed = None
    with ShowProgress(quiet, say=spoken(told["lang"])) as progress:
        writer = _Page(study, told, progress)
        try:
            _make_missing(study, writer, progress, asked)
        except ConvlensError as error:  # the page shows what was made all the same
            failed = error
        if failed is not None and not any(study.run(plan) for plan in study.planned()):
            raise failed
        page = writer.write()
    for line in writer.left_out:
        typer.echo(line, err=True)
    if failed is not None:
        raise failed
    return page


def _make_missing(study: "Study", writer: "_Page", progress: "ShowProgress", asked: Asked) -> None:
    """Make the runs that are not there, and write pages meanwhile."""
    from convlens.cli.crew import crew_for  # noqa: PLC0415 (lazy)
    from convlens.interrupts import heed, kept  # noqa: PLC0415

    planned, missing = list(study.planned()), study.missing()
    first = {plan.title for plan in missing if plan.config.seed == 0 and plan.experiment.group != _FULL}
    left = {plan.title for plan in missing}
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
        left_out: what had no room in the latest page, in lines.
    """

    def __init__(self, study: "Study", told: dict[str, Any], progress: "ShowProgress") -> None:
        self.left_out: list[str] = []
        self._study, self._told, self._progress = study, told, progress
        self._written = time.monotonic()
        self._took = 0.0

    @property
    def is_stale(self) -> bool:
        """Whether the page is so old that it is worth the time to write it again."""
        return time.monotonic() - self._written > max(_PAGE_EVERY, _PAGE_SHARE * self._took)

    def write(self) -> Path:
        """Write the page of what is there."""
        from convlens.report import write_report, write_results  # noqa: PLC0415 (lazy)

        begun = time.monotonic()
        self.left_out.clear()
        self._progress.begin(self._progress.say("progress.page"))
        page = write_report(
            self._study,
            **self._told,
            on_left_out=self.left_out.append,
            on_drawn=self._progress.note,
        )
        write_results(self._study)
        self._written = time.monotonic()
        self._took = self._written - begun
        self._progress.end()
        return page


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
    rows = [_row(study, experiment, say) for experiment in study.design.experiments]
    head, *lines = columns([tuple(say(f"reproduce.{column}") for column in _COLUMNS), *rows], "<>")
    return "\n".join([head, "-" * wide(head), *lines])


def _row(study: "Study", experiment: "Experiment", say: Words) -> tuple[str, ...]:
    from convlens.report import reported_in  # noqa: PLC0415
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
    return (experiment.name, *setting, *figures, str(len(results)), reported)
