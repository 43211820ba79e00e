"""From a study to its page: one file without network access, complete without JavaScript."""

import base64
import hashlib
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
from convlens.report.sections import learning_rate, limits, making, minute, mistakes, network, results
from convlens.study import DESIGNS, Study

__all__ = ["write_report"]


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
    material = Material(study)
    album = Album(study.folder / "figures", lang)
    edition = Edition(material, Messages(lang), album, command)
    page = _rendered(edition)
    album.close()
    path = study.folder / "report.html"
    write_text(path, page)
    return path


def _rendered(edition: Edition) -> str:
    environment, say, material = _environment(), edition.say, edition.material
    style = _style()
    data = str(material.all_runs[0].about["data"]["name"])
    networks = list(dict.fromkeys(entry.spec.name for entry in material.entries))
    return environment.get_template("page.html.j2").render(
        say=say,
        style=Markup(style),  # noqa: S704 (the package's own file)
        policy=_policy(style),
        title=say("page.title", data=data),
        subtitle=say("page.subtitle", networks=say.listing(networks)),
        notices=_notices(edition),
        sections=_sections(edition),
        version=material.all_runs[0].about["versions"].get("convlens", ""),
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
def _style() -> str:
    return (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")


def _policy(style: str) -> str:
    """Return the Content-Security-Policy: embedded images and this very style, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rules = ("default-src 'none'", "img-src data:", f"style-src 'sha256-{digest}'")
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _notices(edition: Edition) -> tuple[Block, ...]:
    """Say what a reader must know before anything else: a quick look, runs that are not in yet."""
    say, material = edition.say, edition.material
    notices: list[Block] = []
    if material.study.quick:
        notices.append(Paragraph(say("status.quick"), "warning"))
        if material.study.design.name in DESIGNS:
            notices += [Paragraph(say("status.whole")), Command("convlens reproduce")]
    n_in = len(material.all_runs)
    if n_in < material.n_planned:
        notices.append(Paragraph(say("status.missing", n=n_in, all=material.n_planned), "warning"))
    return tuple(notices)


def _sections(edition: Edition) -> tuple[Block, ...]:
    sections = [minute(edition), results(edition)]
    for number, base in enumerate(edition.material.bases(), 1):
        rates = learning_rate(edition, base) if number == 1 else None
        sections.append(network(edition, base, number, *([rates] if rates else [])))
    optional = [mistakes(edition)]
    sections += [section for section in optional if section is not None]
    return (*sections, limits(edition), making(edition))
