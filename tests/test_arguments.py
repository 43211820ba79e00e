"""What a function's annotations ask of its arguments."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

import convlens
from convlens import data, engine, findings, inspection, networks, report, runs, spec, study, training
from convlens.arguments import AnyPath, Count, Holding, Share, Whole, Within, as_annotated, fits, listed
from convlens.errors import SpecError, UsageError

NAMED = "convlens.spec.named_network('simple')"
SHARES = "a list of finite numbers from 0 to 1"
RUNS = "a list of Run objects"
GROUPS = "a dict of lists of Run objects by texts"
OPTIMIZERS = ", ".join(training.OPTIMIZERS)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: spec.named_network(None), "`name` of named_network must be a text. Got None."),
        (lambda: spec.from_toml(Path("a.toml")), "`text` of from_toml must be a text. Got 'a.toml'."),
        (lambda: spec.from_json(b"{}"), "`text` of from_json must be a text. Got b'{}'."),
        (
            lambda: networks.summary_table("simple"),
            f"`spec` of summary_table must be a NetworkSpec: {NAMED} returns one. Got 'simple'.",
        ),
        (
            lambda: findings.answers(Path("runs/a")),
            "`run` of answers must be a Run: convlens.Run(folder) opens one. Got 'runs/a'.",
        ),
        (
            lambda: convlens.SimpleConvNet().compiled(10**29),
            "`capacity` of Network.compiled must be an int from 1 to 100,000,000. Got 1" + "0" * 29 + ".",
        ),
        (
            lambda: convlens.SimpleConvNet(conv_param=[("pad", 1)]),
            "`conv_param` of SimpleConvNet must be a dict such as {'filter_num': 30}. Got [('pad', 1)].",
        ),
        (lambda: data.load_idx_folder(None), "`folder` of load_idx_folder must be a path. Got None."),
        (lambda: runs.open_data(None, 5), "`source` of open_data must be a path. Got None."),
        (
            lambda: study.wilson(None, None),
            "`n_right` of wilson must be an int from 0 to 1,000,000,000,000. Got None.",
        ),
        (lambda: study.wilson(5, 4), "`n_right` of wilson must be at most `n_images`, 4. Got 5."),
        (
            lambda: study.one_more_seed([0.5, 1.5]),
            f"`accuracies` of one_more_seed must be {SHARES}, 1 or more. Got [0.5, 1.5].",
        ),
        (
            lambda: study.compare(None),
            f"`pairs` of compare must be a list of tuples ({RUNS}, {RUNS}). Got None.",
        ),
        (
            lambda: inspection.learning_curves({"a": 3}),
            f"`groups` of learning_curves must be {GROUPS} or a list of Run objects. Got {{'a': 3}}.",
        ),
        (
            lambda: training.make_optimizer(10**5000),
            f"there is no optimizer a whole number of some 5,001 digits. There are: {OPTIMIZERS}.",
        ),
        (lambda: report.reported_in(3), "`design` of reported_in must be a text. Got 3."),
        (
            lambda: engine.warm_up("loud"),
            "`progress` of warm_up must be a function of 2 arguments. Got 'loud'.",
        ),
    ],
)
def test_the_message(call, message):
    """It names the argument, its owner, the rule, the value and, where there is one, the remedy."""
    with pytest.raises(UsageError) as raised:
        call()
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        (int, [0, -3, np.int64(3), 10**30], [True, np.True_, 1.0, "1", None, np.zeros(1, int)]),
        (float, [0, 0.5, np.float32(2), np.int8(3)], [float("nan"), float("inf"), 10**400, 1j, "1", True]),
        (bool, [True, False, np.True_], [0, 1, None, "True", np.zeros(1, bool)]),
        (str, ["", "a"], [b"a", None, Path("a")]),
        (Path, ["a", Path("a")], ["", b"a", 3]),
        (AnyPath, ["a", Path("a")], ["", b"a", 3]),
        (AnyPath | None, ["a", None], ["", b"a", 3]),
        (spec.NetworkSpec, [spec.simple()], ["simple", spec.NetworkSpec, None]),
        (Count, [1, 100_000_000], [0, 100_000_001, 1.0, 10**5000]),
        (Whole, [0, np.uint8(3)], [-1, None]),
        (Share, [0, 1, 0.5], [-0.1, 1.1, float("nan")]),
        (Annotated[int, Within(3)], [3, 10**30], [2]),
        (
            Sequence[int],
            [[], [1], (1, 2), np.arange(3), range(2)],
            [1, "12", {1}, {1: 2}, [1, "2"], iter([1])],
        ),
        (Annotated[Sequence[int], Holding(2)], [[1, 2]], [[], [1]]),
        (Iterable[int], [[1], {1}, iter([1]), iter("a")], [1, "1", ["1"], np.array(1)]),
        (tuple[int, str], [(1, "a"), [1, "a"]], [(1,), (1, 2), (1, "a", 2), None]),
        (Mapping[str, float], [{}, {"a": 1}], [{1: 1}, {"a": "1"}, [("a", 1)], None]),
        (
            Callable[[int, int], None],
            [max, lambda a, b: None, lambda *a: None],
            [len("a"), lambda a: None, "a"],
        ),
        (int | str | None, [1, "a", None], [1.5, b"a"]),
        (Any, [1, None, object()], []),
        (np.ndarray | None, [1, None, object()], []),
    ],
    ids=lambda value: "" if isinstance(value, list) else str(value)[:40],
)
def test_what_fits(annotation, good, bad):
    """An annotation takes what it says, NumPy's numbers too; all else it refuses, raising nothing."""
    assert [value for value in good if not fits(value, annotation)] == []
    assert [value for value in bad if fits(value, annotation)] == []


def test_the_function_stays_what_it_was():
    """Its name, its signature and what it returns; too few arguments are Python's own error."""

    def both(a: int, *rest: int, b: "int" = 2, **more: int):
        """Return both."""
        return a, b, rest, more

    checked = as_annotated(both)
    assert inspect.signature(checked) == inspect.signature(both)
    assert (checked.__name__, checked.__doc__) == ("both", "Return both.")
    assert checked(1, "x", b="y", c="z") == (1, "y", ("x",), {"c": "z"})
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        checked()
    with pytest.raises(UsageError, match=r"`a` of .*both must be an int\. Got 'no'\."):
        checked("no")


def test_the_error_is_of_the_kind_that_is_asked_for():
    """A spec refuses by a SpecError."""
    with pytest.raises(SpecError):
        spec.to_dict("simple")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([1, 2], [1, 2]),
        ((), []),
        (iter([1]), [1]),
        (np.arange(2), [0, 1]),
        ("ab", None),
        (b"ab", None),
        ({1: 2}, None),
        (np.array(1), None),
        (3, None),
    ],
    ids=lambda value: str(value)[:9],
)
def test_lists(value, found):
    """What a list, or anything like it, holds; nothing of a text, a dict or an array without axes."""
    assert listed(value) == found
