"""A small machine that runs the harmless part of pickle's language. Must not know arrays.

A pickle is a program for a stack machine. This one has the instructions with which a dict of arrays is
written and no others: numbers, texts, bytes, short tuples, dicts by text, and calls of functions that the
caller admits. What Python's own machine does on the way (hashing a tuple that holds itself twice, thirty
levels deep, takes for ever; so does writing it into a message) cannot happen here.

Reference: Lib/pickletools.py of CPython, which describes every instruction.
"""

import pickle
import pickletools
from collections.abc import Callable, Mapping
from typing import Any

from convlens.errors import shown

__all__ = ["Standin", "run"]

_MOST_STEPS = 400_000  # of one program: an array takes about 30
_LONGEST_TUPLE = 64  # a shape of as many axes as NumPy has
_IGNORED = {"PROTO", "FRAME"}
_LITERALS = {
    *("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "BINFLOAT", "FLOAT"),
    *("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "STRING", "BINSTRING", "SHORT_BINSTRING"),
    *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
}
_CONSTANTS: dict[str, object] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class Standin:
    """What an admitted function returns in place of a stranger's object."""

    def build(self, state: Any) -> None:  # noqa: ANN401
        """Take the state that the pickle lays over the object."""
        raise NotImplementedError


class _Admitted:
    """A function that the program may call."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = function


def run(content: bytes, admitted: Mapping[tuple[str, str], Callable[..., object] | str]) -> object:
    """Run a pickle and return what it leaves.

    Args:
        content: the pickle.
        admitted: what it may name, by module and name: functions that it may call, or words that stand for
            a class that they take.

    Raises:
        pickle.UnpicklingError: it does anything that arrays by name do not need.
        Exception: of any other kind, if it is damaged.
    """
    machine = _Machine(admitted)
    for step, (opcode, argument, position) in enumerate(pickletools.genops(content)):
        # A memo is allocated on the word of its largest index by Python's own machine.
        if step >= _MOST_STEPS or ("PUT" in opcode.name and (argument or 0) >= len(content)):
            raise pickle.UnpicklingError("it asks for more memory than it can fill.")
        if opcode.name == "STOP":
            rest = len(content) - 1 - (position or 0)
            if rest:
                raise pickle.UnpicklingError(f"{rest:,} bytes follow its end.")
            break
        machine.step(opcode.name, argument)
    return machine.stack.pop()


class _Machine:
    """A stack, a memo, and the instructions."""

    def __init__(self, admitted: Mapping[tuple[str, str], Callable[..., object] | str]) -> None:
        self.stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}
        self._admitted = admitted

    def step(self, name: str, argument: Any) -> None:  # noqa: ANN401
        """Carry out one instruction."""
        if name in _LITERALS:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            self._tuple(self._top(_TUPLES[name]))
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = self.stack[-1]
        elif name.endswith("PUT"):
            self._memo[argument] = self.stack[-1]
        elif name.endswith("GET"):
            self.stack.append(self._memo[argument])
        elif name in _STEPS:
            _STEPS[name](self, argument)
        elif name not in _IGNORED:
            raise pickle.UnpicklingError(f"it holds more than arrays of numbers by name ({name}).")

    def mark(self, _: object) -> None:
        """Remember how high the stack is."""
        self._marks.append(len(self.stack))

    def tuple_(self, _: object) -> None:
        """Make a tuple of what lies above the mark."""
        self._tuple(self._above_mark())

    def empty_dict(self, _: object) -> None:
        """Begin a dict."""
        self.stack.append({})

    def dict_(self, _: object) -> None:
        """Make a dict of what lies above the mark."""
        pairs = self._above_mark()
        self.stack.append({})
        self._fill(pairs)

    def set_item(self, _: object) -> None:
        """Put one pair into a dict."""
        self._fill(self._top(2))

    def set_items(self, _: object) -> None:
        """Put what lies above the mark into a dict."""
        self._fill(self._above_mark())

    def name(self, argument: str) -> None:
        """Find what is named by one text."""
        self._find(*argument.split(" ", 1))

    def stack_name(self, _: object) -> None:
        """Find what is named by two texts on the stack."""
        self._find(*self._top(2))

    def call(self, _: object) -> None:
        """Call an admitted function."""
        function, arguments = self._top(2)
        if not isinstance(function, _Admitted) or type(arguments) is not tuple:
            raise pickle.UnpicklingError("it builds something other than an array.")
        self.stack.append(function.function(*arguments))

    def build(self, _: object) -> None:
        """Lay a state over an object."""
        target, state = self._top(2)
        if not isinstance(target, Standin):
            raise pickle.UnpicklingError("it changes something other than an array.")
        target.build(state)
        self.stack.append(target)

    def _top(self, n: int) -> list[Any]:
        """Take the uppermost `n` values, down to a mark at most."""
        if len(self.stack) - (self._marks[-1] if self._marks else 0) < n:
            raise pickle.UnpicklingError("it takes more from its stack than there is.")
        taken = self.stack[-n:]
        del self.stack[-n:]
        return taken

    def _above_mark(self) -> list[Any]:
        start = self._marks.pop()
        taken = self.stack[start:]
        del self.stack[start:]
        return taken

    def _tuple(self, values: list[Any]) -> None:
        """Push a tuple: no longer than a shape, and three deep at most, as the state of an array is."""
        inner = [part for value in values if type(value) is tuple for part in value]
        if len(values) > _LONGEST_TUPLE or any(type(part) is tuple for part in inner):
            raise pickle.UnpicklingError("it holds tuples in tuples in tuples, or a long one; arrays do not.")
        self.stack.append(tuple(values))

    def _fill(self, pairs: list[Any]) -> None:
        """Put keys and values in turn into the dict on the stack."""
        target = self.stack[-1]
        if type(target) is not dict or len(pairs) % 2:
            raise pickle.UnpicklingError("it fills something other than a dict.")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if type(key) is not str:
                raise pickle.UnpicklingError(f"it must hold arrays of numbers by name. Got {shown(key)}.")
            target[key] = value

    def _find(self, module: object, name: object) -> None:
        """Push what an admitted name stands for."""
        if type(module) is not str or type(name) is not str or (module, name) not in self._admitted:
            what = f"{shown(module)[1:-1]}.{shown(name)[1:-1]}"
            raise pickle.UnpicklingError(f"it names {what}; only NumPy arrays are read from a pickle.")
        found = self._admitted[module, name]
        self.stack.append(found if isinstance(found, str) else _Admitted(found))


_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "TUPLE": _Machine.tuple_,
    "EMPTY_DICT": _Machine.empty_dict,
    "DICT": _Machine.dict_,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": _Machine.stack_name,
    "REDUCE": _Machine.call,
    "BUILD": _Machine.build,
}
