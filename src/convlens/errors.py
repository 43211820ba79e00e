"""The exception tree. Holds what can go wrong; must not know anything else.

ConvlensError                    one clear line for the user, and an exit code
├── UsageError        (exit 2)   an argument is wrong
│   ├── MissingKeyError          there is nothing of this name among those that there are
│   ├── WrongTypeError           an argument is not of the kind that is needed
│   ├── MissingMethodError       an object lacks a method that is needed of it
│   ├── LabelError               a label is none of the classes
│   ├── MissingExtraError        a package is needed that only an extra installs
│   ├── SpecError                a network's description is wrong
│   └── ShapeError               an array does not have the shape that is needed
│       └── LengthError          there is not one of it for each sample
├── DataError         (exit 1)   a file is missing, truncated, oversized or not what it says
│   ├── MissingFileError         it is not there
│   ├── FolderInsteadError       it is a folder
│   ├── ForbiddenFileError       it may not be read
│   ├── DamagedFileError         it holds no weights, or not the whole of them
│   └── MissingArrayError        it lacks an array that is needed
├── RunError          (exit 1)   a run folder is missing, unfinished or damaged
│   └── TakenError               another process is making a run there
├── MissingTextError  (exit 1)   a room has no text for what it wants to say in a language
├── TrainingError     (exit 1)   training cannot go on
├── OrderError        (exit 1)   something is asked for before, or after, what it needs
├── StorageError      (exit 1)   no file can be written: the disk is full, or may only be read
├── MissingPlaceError (exit 1)   there is no such folder to write into
├── FolderThereError  (exit 1)   there is a folder where a file is to be written
├── ForbiddenPlaceError (exit 1) nothing may be written there
├── MissingEngineError (exit 1)  kernels are needed, and cannot run here
└── DivergedError     (exit 3)   the loss became NaN or infinite, or grew beyond any sense

Each also derives from the built-in exception that a caller would expect, which for what the book does is what
the book's own code raises.

`shown` and `one_line` keep a message short and printable, whatever a stranger's file or command line holds.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from os import PathLike, fspath
from pickle import UnpicklingError
from unicodedata import category

__all__ = [
    "ConvlensError",
    "DamagedFileError",
    "DataError",
    "DivergedError",
    "FolderInsteadError",
    "FolderThereError",
    "ForbiddenFileError",
    "ForbiddenPlaceError",
    "LabelError",
    "LengthError",
    "MissingArrayError",
    "MissingEngineError",
    "MissingExtraError",
    "MissingFileError",
    "MissingKeyError",
    "MissingMethodError",
    "MissingPlaceError",
    "MissingTextError",
    "OrderError",
    "RunError",
    "ShapeError",
    "SpecError",
    "StorageError",
    "TakenError",
    "TrainingError",
    "UsageError",
    "WrongTypeError",
    "did_you_mean",
    "missing_extra",
    "one_line",
    "shown",
    "unencodable",
    "unread",
    "unreadable",
]

_LONGEST = 80  # letters of a value in a message
_LONGEST_LINE = 1000  # letters of a whole message
_FEW = 4  # elements of a collection that are shown
_DEEP = 2  # collections within collections that are looked into
_DIGITS = 40  # of a whole number that is shown in full


class ConvlensError(Exception):
    """Base of every error that convlens raises on purpose; `str(error)` is one line for the user.

    Args:
        message: whatever a value or a path in it holds, it becomes one printable line of bounded length.
    """

    exit_code = 1

    def __init__(self, message: object = "") -> None:
        super().__init__(one_line(message))


class UsageError(ConvlensError, ValueError):
    """An argument is wrong: the message names it, its owner, the rule and the value."""

    exit_code = 2


class MissingKeyError(UsageError, KeyError):
    """There is nothing of this name: an array, a setting, a kind; the message lists what there is."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes


class WrongTypeError(UsageError, TypeError):
    """An argument is not of the kind that is needed, or none that there is."""


class MissingMethodError(UsageError, AttributeError):
    """An object lacks a method or an attribute that is needed of it."""


class LabelError(UsageError, IndexError):
    """A label is no whole number, or none of the classes: nothing can be looked up by it."""


class MissingExtraError(UsageError, ImportError):
    """A package is needed that is not installed; the message names the extra that installs it."""


class SpecError(UsageError):
    """A network's description is wrong: an unknown layer, a filter larger than its input, …."""


class ShapeError(UsageError):
    """An array does not have the shape that is needed."""


class LengthError(ShapeError, IndexError):
    """There is not one of it for each sample."""


class DataError(ConvlensError, ValueError):
    """A data file is missing, truncated, oversized or not what it says."""


class MissingFileError(DataError, FileNotFoundError):
    """A file is not there; the message says in which folder it was looked for."""


class FolderInsteadError(DataError, IsADirectoryError):
    """There is a folder where a file is needed."""


class ForbiddenFileError(DataError, PermissionError):
    """A file may not be read."""


class DamagedFileError(DataError, UnpicklingError, EOFError):
    """A file of weights is none, or not the whole of one."""


class MissingArrayError(DataError, KeyError):
    """A file lacks an array that is needed."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes


def unreadable(message: object, error: OSError) -> DataError:
    """Return the error of a file that cannot be read, which is of the system's own kind, too.

    Args:
        message: one line for the user.
        error: what the system says.
    """
    if isinstance(error, FileNotFoundError):
        return MissingFileError(message)
    if isinstance(error, IsADirectoryError):
        return FolderInsteadError(message)
    return ForbiddenFileError(message) if isinstance(error, PermissionError) else DataError(message)


class RunError(ConvlensError, RuntimeError):
    """A run folder is missing, unfinished, damaged or belongs to another run."""


class TakenError(RunError):
    """Another process is making a run in this place."""


class MissingTextError(ConvlensError, KeyError):
    """A room has no text for what it wants to say; the message names the text, its owner and the language."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes


class TrainingError(ConvlensError, RuntimeError):
    """Training cannot go on; the message says where it stopped."""


class OrderError(ConvlensError, RuntimeError, AttributeError, TypeError):
    """Something is asked for before, or after, what it needs: backward without a forward.

    The book's layers compute with None there, and raise the one or the other of the last two.
    """


class StorageError(ConvlensError):
    """No file can be written, whichever it is: the disk is full, or may only be read.

    No OSError, which those who only expect one would take for a file's own.
    """


class MissingPlaceError(ConvlensError, FileNotFoundError):
    """There is no such folder to write into."""


class FolderThereError(ConvlensError, IsADirectoryError):
    """There is a folder where a file is to be written."""


class ForbiddenPlaceError(ConvlensError, PermissionError):
    """Nothing may be written there."""


class MissingEngineError(ConvlensError, ImportError):
    """Kernels are needed, and cannot run here; the message says what is missing, and the way without them.

    Attributes:
        reason: why, in a few words.
    """

    def __init__(self, message: object = "", reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class DivergedError(ConvlensError, ArithmeticError):
    """The loss became NaN or infinite, or grew beyond any sense; the message names the step and the layer."""

    exit_code = 3


def missing_extra(what: str, extra: str) -> MissingExtraError:
    """Return the error of `what`, which needs the packages of an extra.

    >>> str(missing_extra("An ONNX file", "onnx"))
    'An ONNX file needs another package: pip install ".[onnx]" where convlens was installed from.'
    """
    remedy = f'pip install ".[{extra}]" where convlens was installed from'
    return MissingExtraError(f"{what} needs another package: {remedy}.")


def shown(value: object) -> str:
    """Return a value as a message shows it: at most some 80 letters, and without running its own `__repr__`.

    Texts and collections are cut before they are formatted, so that a giant costs nothing; of a collection
    that holds itself, a few levels are shown; an object of another type is named by its type.

    >>> shown("Adm")
    "'Adm'"
    >>> shown("a" * 100_000)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…' (100,000 letters)"
    >>> shown([1, [2, [3, [4]]]])
    '[1, [2, [3, […]]]]'
    """
    return _shown(value, _DEEP)


def did_you_mean(given: object, known: Iterable[str]) -> str:
    """Return a question for the end of a message, or "" where nothing that there is resembles what was given.

    >>> did_you_mean("Cosine", ["constant", "cosine"])
    ' Did you mean cosine?'
    """
    if not isinstance(given, str):
        return ""
    lower = {name.lower(): name for name in known}
    near = get_close_matches(given[:100].strip().lower(), lower, n=1)
    return f" Did you mean {lower[near[0]]}?" if near else ""


def unread(error: Exception) -> str:
    """Return what a parser says of a text, in one line without a full stop at its end.

    Of a number longer than Python reads, it would speak of Python's own settings.

    >>> unread(ValueError("Exceeds the limit (4300 digits) for integer string conversion: value has …"))
    'a whole number in it is too long to be read'
    """
    if "integer string conversion" in str(error):
        return "a whole number in it is too long to be read"
    return one_line(error).rstrip(".")


def unencodable(error: UnicodeEncodeError) -> str:
    """Return what is said of a name that the locale cannot write, without a full stop at its end.

    >>> unencodable(UnicodeEncodeError("ascii", "a한", 1, 2, "ordinal not in range(128)"))
    "the system's encoding, ascii, has no '한': set LC_ALL=C.UTF-8 or PYTHONUTF8=1"
    """
    letter = error.object[error.start : error.start + 1]
    return f"the system's encoding, {error.encoding}, has no {letter!r}: set LC_ALL=C.UTF-8 or PYTHONUTF8=1"


def _shown(value: object, depth: int) -> str:
    if isinstance(value, PathLike):
        value = fspath(value)
    if isinstance(value, str | bytes):
        return _shown_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value)) if abs(value) < 10**_DIGITS else _shown_giant(value)
    if type(value) in _BRACKETS:
        return _cut(_shown_collection(value, depth))  # type: ignore[arg-type]
    if type(value) in _PLAIN:
        return repr(value)
    return _cut(_shown_object(value))


_PLAIN = (bool, float, complex, type(None))


def _shown_object(value: object) -> str:
    """Show a number of NumPy's as it is, of an array its shape, and of anything else its type."""
    if isinstance(value, type):
        return value.__name__
    name, shape = type(value).__name__, None
    if type(value).__module__ == "numpy":
        shape = getattr(value, "shape", None)
        if shape == () and name != "ndarray":
            return repr(value)
    return f"an object of type {name}{'' if shape is None else f' and shape {shape}'}"


def _shown_text(value: str | bytes) -> str:
    """Quote a text; of a long one its beginning, and how long it is."""
    plain = str(value) if isinstance(value, str) else bytes(value[: _LONGEST + 1])  # no subclass's own repr
    if len(value) <= _LONGEST and len(whole := repr(plain)) <= 2 * _LONGEST:
        return whole
    start, unit = repr(plain[: _LONGEST // 2]), "letters" if isinstance(value, str) else "bytes"
    return f"{start[:_LONGEST].removesuffix(start[-1])}…{start[-1]} ({len(value):,} {unit})"


def _shown_giant(value: int) -> str:
    """Say how long a whole number is; Python itself refuses to write one of more than 4,300 digits."""
    digits = int(value.bit_length() * 0.30103) + 1
    return f"a whole number of some {digits:,} digits"


_BRACKETS = {tuple: ("(", ")"), list: ("[", "]"), **dict.fromkeys((set, frozenset, dict), ("{", "}"))}


def _shown_collection(value: Iterable[object], depth: int) -> str:
    """Show the first few elements, as deep as is asked for."""
    left, right = _BRACKETS[type(value)]
    if depth < 0:
        return f"{left}…{right}"
    parts: list[str] = []
    for element in value:
        if len(parts) == _FEW:
            parts.append("…")
            break
        key = f"{_shown(element, depth - 1)}: " if isinstance(value, Mapping) else ""
        parts.append(key + _shown(value[element] if isinstance(value, Mapping) else element, depth - 1))
    comma = "," if isinstance(value, tuple) and len(parts) == 1 else ""
    return f"{left}{', '.join(parts)}{comma}{right}"


def _cut(text: str) -> str:
    return text if len(text) <= 2 * _LONGEST else f"{text[: 2 * _LONGEST]}…"


def one_line(message: object) -> str:
    r"""Return a message as one printable line: line ends become spaces, control characters are spelt out.

    A terminal is not steered by a file's name or content. Of a giant the middle is left out.

    >>> one_line("cannot read a\nb\x1b[2J.")
    'cannot read a b\\x1b[2J.'
    """
    text = str(message)
    if len(text) > _LONGEST_LINE:
        half = _LONGEST_LINE // 2
        text = f"{text[:half]} … {text[-half:]}"
    text = re.sub(r"\s*[\r\n\u2028\u2029]\s*", " ", text.strip())
    if text.isprintable():
        return text
    return "".join(c if category(c) not in _UNSEEN else c.encode("unicode_escape").decode() for c in text)


_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control characters, half letters and the like
