"""How the fastest number of threads is found, on machines that are made up: no test looks at a clock."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlens.engine.thread_trial import NEAR, Trial, halves

XEON = {
    "SimpleConvNet": {16: 5.7, 8: 1.35, 4: 2.1, 2: 3.0, 1: 4.6},
    "LeNet": {16: 3.6, 8: 1.3, 4: 1.4, 2: 1.6, 1: 2.0},
    "six convolutions": {16: 36.5, 8: 10.4, 4: 12.0, 2: 16.0, 1: 25.5},
}
IDEAL = {number: 16 / number for number in (16, 8, 4, 2, 1)}
TWO_CORES, BUSY = {2: 0.65, 1: 1.25}, {2: 1.9, 1: 1.3}


def worked(trial, machine, pieces, first=0, put_aside=0):
    """Do so many pieces of work; return the numbers of threads that they ran on."""
    numbers = []
    for k in range(first, first + pieces):
        numbers.append(trial.threads)
        times = machine(k) if callable(machine) else machine
        trial.took(times[trial.threads], put_aside)
    return numbers


def new(machine, known=None):
    return Trial(tuple(machine), known or {})


@pytest.mark.parametrize(
    ("machine", "best"),
    [
        *((machine, 8) for machine in XEON.values()),
        (IDEAL, 16),
        (TWO_CORES, 2),
        (BUSY, 1),
        ({6: 1.0, 3: 1.01, 2: 1.4, 1: 2.7}, 3),
        ({4: 1.0, 2: 1.0, 1: 1.0}, 1),
    ],
    ids=str,
)
def test_the_fastest_number_is_found_within_a_few_pieces(machine, best):
    """More threads are not taken for faster; of what is equal the fewest are taken."""
    trial = new(machine)
    worked(trial, machine, 30)
    assert trial.settled
    assert trial.chosen == trial.threads == best


@given(st.lists(st.floats(0.3, 3), min_size=1, max_size=6), st.integers(0, 6))
def test_never_slower_than_a_smaller_number(ratios, valley):
    """Whatever threads gain and cost, as long as it is one valley: first less time, then more."""
    numbers = halves(2 ** len(ratios))
    times = [1.0]
    for place, ratio in enumerate(ratios):
        down, up = min(ratio, 1 / ratio), max(ratio, 1 / ratio)
        times.append(times[-1] * (down if place < valley else up))
    machine = dict(zip(numbers, times, strict=True))
    trial = new(machine)
    worked(trial, machine, 2 + 3 * 3 * len(numbers))
    assert trial.settled
    assert machine[trial.chosen] <= NEAR * min(machine[n] for n in numbers if n <= trial.chosen)


@pytest.mark.parametrize("machine", [TWO_CORES, IDEAL, {4: 1.0, 2: 1.8, 1: 3.4}], ids=str)
def test_a_short_training_hardly_pays_for_it(machine):
    """Of 30 steps not more than three run on another number than the fastest."""
    numbers = worked(new(machine), machine, 30)
    assert sum(number != max(machine) for number in numbers) <= 3


@pytest.mark.parametrize("machine", [TWO_CORES, *XEON.values()], ids=str)
def test_looking_again_costs_next_to_nothing(machine):
    """A long training on a calm machine loses less than one per cent to other numbers."""
    trial = new(machine)
    worked(trial, machine, 50)
    numbers = worked(trial, machine, 20_000)
    best = min(machine.values())
    assert sum(machine[number] for number in numbers) < 1.01 * best * len(numbers)


@pytest.mark.parametrize(("calm", "disturbed"), [(TWO_CORES, BUSY), (IDEAL, XEON["LeNet"])], ids=str)
def test_what_was_chosen_on_a_busy_machine_is_mended(calm, disturbed):
    """A neighbour during the first trial: once it is gone, more threads are tried, and kept."""
    trial = new(calm)
    worked(trial, disturbed, 40)
    assert trial.chosen != max(calm)
    worked(trial, calm, 1000)
    assert trial.chosen == max(calm)


@pytest.mark.parametrize(
    ("calm", "disturbed"),
    [
        (TWO_CORES, BUSY),
        (TWO_CORES, {2: 50.0, 1: 1.25}),
        ({4: 0.4, 2: 0.7, 1: 1.3}, {4: 1.9, 2: 0.9, 1: 1.3}),
    ],
    ids=str,
)
def test_a_neighbour_at_the_start_alone_is_soon_forgotten(calm, disturbed):
    """Threads of PyTorch that spin for a while: a choice made beside them is made anew within 100 pieces."""
    trial = new(calm)
    worked(trial, disturbed, 15, put_aside=1)
    assert trial.settled
    assert not trial.calm
    assert trial.chosen < max(calm)
    worked(trial, calm, 100)
    assert trial.calm
    assert trial.chosen == max(calm)


@pytest.mark.parametrize("machine", [BUSY, {2: 50.0, 1: 1.25}, XEON["LeNet"]], ids=str)
def test_a_neighbour_that_stays_is_lived_with(machine):
    """Looking again beside it becomes rare, and the choice is not called a calm one."""
    trial = new(machine)
    worked(trial, machine, 30, put_aside=1)
    best = trial.chosen
    assert machine[best] == min(machine.values())
    numbers = worked(trial, machine, 5000, put_aside=1)
    assert (trial.chosen, trial.calm) == (best, False)
    assert sum(number != best for number in numbers) < 0.06 * len(numbers)


@pytest.mark.parametrize("put_aside", [0, 0.1])
def test_what_was_right_beside_a_neighbour_is_confirmed(put_aside):
    """The same number, compared once more on a calm machine, is known to be the fastest."""
    told = []
    trial = Trial((2, 1), {}, lambda found: told.append((found.chosen, found.calm)))
    worked(trial, TWO_CORES, 12, put_aside=2)
    worked(trial, TWO_CORES, 300, put_aside=put_aside)
    assert told == [(2, False), (2, True)]


def test_a_neighbour_that_comes_and_goes():
    """While it is there fewer threads run, soon after it has gone all of them again."""
    trial = new(TWO_CORES)
    worked(trial, TWO_CORES, 1000)
    assert trial.chosen == 2
    busy = worked(trial, BUSY, 2000)
    assert trial.chosen == 1
    assert busy.count(1) > 1000
    worked(trial, TWO_CORES, 4000)
    assert trial.chosen == 2


def test_one_slow_piece_changes_nothing():
    """A hiccup in a turn is left out."""
    trial = new(TWO_CORES)
    slow = {number: 50 * time for number, time in TWO_CORES.items()}
    worked(trial, lambda k: slow if k in {3, 7} else TWO_CORES, 30)
    assert trial.chosen == 2


def test_what_is_known_is_not_tried_again():
    """The times of an earlier process decide from the first piece on."""
    trial = new(XEON["LeNet"], {16: 3.6, 8: 1.3, 4: 1.4})
    assert trial.settled
    assert set(worked(trial, XEON["LeNet"], 500)) == {8}


@pytest.mark.parametrize("after", [1, 4, 40, 300])
def test_an_interrupt_amid_the_trial_is_survived(after):
    """Ctrl-C may fall into any line; what comes after it works, and still finds the fastest."""
    trial = new(TWO_CORES)
    worked(trial, TWO_CORES, after)
    with pytest.raises(KeyboardInterrupt):
        trial._course.throw(KeyboardInterrupt)
    worked(trial, TWO_CORES, 30)
    assert trial.settled
    assert trial.chosen == 2


@pytest.mark.parametrize("most", [1, 2, 3, 12, 64, 96])
def test_numbers_go_down_to_one_by_halves(most):
    """All that there are, then half as many, rounded up, down to one."""
    numbers = halves(most)
    assert (numbers[0], numbers[-1]) == (most, 1)
    assert all(few == (many + 1) // 2 for many, few in pairwise(numbers))
