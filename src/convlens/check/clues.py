"""What a stranger's source says of an argument: an array of so many axes, a number, a word. Must not run it.

`n, c, h, w = x.shape` says that `x` has four axes, `np.einsum("oc,nchw->nohw", self.mix, x)` that `mix` has
two, `range(0, n, hop)` that `hop` is a number, and `mode == "train"` which words `mode` may be.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

__all__ = ["Clue", "clues_of", "clues_of_input"]

_OF_ARRAYS = frozenset(("shape", "T", "ndim", "size", "dtype", "astype", "copy", "reshape", "transpose",
                        "dot", "sum", "ravel", "flatten", "mean", "squeeze"))  # fmt: skip
_TAKE_ARRAYS = frozenset(("dot", "matmul", "tensordot", "einsum", "zeros_like", "ones_like", "empty_like",
                          "outer", "transpose", "asarray", "array", "len"))  # fmt: skip
_TAKE_SIZES = frozenset(("zeros", "ones", "empty", "randn", "rand", "arange", "range"))


@dataclass
class Clue:
    """What is known of one argument.

    Attributes:
        is_array: whether it is used as one.
        is_number: whether it is used as a whole number.
        is_flag: whether it is only asked for being true.
        ndim: how many axes it has, where that is plain.
        least: how many it has at least.
        words: the words that it is compared with.
        is_matrix: whether something is multiplied with it from the left.
    """

    is_array: bool = False
    is_number: bool = False
    is_flag: bool = False
    ndim: int | None = None
    least: int = 0
    words: tuple[str, ...] = ()
    is_matrix: bool = False

    def fits(self, ndim: int) -> bool:
        """Say whether an array of so many axes may be meant."""
        return not self.is_number and (ndim >= self.least if self.ndim is None else ndim == self.ndim)

    def axes(self, ndim: int) -> None:
        """Note how many axes it has; of two that differ neither is plain."""
        self.is_array = True
        self.ndim = ndim if self.ndim in {None, ndim} else None

    def at_least(self, ndim: int) -> None:
        """Note that it has so many axes at least."""
        self.is_array, self.least = True, max(self.least, ndim)


def clues_of(maker: Callable[..., Any]) -> dict[str, Clue]:
    """Return what is known of the arguments of a class, or of a pair of functions, by name."""
    written = _written(maker)
    found: dict[str, Clue] = {}
    held: dict[str, str] = {}
    is_class = inspect.isclass(maker)
    for name, tree in written:
        own = {one.arg: one.arg for one in (*tree.args.args, *tree.args.kwonlyargs)}
        if is_class and name != "__init__":
            own = {}
        if name == "__init__":
            held = _attributes(tree, own)
        _read(tree, {**own, **held}, found)
    return found


def clues_of_input(maker: Callable[..., Any], names: tuple[str, ...]) -> Clue:
    """Return what is known of the input: the first argument of one of these methods, or of a function."""
    for name, tree in _written(maker):
        given = [one.arg for one in tree.args.args if one.arg != "self"]
        if given and (name in names or not inspect.isclass(maker)):
            found: dict[str, Clue] = {}
            _read(tree, {given[0]: given[0], **_attributes(tree, {given[0]: given[0]})}, found)
            return found.get(given[0], Clue())
    return Clue()


def _written(maker: Callable[..., Any]) -> list[tuple[str, ast.FunctionDef]]:
    """Return the functions of a class, its constructor first, or those that a maker stands for."""
    if inspect.isclass(maker):
        members = {name: one for cls in maker.__mro__[-2::-1] for name, one in vars(cls).items()}
        functions = [(name, one) for name, one in members.items() if inspect.isfunction(one)]
        functions.sort(key=lambda one: one[0] != "__init__")
    else:
        functions = [(one.__name__, one) for one in getattr(maker, "written", ())]
    made: list[tuple[str, ast.FunctionDef]] = []
    for name, function in functions:
        with suppress(OSError, TypeError, SyntaxError, ValueError, IndexError):
            tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
            if isinstance(tree, ast.FunctionDef):
                made.append((name, tree))
    return made


def _attributes(tree: ast.FunctionDef, own: dict[str, str]) -> dict[str, str]:
    """Return the attributes that keep an argument: "self.W" → "W"."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        for target, value in _assigned(node):
            name = _argument(value, own)
            if name is not None and isinstance(target, ast.Attribute):
                found[ast.unparse(target)] = name
    return found


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what is assigned to what, side by side where several are."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def _argument(value: ast.expr, own: dict[str, str]) -> str | None:
    """Return the argument that an expression is, or is a copy of."""
    while isinstance(value, ast.Call):
        function = value.func
        if isinstance(function, ast.Attribute) and function.attr in {"astype", "copy"}:
            value = function.value
        elif value.args and isinstance(function, ast.Attribute) and function.attr in {"asarray", "array"}:
            value = value.args[0]
        else:
            return None
    return own.get(ast.unparse(value))


def _read(tree: ast.FunctionDef, known: dict[str, str], found: dict[str, Clue]) -> None:
    """Add to `found` what one function says of the names that are `known`."""
    names = dict(known)
    for node in ast.walk(tree):
        for target, value in _assigned(node):
            if isinstance(target, ast.Name) and ast.unparse(value) in known and target.id not in known:
                names[target.id] = known[ast.unparse(value)]
    until = _reassigned(tree, names)

    def of(node: ast.AST) -> Clue | None:
        text = ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if text not in names or getattr(node, "lineno", 0) > until.get(text, 1 << 30):
            return None
        return found.setdefault(names[text], Clue())

    for node in ast.walk(tree):
        for reader in (_of_shapes, _of_calls, _of_indices, _of_sums, _of_words):
            reader(node, of)


def _reassigned(tree: ast.FunctionDef, names: dict[str, str]) -> dict[str, int]:
    """Return from which line on a name is something else."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        for target, _ in _assigned(node):
            if isinstance(target, ast.Name) and names.get(target.id) == target.id:
                found[target.id] = min(found.get(target.id, node.lineno), node.lineno)  # type: ignore[attr-defined]
    return found


Of = Callable[[ast.AST], Clue | None]


def _of_shapes(node: ast.AST, of: Of) -> None:
    """`n, c = x.shape`, `x.shape[1]`, `x.T`."""
    for target, value in _assigned(node):
        many = len(target.elts) if isinstance(target, ast.Tuple) else 0
        is_plain = many and not any(isinstance(one, ast.Starred) for one in getattr(target, "elts", ()))
        first = 0
        if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice):
            first = _number(value.slice.lower)
            value = value.value if value.slice.upper is None else value  # noqa: PLW2901
        if is_plain and first >= 0 and isinstance(value, ast.Attribute) and value.attr == "shape":
            clue = of(value.value)
            if clue is not None:
                clue.axes(first + many)
    if isinstance(node, ast.Attribute) and node.attr in _OF_ARRAYS:
        clue = of(node.value)
        if clue is not None:
            clue.is_array = True
    is_shape = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute)
    if is_shape and node.value.attr == "shape":  # type: ignore[attr-defined]
        clue, at = of(node.value.value), _number(node.slice)  # type: ignore[attr-defined]
        if clue is not None and at >= 0 and isinstance(node.slice, ast.Constant):  # type: ignore[attr-defined]
            clue.at_least(at + 1)


def _number(node: ast.AST | None) -> int:
    """Return a plain whole number; 0 where nothing stands, -1 where it is none."""
    if node is None:
        return 0
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else -1


def _of_calls(node: ast.AST, of: Of) -> None:
    """`np.einsum("oc,nchw->nohw", mix, x)`, `np.dot(x, W)`, `range(hop)`, `x.sum(axis=2)`."""
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "einsum" and node.args and isinstance(node.args[0], ast.Constant):
        parts = str(node.args[0].value).replace(" ", "").split("->")[0].split(",")
        for part, value in zip(parts, node.args[1:], strict=False):
            clue = of(value)
            if clue is not None and "." not in part:
                clue.axes(len(part))
    for clue in filter(None, map(of, node.args)):
        clue.is_array |= name in _TAKE_ARRAYS
    sizes = (one for value in node.args for one in _outside_calls(value)) if name in _TAKE_SIZES else ()
    for clue in filter(None, map(of, sizes)):
        clue.is_number = not clue.is_array
    axes = [one.value for one in node.keywords if one.arg == "axis"]
    clue = of(node.func.value) if isinstance(node.func, ast.Attribute) else None
    for axis in (_number(one) for value in axes for one in getattr(value, "elts", [value])):
        if clue is not None and axis >= 0:
            clue.at_least(axis + 1)


def _outside_calls(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what an expression is made of, but not what stands within calls, indices and attributes."""
    yield node
    if not isinstance(node, ast.Call | ast.Subscript | ast.Attribute):
        for one in ast.iter_child_nodes(node):
            yield from _outside_calls(one)


def _of_indices(node: ast.AST, of: Of) -> None:
    """`W[:, :, u, v]`, `x[i:i + size]`."""
    if isinstance(node, ast.Slice):
        for part in filter(None, (node.lower, node.upper, node.step)):
            for one in filter(None, map(of, _outside_calls(part))):
                one.is_number = not one.is_array
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant):
        clue = of(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        plain = [
            one for one in parts if not isinstance(one, ast.Constant) or one.value not in {None, Ellipsis}
        ]
        if clue is not None:
            clue.at_least(len(plain))


def _of_sums(node: ast.AST, of: Of) -> None:
    """`x @ W`, `n // hop`."""
    if isinstance(node, ast.BinOp):
        for side in (node.left, node.right):
            clue = of(side)
            if clue is not None and isinstance(node.op, ast.MatMult):
                clue.is_array = True
                clue.is_matrix |= side is node.right
        clue = of(node.right)
        if clue is not None and isinstance(node.op, ast.FloorDiv):
            clue.is_number = True


def _of_words(node: ast.AST, of: Of) -> None:
    """`mode == "train"`, `if training:`."""
    if isinstance(node, ast.Compare):
        clue = of(node.left)
        right = node.comparators[0]
        found = [getattr(one, "value", None) for one in getattr(right, "elts", [right])]
        if clue is not None:
            words = [one for one in found if isinstance(one, str)]
            clue.words = tuple(dict.fromkeys((*clue.words, *words)))
    test = node.test if isinstance(node, ast.If | ast.IfExp) else None
    test = test.operand if isinstance(test, ast.UnaryOp) else test
    clue = of(test) if test is not None else None
    if clue is not None:
        clue.is_flag = True
