"""From a run to its explorer: one file that opens from the disk and asks for nothing."""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from convlens.arguments import AnyPath, as_annotated
from convlens.errors import RunError
from convlens.explorer.content import content
from convlens.explorer.joined import script, style
from convlens.explorer.twins import strangers
from convlens.explorer.words import words_in
from convlens.files import write_text
from convlens.runs import Run
from convlens.words import Words, layer_title

__all__ = ["LARGEST", "rendered", "write_explorer"]

LARGEST = 3_000_000
"""So many bytes an explorer should have at most: it is sent by mail, and opened on phones."""


@as_annotated
def write_explorer(run: Run, out: AnyPath, *, lang: str) -> Path:
    """Write the explorer of a run.

    Args:
        run: a finished one.
        out: the file, replaced if it is there.
        lang: one of `convlens.words.LANGUAGES`.

    Returns:
        The path of the page.

    Raises:
        RunError: the run or its data are damaged, or the page cannot compute the network's first layer.
        UsageError: there is no such language.
        ConvlensError: the file cannot be written.
    """
    path = Path(out)
    write_text(path, rendered(run, lang))
    return path


@as_annotated
def rendered(run: Run, lang: str, *, embedded: bool = False) -> str:
    """Return the page's HTML.

    Args:
        run: a finished one.
        lang: one of `convlens.words.LANGUAGES`.
        embedded: it becomes a frame of another page, and has no address of its own to share.

    Raises:
        RunError: the run or its data are damaged, a weight is too large for float16, or the page cannot
            compute the network's first layer.
        UsageError: there is no such language.
    """
    _require_start(run)
    say = words_in(lang)
    titles = [layer_title(row.layer.kind, row.layer.title, lang) for row in run.spec.table]
    held = {**content(run), "titles": titles, "lang": lang, "words": dict(say), "embedded": embedded}
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            say=say,
            lang=lang,
            embedded=embedded,
            policy=_policy(),
            style=Markup(style()),  # noqa: S704 (the package's own file)
            script=Markup(script()),  # noqa: S704 (the same)
            content=Markup(_embedded(held)),  # noqa: S704 (cannot end its element, see there)
            network=held["network"],
            facts=_facts(run, say),
            version=run.versions.get("convlens", ""),
            n_mistakes=len(held["mistakes"]),
        )
    )


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
