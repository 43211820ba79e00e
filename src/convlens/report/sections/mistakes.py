"""Mistakes: which class is taken for which, the most confident ones, and accuracy by class."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from convlens._typing import Array
from convlens.findings import Answers, Look, answers, classes_of, look_of
from convlens.findings.looks import as_shown
from convlens.report.blocks import Block, Cell, Fold, Gallery, Paragraph, Section, Table, Tile
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.runs import Run
from convlens.study.statistics import Interval

__all__ = ["best_trained", "mistakes"]

_SHOWN = 12
_LARGEST_MATRIX = 20  # classes; a larger matrix cannot be read


def mistakes(context: PageContext) -> Section | None:
    """Return the mistakes of each network's run with the most training images, or None where none is in."""
    say = context.say
    pairs = [(base, best_trained(context, base)) for base in context.report.bases()]
    sections = tuple(
        _of_one(context, base.anchor, experiment) for base, experiment in pairs if experiment is not None
    )
    if not sections:
        return None
    return Section("mistakes", say("mistakes.title"), (Paragraph(say("mistakes.intro")), *sections))


def best_trained(context: PageContext, base: ExperimentRuns) -> ExperimentRuns | None:
    """Return the experiment whose mistakes are shown: the full set's, else the base, if in."""
    full = context.report.full_of(base)
    return next(
        (experiment for experiment in (full, base) if experiment is not None and experiment.runs), None
    )


def _of_one(context: PageContext, anchor: str, experiment: ExperimentRuns) -> Section:
    say, run = context.say, experiment.runs[0]
    found = answers(run)
    wrong = int((found.given != found.right).sum())
    title = say("mistakes.network", network=experiment.spec.name, images=experiment.config.train_size)
    counted = say("mistakes.counted", seed=run.seed, wrong=wrong, tests=len(found.right))
    blocks: list[Block] = [Paragraph(counted), *_idle_outputs(context, experiment)]
    by_class = _by_class(context, found)
    if len(found.classes) <= _LARGEST_MATRIX:
        blocks.append(_matrix(context, found))
    if wrong:
        blocks.append(_gallery(context, run, found))
    return Section(f"{anchor}-mistakes", title, (*blocks, Fold(say("class.title"), (by_class,))))


def _idle_outputs(context: PageContext, experiment: ExperimentRuns) -> list[Paragraph]:
    """Say that a network has outputs for classes that no image is of."""
    outputs = experiment.spec.n_classes
    idle = outputs - len(classes_of(experiment.runs[0]))
    if not idle:
        return []
    text = context.say("mistakes.outputs", network=experiment.spec.name, outputs=outputs, n=idle)
    return [Paragraph(text, "note")]


def _matrix(context: PageContext, found: Answers) -> Table:
    """Return the confusion matrix: a row for each right answer, a column for each answer given."""
    say, (names, counts) = context.say, found.among_classes
    n = len(names)
    off = counts - np.diag(np.diag(counts))
    largest = max(1, int(off.max()))
    rows = tuple(
        (
            Cell(names[i]),
            *(
                Cell(f"{counts[i, j]:,}", number=True, strong=True)
                if i == j
                else Cell(f"{off[i, j]:,}" if off[i, j] else "·", number=True, heat=_heat(off[i, j], largest))
                for j in range(n)
            ),
        )
        for i in range(n)
    )
    head = (Cell(say("matrix.corner")), *(Cell(name, number=True) for name in names))
    return Table(say("matrix.caption"), head, rows, "matrix")


def _heat(count: int, largest: int) -> int:
    """Return a colour step from 1, a single mistake at least, to 9, the most frequent one; 0 for none."""
    return 0 if not count else max(1, round(9 * count / largest))


def _by_class(context: PageContext, found: Answers) -> Table:
    """Return accuracy by class with its Wilson interval."""
    say, by_class = context.say, found.by_class
    floor = np.floor(20 * min(one.interval.low for one in by_class)) / 20  # the bars begin there

    def place(share: float) -> float:
        return float((share - floor) / (1 - floor)) if floor < 1 else 1.0

    rows = tuple(
        (
            Cell(one.name),
            Cell(f"{one.n_images:,}", number=True),
            Cell(f"{one.n_images - one.n_right:,}", number=True),
            Cell(say.percent(one.share), number=True, strong=True),
            Cell(
                say.percents(one.interval.low, one.interval.high),
                number=True,
                bar=Interval(place(one.interval.low), place(one.interval.high)),
                mark=place(one.share),
            ),
        )
        for one in by_class
    )
    heads = (
        say("class.name"),
        say("class.images"),
        say("class.wrong"),
        say("class.accuracy"),
        say("class.interval"),
    )
    caption = say("class.caption", floor=say.percent(float(floor), 0))
    return Table(caption, tuple(Cell(text, number=i > 0) for i, text in enumerate(heads)), rows)


def _gallery(context: PageContext, run: Run, found: Answers) -> Gallery:
    """Return the pictures that the network was surest about and wrong."""
    say, pictures = context.say, run.data.test.x
    tiles = []
    for index in found.mistakes[:_SHOWN].tolist():
        right, given = (found.names[numbers[index]] for numbers in (found.right, found.given))
        sure = say.confidence(float(found.confidence[index]))
        alt = say("gallery.alt", index=str(index), right=right, given=given)
        text = say("gallery.text", right=right, given=given)
        tiles.append(
            Tile(_uri(run, pictures[index]), alt, text, say("gallery.note", sure=sure, index=str(index)))
        )
    return Gallery(say("gallery.caption", n=len(tiles)), tuple(tiles))


def _uri(run: Run, picture: Array) -> str:
    """Return a picture (C, H, W) of 0 to 255 as a data URI; what is of ink, dark on white."""
    shares = as_shown(run, picture[None])[0]
    content = 1 - shares if look_of(run) is Look.INK else shares
    file = BytesIO()
    Image.fromarray((255 * content).round().astype(np.uint8)).save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
