"""From runs to their explorer: one file that opens from the disk and asks for nothing."""

import base64
import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from convlens.arguments import AnyPath, Holding, Whole, as_annotated
from convlens.errors import RunError
from convlens.explorer.content import content, n_judged, require_alike
from convlens.explorer.joined import script, style
from convlens.explorer.twins import strangers
from convlens.explorer.weights import FINEST, ROUNDINGS, SMALL, Kept, Weights, sizes_of
from convlens.explorer.words import words_about
from convlens.files import write_text
from convlens.runs import Run, speaks_of_digits
from convlens.words import Words, layer_title

__all__ = ["LARGEST", "ROOM", "rendered", "write_explorer"]

LARGEST = 3_000_000
"""So many bytes an explorer should have at most: it is sent by mail, and opened on phones."""

ROOM = 950_000
"""So many bytes an explorer should take in another page."""

_OTHER_MISTAKES = 20_000  # bytes by which pages of the same runs may differ beside their weights

Runs: TypeAlias = Run | Annotated[Sequence[Run], Holding(1)]
"""One run, or several to change between."""


@as_annotated
def write_explorer(runs: Runs, out: AnyPath, *, lang: str) -> Path:
    """Write the explorer of a run, or of several to change between.

    Args:
        runs: finished ones, all of the same data.
        out: the file, replaced if it is there.
        lang: one of `convlens.words.LANGUAGES`.

    Returns:
        The path of the page.

    Raises:
        RunError: a run or its data are damaged, or the page cannot compute a network's first layer.
        UsageError: there is no such language, or the runs are of different data.
        ConvlensError: the file cannot be written.
    """
    path = Path(out)
    write_text(path, rendered(runs, lang))
    return path


@as_annotated
def rendered(runs: Runs, lang: str, *, embedded: bool = False, room: Whole | None = None) -> str:
    """Return the page's HTML.

    Args:
        runs: finished ones, all of the same data; the page changes between their networks.
        lang: one of `convlens.words.LANGUAGES`.
        embedded: it becomes a frame of another page, and has no address of its own to share.
        room: so many bytes it should have at most; None for `ROOM` if it is embedded, else `LARGEST`. The
            less there are, the more coarsely the weights are rounded, and the fewer epochs are in the page.
            Where not even the coarsest fits, that one is returned.

    Raises:
        RunError: a run or its data are damaged, a weight is too large, or the page cannot compute a network's
            first layer.
        UsageError: there is no such language, or the runs are of different data.
    """
    chosen = [runs] if isinstance(runs, Run) else list(runs)
    require_alike(chosen)
    for run in chosen:
        _require_start(run)
    most = room if room is not None else ROOM if embedded else LARGEST
    return _fitting([Kept.of(run) for run in chosen], most, lambda weights: _page(weights, lang, embedded))


def _fitting(kept: Sequence[Kept], most: int, page: Callable[[Sequence[Weights]], str]) -> str:
    """Return the page with the finest rounding that fits into so many bytes, or else with the coarsest.

    Each rounding takes less room than the one before it, so that few have to be tried.
    """
    pages: dict[int, str] = {}
    beside = 0  # bytes that a page takes beside its weights, once one is known, or a little less

    def fits(place: int) -> bool:
        nonlocal beside
        weights = [one.rounded(ROUNDINGS[place]) for one in kept]
        n_bytes = sum(one.n_bytes for one in weights)
        if n_bytes + beside > most:
            return False
        pages[place] = page(weights)
        size = len(pages[place].encode())
        beside = size - n_bytes - _OTHER_MISTAKES
        return size <= most

    coarsest = len(ROUNDINGS) - 1
    place = 0 if fits(0) else bisect_left(range(coarsest), True, lo=1, key=fits)
    if place == coarsest:
        return page([one.rounded(ROUNDINGS[place]) for one in kept])
    return pages[place]


def _page(weights: Sequence[Weights], lang: str, embedded: bool) -> str:
    """Return the page with these weights."""
    first = weights[0].run
    say = words_about(lang, digits=speaks_of_digits(first))
    held = {**content(weights), "lang": lang, "words": dict(say), "embedded": embedded}
    for one, network in zip(weights, held["networks"], strict=True):
        network["facts"] = _facts(one.run, say)
        network["titles"] = [layer_title(row.layer.kind, row.layer.title, lang) for row in one.run.spec.table]
        network["rounding"] = _rounding(one, say)
    names = [network["name"] for network in held["networks"]]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            say=say,
            lang=lang,
            embedded=embedded,
            digits=speaks_of_digits(first),
            policy=_policy(),
            style=Markup(style()),  # noqa: S704 (the package's own file)
            script=Markup(script()),  # noqa: S704 (the same)
            content=Markup(_embedded(held)),  # noqa: S704 (cannot end its element, see there)
            networks=names,
            coloured=first.is_coloured,
            version=first.versions.get("convlens", ""),
        )
    )


def _rounding(weights: Weights, say: Words) -> str:
    """Say how a network's weights are rounded, and of which epochs they are there."""
    rounding = weights.rounding
    coarser = max(sizes_of(weights.run)) > SMALL and rounding.levels < FINEST.levels
    values = {"finest": FINEST.levels, "levels": rounding.levels, "before": rounding.before, "small": SMALL}
    values["tests"] = n_judged(weights.run)
    return say("rounding.coarser" if coarser else "rounding.same", **values)


def _require_start(run: Run) -> None:
    """Refuse a network of which the page could show nothing at all."""
    first, unknown = run.spec.table[0].name, strangers(run.spec)
    if first in unknown:
        raise RunError(
            f"{run.folder}: the explorer cannot compute {first}, the first layer of {run.spec.name}: "
            f"{unknown[first]}."
        )


def _facts(run: Run, say: Words) -> str:
    """Say in one line what was trained on what, and how good it is."""
    results = run.results
    return say(
        "top.facts",
        data=run.data_name,
        images=run.config.train_size,
        accuracy=say.percent(results["test_accuracy"]),
        tests=int(results["n_test"]),
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("convlens.explorer"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _embedded(held: dict[str, Any]) -> str:
    """Return JSON that may stand in a script element: no < in it, so nothing can end the element."""
    return json.dumps(held, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _policy() -> str:
    """Return the Content-Security-Policy: this very script, this very style, embedded pictures, no more."""
    rules = ["default-src 'none'", f"script-src '{_digest(script())}'", f"style-src '{_digest(style())}'"]
    return "; ".join([*rules, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
