"""The option `--lang`, the same for every command that writes words. Must not know what is written."""

from typing import Annotated, TypeAlias

import typer

from convlens.words import LANGUAGES

__all__ = ["Lang"]

_LISTED = " or ".join((", ".join(LANGUAGES[:-1]), LANGUAGES[-1]))

Lang: TypeAlias = Annotated[str | None, typer.Option("--lang", help=f"{_LISTED}. [default: the locale's]")]
