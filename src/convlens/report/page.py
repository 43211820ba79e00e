"""From runs to their page: one file without network access, complete without JavaScript."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from convlens import explorer as explorer_page
from convlens.files import write_text
from convlens.report.blocks import Block, Command, Paragraph
from convlens.report.edition import Edition, Tell, nobody
from convlens.report.material import Material
from convlens.report.pictures import Album
from convlens.report.sections import (
    comparison,
    excitement,
    explorer,
    learning_rate,
    limits,
    making,
    minute,
    mistakes,
    network,
    results,
)
from convlens.report.words import words_in
from convlens.runs import Run
from convlens.study import Study

__all__ = ["LARGEST", "write_report", "write_runs_report"]

LARGEST = 5_000_000
"""So many bytes a page has at most for its explorer to be in it, too."""

_FRAME = 30_000  # bytes that quoting the explorer and the words around it may cost


def write_report(study: Study, *, lang: str, command: str, tell: Tell = nobody) -> Path:
    """Write `report.html` and the folder `figures` of a study, as far as it is finished.

    It may be called again and again while the study grows: pictures are drawn again only where the runs
    behind them, or the language, have changed.

    Args:
        study: with one finished run at least.
        lang: one of `LANGUAGES`.
        command: the command that makes this page.
        tell: is told in one line what had no room in the page.

    Returns:
        The path of the page.

    Raises:
        RunError: no run is finished, or one is damaged.
        ConvlensError: a file cannot be written.
    """
    material = Material.of_study(study)
    album = Album(study.folder / "figures", lang)
    return _write(Edition(material, words_in(lang), album, command, tell=tell), study.folder / "report.html")


def write_runs_report(
    runs: Sequence[Run],
    path: Path,
    *,
    lang: str,
    command: str,
    picture: Path | None = None,
    tell: Tell = nobody,
) -> Path:
    """Write the page of any runs, which are compared where there are several, and its folder of pictures.

    Args:
        runs: one or more; those that differ in their seed only are one experiment.
        path: of the page; the pictures go into the folder `NAME-figures` beside it.
        lang: one of `LANGUAGES`.
        command: the command that makes this page.
        picture: a picture file to look at through the filters, too.
        tell: is told in one line what had no room in the page.

    Returns:
        The path of the page.

    Raises:
        UsageError: there is no run, or one is given twice.
        RunError: a run is damaged.
        ConvlensError: a file cannot be written.
    """
    material = Material.of_runs(runs, lang)
    album = Album(path.with_name(f"{path.stem}-figures"), lang)
    return _write(Edition(material, words_in(lang), album, command, picture, tell), path)


def _write(edition: Edition, path: Path) -> Path:
    page = _rendered(edition)
    edition.album.close()
    write_text(path, page)
    return path


def _rendered(edition: Edition) -> str:
    """Return the page; the explorer stands before its last section if it has room there."""
    *sections, last = _sections(edition)
    plain = _filled(edition, (*sections, last))
    extra = explorer(edition, LARGEST - len(plain.encode()) - _FRAME)
    if extra is not None:
        return _filled(edition, (*sections, extra, last))
    edition.tell(
        f"the explorer is left out: with it the page would be larger than {LARGEST // 1_000_000} MB. "
        "`convlens explore RUN` makes it a page of its own."
    )
    return plain


def _filled(edition: Edition, sections: tuple[Block, ...]) -> str:
    environment, say, material = _environment(), edition.say, edition.material
    style, script = _asset("style.css"), _asset("curves.js")
    data = str(material.all_runs[0].about["data"]["name"])
    networks = say.listing(list(dict.fromkeys(entry.spec.name for entry in material.entries)))
    subtitle = "page.subtitle_runs" if material.chosen else "page.subtitle"
    return environment.get_template("page.html.j2").render(
        say=say,
        style=Markup(style),  # noqa: S704 (the package's own file)
        script=Markup(script),  # noqa: S704 (the same)
        policy=_policy((style, explorer_page.style()), (script, explorer_page.script())),
        title=say("page.title", data=data),
        subtitle=say(subtitle, networks=networks),
        notices=_notices(edition),
        sections=sections,
        version=material.all_runs[0].about["versions"].get("convlens", ""),
        figures=edition.album.folder.name,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("convlens.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def _policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """Return the Content-Security-Policy: embedded images, these very styles and scripts, nothing else."""

    def digests(texts: Sequence[str]) -> str:
        found = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
        return " ".join(f"'sha256-{digest}'" for digest in found)

    rules = (
        "default-src 'none'",
        "img-src data:",
        f"style-src {digests(styles)}",
        f"script-src {digests(scripts)}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def _notices(edition: Edition) -> tuple[Block, ...]:
    """Say what a reader must know before anything else: a quick look, runs that are not in yet."""
    say, material = edition.say, edition.material
    notices: list[Block] = []
    if material.quick:
        notices.append(Paragraph(say("status.quick"), "warning"))
        if material.shipped:
            notices += [Paragraph(say("status.whole")), Command("convlens reproduce")]
    n_in = len(material.all_runs)
    if n_in < material.n_planned:
        notices.append(Paragraph(say("status.missing", n=n_in, all=material.n_planned), "warning"))
    return tuple(notices)


def _sections(edition: Edition) -> tuple[Block, ...]:
    sections = [minute(edition, limits(edition)), results(edition)]
    compared = comparison(edition) if edition.material.chosen else None
    sections += [compared] if compared else []
    for number, base in enumerate(edition.material.bases(), 1):
        rates = learning_rate(edition, base) if number == 1 else None
        sections.append(network(edition, base, number, *([rates] if rates else [])))
    optional = [mistakes(edition), excitement(edition)]
    sections += [section for section in optional if section is not None]
    return (*sections, making(edition))
