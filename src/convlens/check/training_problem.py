"""A small problem that a check makes by itself, and the rules that train on it.

Must not know what is checked. Each class is a cloud around a place of its own; the clouds are as wide as the
places are apart, so that a network has to learn each sample and not the places alone: who mixes up labels, or
leaves samples out, is seen.
"""

import io
import random
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, redirect_stdout
from typing import Any, NamedTuple

import numpy as np

from convlens._typing import Array, IntArray

__all__ = ["Adam", "Problem", "Rule", "Sgd", "TookTooLong", "antipodes", "clouds", "held", "is_bounded"]

N_SAMPLES = 24
Rule = Callable[[Mapping[Any, Array], Mapping[Any, Array]], None]
"""(parameters, gradients) → the parameters are moved, in place."""


class Problem(NamedTuple):
    """Samples, their classes, and the classes in the form in which a network takes them."""

    x: Array
    labels: IntArray
    t: Array
    n_classes: int

    @property
    def chance(self) -> float:
        """The share of errors of who knows nothing."""
        return 1 - 1 / self.n_classes

    def told(self, labels: IntArray) -> "Problem":
        """Return the same samples with other classes."""
        return Problem(self.x, labels, _in_form(labels, self.t, self.n_classes), self.n_classes)

    def some(self, rows: slice) -> "Problem":
        """Return some of the samples."""
        return Problem(self.x[rows], self.labels[rows], self.t[rows], self.n_classes)


def clouds(shape: tuple[int, ...], n_classes: int, form: Array) -> Problem:
    """Return a cloud a class.

    Args:
        shape: of a sample.
        n_classes: how many there are.
        form: labels in the form that is wanted: class numbers, or a row for each sample.
    """
    rng = np.random.default_rng(31)
    labels = rng.permutation(np.arange(N_SAMPLES) % n_classes)
    x = rng.normal(size=(n_classes, *shape))[labels] + rng.normal(size=(N_SAMPLES, *shape))
    return Problem(x, labels, _in_form(labels, form, n_classes), n_classes)


def antipodes(shape: tuple[int, ...], n_classes: int, form: Array) -> Problem:
    """Return two classes, each around two places that face each other: no plane parts them."""
    rng = np.random.default_rng(32)
    labels = np.arange(4 * N_SAMPLES) % 2
    sides = np.where(np.arange(4 * N_SAMPLES) % 4 < 2, 1.0, -1.0)
    x = rng.normal(size=(2, *shape))[labels] * sides.reshape(-1, *[1] * len(shape))
    x += 0.2 * rng.normal(size=x.shape)
    return Problem(x, labels, _in_form(labels, form, n_classes), n_classes)


def _in_form(labels: IntArray, form: Array, n_classes: int) -> Array:
    """Return classes as numbers, as a column of numbers, or as one-hot rows."""
    if form.ndim == 1:
        return labels.astype(form.dtype)
    if form.shape[1] == 1:
        return labels.reshape(-1, 1).astype(form.dtype)
    return np.eye(max(n_classes, form.shape[1]), form.shape[1])[labels].astype(form.dtype)


class Sgd:
    """p ← p - rate g.

    Args:
        rate: the learning rate.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def __call__(self, params: Mapping[Any, Array], grads: Mapping[Any, Array]) -> None:
        for key, array in params.items():
            np.subtract(array, self.rate * np.asarray(grads[key]), out=array, casting="same_kind")


class Adam:
    """Kingma and Ba's rule: how large a loss's derivatives are makes no difference to it.

    Args:
        rate: the learning rate.
    """

    def __init__(self, rate: float = 0.03) -> None:
        self.rate, self.n = rate, 0
        self.means: MutableMapping[Any, Array] = {}
        self.squares: MutableMapping[Any, Array] = {}

    def __call__(self, params: Mapping[Any, Array], grads: Mapping[Any, Array]) -> None:
        self.n += 1
        for key, array in params.items():
            g = np.asarray(grads[key], np.float64)
            mean = self.means[key] = 0.9 * self.means.get(key, 0.0) + 0.1 * g
            square = self.squares[key] = 0.99 * self.squares.get(key, 0.0) + 0.01 * g * g
            root = np.sqrt(square / (1 - 0.99**self.n))
            step = self.rate * (mean / (1 - 0.9**self.n)) / (root + 1e-12)
            np.subtract(array, step, out=array, casting="same_kind")


class TookTooLong(BaseException):
    """A training was ended: its time was over. No `except Exception` of a stranger's is to catch it."""


@contextmanager
def held(seconds: float) -> Iterator[None]:
    """Hold a stranger's training to the same random numbers, to silence, and to a time of the processor.

    The time is bounded where the system has a clock for it, and on the main thread only.

    Raises:
        TookTooLong: within the block, when the time is over.
    """
    kept, own = np.random.get_state(), random.getstate()  # noqa: NPY002 (what a stranger draws from)
    np.random.seed(7)  # noqa: NPY002
    random.seed(7)
    try:
        with (
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            redirect_stdout(io.StringIO()),
            _timed(seconds),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(kept)  # noqa: NPY002
        random.setstate(own)


def is_bounded() -> bool:
    """Say whether `held` can end what has no end."""
    return hasattr(signal, "ITIMER_VIRTUAL") and threading.current_thread() is threading.main_thread()


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    if not is_bounded():
        yield
        return

    def end(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.05)  # again: a bare `except` may catch the first one
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
