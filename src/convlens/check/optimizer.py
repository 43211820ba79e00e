"""`check_optimizer`: where an optimizer that somebody wrote takes parameters. Must not know files.

It is given the same gradients as the rule that it is called after, for some steps: two parameters at once, so
that what is remembered for one must not serve the other.
"""

import copy
import inspect
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.check.blame import is_theirs
from convlens.check.known.optimizers import faulty_paths, kind_of, right_paths
from convlens.check.known_names import StandsFor
from convlens.check.lines import start_of
from convlens.check.outcome import CHECKS, Finding, Outcome
from convlens.check.places import numbers_of
from convlens.check.shared import Shared
from convlens.check.subject import Broken, line_in
from convlens.check.training import with_optimizer_trained
from convlens.errors import UsageError, shown

__all__ = ["METHODS", "check_optimizer"]

METHODS = ("update", "step", "apply_gradients", "apply")
"""What the method may be called that takes parameters and their gradients."""

_STEPS = 4
_NEAR = 3e-4  # of a step: what a small number under the line may change


@as_annotated
def check_optimizer(optimizer: Any) -> Outcome:  # noqa: ANN401
    """Return what is wrong with an optimizer that somebody wrote, and the likely cause where it can be told.

    Args:
        optimizer: an object with `update(params, grads)`, dicts of arrays by the same names, after the book.
    """
    name = next((one for one in METHODS if callable(getattr(optimizer, one, None))), None)
    if name is None:
        rule = f"have one of the methods {', '.join(METHODS)}"
        raise UsageError(f"`optimizer` must {rule}. Got {shown(optimizer)}.")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = sorted(_findings(optimizer, name), key=lambda one: CHECKS.index(one.check))
    wrong, title = {one.check for one in found}, _called(optimizer)[0]
    kind = kind_of(title) or ""
    asked = ("finite", "steps", "in_place") if kind else ("finite", "in_place")
    passed = tuple(one for one in asked if one not in wrong) if "raises" not in wrong else ()
    notes = () if kind else ("unknown_rule",)
    if not wrong and _replaces(optimizer, name):
        notes = (*notes, "new_arrays")
    outcome = Outcome(title, kind, tuple(found), passed, notes)
    return with_optimizer_trained(outcome, optimizer, name, _called(optimizer)[1])


def _called(optimizer: Any) -> tuple[str, Any]:  # noqa: ANN401
    """Return what an optimizer is called, and where its code is."""
    stands_for = getattr(optimizer, "stands_for", None)
    if isinstance(stands_for, StandsFor):
        return stands_for.name, stands_for.kind
    return type(optimizer).__name__, type(optimizer)


def _replaces(optimizer: Any, name: str) -> bool:  # noqa: ANN401
    """Say whether other arrays stand in the dict after a step than those that were put there."""
    start = {"W": np.ones((3, 2)), "b": np.ones(2)}
    return _walked(optimizer, name, start, [{key: 0.5 * one for key, one in start.items()}]).replaced


def _findings(optimizer: Any, name: str) -> Iterator[Finding]:  # noqa: ANN401
    kind_name, cls = _called(optimizer)
    line = start_of(cls, name)
    rng = np.random.default_rng(12)
    start = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=(2,))}
    steps = [{key: _gradient(rng, one) for key, one in start.items()} for _ in range(_STEPS)]
    shared = Shared(cls)
    try:
        walked = _walked(optimizer, name, start, steps)
    except Broken as broken:
        yield Finding("raises", "output", (), name, broken.line, detail=broken.detail)
        return
    found = _of_shared(walked, _walked(optimizer, name, start, steps))
    shared.restore()
    if found is not None:
        yield Finding("state", "weights", ("shared",), name, line, **found)
        return
    if walked.spoiled:
        yield Finding("in_place", "grads", ("input_changed",), name, line)
    if any(not np.isfinite(one).all() for path in walked.paths.values() for one in path):
        yield Finding("finite", "weights", (), name, line)
        return
    if _stumbles(optimizer, name, start):
        yield Finding("finite", "weights", ("epsilon",), name, line)
    kind, settings = kind_of(kind_name), numbers_of(optimizer)
    if kind is None:
        return
    for key in start:
        problem = _unlike(kind, settings, start, steps, walked.paths, key)
        if problem is not None:
            values, causes = problem
            yield Finding("steps", "weights", causes, name, line, **values)
            return


def _of_shared(one: "_Walked", other: "_Walked") -> dict[str, Any] | None:
    """Return where a second optimizer goes another way than the first one: they know of each other."""
    for key, path in one.paths.items():
        for right, got in zip(path, other.paths[key], strict=True):
            if not np.array_equal(right, got, equal_nan=True):
                at = np.unravel_index(int(np.abs(got - right).argmax()), got.shape)
                return {"expected": f"{float(right[at]):.6g}", "got": f"{float(got[at]):.6g}"}
    return None


def _stumbles(optimizer: Any, name: str, start: dict[str, Array]) -> bool:  # noqa: ANN401
    """Say whether a derivative of 0 makes a parameter infinite or NaN."""
    walked = _walked(optimizer, name, start, [{key: np.zeros(one.shape) for key, one in start.items()}])
    return any(not np.isfinite(one).all() for path in walked.paths.values() for one in path)


def _gradient(rng: np.random.Generator, parameter: Array) -> Array:
    """Return derivatives none of which is so small that a small number under the line matters."""
    return rng.choice([-1.0, 1.0], parameter.shape) * rng.uniform(0.5, 2, parameter.shape)


class _Walked:
    """Where an optimizer went, and what it did on its way.

    Attributes:
        paths: parameter → one array a step.
        replaced: whether other arrays stand in the dict than those that were put there.
        spoiled: whether the gradients were changed.
    """

    def __init__(self) -> None:
        self.paths: dict[str, list[Array]] = {}
        self.replaced = False
        self.spoiled = False


def _walked(
    optimizer: Any,  # noqa: ANN401
    name: str,
    start: dict[str, Array],
    steps: list[dict[str, Array]],
) -> _Walked:
    """Return where an optimizer goes, given dicts or else lists."""
    try:
        return _walked_in(dict, optimizer, name, start, steps)
    except Broken as broken:
        if not isinstance(broken.error, KeyError | TypeError | AttributeError | IndexError | ValueError):
            raise
        try:
            return _walked_in(list, optimizer, name, start, steps)  # the book's second volume has lists
        except Broken:
            raise broken from None


def _walked_in(
    form: type[dict[Any, Any]] | type[list[Any]],
    optimizer: Any,  # noqa: ANN401
    name: str,
    start: dict[str, Array],
    steps: list[dict[str, Array]],
) -> _Walked:
    """Return where an optimizer goes that takes dicts, or lists."""
    is_list = form is list
    keys: list[Any] = list(range(len(start))) if is_list else list(start)
    made = copy.deepcopy(optimizer)
    arrays = [one.copy() for one in start.values()]
    params: Any = list(arrays) if is_list else dict(zip(keys, arrays, strict=True))
    walked = _Walked()
    state, own = np.random.get_state(), random.getstate()  # noqa: NPY002 (what a stranger draws from)
    try:
        method: Callable[..., Any] = getattr(made, name)
        for gradients in steps:
            copies = [one.copy() for one in gradients.values()]
            method(params, list(copies) if is_list else dict(zip(keys, copies, strict=True)))
            rights = zip(copies, gradients.values(), strict=True)
            walked.spoiled |= any(not np.array_equal(one, right) for one, right in rights)
            for key, path in zip(keys, start, strict=True):
                walked.paths.setdefault(path, []).append(np.array(params[key], float))
    except (Exception, SystemExit) as error:
        kind = _called(optimizer)[1]
        raise Broken(name, error, line_in(error, kind), own=is_theirs(error, kind)) from error
    finally:
        np.random.set_state(state)  # noqa: NPY002
        random.setstate(own)
    walked.replaced = any(params[key] is not one for key, one in zip(keys, arrays, strict=True))
    return walked


def _unlike(
    kind: str,
    settings: dict[str, Any],
    start: dict[str, Array],
    steps: list[dict[str, Array]],
    paths: dict[str, list[Array]],
    key: str,
) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """Return numbers and causes where a parameter goes another way than by its rule."""
    gradients, got = [one[key] for one in steps], paths[key]
    rights = list(right_paths(kind, settings, start[key], gradients))
    if any(_same(right, got, start[key]) for right in rights):
        return None
    faulty = faulty_paths(kind, settings, start[key], gradients)
    causes = tuple(dict.fromkeys(cause for cause, path in faulty if _same(path, got, start[key])))
    if key != "b":  # nothing moves it at all
        causes = tuple("nothing" if one == "bias_still" else one for one in causes)
    first = next((n for n, one in enumerate(rights[0]) if not _near(one, got[n], start[key])), len(got) - 1)
    at = np.unravel_index(int(np.abs(got[first] - rights[0][first]).argmax()), got[first].shape)
    values = {
        "expected": f"{float(rights[0][first][at]):.6g}",
        "got": f"{float(got[first][at]):.6g}",
        "detail": {"step": str(first + 1), "path": key},
    }
    return values, causes


def _same(path: list[Array], got: list[Array], start: Array) -> bool:
    return all(_near(one, other, start) for one, other in zip(path, got, strict=True))


def _near(one: Array, other: Array, start: Array) -> bool:
    """Say whether two places are one, as far as the way there was long."""
    if one.shape != other.shape or not np.isfinite(one).all():
        return False
    return bool(np.abs(one - other).max() <= _NEAR * max(float(np.abs(one - start).max()), 1e-12))


def takes_gradients(function: Callable[..., Any]) -> bool:
    """Say whether a method takes parameters and gradients: two arguments that it must be given."""
    given = list(inspect.signature(function).parameters.values())[1:]
    return sum(one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD for one in given) == 2
