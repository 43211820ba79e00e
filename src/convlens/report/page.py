"""From runs to their page: one file without network access, complete without JavaScript."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from convlens.files import write_text
from convlens.report.blocks import Block, Command, Paragraph
from convlens.report.edition import Edition
from convlens.report.material import Material
from convlens.report.messages import Messages
from convlens.report.pictures import Album
from convlens.report.sections import (
    comparison,
    excitement,
    learning_rate,
    limits,
    making,
    minute,
    mistakes,
    network,
    results,
)
from convlens.study import Study
from convlens.training import Run

__all__ = ["write_report", "write_runs_report"]


def write_report(study: Study, *, lang: str, command: str) -> Path:
    """Write `report.html` and the folder `figures` of a study, as far as it is finished.

    It may be called again and again while the study grows: pictures are drawn again only where the runs
    behind them, or the language, have changed.

    Args:
        study: with one finished run at least.
        lang: one of `LANGUAGES`.
        command: the command that makes this page.

    Returns:
        The path of the page.

    Raises:
        RunError: no run is finished, or one is damaged.
        ConvlensError: a file cannot be written.
    """
    material = Material.of_study(study)
    return _write(material, study.folder / "report.html", study.folder / "figures", lang, command)


def write_runs_report(
    runs: Sequence[Run], path: Path, *, lang: str, command: str, picture: Path | None = None
) -> Path:
    """Write the page of any runs, which are compared where there are several, and its folder of pictures.

    Args:
        runs: one or more; those that differ in their seed only are one experiment.
        path: of the page; the pictures go into the folder `NAME-figures` beside it.
        lang: one of `LANGUAGES`.
        command: the command that makes this page.
        picture: a picture file to look at through the filters, too.

    Returns:
        The path of the page.

    Raises:
        UsageError: there is no run, or one is given twice.
        RunError: a run is damaged.
        ConvlensError: a file cannot be written.
    """
    material = Material.of_runs(runs, lang)
    return _write(material, path, path.with_name(f"{path.stem}-figures"), lang, command, picture)


def _write(
    material: Material, path: Path, figures: Path, lang: str, command: str, picture: Path | None = None
) -> Path:
    album = Album(figures, lang)
    page = _rendered(Edition(material, Messages(lang), album, command, picture))
    album.close()
    write_text(path, page)
    return path


def _rendered(edition: Edition) -> str:
    environment, say, material = _environment(), edition.say, edition.material
    style, script = _asset("style.css"), _asset("curves.js")
    data = str(material.all_runs[0].about["data"]["name"])
    networks = say.listing(list(dict.fromkeys(entry.spec.name for entry in material.entries)))
    subtitle = "page.subtitle_runs" if material.chosen else "page.subtitle"
    return environment.get_template("page.html.j2").render(
        say=say,
        style=Markup(style),  # noqa: S704 (the package's own file)
        script=Markup(script),  # noqa: S704 (the same)
        policy=_policy(style, script),
        title=say("page.title", data=data),
        subtitle=say(subtitle, networks=networks),
        notices=_notices(edition),
        sections=_sections(edition),
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


def _policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy: embedded images, this very style and script, nothing else."""

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    rules = (
        "default-src 'none'",
        "img-src data:",
        f"style-src 'sha256-{digest(style)}'",
        f"script-src 'sha256-{digest(script)}'",
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
