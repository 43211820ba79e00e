"""The pictures that `convlens inspect` can draw, by the name that `--what` takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import Holding, as_annotated
from convlens.errors import UsageError
from convlens.files import safe_stem
from convlens.findings.looks import first_picture
from convlens.findings.oddities import oddities
from convlens.inspection.applied import applied
from convlens.inspection.architecture import architecture
from convlens.inspection.augmentation import augmentation
from convlens.inspection.by_rate import applied_by_rate, filters_by_rate
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
from convlens.runs import SETTINGS, Run, RunConfig

__all__ = ["PICTURES", "PictureKind", "PictureOptions", "file_stem"]


@dataclass(frozen=True)
class PictureOptions:
    """What a user asks of a picture.

    Attributes:
        picture: grey (H, W), or with colours (3, H, W), to send through the filters; None for the first
            test image.
        layer: a layer with filters, by its name or its weights' name; None for the first.
        most: how many filters or mistakes are drawn at most; None for as many as usual.
        scale: "own" or "common": whether each filter has its own colour scale; None for what is usual.
        lang: "en", "ko" or "ja".
        on_progress: is told now and then, where a picture takes long, how much is done, of how much.
    """

    picture: Array | None = None
    layer: str | None = None
    most: int | None = None
    lang: str = "en"
    on_progress: Callable[[int, int], None] | None = None
    scale: str | None = None


@dataclass(frozen=True)
class PictureKind:
    """A picture of runs.

    Attributes:
        name: what `--what` takes.
        draw: draws it.
        several: it compares runs; others show one.
        takes: which of `PictureOptions` it can use: "picture", "layer", "most", "scale".
    """

    name: str
    draw: Callable[[Sequence[Run], PictureOptions], Figure]
    several: bool = False
    takes: tuple[str, ...] = ()

    @as_annotated
    def __call__(self, runs: Sequence[Run], options: PictureOptions | None = None) -> Figure:
        """Return the figure.

        Raises:
            UsageError: it does not show so many runs, or is asked for something that it cannot use.
        """
        options = options or PictureOptions()
        if not self.several and len(runs) != 1:
            raise UsageError(f"the picture `{self.name}` shows one run. Got {len(runs)}.")
        for option in ("picture", "layer", "most", "scale"):
            if getattr(options, option) is not None and option not in self.takes:
                able = ", ".join(name for name, picture in PICTURES.items() if option in picture.takes)
                raise UsageError(f"`--{option}` is for {able}; the picture `{self.name}` does not use it.")
        return self.draw(runs, options)


def _curves(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return learning_curves(runs, lang=options.lang)


def _loss(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return learning_curves(runs, lang=options.lang, loss=True)


def _filters(runs: Sequence[Run], options: PictureOptions) -> Figure:
    odd = oddities(runs[0], options.layer)
    return filters(runs[0], options.layer, odd=odd, **_scale(options), lang=options.lang)


def _forming(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return forming(runs[0], options.layer, **_most(options), **_scale(options), lang=options.lang)


def _side_by_side(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return side_by_side(runs, options.layer, **_scale(options), lang=options.lang)


def _comparison(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return comparison(runs, lang=options.lang)


def _learning_rate(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return learning_rates(_by_rate(runs), lang=options.lang)


def _filters_by_rate(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return filters_by_rate(_by_rate(runs), options.layer, **_scale(options), lang=options.lang)


def _applied_by_rate(runs: Sequence[Run], options: PictureOptions) -> Figure:
    groups = _by_rate(runs)
    return applied_by_rate(
        groups, _picture(runs, options), options.layer, **_scale(options), lang=options.lang
    )


def _by_rate(runs: Sequence[Run]) -> dict[float, list[Run]]:
    by_rate: dict[float, list[Run]] = {}
    for run in runs:
        by_rate.setdefault(run.config.lr, []).append(run)
    return by_rate


def _classes(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return classes(runs[0], options.layer, lang=options.lang)


def _excitement(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return excitement(runs[0], options.layer, lang=options.lang, on_progress=options.on_progress)


def _applied(runs: Sequence[Run], options: PictureOptions) -> Figure:
    odd = oddities(runs[0], options.layer)
    known: dict[str, Any] = {"layer": options.layer, "odd": odd, "lang": options.lang}
    return applied(runs[0], _picture(runs, options), **known, **_scale(options))


def _confusion(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return confusion(runs[0], lang=options.lang)


def _class_accuracy(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return class_accuracy(runs[0], lang=options.lang)


def _mistakes(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return mistakes(runs[0], **_most(options), lang=options.lang, on_progress=options.on_progress)


def _most(options: PictureOptions) -> dict[str, Any]:
    return {} if options.most is None else {"most": options.most}


def _scale(options: PictureOptions) -> dict[str, Any]:
    return {} if options.scale is None else {"scale": options.scale}


def _picture(runs: Sequence[Run], options: PictureOptions) -> Array:
    """Return the picture that is asked for, else the first test image."""
    if options.picture is not None:
        return options.picture
    return first_picture(runs[0])


def _augmentation(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return augmentation(runs[0], lang=options.lang)


def _architecture(runs: Sequence[Run], options: PictureOptions) -> Figure:
    return architecture(runs[0].spec, lang=options.lang)


PICTURES: dict[str, PictureKind] = {
    picture.name: picture
    for picture in (
        PictureKind("curves", _curves, several=True),
        PictureKind("loss", _loss, several=True),
        PictureKind("comparison", _comparison, several=True),
        PictureKind("learning-rate", _learning_rate, several=True),
        PictureKind("filters", _filters, takes=("layer", "scale")),
        PictureKind("filters-by-rate", _filters_by_rate, several=True, takes=("layer", "scale")),
        PictureKind("side-by-side", _side_by_side, several=True, takes=("layer", "scale")),
        PictureKind("forming", _forming, takes=("layer", "most", "scale")),
        PictureKind("classes", _classes, takes=("layer",)),
        PictureKind("excitement", _excitement, takes=("layer",)),
        PictureKind("applied", _applied, takes=("picture", "layer", "scale")),
        PictureKind("applied-by-rate", _applied_by_rate, several=True, takes=("picture", "layer", "scale")),
        PictureKind("confusion", _confusion),
        PictureKind("class-accuracy", _class_accuracy),
        PictureKind("mistakes", _mistakes, takes=("most",)),
        PictureKind("augmentation", _augmentation),
        PictureKind("architecture", _architecture),
    )
}


@as_annotated
def file_stem(what: str, runs: Annotated[Sequence[Run], Holding(1)], layer: str | None = None) -> str:
    """Return a name for a picture's file: what it shows, of which network, trained how.

    What is as usual is left out, except the learning rate.
    """
    config = runs[0].config
    words = [what, config.network.name, *([layer] if layer else [])]
    if what != "architecture":
        words += [f"{len(runs)}-runs"] if len(runs) > 1 else _differing(config)
    return safe_stem("-".join(words))


def _differing(config: RunConfig) -> list[str]:
    """Say the learning rate, and what else is not as usual, as a file name says it."""
    unusual = {name: value for name, value in config.unusual.items() if SETTINGS[name].titled}
    values = {"lr": config.lr, **unusual}
    return [_stem(name, value) for name, value in values.items()]


def _stem(name: str, value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        return "-".join(f"{one}-{number:g}" for one, number in value.items())
    return SETTINGS[name].stem.format(value)
