"""Right layers in the book's style as a text, and the faults that are planted in it.

Each fault is an edit of one place: the class, the text as it is, what it becomes, and the case of a test that
would see it. Must not know how it is run.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["NAMES", "Fault", "faults", "right", "with_fault"]


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        key: of the words that name the case to add.
        owner: the class or function that it is planted in.
        cause: the key of its cause, as the doctor names it.
        old, new: the text, and what it becomes.
    """

    key: str
    owner: str
    cause: str
    old: str
    new: str


def _read(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8")


def right() -> str:
    """Return the right code."""
    return _read("layers.txt")


def faults() -> tuple[Fault, ...]:
    """Return every fault, in the order in which they are planted."""
    table = tomllib.loads(_read("faults.toml"))
    return tuple(Fault(key, one["in"], one["cause"], one["old"], one["new"]) for key, one in table.items())


def with_fault(fault: Fault) -> str:
    """Return the code with one fault."""
    text = right()
    starts = [at for word in ("class", "def") if (at := text.find(f"\n{word} {fault.owner}(")) >= 0 or
              (at := text.find(f"\n{word} {fault.owner}:")) >= 0]  # fmt: skip
    start = starts[0]
    at = text.index(fault.old, start)
    return text[:at] + fault.new + text[at + len(fault.old) :]


NAMES = frozenset((
    *("Convolution", "Pooling", "Affine", "Relu", "Sigmoid", "SoftmaxWithLoss", "Dropout"),
    *("BatchNormalization", "cross_entropy_error"),
    *("SGD", "Momentum", "AdaGrad", "Adam", "TwoLayerNet", "im2col", "col2im", "softmax"),
))  # fmt: skip
"""What the code defines for tests to import."""
