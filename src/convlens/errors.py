"""The exception tree. Holds what can go wrong; must not know anything else.

ConvlensError                    one clear line for the user, and an exit code
├── UsageError        (exit 2)   an argument is wrong
│   ├── MissingKeyError          there is nothing of this name among named arrays
│   ├── SpecError                a network's description is wrong
│   └── ShapeError               an array does not have the shape that is needed
├── DataError         (exit 1)   a file is missing, truncated, oversized or not what it says
├── RunError          (exit 1)   a run folder is missing, unfinished or damaged
├── TrainingError     (exit 1)   training cannot go on
└── DivergedError     (exit 3)   the loss became NaN or infinite

Each also derives from the built-in exception that a caller would expect. `shown` writes a wrong value for a
message: on one line, and never long.
"""

from reprlib import Repr

__all__ = [
    "ConvlensError",
    "DataError",
    "DivergedError",
    "MissingKeyError",
    "RunError",
    "ShapeError",
    "SpecError",
    "TrainingError",
    "UsageError",
    "shown",
]


class ConvlensError(Exception):
    """Base of every error that convlens raises on purpose; `str(error)` is one line for the user."""

    exit_code = 1


class UsageError(ConvlensError, ValueError):
    """An argument is wrong: the message names it, its owner, the rule and the value."""

    exit_code = 2


class MissingKeyError(UsageError, KeyError):
    """There is nothing of this name among named arrays; the message lists what there is."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes


class SpecError(UsageError):
    """A network's description is wrong: an unknown layer, a filter larger than its input, …."""


class ShapeError(UsageError):
    """An array does not have the shape that is needed."""


class DataError(ConvlensError, ValueError):
    """A data file is missing, truncated, oversized or not what it says."""


class RunError(ConvlensError, RuntimeError):
    """A run folder is missing, unfinished, damaged or belongs to another run."""


class TrainingError(ConvlensError, RuntimeError):
    """Training cannot go on; the message says where it stopped."""


class DivergedError(ConvlensError, ArithmeticError):
    """The loss became NaN or infinite; the message names the step and the layer."""

    exit_code = 3


class _Short(Repr):
    """Writes values as Python does, on one line, up to some length."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxarray = self.maxset = self.maxfrozenset = self.maxdeque = 8
        self.maxstring = self.maxother = 60

    def repr_int(self, x: int, level: int) -> str:
        """Write an int; Python itself refuses to write one of some thousand digits."""
        del level
        if -(10**20) < x < 10**20:
            return repr(x)
        return f"an int of about {int(x.bit_length() * 0.30103) + 1} digits"


def shown(value: object) -> str:
    """Return a value as a message may show it: as `repr` does, but cut, and on one line.

    >>> shown("3x3"), shown([28, 28]), shown(10**5000)
    ("'3x3'", '[28, 28]', 'an int of about 5001 digits')
    """
    written = " ".join(_Short().repr(value).split())
    return written if len(written) <= 200 else f"{written[:197]}..."
