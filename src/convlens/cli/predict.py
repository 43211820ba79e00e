"""`convlens predict`: what a run's network answers to pictures of anybody's."""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from convlens.cli.lang import Lang
from convlens.cli.words import spoken
from convlens.words import language

if TYPE_CHECKING:
    from convlens.cli.answered import Given, Told
    from convlens.cli.progress import ShowProgress
    from convlens.findings import Classifier

__all__ = ["predict"]

_AT_ONCE = 250  # pictures in memory
_HOMES = (Path("runs"), Path("convlens-report/runs"))  # where `train` and `reproduce` put runs


_Pictures: TypeAlias = Annotated[
    list[Path], typer.Argument(help="PNG, JPEG, BMP, GIF or WebP files, folders of such; - for stdin.")
]
_Show: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="A picture to write, .png, .svg or .pdf: each file, and what the network saw."),
]
_Like: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="How pictures are prepared: mnist (the digit is found on its paper, and made as MNIST was) "
        "or plain (the whole picture, scaled). [default: as the run's own]"
    ),
]
_ErrorRate: TypeAlias = Annotated[
    float, typer.Option(help="Answers are called unsure so that at most this share of the others is wrong.")
]


def predict(
    run: Annotated[Path, typer.Argument(help="The run's folder, or its name in runs/.")],
    pictures: _Pictures,
    show: _Show = None,
    like: _Like = None,
    error_rate: _ErrorRate = 0.01,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Classify pictures: the answer, how probable it is, the next ones, and whether to trust it.

    The probabilities, and what is called unsure, were learned from the run's held-out images, and hold for
    pictures like these. Exit code 1: a picture could not be read; the others were classified.
    """
    from convlens.cli.answered import Told, table_of  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415
    from convlens.findings import Classifier  # noqa: PLC0415
    from convlens.runs import Run  # noqa: PLC0415

    say = spoken(lang)
    classifier = Classifier(Run(_found(run)), error_rate)
    files = list(_files(pictures))
    if show is not None:
        _require_own_place(show, files)
    table = None if as_json else table_of(say, [name for name, _ in files], classifier.class_names)
    told = Told(classifier, say, table, keeps=as_json)
    with ShowProgress(quiet, say, keeps=False) as progress:
        progress.begin(say("predict.reading"))
        looked_at = _looked_at(files, partial(_look, classifier, like, _n_drawn(show)), progress)
        while some := list(islice(looked_at, _AT_ONCE)):
            told.add(some)
    _end(told, (show, language(lang)), (str(classifier.run.folder), like or classifier.like))


def _end(told: "Told", drawn: tuple[Path | None, str], asked: tuple[str, str]) -> None:
    """Say what stands below the answers, draw them, and end with the exit code."""
    if told.keeps:
        typer.echo(json.dumps(told.as_data(*asked)))
    else:
        told.end()
    show, lang = drawn
    if show is not None:
        told.draw(show, lang)
    if told.failed:
        raise typer.Exit(1)


def _found(run: Path) -> Path:
    """Return a run's folder, which may be given by its name."""
    places = [run, *(home / run for home in _HOMES)]
    return next((place for place in places if place.exists()), run)


def _require_own_place(show: Path, files: list[tuple[str, Any]]) -> None:
    """Refuse a place that nothing can be written to, or that is one of the user's own pictures."""
    from convlens.errors import UsageError, shown  # noqa: PLC0415 (lazy)
    from convlens.inspection.drawing import require_picture_place  # noqa: PLC0415

    require_picture_place(show)
    paths = [path for _, path in files if isinstance(path, Path)]
    if show.exists() and any(path.exists() and path.samefile(show) for path in paths):
        raise UsageError(f"`--show` must not be your own picture. Got {shown(show)}.")


def _files(pictures: list[Path]) -> Iterator[tuple[str, Any]]:
    """Yield each picture's name, and its path, or the error that there is none."""
    from convlens.data.given_files import given_files  # noqa: PLC0415 (lazy)

    for given in pictures:
        for found in given_files([given]):
            yield (str(found), found) if isinstance(found, Path) else (str(given), found)


def _looked_at(
    files: list[tuple[str, Any]], look: Callable[[str, Path, int], "Given"], progress: "ShowProgress"
) -> Iterator["Given"]:
    """Yield what the network sees of each file, or why it sees nothing; that is said at once."""
    from convlens.cli.answered import Given  # noqa: PLC0415 (lazy)
    from convlens.errors import DataError  # noqa: PLC0415
    from convlens.interrupts import heed  # noqa: PLC0415

    for number, (name, path) in enumerate(files, 1):
        heed()
        progress.count(number, len(files))
        try:
            if isinstance(path, DataError):
                raise path
            yield look(name, path, number)
        except DataError as error:
            typer.echo(f"convlens: {error}", err=True)
            yield Given(name, None, error=str(error))


def _n_drawn(show: Path | None) -> int:
    """Return how many pictures are drawn at most."""
    if show is None:
        return 0
    from convlens.inspection.seen import MOST  # noqa: PLC0415 (lazy)

    return MOST


def _look(
    classifier: "Classifier", like: str | None, n_drawn: int, name: str, path: Path, number: int
) -> "Given":
    """Return what the network sees of a file; of the first ones, if they are drawn, how they were given."""
    from convlens.cli.answered import Given  # noqa: PLC0415 (lazy)
    from convlens.data.seen import thumbnail  # noqa: PLC0415

    content = _content(path)
    seen = classifier.look(content, name, like)
    return Given(name, seen, thumbnail(content, name) if number <= n_drawn else None)


def _content(path: Path) -> bytes:
    """Return what is in a file, or comes through the standard input."""
    from convlens.data.given_files import STDIN  # noqa: PLC0415 (lazy)
    from convlens.data.seen import MOST_BYTES, content_of  # noqa: PLC0415
    from convlens.errors import DataError  # noqa: PLC0415

    if str(path) != STDIN:
        return content_of(path)
    stream = getattr(sys.stdin, "buffer", None)
    content = b"" if stream is None else stream.read(MOST_BYTES)
    if not content:
        raise DataError("nothing came through the standard input, -. Give a picture: `< photo.jpg`.")
    return bytes(content)
