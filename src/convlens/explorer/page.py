"""From a run to its explorer: one file that opens from the disk and asks for nothing."""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from convlens.explorer.content import content
from convlens.explorer.joined import script, style
from convlens.explorer.messages import LANGUAGES, say_in
from convlens.files import write_text
from convlens.runs import Run

__all__ = ["LARGEST", "rendered", "write_explorer"]

LARGEST = 3_000_000
"""So many bytes an explorer should have at most: it is sent by mail, and opened on phones."""


def write_explorer(run: Run, out: Path, *, lang: str) -> Path:
    """Write the explorer of a run.

    Args:
        run: a finished one.
        out: the file, replaced if it is there.
        lang: one of `LANGUAGES`.

    Returns:
        The path of the page.

    Raises:
        RunError: the run or its data are damaged.
        ConvlensError: the file cannot be written.
    """
    write_text(out, rendered(run, lang))
    return out


def rendered(run: Run, lang: str, *, embedded: bool = False) -> str:
    """Return the page's HTML.

    Args:
        run: a finished one.
        lang: one of `LANGUAGES`.
        embedded: it becomes a frame of another page, and has no address of its own to share.

    Raises:
        RunError: the run or its data are damaged, or a weight is too large for float16.
    """
    held = {**content(run), "lang": lang, "words": LANGUAGES[lang], "embedded": embedded}
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            say=say_in(lang),
            lang=lang,
            embedded=embedded,
            policy=_policy(),
            style=Markup(style()),  # noqa: S704 (the package's own file)
            script=Markup(script()),  # noqa: S704 (the same)
            content=Markup(_embedded(held)),  # noqa: S704 (cannot end its element, see there)
            network=held["network"],
            facts=_facts(run, lang),
            version=str(run.about["versions"].get("convlens", "")),
            n_mistakes=len(held["mistakes"]),
        )
    )


def _facts(run: Run, lang: str) -> str:
    """Say in one line what was trained on what, and how good it is."""
    results = run.results
    return say_in(lang)(
        "top.facts",
        data=str(run.about["data"].get("name", "")),
        images=f"{run.config.train_size:,}",
        accuracy=f"{100 * results['test_accuracy']:.1f}\N{NO-BREAK SPACE}%",
        tests=f"{int(results['n_test']):,}",
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
