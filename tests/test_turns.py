"""Turns: one thread at a time, the same thread as often as it likes, nothing inherited by a fork."""

import copy
import os
import pickle
import threading

import pytest

from convlens.errors import UsageError
from convlens.turns import Turn, taking_turns, turn_for
from sharing import results_of


class Counter:
    """Counts by reading, waiting and writing, which other threads would disturb."""

    def __init__(self):
        self.turn, self.count = Turn(), 0

    @taking_turns
    def up(self, _):
        before = self.count
        threading.Event().wait(1e-4)
        self.count = before + 1


def in_another_thread(call):
    """What the call returns, or the error that it raises, in a thread of its own."""
    return results_of(lambda _: call(), [None], rounds=1)[0][0]


def is_free(turn):
    """Whether this thread can begin a turn at once; ends it."""
    if not turn.acquire(blocking=False):
        return False
    turn.release()
    return True


def test_one_thread_at_a_time():
    """Four threads that count together count every time."""
    counter = Counter()
    results_of(counter.up, range(4), rounds=20)
    assert counter.count == 80


def test_a_turn_within_a_turn():
    """The same thread does not wait for itself."""
    turn = Turn()
    with turn, turn:
        assert not in_another_thread(lambda: is_free(turn))
    assert in_another_thread(lambda: is_free(turn))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda turn: pickle.loads(pickle.dumps(turn))])  # noqa: S301
def test_copies_are_free(copied):
    """A copy of a turn that is taken can be taken."""
    turn = Turn()
    with turn:
        twin = copied(turn)
        assert in_another_thread(lambda: is_free(twin))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("holder", ["another", "none", "itself"])
def test_a_forked_child_inherits_no_turn_of_a_thread_that_is_gone(holder):
    """Whoever held it in the parent, the child's only thread can begin a turn, and end its own."""
    turn, taken, done = Turn(), threading.Event(), threading.Event()

    def hold():
        with turn:
            taken.set()
            done.wait()

    thread = threading.Thread(target=hold)
    if holder == "another":
        thread.start()
        taken.wait()
    elif holder == "itself":
        turn.acquire()
    child = os.fork()
    if child == 0:
        free = turn.acquire(blocking=False)
        turn.release()
        if holder == "itself":
            turn.release()
        os._exit(0 if free and not turn._is_owned() else 1)
    status = os.waitpid(child, 0)[1]
    done.set()
    if holder == "another":
        thread.join()
    assert os.waitstatus_to_exitcode(status) == 0


def test_what_a_thread_left_is_spared_while_it_runs():
    """Another thread may not overwrite it before it has been read, or the thread has ended."""
    turn = Turn()
    assert in_another_thread(turn.leave)
    assert turn.leave(), "that thread has ended"
    assert not in_another_thread(turn.leave)
    assert turn.overwritten
    in_another_thread(turn.leave_elsewhere)
    assert turn.leave()
    assert not turn.overwritten
    turn.take()
    assert in_another_thread(turn.leave)


def test_alone():
    """Another thread is refused by name; the same one is not, nor is anyone afterwards."""
    turn = Turn()

    def enter():
        with turn.alone("no."):
            return "within"

    with turn.alone("no."):
        assert enter() == "within"
        refused = in_another_thread(enter)
        assert isinstance(refused, UsageError)
        assert str(refused) == "no. Got a second thread beside 'MainThread'."
        assert in_another_thread(lambda: is_free(turn)), "turns go on"
    assert in_another_thread(enter) == "within"


@pytest.mark.parametrize("thing", [[1], object(), Counter()], ids=["list", "object", "with its own"])
def test_everyone_gets_the_same_turns(thing):
    """Two who ask for one object share its turns; another object has others."""
    turn = turn_for(thing)
    assert turn_for(thing) is turn
    assert turn_for(object()) is not turn
