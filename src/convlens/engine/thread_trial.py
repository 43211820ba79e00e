"""Which number of threads is fastest for one kind of work, found by what the work itself takes.

Must not know what the work is, nor any clock: whoever does it asks for a number and says how long it took.
Any number gives the same bits, so nothing is done twice and nothing is thrown away.
"""

from collections.abc import Callable, Generator, Iterator
from math import inf
from typing import Any, TypeAlias

__all__ = ["Times", "Trial", "fastest", "halves"]

Times: TypeAlias = dict[int, float]
"""Seconds by number of threads."""

Course: TypeAlias = Generator[int, float, None]
"""Yields a number of threads, and is sent the seconds that a piece of work took on it."""

UNTIMED = 2
"""Pieces of work that compile and touch their memory for the first time."""

TURN, LONG_TURN = 3, 16
"""Pieces in a row on one number, the first time and later on: a busy machine shows only over some of them."""

ROUNDS = 3
"""Turns of each number, as long as more than one may be the best."""

BEHIND = 1.15
"""A number so many times slower than the best is out, and those beyond it are not tried at all."""

HOPELESS = 1.5
"""After two pieces so many times slower than the best a turn is not gone through with."""

NEAR = 1.03
"""Of numbers that differ by less the smallest is taken: it leaves the other cores to others."""

BETTER = 0.95
"""What another number must take, of the time of the chosen one, to be chosen in its place."""

CHANGED = 1.5
"""So many times slower or faster than usual: the machine has changed, so it is time to look again."""

WINDOW = 32
"""Pieces on the chosen number between two looks at the clock's sum."""

PATIENCE, LONGEST = 128, 4096
"""Pieces until the others are tried again, the first time and at most: twice as many after each in vain.

If others disturbed the first trial, the first time is after one window."""

DISTURBED = 2.0
"""How often work may be put aside for others' while numbers are compared, beyond what is usual anywhere."""


def halves(most: int) -> tuple[int, ...]:
    """Return the numbers of threads that are tried, the most first.

    >>> halves(12)
    (12, 6, 3, 2, 1)
    """
    numbers = [most]
    while numbers[-1] > 1:
        numbers.append((numbers[-1] + 1) // 2)
    return tuple(numbers)


class Trial:
    """Tries numbers of threads in the work's own first pieces, and again now and then.

    Args:
        numbers: of threads, the most first.
        known: seconds of some of them, from an earlier process; empty: all are tried.
        on_choice: called whenever a number was chosen.

    Attributes:
        threads: on which the next piece of work is to run.
        chosen: the fastest, as far as is known.
        times: seconds of those numbers that were compared when it was chosen.
        settled: whether the first trial is over.
        compares: whether numbers are being compared, so that it matters how often work is put aside.
        calm: whether nothing disturbed the machine while the chosen number was compared with others.
    """

    def __init__(
        self, numbers: tuple[int, ...], known: Times, on_choice: Callable[["Trial"], None] = lambda _: None
    ) -> None:
        self.numbers, self.times, self._on_choice = numbers, known, on_choice
        self.settled = self.calm = bool(known) or len(numbers) == 1
        self.compares, self._put_aside = not self.settled, 0.0
        self.chosen = fastest(known) if known else numbers[0]
        self._usual = known.get(self.chosen)
        self._patience = LONGEST // 4 if known else PATIENCE
        self._course: Any = self._all()
        self.threads = next(self._course)

    def took(self, seconds: float, put_aside: float = 0.0) -> None:
        """Hear what a piece of work took on `threads`.

        Args:
            seconds: of a unit of it, where pieces differ in size.
            put_aside: how many times more than usual a thread of this process had to wait for others' work.
        """
        if self._course.gi_running:  # somebody's finaliser, which works, too, amid the lines below
            return
        self._put_aside += put_aside
        try:
            self.threads = self._course.send(max(seconds, 1e-12))
        except StopIteration:  # Ctrl-C fell into the lines below, and ended them
            self._course = self._all()
            self.threads = next(self._course)

    def _all(self) -> Course:
        """Try all numbers, then work on the chosen one, and have a look at those beside it now and then."""
        if not self.settled:
            yield from self._first_trial()
        while True:
            yield from self._work()
            yield from self._look_beside()

    def _first_trial(self) -> Course:
        """Go down from the most threads, until fewer are clearly slower; compare what is close once more."""
        for _ in range(UNTIMED):
            yield self.numbers[0]
        self._compare()
        times: Times = {}
        for number in self.numbers:
            best = min(times.values(), default=inf)
            times[number] = yield from _turn(number, TURN, best)
            if times[number] > BEHIND * best:
                break
        for _ in range(ROUNDS - 1):
            near = list(_within(BEHIND, times))
            if len(near) == 1:
                break
            for number in near:
                times[number] = min(times[number], (yield from _turn(number, TURN)))
        self._choose(fastest(times), times)
        if not self.calm:
            self._patience = WINDOW

    def _work(self) -> Course:
        """Work on the chosen number until it is time to try others."""
        done = 0
        while True:
            now = yield from _turn(self.chosen, WINDOW)
            usual, done = self._usual or now, done + WINDOW
            changed = not usual / CHANGED <= now <= usual * CHANGED
            self._usual = usual
            if done >= self._patience or (changed and done >= self._patience // 4):
                self._usual = now
                return

    def _look_beside(self) -> Course:
        """Try the next more and the next fewer threads; change to what is faster twice."""
        self._compare()
        place = self.numbers.index(self.chosen)
        beside = [*self.numbers[max(place - 1, 0) : place], *self.numbers[place + 1 : place + 2]]
        times: Times = {self.chosen: self._usual or inf}
        for number in beside:  # what was out on a disturbed machine gets a whole turn
            times[number] = yield from _turn(number, LONG_TURN, times[self.chosen] if self.calm else inf)
        best = min(times, key=lambda number: times[number])
        if times[best] < BETTER * times[self.chosen]:
            for number in (self.chosen, best):  # the machine may have changed between the turns
                times[number] = yield from _turn(number, LONG_TURN)
            if times[best] < BETTER * times[self.chosen]:
                self._patience = PATIENCE
                self._choose(best, times)
                return
        self._patience = min(2 * self._patience, LONGEST)
        if not self.calm and self._put_aside <= DISTURBED:  # now it is known to be the fastest
            self._choose(self.chosen, times)
        self.compares = False

    def _compare(self) -> None:
        """Begin to compare numbers."""
        self.compares, self._put_aside = True, 0.0

    def _choose(self, number: int, times: Times) -> None:
        self.chosen, self.times, self.settled, self._usual = number, times, True, None
        self.compares, self.calm = False, self._put_aside <= DISTURBED
        self._on_choice(self)


def fastest(times: Times) -> int:
    """Return the smallest number of threads that is about as fast as any."""
    return min(_within(NEAR, times))


def _within(factor: float, times: Times) -> Iterator[int]:
    """Yield the numbers whose time is at most so many times the least."""
    most = factor * min(times.values())
    return (number for number, time in times.items() if time <= most)


def _turn(number: int, pieces: int, best: float = inf) -> Generator[int, float, float]:
    """Work on one number; return the mean time without the slowest piece: a hiccup, or threads that begin."""
    times: list[float] = []
    while len(times) < pieces:
        times.append((yield number))
        if len(times) == 2 and min(times) > HOPELESS * best:
            return min(times)
    return (sum(times) - max(times)) / (pieces - 1)
