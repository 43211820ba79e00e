"""The option `--about`, the same for every command that writes a page. Must not know what is in the file."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from convlens.words import Words

__all__ = ["AboutFile", "say_whose"]

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
