"""The command line of the scripts of this folder: some names, or none for all, and `--help`."""

import argparse
from collections.abc import Iterable

__all__ = ["names"]


def names(
    doc: str | None, metavar: str = "", default: Iterable[str] = (), choices: Iterable[str] = ()
) -> list[str]:
    """Return the words of the command line, or `default` where there are none; answer --help with `doc`.

    Exits with status 2 and one line where a word is not among `choices` (empty: any word), or where nothing
    can be named because there is no `metavar`.
    """
    usual, known = list(default), list(choices)
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=doc, usage=argparse.SUPPRESS, formatter_class=form)
    if metavar:
        usage = f"default: {' '.join(usual) or 'none'}"
        parser.add_argument("words", nargs="*", metavar=metavar, help=usage)
    words: list[str] = vars(parser.parse_args()).get("words", [])
    for word in words:
        if known and word not in known:
            parser.error(f"there is no {metavar} {word!r}; there are {', '.join(known)}")
    return words or usual
