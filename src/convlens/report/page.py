"""From runs to their page: one file without network access, complete without JavaScript."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from convlens import explorer as explorer_page
from convlens.arguments import AnyPath, as_annotated
from convlens.files import write_text
from convlens.report.about import About, require_places
from convlens.report.album import Album
from convlens.report.author import own_section, with_own_texts
from convlens.report.blocks import Block, Command, Paragraph, Section
from convlens.report.context import Listener, PageContext, ignore, whole_study
from convlens.report.glyphs import with_shared_letters
from convlens.report.layout import said_once
from convlens.report.original import chosen_in, reported_in
from convlens.report.paper import running_title
from convlens.report.report_data import ReportData
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
    robustness,
    with_pictures,
)
from convlens.report.words import words_in
from convlens.runs import Run
from convlens.study import Study

__all__ = ["LARGEST", "write_report", "write_runs_report"]

LARGEST = 5_000_000
"""So many bytes a page has at most for its explorer to be in it, too."""

_FRAME = 30_000  # bytes that quoting the explorer and the words around it may cost


@as_annotated
def write_report(
    study: Study,
    *,
    lang: str,
    command: str,
    reported: Mapping[str, float] | None = None,
    about: About | None = None,
    on_left_out: Listener = ignore,
    on_drawn: Listener = ignore,
) -> Path:
    """Write `report.html` and the folder `figures` of a study, as far as it is finished.

    It may be called again and again while the study grows, and goes on where it was stopped: pictures are
    drawn again only where the runs behind them, or the language, have changed.

    Args:
        study: with one finished run at least.
        lang: one of `LANGUAGES`.
        command: the command that makes this page.
        reported: the original report's test accuracies by experiment; None for those of `REPORTED`.
        about: what the author adds.
        on_left_out: is told in one line what had no room in the page.
        on_drawn: is told the name of each picture as it is drawn.

    Returns:
        The path of the page.

    Raises:
        UsageError: `about` has a text for no place.
        RunError: no run is finished, or one is damaged.
        ConvlensError: a file cannot be written.
    """
    stated = reported_in(study.design.name) if reported is None else reported
    report = ReportData.of_study(study, stated, chosen_in(study.design.name))
    album = Album(study.folder / "figures", lang, on_drawn)
    context = PageContext(
        report, words_in(lang), album, command, None, on_left_out, about or About(), study.folder.parent
    )
    return _write(context, study.folder / "report.html")


@as_annotated
def write_runs_report(
    runs: Sequence[Run],
    path: AnyPath,
    *,
    lang: str,
    command: str,
    picture: AnyPath | None = None,
    about: About | None = None,
    on_left_out: Listener = ignore,
    on_drawn: Listener = ignore,
) -> Path:
    """Write the page of any runs, which are compared where there are several, and its folder of pictures.

    Args:
        runs: one or more; those that differ in their seed only are one experiment.
        path: of the page; the pictures go into the folder `NAME-figures` beside it.
        lang: one of `LANGUAGES`.
        command: the command that makes this page.
        picture: a picture file to look at through the filters, too.
        about: what the author adds.
        on_left_out: is told in one line what had no room in the page.
        on_drawn: is told the name of each picture as it is drawn.

    Returns:
        The path of the page.

    Raises:
        UsageError: there is no run, one is given twice, or `about` has a text for no place.
        RunError: a run is damaged.
        ConvlensError: a file cannot be written.
    """
    path, picture = Path(path), None if picture is None else Path(picture)
    report = ReportData.of_runs(runs, lang)
    album = Album(path.with_name(f"{path.stem}-figures"), lang, on_drawn, compact=len(runs) > 1)
    context = PageContext(
        report, words_in(lang), album, command, picture, on_left_out, about or About(), path.parent
    )
    return _write(context, path)


def _write(context: PageContext, path: Path) -> Path:
    require_places(context.about, (base.spec.name for base in context.report.bases()))
    page = _rendered(context)
    context.album.close()
    write_text(path, page)
    return path


def _rendered(context: PageContext) -> str:
    """Return the page; the explorer stands before its last section if it has room there.

    The page is filled with an empty section in that place, which tells how much room there is.
    """
    *sections, last = _sections(context)
    empty = Section("explorer", explorer_page.words_in(context.say.lang)("page.title"), ())
    placed = with_own_texts(replace(context, on_left_out=ignore), (*sections, empty, last))
    page = _filled(context, placed)
    extra = explorer(context, LARGEST - len(page.encode("utf-8", "replace")) - _FRAME)
    if extra is None:
        context.on_left_out(context.say("left_out.explorer", most=LARGEST // 1_000_000))
        return _filled(context, with_own_texts(context, (*sections, last)))
    *_, filled, _ = with_own_texts(context, (*sections, extra, last))
    return page.replace(_section(context, placed[-2]), _section(context, filled), 1)


def _section(context: PageContext, section: Section) -> str:
    """Return one section as it stands in the page."""
    template = _environment().get_template("section.html.j2")
    return template.render(say=context.say, section=section, inline=context.album.inline)


def _filled(context: PageContext, sections: tuple[Section, ...]) -> str:
    environment, say, about = _environment(), context.say, context.about
    title = about.title or say("page.title", data=context.report.all_runs[0].data_name)
    style = _asset("style.css") + running_title(title, list(about.facts.values())[:1])
    script = "".join(map(_asset, ("curves.js", "copy.js", "large.js")))
    page = environment.get_template("page.html.j2").render(
        say=say,
        style=Markup(style),  # noqa: S704 (the package's own file)
        script=Markup(script),  # noqa: S704 (the same)
        policy=_policy((style, explorer_page.style()), (script, explorer_page.script())),
        title=title,
        author=list(about.facts.values()),
        subtitle=_subtitle(context),
        the_report=say("about.the_report") if context.report.of_the_report else "",
        notices=_notices(context),
        sections=sections,
        version=context.report.all_runs[0].versions.get("convlens", ""),
        figures=context.album.folder.name,
        inline=context.album.inline,
    )
    return with_shared_letters(page)


def _subtitle(context: PageContext) -> str:
    say, report = context.say, context.report
    networks = say.listing(list(dict.fromkeys(experiment.spec.name for experiment in report.experiments)))
    return say("page.subtitle" if report.of_the_report else "page.subtitle_runs", networks=networks)


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


def _notices(context: PageContext) -> tuple[Block, ...]:
    """Say what a reader must know before anything else: a quick look, runs that are not in yet."""
    say, report = context.say, context.report
    notices: list[Block] = []
    if report.quick:
        notices.append(Paragraph(say("status.quick"), "warning"))
        if report.shipped:
            notices += [Paragraph(say("status.whole")), Command(whole_study(context))]
    n_in = len(report.all_runs)
    if n_in < report.n_planned:
        notices.append(Paragraph(say("status.missing", n=n_in, all=report.n_planned), "warning"))
    return tuple(notices)


def _sections(context: PageContext) -> tuple[Section, ...]:
    say = context.say
    sections = [
        *own_section(context, "introduction", say("about.introduction")),
        results(context),
    ]
    compared = comparison(context) if context.report.chosen else None
    sections += [compared] if compared else []
    for number, base in enumerate(context.report.bases(), 1):
        rates = learning_rate(context, base) if number == 1 else None
        sections.append(network(context, base, number, *([rates] if rates else [])))
    sections += own_section(context, "conclusion", say("about.conclusion"))
    optional = [mistakes(context), robustness(context), excitement(context)]
    sections += [section for section in optional if section is not None]
    first = with_pictures(context, minute(context, limits(context)), sections)
    return said_once((first, *sections, making(context)))
