"""The pictures that `convlens inspect` can draw, by the name that `--what` takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.errors import UsageError
from convlens.files import safe_stem
from convlens.findings.oddities import oddities
from convlens.inspection.applied import applied
from convlens.inspection.architecture import architecture
from convlens.inspection.class_accuracy import class_accuracy
from convlens.inspection.classes import classes
from convlens.inspection.comparison import comparison
from convlens.inspection.confusion import confusion
from convlens.inspection.curves import learning_curves
from convlens.inspection.excitement import excitement
from convlens.inspection.filters import filters
from convlens.inspection.forming import forming
from convlens.inspection.learning_rates import learning_rates
from convlens.inspection.mistakes import mistakes
from convlens.inspection.side_by_side import side_by_side
from convlens.runs import Run, RunConfig

__all__ = ["PICTURES", "Asked", "Picture", "file_stem"]


@dataclass(frozen=True)
class Asked:
    """What a user asks of a picture.

    Attributes:
        picture: grey (H, W) to send through the filters; None for the first test image.
        layer: a layer with filters, by its name or its weights' name; None for the first.
        most: how many filters or mistakes are drawn at most; None for as many as usual.
        lang: "en", "ko" or "ja".
    """

    picture: Array | None = None
    layer: str | None = None
    most: int | None = None
    lang: str = "en"


@dataclass(frozen=True)
class Picture:
    """A picture of runs.

    Attributes:
        name: what `--what` takes.
        draw: draws it.
        several: it compares runs; others show one.
        takes: which of `Asked` it can use: "picture", "layer", "most".
    """

    name: str
    draw: Callable[[Sequence[Run], Asked], Figure]
    several: bool = False
    takes: tuple[str, ...] = ()

    def __call__(self, runs: Sequence[Run], asked: Asked | None = None) -> Figure:
        """Return the figure.

        Raises:
            UsageError: it does not show so many runs, or is asked for something that it cannot use.
        """
        asked = asked or Asked()
        if not self.several and len(runs) != 1:
            raise UsageError(f"the picture `{self.name}` shows one run. Got {len(runs)}.")
        for option in ("picture", "layer", "most"):
            if getattr(asked, option) is not None and option not in self.takes:
                able = ", ".join(name for name, picture in PICTURES.items() if option in picture.takes)
                raise UsageError(f"`--{option}` is for {able}; the picture `{self.name}` does not use it.")
        return self.draw(runs, asked)


def _curves(runs: Sequence[Run], asked: Asked) -> Figure:
    return learning_curves(runs, lang=asked.lang)


def _loss(runs: Sequence[Run], asked: Asked) -> Figure:
    return learning_curves(runs, lang=asked.lang, loss=True)


def _filters(runs: Sequence[Run], asked: Asked) -> Figure:
    odd = oddities(runs[0], asked.layer)
    return filters(runs[0], asked.layer, odd=odd, lang=asked.lang)


def _forming(runs: Sequence[Run], asked: Asked) -> Figure:
    return forming(runs[0], asked.layer, **_most(asked), lang=asked.lang)


def _side_by_side(runs: Sequence[Run], asked: Asked) -> Figure:
    return side_by_side(runs, asked.layer, lang=asked.lang)


def _comparison(runs: Sequence[Run], asked: Asked) -> Figure:
    return comparison(runs, lang=asked.lang)


def _learning_rate(runs: Sequence[Run], asked: Asked) -> Figure:
    by_rate: dict[float, list[Run]] = {}
    for run in runs:
        by_rate.setdefault(run.config.lr, []).append(run)
    return learning_rates(by_rate, lang=asked.lang)


def _classes(runs: Sequence[Run], asked: Asked) -> Figure:
    return classes(runs[0], asked.layer, lang=asked.lang)


def _excitement(runs: Sequence[Run], asked: Asked) -> Figure:
    return excitement(runs[0], asked.layer, lang=asked.lang)


def _applied(runs: Sequence[Run], asked: Asked) -> Figure:
    run = runs[0]
    picture = run.data.test.x[0, 0] if asked.picture is None else asked.picture
    return applied(run, picture, layer=asked.layer, lang=asked.lang)


def _confusion(runs: Sequence[Run], asked: Asked) -> Figure:
    return confusion(runs[0], lang=asked.lang)


def _class_accuracy(runs: Sequence[Run], asked: Asked) -> Figure:
    return class_accuracy(runs[0], lang=asked.lang)


def _mistakes(runs: Sequence[Run], asked: Asked) -> Figure:
    return mistakes(runs[0], **_most(asked), lang=asked.lang)


def _most(asked: Asked) -> dict[str, int]:
    return {} if asked.most is None else {"most": asked.most}


def _architecture(runs: Sequence[Run], asked: Asked) -> Figure:
    return architecture(runs[0].spec, lang=asked.lang)


PICTURES: dict[str, Picture] = {
    picture.name: picture
    for picture in (
        Picture("curves", _curves, several=True),
        Picture("loss", _loss, several=True),
        Picture("comparison", _comparison, several=True),
        Picture("learning-rate", _learning_rate, several=True),
        Picture("filters", _filters, takes=("layer",)),
        Picture("side-by-side", _side_by_side, several=True, takes=("layer",)),
        Picture("forming", _forming, takes=("layer", "most")),
        Picture("classes", _classes, takes=("layer",)),
        Picture("excitement", _excitement, takes=("layer",)),
        Picture("applied", _applied, takes=("picture", "layer")),
        Picture("confusion", _confusion),
        Picture("class-accuracy", _class_accuracy),
        Picture("mistakes", _mistakes, takes=("most",)),
        Picture("architecture", _architecture),
    )
}


def file_stem(what: str, runs: Sequence[Run], layer: str | None = None) -> str:
    """Return a name for a picture's file: what it shows, of which network, trained how.

    What is as usual is left out, except the learning rate.
    """
    config = runs[0].config
    words = [what, config.network.name, *([layer] if layer else [])]
    if what != "architecture":
        words += [f"{len(runs)}-runs"] if len(runs) > 1 else _differing(config)
    return safe_stem("-".join(words))


def _differing(config: RunConfig) -> list[str]:
    words = [f"lr-{config.lr:g}"]
    words += [f"{config.train_size}-images"] if config.train_size != RunConfig.train_size else []
    words += [f"{config.epochs}-epochs"] if config.epochs != RunConfig.epochs else []
    words += [config.optimizer] if config.optimizer != RunConfig.optimizer else []
    words += [config.schedule] if config.schedule != RunConfig.schedule else []
    return [*words, *([f"seed-{config.seed}"] if config.seed else [])]
