"""What is wrong with a TOML file that somebody wrote by hand: the line, and what to write instead.

Python's reader says where it stopped and what it had hoped for. What people forget are mostly the quotes.
Must not know what the file is for.
"""

import re

from convlens.errors import shown, unread

__all__ = ["toml_fault"]

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONG = '"""'
_SHORT = 60  # letters of a line, and of a value, that are shown
_CURLY = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02"


def toml_fault(text: str, error: Exception) -> str:
    """Return what `tomllib` says of a text, with the line as it stands and the remedy; without a full stop.

    >>> import tomllib
    >>> try:
    ...     tomllib.loads("title = My report")
    ... except tomllib.TOMLDecodeError as error:
    ...     toml_fault("title = My report", error)
    'line 1, `title = My report`: a text stands between quotes: title = "My report"'
    """
    said = unread(error)
    place = _PLACE.search(said)
    if place is None:
        return said
    lines, what = text.replace("\r\n", "\n").split("\n"), said[: place.start()]
    number = _opened(lines) if place[1] is None else int(place[1])
    line, column = lines[number - 1], int(place[2] or 1)
    before = "\n".join([*lines[: number - 1], line[: column - 1]])
    remedy = _unended(before, number) or _remedy(what, line) or what[:1].lower() + what[1:]
    return f"line {number}, {_quoted(line)}: {remedy}"


def _quoted(line: str) -> str:
    """Show a line, a long one by its beginning."""
    found = line.strip()
    return f"`{found}`" if len(found) <= _SHORT and found.isprintable() else shown(found)


def _opened(lines: list[str]) -> int:
    """Return the number of the line in which begins what has no end; at worst the last one with anything."""
    for sign in (_LONG, "'''"):
        if "\n".join(lines).count(sign) % 2:
            return max(number for number, line in enumerate(lines, 1) if sign in line)
    open_ones = [n for n, line in enumerate(lines, 1) if re.search(r"=\s*[\[{][^\]}]*$", line)]
    filled = [n for n, line in enumerate(lines, 1) if line.strip()]
    return max(open_ones or filled or [1])


def _unended(before: str, number: int) -> str:
    """Say that a long text, whose own end is missing, seems to end where another one begins."""
    if not before.rstrip(" \t").endswith(_LONG) or before.count(_LONG) % 2 or before.count(_LONG) < 2:
        return ""
    begins = before[: before.rindex(_LONG)].rindex(_LONG)
    first = before[:begins].count("\n") + 1
    return f"here ends the text that begins in line {first}: it has no {_LONG} of its own" * (first < number)


def _remedy(what: str, line: str) -> str:
    """Return what to write instead, or "" where only the reader's own words say anything."""
    name, equals, value = (part.strip() for part in line.partition("="))
    name = name[:_SHORT]
    if not equals and not name.startswith("["):
        return "a line is a name, =, and a value, or a heading such as [text]"
    if what.startswith(("Expected '=' after a key", "Invalid statement")):
        return f'a name has no spaces and no signs, or stands between quotes: "{name}"'
    if what.startswith("Cannot overwrite"):
        return f"each name comes once, and {name} is there already"
    if what.startswith("Unclosed"):
        return "what begins there with [ or { has no end"
    return _of_value(what, name, value)


def _of_value(what: str, name: str, value: str) -> str:
    """Return what is wrong with a value, the commonest slips first."""
    if what.startswith(("Unescaped", "Invalid hex", "Escaped character")):
        return r"a \ in a text is written \\, or the text stands between single quotes"
    if "Illegal character" in what or what.startswith("Unterminated"):
        one = "a text ends in its line with the quote it begins with"
        return f"{one}; one of several lines has {_LONG} around it"
    bare = value.partition(" #")[0].strip()
    bare = bare if len(bare) <= _SHORT else f"{bare[:_SHORT]}…"
    slips = (
        (not bare, "nothing stands behind ="),
        (bare[:1] in _CURLY, f'quotes are straight: {name} = "{bare.strip(_CURLY)}"'),
        (bare.lower() in {"true", "false"}, f"it is written {name} = {bare.lower()}"),
        (_matches(r"[+-]?\d+,\d+", bare), f"a number has a point: {name} = {bare.replace(',', '.')}"),
        (_matches(r"[+-]?(\.\d+|\d+\.)(e.*)?", bare), "a number has digits on both sides of its point"),
        (bare[:1] in "\"'", r'a " within a text is written \"'),
        (bare[:1] not in "[{", f'a text stands between quotes: {name} = "{bare}"'),
    )
    return next((remedy for is_so, remedy in slips if is_so), "") if _is_of_value(what) else ""


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text) is not None


def _is_of_value(what: str) -> bool:
    """Say whether it is a value that the reader could not make out."""
    return what.startswith(("Invalid value", "Expected newline", "Invalid date"))
