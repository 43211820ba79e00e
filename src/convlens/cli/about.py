"""The option `--about`, the same for every command that writes a page. Must not know what is in the file."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from convlens.words import Words

__all__ = ["AboutFile", "keep_for_next_time", "say_whose"]

AboutFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--about",
        help="A TOML file with your title, author, number, course, date and own paragraphs; kept beside the "
        "page for the next time; none: without them.",
    ),
]


def say_whose(given: Path | None, used: Path | None, say: Words) -> None:
    """Say on stderr that the author's texts are those of the last time, where nobody has given any."""
    if given is None and used is not None:
        typer.echo(say("about.kept", file=str(used)), err=True)


def keep_for_next_time(page: Path, given: Path | None, say: Words) -> None:
    """Keep the author's texts beside the page, and say on stderr where texts went that are kept no longer."""
    from convlens.report.kept_about import keep_about  # noqa: PLC0415 (lazy)

    if aside := keep_about(page, given):
        typer.echo(say("about.aside", file=str(aside)), err=True)
