"""Calls of kernels, at once and from a tape: what reaches a kernel, and what a tape holds."""

import copy
import gc
import pickle
import sys
import threading
import weakref
from functools import partial

import numpy as np
import pytest

from convlens.errors import UsageError
from convlens.kernels.runtime.compiler import entry
from convlens.kernels.runtime.tapes import ArrayBlank, NumberBlank, Tape

f32 = np.float32


def recorded(call):
    """Return a tape of the kernels that `call` calls."""
    tape = Tape()
    tape.record(call)
    return tape


@entry
def write(out, value):
    out[0] = value


@entry
def add_up(out, values):
    for k in range(len(values)):
        out[0] += values[k]


@entry
def parts(out, value):
    (a, (b, c)), d = value
    out[0] = a + 10 * b + 100 * c
    out[1] = d[1]


@entry
def shape_and_corner(out, array):
    out[0], out[1] = array.shape[0], array.shape[-1]
    out[2] = array[1, array.shape[1] - 1, 0]


@entry
def above(x, limit):
    return int(x[0] > limit)


@pytest.mark.parametrize(
    "value",
    [0, -7, 2**62, True, False, np.bool_(True), np.int32(-3), -0.1, np.float64(1e300), f32(0.1), f32(-0.0),
     np.nan, f32(np.nan), -np.inf, f32(np.inf)],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("from_a_tape", [False, True])
def test_numbers_reach_a_kernel(value, from_a_tape):
    """Of every kind, with their signs, at once and from a tape."""
    out = np.zeros(1, np.int64 if isinstance(value, int | np.integer) else np.float64)
    if from_a_tape:
        tape = recorded(lambda: write(out, value))
        assert out[0] == 0
        tape.run()
    else:
        write(out, value)
    np.testing.assert_array_equal(out[0], value)
    assert np.signbit(out[0]) == np.signbit(value)


def test_tuples_within_tuples_reach_a_kernel():
    """Also with an array in them."""
    out = np.zeros(2)
    parts(out, ((1, (2, 3.5)), np.array([4, 5], np.uint8)))
    assert out.tolist() == [371, 5]


@pytest.mark.parametrize("values", [np.arange(5), np.arange(5, dtype=f32), np.arange(4, 9)[1:], np.zeros(0)])
def test_arrays_reach_a_kernel(values):
    """Of every dtype, a part of another one, an empty one, and one that is read-only."""
    out = np.zeros(1)
    values.setflags(write=False)
    add_up(out, values)
    assert out[0] == values.sum()


def test_the_shape_of_an_array_reaches_a_kernel():
    """Three axes, one behind the other."""
    out, array = np.zeros(3), np.arange(24.0).reshape(2, 3, 4)
    shape_and_corner(out, array)
    assert out.tolist() == [2, 4, array[1, 2, 0]]


BYTES = np.zeros(33, np.uint8)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.arange(8)[::2], "C-contiguous"),
        (np.zeros((3, 4)).T, "C-contiguous"),
        (BYTES[1:].view(np.float64), "aligned"),
        (None, "NoneType"),
        ("text", "str"),
        ([1, 2], "list"),
        ((1, None), "NoneType"),
    ],
    ids=["strided", "transposed", "unaligned", "None", "text", "list", "in a tuple"],
)
def test_what_a_kernel_cannot_take_is_refused(value, words):
    """Nothing is guessed, and nothing read past an end."""
    with pytest.raises(UsageError, match=words):
        write(np.zeros(1), value)


def test_a_blank_is_another_argument_at_each_run():
    """Arrays of any length, and numbers; the rest stays as it was recorded."""
    out, values, number = np.zeros(1), ArrayBlank(np.int64), NumberBlank(f32)
    tape = recorded(lambda: [add_up(out, values), add_up(out, (number, f32(1)))])
    for array, one in ((np.arange(4), 0.5), (np.arange(100), -3), (np.zeros(0, np.int64), 0.1)):
        out[0] = 0
        values.fill(array)
        number.fill(one)
        tape.run()
        assert out[0] == array.sum() + f32(one) + 1


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros(3, np.int32), np.zeros(6, np.int64)[::2]])
def test_a_blank_takes_arrays_of_its_kind_alone(array):
    """Another dtype, or numbers with gaps between them, would be read as what they are not."""
    with pytest.raises(UsageError, match=r"a blank of int64|C-contiguous"):
        ArrayBlank(np.int64).fill(array)


def test_a_tape_ends_where_a_kernel_says_so():
    """What it returned is returned; those behind it do not run."""
    out, x = np.zeros(1), np.array([3.0])
    calls = partial(write, out, 1), partial(above, x, 5), partial(write, out, 2), partial(above, x, 1)
    tape = recorded(lambda: [call() for call in (*calls, partial(write, out, 3))])
    assert tape.run() == 1
    assert out[0] == 2


def test_a_tape_holds_its_arrays():
    """A recorded address stays right for as long as the tape lives, and no longer is anything kept."""
    out, values = np.zeros(1), np.arange(1000)
    seen = weakref.ref(values)
    tape = recorded(partial(add_up, out, values))
    del values
    gc.collect()
    [np.ones(1000, np.int64) for _ in range(10)]  # would take the place
    tape.run()
    assert out[0] == 499_500
    del tape
    gc.collect()
    assert seen() is None


def test_recording_is_this_threads_alone():
    """Another thread's calls run at once meanwhile; so do this one's behind the block."""
    mine, others = np.zeros(1), np.zeros(1)

    def both():
        thread = threading.Thread(target=write, args=(others, 1))
        thread.start()
        thread.join()
        write(mine, 1)

    tape = recorded(both)
    assert (mine[0], others[0]) == (0, 1)
    tape.run()
    write(others, 2)
    assert (mine[0], others[0]) == (1, 2)


def test_an_error_ends_a_recording():
    """The next call is not recorded on a tape that nobody will run."""
    out = np.zeros(1)
    with pytest.raises(UsageError):
        recorded(lambda: write(out, None))
    write(out, 1)
    assert out[0] == 1


def test_a_tape_within_a_tape():
    """The inner block's calls are the inner tape's."""
    out = np.zeros(1)
    inner = Tape()
    outer = recorded(
        lambda: [write(out, 1), inner.record(lambda: write(out, 2)), add_up(out, (10, 20))],
    )
    inner.run()
    assert out[0] == 2
    outer.run()
    assert out[0] == 31


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_tape_cannot_be_copied(copied):
    """Addresses mean nothing elsewhere."""
    tape = recorded(lambda: write(np.zeros(1), 1))
    with pytest.raises(TypeError, match="record it again"):
        copied(tape)


def test_wherever_a_recording_is_interrupted_it_ends():
    """At each line and each call of it in turn, as Ctrl-C may; the next call runs, and is not recorded."""
    out, left, k = np.zeros(1), [0], 0

    def interrupt(frame, event, argument):
        left[0] -= frame.f_code.co_filename.endswith(("tapes.py", "contextlib.py"))
        if not left[0]:
            sys.settrace(None)
            raise KeyboardInterrupt
        return interrupt

    write(out, 0)
    while left[0] <= 0:
        k += 1
        left[0] = k
        sys.settrace(interrupt)
        try:
            recorded(partial(write, out, k))
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)
        write(out, -k)
        assert out[0] == -k
    assert k > 20


@entry
def returns_number(out):
    return out[0]


@entry
def returns_tuple(out):
    return len(out), 1


@entry
def returns_truth(out):
    return out[0] > 0


@entry
def returns_unsigned(out):
    return np.uint8(200 + out[0])


@pytest.mark.parametrize("kernel", [returns_number, returns_tuple, returns_truth])
@pytest.mark.parametrize("from_a_tape", [False, True])
def test_what_a_kernel_may_not_return_is_refused(kernel, from_a_tape):
    """It would arrive as 0, which says that all is well."""
    call = partial(kernel, np.ones(1))
    with pytest.raises(UsageError, match=r"`returns_\w+`, an entry, must return nothing or a whole number"):
        recorded(call) if from_a_tape else call()


def test_a_whole_number_without_a_sign_is_returned():
    """Its highest bit is no sign."""
    assert returns_unsigned(np.ones(1)) == 201
