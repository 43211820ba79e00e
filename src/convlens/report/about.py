"""What the author adds to a page: a title, a name, a course, a date, and paragraphs of their own.

It is read from a TOML file, before anything long is done: what is wrong with it is said in one line. Must not
know how a page looks.
"""

import datetime as dt
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from convlens.arguments import AnyPath, as_annotated
from convlens.errors import UsageError, did_you_mean, shown
from convlens.files import read_text, safe_stem
from convlens.toml_faults import toml_fault

__all__ = ["PARTS", "About", "author_places", "network_stems", "read_about", "require_places"]

_FACTS: Final[tuple[str, ...]] = ("title", "author", "number", "course", "date")
_PAGE: Final = (
    "introduction", "minute", "limits", "results", "comparison", "learning-rate", "mistakes", "excitement",
    "explorer", "conclusion", "making",
)  # fmt: skip
PARTS: Final = ("", "-network", "-code", "-curves", "-filters", "-full-filters", "-mistakes")
"""What follows a network's name in the names of its places."""

_LONGEST_FACT = 200  # letters
_LONGEST_TEXT = 20_000
_MOST_BYTES = 1 << 20
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


@dataclass(frozen=True)
class About:
    """What one file says.

    Attributes:
        title: the page's heading; "" for the page's own.
        facts: author, number, course and date, as far as they are given, in this order.
        texts: Markdown by the name of the place where it stands, one of `author_places`.
        source: the file's name.
    """

    title: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    source: str = ""


def require_places(about: About, networks: Iterable[str]) -> None:
    """Refuse a text for a place that no page of these networks has.

    Raises:
        UsageError: its name is none of `author_places`; the message lists them.
    """
    known = author_places(networks)
    for name in about.texts:
        if name not in known:
            there_are, hint = f"there are {', '.join(known)}", did_you_mean(name, known)
            raise UsageError(
                f"`text` of {about.source} has no place called {shown(name)}: {there_are}.{hint}"
            )


def network_stems(networks: Iterable[str]) -> list[str]:
    """Return what the places of each network are called by: no two alike, none like a place of the page.

    >>> network_stems(["LeNet", "my net", "LeNet"])
    ['lenet', 'my-net', 'lenet-3']
    """
    stems: list[str] = []
    for number, name in enumerate(networks, 1):
        stem = safe_stem(name) or "network"
        stems.append(f"{stem}-{number}" if stem in (*stems, *_PAGE, "network") else stem)
    return stems


def author_places(networks: Iterable[str]) -> tuple[str, ...]:
    """Return the names of all places of a page where an author's text may stand.

    Args:
        networks: the networks' names, in the page's order; each has places of its own.

    >>> author_places(["LeNet"])[-7:-4]
    ('lenet', 'lenet-network', 'lenet-code')
    """
    return (*_PAGE, *(stem + part for stem in network_stems(networks) for part in PARTS))


@as_annotated
def read_about(path: AnyPath) -> About:
    """Return what a file says.

    Args:
        path: of a TOML file with `title`, `author`, `number`, `course`, `date`, and texts under `[text]`.

    Raises:
        UsageError: it cannot be read, is no TOML, or says something else; the message names the place.
    """
    path = Path(path)
    content = _toml(path)
    _require_known(path, content)
    facts = {name: fact for name in _FACTS if name in content and (fact := _fact(path, name, content[name]))}
    texts = content.get("text", {})
    if not isinstance(texts, dict):
        rule = 'a table, such as [text] with a line conclusion = "…" below it'
        raise UsageError(f"`text` of {path.name} must be {rule}. Got {shown(texts)}.")
    title = facts.pop("title", "")
    written = {name: _text(path, name, value) for name, value in texts.items()}
    return About(title, facts, {name: text for name, text in written.items() if text.strip()}, path.name)


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = read_text(path, _MOST_BYTES)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} is not text in UTF-8: save it as such.") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path.name} is not TOML: {toml_fault(text, error)}.") from None


def _require_known(path: Path, content: Mapping[str, Any]) -> None:
    known: Sequence[str] = (*_FACTS, "text")
    for name in content:
        if name not in known:
            places = author_places(())
            hint = did_you_mean(name, known)
            if not hint and (name in places or did_you_mean(name, places)):
                hint = " Paragraphs stand below a line [text]."
            raise UsageError(f"{path.name} has the keys {', '.join(known)}. Got {shown(name)}.{hint}")


def _fact(path: Path, name: str, value: object) -> str:
    """Return a line, whichever of TOML's kinds it came as: a number and a date need no quotes."""
    if isinstance(value, bool) or not isinstance(value, str | int | dt.date):
        raise UsageError(f'`{name}` of {path.name} must be a text, such as "…". Got {shown(value)}.')
    text = str(value).strip()
    if not all(map(_is_of_a_line, text)) or len(text) > _LONGEST_FACT:
        rule = f"one line of at most {_LONGEST_FACT} letters"
        raise UsageError(f"`{name}` of {path.name} must be {rule}. Got {shown(text)}.")
    return text


def _is_of_a_line(letter: str) -> bool:
    """Say whether a letter is seen, or one of the spaces and joiners that names are written with."""
    return letter.isprintable() or unicodedata.category(letter) == "Zs" or letter in _JOINERS


def _text(path: Path, name: str, value: object) -> str:
    """Return a text of one place."""
    if isinstance(value, dict):
        remedy = f'a name with a dot stands between quotes, such as "{name}.{next(iter(value), "…")}"'
        raise UsageError(f"`{name}` in [text] of {path.name} must be a text. Got a table: {remedy}.")
    if not isinstance(value, str):
        raise UsageError(
            f'`{name}` in [text] of {path.name} must be a text, such as "…". Got {shown(value)}.'
        )
    if len(value) > _LONGEST_TEXT:
        rule = f"at most {_LONGEST_TEXT:,} letters"
        raise UsageError(f"`{name}` in [text] of {path.name} must have {rule}. Got {len(value):,}.")
    return value
