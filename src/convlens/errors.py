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

Each also derives from the built-in exception that a caller would expect.
"""

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
