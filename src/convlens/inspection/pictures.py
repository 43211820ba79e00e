"""The pictures that `convlens inspect` can draw, by the name that `--what` takes."""

from collections.abc import Sequence
from typing import Protocol

from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.errors import UsageError
from convlens.inspection.applied import applied
from convlens.inspection.architecture import architecture
from convlens.inspection.curves import learning_curves
from convlens.inspection.filters import filters
from convlens.inspection.fonts import language
from convlens.inspection.groups import grouped
from convlens.training import Run

__all__ = ["PICTURES", "Picture"]


class Picture(Protocol):
    """Draws a picture of runs.

    Args:
        runs: one or more; some pictures show one run only.
        picture: grey (H, W) to send through the filters; None for the first test image.
        lang: "en" or "ko".

    Raises:
        UsageError: the picture does not show so many runs.
    """

    def __call__(self, runs: Sequence[Run], *, picture: Array | None = None, lang: str = "en") -> Figure:
        """Return the figure."""


def _curves(runs: Sequence[Run], *, picture: Array | None = None, lang: str = "en") -> Figure:
    del picture
    return learning_curves(grouped(runs, language(lang)), lang=lang)


def _filters(runs: Sequence[Run], *, picture: Array | None = None, lang: str = "en") -> Figure:
    del picture
    return filters(_only(runs, "filters"), None, lang=lang)


def _applied(runs: Sequence[Run], *, picture: Array | None = None, lang: str = "en") -> Figure:
    run = _only(runs, "applied")
    return applied(run, run.data.test.x[0, 0] if picture is None else picture, lang=lang)


def _architecture(runs: Sequence[Run], *, picture: Array | None = None, lang: str = "en") -> Figure:
    del picture
    return architecture(_only(runs, "architecture").spec, lang=lang)


def _only(runs: Sequence[Run], name: str) -> Run:
    if len(runs) != 1:
        raise UsageError(f"the picture `{name}` shows one run. Got {len(runs)}.")
    return runs[0]


PICTURES: dict[str, Picture] = {
    "curves": _curves,
    "filters": _filters,
    "applied": _applied,
    "architecture": _architecture,
}
