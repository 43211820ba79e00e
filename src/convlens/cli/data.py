"""`convlens data`: which data sets there are, what is in one, and what a network sees of it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.tables import columns
from convlens.cli.words import spoken
from convlens.errors import UsageError, did_you_mean, shown
from convlens.words import Words, language

if TYPE_CHECKING:
    from convlens.data.described import Description, Known

__all__ = ["data"]

_WHATS = ("list", "info", "preview")
_SOURCE = "What `--data` takes: a set's name, a folder or an .npz."
_OUT = "Of preview: the picture, .png, .svg or .pdf. [default: a .png named by the set]"


def data(
    what: Annotated[str, typer.Argument(help="list, info or preview.")],
    source: Annotated[str | None, typer.Argument(help=_SOURCE)] = None,
    *,
    size: Annotated[str, typer.Option(help="Size of the pictures: 32, or HEIGHTxWIDTH.")] = "own",
    out: Annotated[Path | None, typer.Option(help=_OUT)] = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print list or info as JSON.")] = False,
) -> None:
    """List the data sets that have a name, say what is in one, or draw what a network sees of it."""
    from convlens.data.described import known_sets  # noqa: PLC0415 (lazy)

    say = spoken(lang)
    if what not in _WHATS:
        rule = "list, info or preview"
        raise UsageError(f"WHAT must be {rule}. Got {shown(what)}.{did_you_mean(what, _WHATS)}")
    _require_sense(what, source, size, out, as_json=as_json)
    if source is None:
        known = known_sets()
        told = json.dumps({"format": 1, "sets": [one.to_dict() for one in known]}) if as_json else ""
        typer.echo(told or "\n".join(_listed(known, say)))
        return
    found = _described(source, size, say)
    if what == "preview":
        typer.echo(_drawn(found, out, language(lang)))
    else:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=True) if as_json else _told(found, say))


def _require_sense(what: str, source: str | None, size: str, out: Path | None, *, as_json: bool) -> None:
    """Refuse words that the others leave without a meaning."""
    if (source is None) != (what == "list"):
        need = "takes no SOURCE" if what == "list" else f"needs a SOURCE: {_SOURCE.rstrip('.')}"
        raise UsageError(f"`convlens data {what}` {need}.")
    for option, is_given, whose in (
        ("--size", size != "own", ("info", "preview")),
        ("--out", out is not None, ("preview",)),
        ("--json", as_json, ("list", "info")),
    ):
        if is_given and what not in whose:
            raise UsageError(f"`{option}` is not an option of `convlens data {what}`: leave it out.")


def _described(source: str, size: str, say: Words) -> "Description":
    """Read the data, with progress where that takes long."""
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy)
    from convlens.cli.reading import Ticks  # noqa: PLC0415
    from convlens.data.described import described  # noqa: PLC0415

    with ShowProgress(say=say) as progress:
        progress.begin(say("progress.reading", data=source))
        return described(source, size, Ticks(progress))


def _drawn(found: "Description", out: Path | None, lang: str) -> Path:
    """Draw the data into a file, and return its path."""
    from convlens.files import safe_stem  # noqa: PLC0415 (lazy)
    from convlens.inspection import preview, save  # noqa: PLC0415
    from convlens.inspection.drawing import require_picture_place  # noqa: PLC0415

    path = out or Path(f"{safe_stem(found.pair.train.name) or 'data'}-preview.png")
    require_picture_place(path)
    save(preview(found.pair, lang=lang), path)
    return path


def _listed(known: "list[Known]", say: Words) -> list[str]:
    """Return a line for each data set."""
    heads = ("name", "title", "licence", "place")
    rows = [tuple(say(f"data.{head}") for head in heads)]
    for one in known:
        place = say("data.bundled") if one.place == "bundled" else one.place
        away = say("data.away", megabytes=f"{one.n_bytes / 1e6:.0f}")
        licence = say("data.no_licence") if one.licence == "none is stated" else one.licence
        rows.append((one.name, one.title, licence, place or away))
    return columns(rows, "<")


def _told(found: "Description", say: Words) -> str:
    """Return what is in a data set, in some lines."""
    train, test = found.pair
    channels, height, width = train.images.shape[1:]
    rows = [
        (say("data.name"), train.name),
        (say("data.from"), found.source),
        (
            say("data.pictures"),
            f"{height} x {width}, {say('data.colours' if channels == 3 else 'data.grey')}",
        ),
        (say("data.training"), f"{len(train):,}"),
        (say("data.test"), f"{len(test):,}"),
        (say("data.classes"), f"{len(train.class_names):,}"),
    ]
    table = [(say("data.class"), say("data.training"), say("data.test"))]
    table += [(shown(name)[1:-1], f"{n:,}", f"{tests:,}") for name, n, tests in found.counts]
    remarks = [f"-> {remark.told(say.lang)}" for remark in found.remarks]
    return "\n".join([*columns(rows, "<"), "", *columns(table, "<>"), *([""] if remarks else []), *remarks])
