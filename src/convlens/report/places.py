"""Paths and commands as a page may show them: they work where it was made, and tell nobody's home folder."""

import re
from os import PathLike, fspath
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from convlens.files import command_line

__all__ = ["shareable", "shareable_command"]


def shareable(path: str | PathLike[str], home: Path | None = None) -> str:
    """Return a path without what it says of its machine.

    An absolute path is written from the present folder if it lies below it, else from `home`, else it is its
    own name alone. A relative one is as it was typed.

    Args:
        path: may be of another machine, even of another system.
        home: the folder in which the page or the study lies.

    >>> shareable("/somewhere/else/runs/a", Path("/somewhere/else"))
    'runs/a'
    >>> shareable("C:/Users/kim/runs/a")
    'a'
    """
    text = fspath(path)
    absolute = _absolute(text)
    if absolute is None:
        return text
    for folder in (Path.cwd(), *([] if home is None else [home.absolute()])):
        if Path(text).is_relative_to(folder) and folder != Path(folder.anchor):
            return str(Path(text).relative_to(folder))
    return absolute.name or "."


def shareable_command(command: str, home: Path | None = None) -> str:
    """Return a command, as `command_line` writes it, with its absolute paths as `shareable` shows them."""
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
    return command_line([word if _absolute(word) is None else shareable(word, home) for word in words])


def _absolute(text: str) -> PurePath | None:
    """Return a path that is absolute on any system, as one of that system; None for any other word."""
    return next((p for p in (PurePosixPath(text), PureWindowsPath(text)) if p.is_absolute()), None)
