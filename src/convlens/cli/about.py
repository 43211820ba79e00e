"""The option `--about`, the same for every command that writes a page. Must not know what is in the file."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = ["AboutFile"]

AboutFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--about", help="A TOML file with your title, author, number, course, date and own paragraphs."
    ),
]
