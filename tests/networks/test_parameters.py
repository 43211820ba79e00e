"""Named parameters over one vector."""

import numpy as np
import pytest

from convlens.errors import ShapeError, UsageError
from convlens.networks import Parameters


@pytest.fixture
def params():
    """W1 and b1 in one vector of eight numbers, counted from 0."""
    made = Parameters({"W1": (2, 3), "b1": (2,)}, "float32")
    made.vector[:] = np.arange(8)
    return made


def test_views_of_one_vector(params):
    """The arrays lie in the vector one after the other, in the order given, and share its memory."""
    assert params.vector.flags.c_contiguous
    assert params.vector.dtype == np.float32
    np.testing.assert_array_equal(params["W1"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(params["b1"], [6, 7])
    params["W1"][1, 2] = 50
    params.vector[6] = 60
    assert params.vector.tolist() == [0, 1, 2, 3, 4, 50, 60, 7]
    assert params["b1"].tolist() == [60, 7]


def test_assignment_copies_in(params):
    """`params["W1"] = a` changes the numbers, not which array it is; `a` stays the caller's own."""
    array, ours = np.ones((2, 3)), params["W1"]
    params["W1"] = array
    array[:] = 9
    assert params["W1"] is ours
    assert params.vector.tolist() == [1, 1, 1, 1, 1, 1, 6, 7]


def test_update_copies_in(params):
    """`update` does the same for several, as a dict would."""
    ours = dict(params)
    params.update({"b1": np.array([8.0, 9.0])})
    assert params.vector.tolist() == [0, 1, 2, 3, 4, 5, 8, 9]
    assert all(params[name] is ours[name] for name in params)


@pytest.mark.parametrize(
    ("do", "error", "words"),
    [
        (lambda p: p.__setitem__("W1", np.ones((3, 2))), ShapeError, r"`W1` must be \(2, 3\). Got \(3, 2\)"),
        (lambda p: p.__setitem__("W1", 0), ShapeError, r"`W1` must be \(2, 3\). Got \(\)"),
        (lambda p: p.__setitem__("W2", 0), UsageError, r"there is no parameter `W2`. There are: W1, b1"),
        (lambda p: p.__delitem__("W1"), UsageError, r"a parameter cannot be removed .* `W1`"),
        (lambda p: p.__ior__({"W2": 0}), UsageError, r"there is no parameter `W2`"),
        (lambda p: p.setdefault("W2", 0), UsageError, r"there is no parameter `W2`"),
        (lambda p: p.update({"b1": np.ones(3)}), ShapeError, r"`b1` must be \(2,\). Got \(3,\)"),
    ],
)
def test_wrong_assignments(params, do, error, words):
    """What would disconnect a layer from its network is refused, and nothing is changed."""
    with pytest.raises(error, match=words):
        do(params)
    assert params.vector.tolist() == list(range(8))


def test_in_place_or(params):
    """`|=` copies in, as `update` does, and it stays the same object with the same arrays."""
    ours, same = dict(params), params
    params |= {"b1": np.array([8.0, 9.0])}
    assert params is same
    assert params.vector.tolist() == [0, 1, 2, 3, 4, 5, 8, 9]
    assert all(params[name] is ours[name] for name in params)
    assert params.setdefault("b1", np.zeros(2)) is ours["b1"]


@pytest.mark.parametrize(
    "remove",
    [
        lambda p: p.pop("W1"),
        lambda p: p.pop("W1", None),
        lambda p: p.popitem(),
        lambda p: p.clear(),
    ],
)
def test_nothing_is_removed(params, remove):
    """No way of a dict's takes a parameter from its network."""
    with pytest.raises(UsageError, match=r"a parameter cannot be removed from its network. Got `"):
        remove(params)
    assert list(params) == ["W1", "b1"]


def test_an_unknown_name_is_a_key_error_too(params):
    """What a dict would raise is caught as such, and read without its quotes."""
    with pytest.raises(KeyError) as raised:
        params["W9"] = 0
    assert str(raised.value) == "there is no parameter `W9`. There are: W1, b1."
