"""A room's texts, read from its TOML files, and how one of them is found and filled in.

A text's key is its place in the file: `title = "…"` under `[page]` is "page.title". Where a language tells
one from many, a text has the two forms `one` and `other`:

    missing.one = "{n} of {all} runs is in."
    missing.other = "{n} of {all} runs are in."
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from convlens.errors import MissingTextError
from convlens.words.languages import LANGUAGES, checked_language

__all__ = ["Table", "Texts", "counted", "filled", "placeholders"]

_ONE, _OTHER = ".one", ".other"


class Texts(Mapping[str, str]):
    """The texts of one room in one language, by key; `key` + ".one" is the form for 1, where there is one.

    Args:
        table: whose they are.
        lang: one of `LANGUAGES`.
    """

    def __init__(self, table: "Table", lang: str) -> None:
        self.table = table
        self.lang = lang

    @cached_property
    def _by_key(self) -> dict[str, str]:
        import tomllib  # noqa: PLC0415 (lazy: most commands say nothing of it)

        found: dict[str, str] = {}
        for path in self.table.files(self.lang):
            for key, text in _flat(tomllib.loads(path.read_text(encoding="utf-8")), ""):
                if key in found:
                    raise ValueError(f"{path}: the text `{key}` of {self.table.owner} stands in two files.")
                found[key] = text
        return found

    def __getitem__(self, key: str) -> str:
        try:
            return self._by_key[key]
        except KeyError:
            raise MissingTextError(
                f"{self.table.owner} has no text `{key}` in the language {self.lang}: "
                f"add it to a file {self.lang}.toml in {self.table.folder}."
            ) from None

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)


class Table:
    """The texts of one room in every language. Nothing is read before it is asked for.

    Args:
        owner: whose texts they are, as errors say it: "the report".
        folder: holds a file a language (en.toml, …), or folders of such, one a part.
    """

    def __init__(self, owner: str, folder: Path) -> None:
        self.owner = owner
        self.folder = folder
        self._texts: dict[str, Texts] = {}

    def files(self, lang: str) -> list[Path]:
        """Return the files of a language."""
        return sorted(self.folder.rglob(f"{lang}.toml"))

    def __getitem__(self, lang: str) -> Texts:
        """Return the texts of a language.

        Raises:
            UsageError: there is no such language.
        """
        return self._texts.setdefault(checked_language(lang), Texts(self, lang))

    def problems(self) -> list[str]:
        """Return, a line each, what is missing, empty or filled in otherwise than in the first language."""
        return [line for lang in LANGUAGES for line in self._problems_of(self[lang], self[LANGUAGES[0]])]

    def _problems_of(self, ours: Texts, first: Texts) -> Iterator[str]:
        here = f"{self.owner}, {ours.lang}"
        keys, wanted = ({key.removesuffix(_ONE) for key in texts} for texts in (ours, first))
        yield from (f"{here}: `{key}` is missing" for key in sorted(wanted - keys))
        yield from (f"{here}: `{key}` is not in {first.lang}" for key in sorted(keys - wanted))
        for key, text in ours.items():
            base = key.removesuffix(_ONE)
            if base not in ours:
                yield f"{here}: `{base}` has a form for one, but none for others"
            elif not text:
                yield f"{here}: `{key}` is empty"
            elif base in first and placeholders(text) - {"n"} != placeholders(first[base]) - {"n"}:
                yield f"{here}: `{key}` has other {{braces}} than in {first.lang}"


def placeholders(text: str) -> set[str]:
    """Return the names that stand in a text's braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def counted(texts: Mapping[str, str], key: str, n: int) -> str:
    """Say how many "seeds", "epochs" or "filters" there are: one seed is said as one seed."""
    return filled(texts, key, {"n": n})


def filled(texts: Mapping[str, str], key: str, values: Mapping[str, Any]) -> str:
    """Return a text with its braces filled in.

    Args:
        texts: of one language.
        key: its name; where it has a form for one, that is taken for `n` = 1.
        values: by the names in the braces. A text may say how to write one, as in {low:.3g}; where it does
            not, integers are written with separators: 60,000.

    Raises:
        MissingTextError: there is no such text, or no value for its braces.
    """
    one = key + _ONE
    text = texts[one if values.get("n") == 1 and one in texts else key]
    try:
        return _FROM_TEN.sub("個", _SEPARATING.vformat(text, (), values))
    except (KeyError, IndexError) as error:
        given = ", ".join(sorted(values)) or "none"
        raise MissingTextError(
            f"the text `{key}` needs a value for {error}. Got {given}, for {text!r}."
        ) from None


class _Separating(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 (as its base)
        return f"{value:,}" if not format_spec and isinstance(value, int) else format(value, format_spec)


_SEPARATING = _Separating()
_FROM_TEN = re.compile(r"(?<=\d\d)つ")  # Japanese counts with つ as far as nine


def _flat(data: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        key = before + name
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        elif isinstance(value, str):
            yield key.removesuffix(_OTHER), value
        else:
            raise TypeError(f"the text `{key}` must be a string. Got {value!r}.")
