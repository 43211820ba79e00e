"""Scratch that whoever is at work has to itself."""

import os

import numpy as np
import pytest

from convlens.engine.memory import aligned_rows, scratch
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import SHARES, in_shares
from convlens.kernels.runtime.slots import APART, SLOTS, give, take
from convlens.kernels.runtime.threads import region


@inner
def held_share(t, shares, flags, rows, wrong):
    """Write one's number into a slot's row, and count what somebody else wrote before one has read it."""
    slot = take(flags)
    row = rows[slot]
    for _ in range(20):
        for k in range(row.size):
            row[k] = t
        for k in range(row.size):
            wrong[t, 0] += row[k] != t
    give(flags, slot)


@entry
def held(flags, rows, wrong):
    """Do all shares."""
    in_shares(held_share, wrong.shape[0], (flags, rows, wrong))


@entry
def two_at_once(flags):
    """Return two slots that are taken at the same time, as one number, and give them back."""
    first = take(flags)
    second = take(flags)
    give(flags, second)
    give(flags, first)
    return first * SLOTS + second


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("shares", [1, 3, SHARES])
def test_a_slot_is_nobody_elses_while_it_is_held(threads, shares):
    """Nobody writes into another one's scratch, and all slots are free in the end."""
    flags, rows = scratch(1000)
    wrong = aligned_rows(shares, 1)
    with region(threads):
        held(flags, rows, wrong)
    assert not wrong.any()
    assert not flags.any()


def test_slots_differ_and_lie_within_their_rows():
    """One thread that takes two has two; flags are a cache line apart."""
    flags = scratch()[0]
    first, second = divmod(two_at_once(flags), SLOTS)
    assert first != second
    assert {first, second} <= set(range(SLOTS))
    assert flags.size >= SLOTS * APART
    assert not flags.any()


def test_a_thread_comes_back_to_its_slot():
    """So what it wrote there may still be in its cache."""
    flags = scratch()[0]
    assert len({two_at_once(flags) for _ in range(5)}) == 1


@pytest.mark.parametrize("busy", [0, 1, SLOTS - 2])
def test_slots_that_others_hold_are_passed_by(busy):
    """As long as two are free, two are found."""
    flags = scratch()[0]
    flags[: busy * APART : APART] = 1
    found = divmod(two_at_once(flags), SLOTS)
    assert np.all(np.array(found) >= busy)
    assert flags.sum() == busy


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("busy", [1, 63, SLOTS])
def test_a_forked_process_has_all_slots(busy):
    """Whoever was at work when it was forked did not come along, and gives nothing back there."""
    flags = scratch()[0]
    flags[: busy * APART : APART] = 1
    child = os.fork()
    if not child:
        os._exit(int(flags.any()))
    assert os.waitpid(child, 0)[1] == 0
    assert flags.sum() == busy
