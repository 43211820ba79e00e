"""Answers to pictures, as lines, as data and as a picture. Must not know how they came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from convlens._typing import Array
from convlens.cli.tables import filled_up, wide
from convlens.data.seen import Seen
from convlens.errors import one_line
from convlens.findings import Classifier, Judged, Promise

if TYPE_CHECKING:
    from convlens.inspection.seen import SeenPicture
    from convlens.words import Words

__all__ = ["Given", "Table", "Told", "table_of"]

_WIDEST_FILE, _WIDEST_NAME = 48, 24  # columns of a terminal; what is wider is cut on its left, or its right
_WIDEST_DRAWN = 32  # of a file's name below a picture
_NEXT = 2  # answers that stand behind the first
_LEAST_NEXT = 0.0005  # which is 0.0 %, or more


@dataclass(frozen=True, eq=False)
class Given:
    """A picture that was given.

    Attributes:
        name: of its file.
        seen: what the network sees; None where it cannot be read.
        thumbnail: how it was given, where it is to be drawn.
        error: why it cannot be read.
    """

    name: str
    seen: Seen | None
    thumbnail: Array | None = None
    error: str = ""


@dataclass(frozen=True)
class Table:
    """The columns of the answers: their heads, and how wide they are."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]

    def line(self, cells: Sequence[str]) -> str:
        """Return a row; the last cell has no width."""
        aligns = ("<", "<", ">", "<")
        told = [filled_up(*one) for one in zip(cells, self.widths, aligns, strict=False)]
        return "  ".join([*told, *cells[len(told) :]]).rstrip()


def table_of(say: "Words", files: Sequence[str], class_names: Sequence[str]) -> Table:
    """Return the table for these files: its columns are known before the first answer is."""
    heads = tuple(say(f"predict.{key}") for key in ("picture", "answer", "probability", "next", "remark"))
    name = min(_WIDEST_NAME, max(map(wide, class_names)))
    sure = wide(say.confidence(1.0))
    needed = (
        min(_WIDEST_FILE, max(map(wide, map(one_line, files)), default=0)),
        name,
        sure,
        _NEXT * (name + 1 + wide(say.percent(0.999))) + wide(say.series(["", ""])),
    )
    return Table(heads, tuple(max(wide(head), least) for head, least in zip(heads, needed, strict=False)))


class Told:
    """What is told of the answers.

    Args:
        classifier: that gives them.
        say: the words.
        table: in which they are printed as they come; None for nowhere.
        keeps: all answers are kept, for `as_data`.

    Attributes:
        failed: pictures that could not be read, with the reason.
    """

    def __init__(self, classifier: Classifier, say: "Words", table: Table | None, *, keeps: bool) -> None:
        self._classifier, self._say, self._table = classifier, say, table
        self.keeps = keeps
        self._kept: list[dict[str, Any]] = []
        self._drawn: list[SeenPicture] = []
        self._n = 0
        self.failed: list[dict[str, str]] = []

    def add(self, given: Sequence[Given]) -> None:
        """Have some pictures judged, and tell of them."""
        self.failed += [{"file": one.name, "error": one.error} for one in given if one.seen is None]
        whole = [(one, one.seen) for one in given if one.seen is not None]
        judged = self._classifier.judge([seen for _, seen in whole])
        if self._table is not None and whole and not self._n:
            typer.echo(self._table.line(self._table.heads))
        self._n += len(whole)
        for (one, seen), found in zip(whole, judged, strict=True):
            if self._table is not None:
                typer.echo(self._table.line(self._cells(one.name, found)))
            if self.keeps:
                self._kept.append(_as_data(one.name, found))
            if one.thumbnail is not None:
                self._draw_later(one.name, one.thumbnail, seen.image, found)

    def end(self) -> None:
        """Say below the table what it rests on."""
        if self._n:
            typer.echo()
            typer.echo("\n".join(self._notes()))

    def as_data(self, run: str, like: str) -> dict[str, Any]:
        """Return all answers, and what they rest on, for programs."""
        lacking, likeness = self._classifier.lacking, self._classifier.likeness
        return {
            "format": 1,
            "run": run,
            "like": like,
            "temperature": self._classifier.temperature,
            "lacking": None if lacking is None else lacking.value,
            "promise": _promise_as_data(self._classifier.promise),
            "unlike": None if likeness is None else {"share": likeness.share, "n_images": likeness.n_images},
            "pictures": self._kept,
            "failed": self.failed,
        }

    def draw(self, path: Path, lang: str) -> None:
        """Draw the first pictures, and what the network saw of them, into a file."""
        from convlens.inspection import save  # noqa: PLC0415 (lazy)
        from convlens.inspection.seen import seen  # noqa: PLC0415

        if not self._drawn:
            return
        network, n = self._classifier.run.spec.name, len(self._drawn)
        title = self._say("predict.title", network=network, n=n)
        alt = "; ".join(
            [title.replace("\n", ". "), *(f"{one.lines[0]}: {one.answer}" for one in self._drawn)]
        )
        save(seen(self._drawn, title, alt, lang), path)
        if n < self._n:
            typer.echo(self._say("predict.first", file=str(path), most=n, n=self._n), err=True)
        typer.echo(path, err=self.keeps)

    def _draw_later(self, file: str, given: Array, image: Array, found: Judged) -> None:
        from convlens.inspection.seen import SeenPicture  # noqa: PLC0415 (lazy)

        name, sure = _cut(found.answer.name), self._say.confidence(found.answer.probability)
        lines = (_cut_left(Path(file).name or file, _WIDEST_DRAWN), self._remark(found))
        self._drawn.append(SeenPicture(given, image, f"{name}   {sure}", lines))

    def _cells(self, file: str, found: Judged) -> tuple[str, ...]:
        answer = found.answer
        others = [
            f"{_cut(answer.name_of(number))} {self._say.percent(float(answer.probabilities[number]))}"
            for number in answer.best(1 + _NEXT)[1:]
            if answer.probabilities[number] >= _LEAST_NEXT
        ]
        sure = self._say.confidence(answer.probability)
        return (_cut_left(file), _cut(answer.name), sure, self._say.series(others), self._remark(found))

    def _remark(self, found: Judged) -> str:
        """Return why one should not trust an answer; nothing where nothing speaks against it."""
        told = [self._say(f"predict.doubt.{doubt}") for doubt in found.doubts]
        return self._say.series([*([self._say("predict.unsure")] if found.is_unsure else []), *told])

    def _notes(self) -> list[str]:
        """Return what probabilities and remarks rest on, a line each."""
        say, promise, likeness = self._say, self._classifier.promise, self._classifier.likeness
        notes = []
        if promise is None:
            notes.append(say(f"predict.lacking.{self._classifier.lacking}"))
        elif promise.is_kept:
            known = {"least": say.percent(promise.least), "rate": say.percent(promise.rate, 2)}
            known |= {
                "confidence": say.percent(promise.confidence, 0),
                "share": say.percent(promise.answered),
            }
            notes.append(say("predict.promise", n=promise.n_images, **known))
        else:
            notes.append(say("predict.no_promise", rate=say.percent(promise.rate, 2), n=promise.n_images))
        if promise is not None:
            notes.append(say("predict.temperature", heat=f"{self._classifier.temperature:.2f}"))
        if likeness is not None:
            key = "predict.likeness" if likeness.share else "predict.likeness_of_few"
            notes.append(say(key, share=say.percent(likeness.share), n=likeness.n_images))
        return notes


def _promise_as_data(promise: Promise | None) -> dict[str, Any] | None:
    if promise is None:
        return None
    return {
        "error_rate": promise.rate,
        "confidence": promise.confidence,
        "least_probability": promise.least if promise.is_kept else None,
        "answered": promise.answered,
        "n_images": promise.n_images,
    }


def _as_data(file: str, found: Judged) -> dict[str, Any]:
    answer = found.answer
    probable = {answer.name_of(number): round(float(p), 6) for number, p in enumerate(answer.probabilities)}
    told = {"file": file, "class": answer.name, "number": answer.number, "probability": answer.probability}
    return {**told, "unsure": found.is_unsure, "doubts": list(found.doubts), "probabilities": probable}


def _cut(name: str) -> str:
    """Return a class name that fits its column."""
    while wide(name) > _WIDEST_NAME:
        name = f"{name.removesuffix('…')[:-1]}…"
    return name


def _cut_left(file: str, widest: int = _WIDEST_FILE) -> str:
    """Return the end of a file's name, which tells it from others, as far as it fits."""
    file = one_line(file)
    while wide(file) > widest:
        file = f"…{file.removeprefix('…')[1:]}"
    return file
