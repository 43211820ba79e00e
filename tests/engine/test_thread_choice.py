"""On how many threads plans and optimizers run where nobody said so: with clocks that are made up."""

import copy
from contextlib import nullcontext

import numpy as np
import pytest

from convlens import engine
from convlens.engine import thread_choice
from convlens.engine.thread_choice import MULTIPLY_ADDS_A_THREAD, ThreadChoice
from convlens.errors import UsageError
from convlens.kernels.runtime import thread_file
from convlens.layers import Affine, SoftmaxWithLoss

MANY = 100 * MULTIPLY_ADDS_A_THREAD


class Machine:
    """Sixteen processors; work takes as long as `seconds` says of a number of threads."""

    def __init__(self):
        self.now, self.ran, self.seconds = 0.0, [], lambda threads: 1 / threads
        self.aside = self.disturbs = 0

    def region(self, threads):
        self.ran.append(threads)
        return nullcontext()

    def clock(self):
        return self.now

    def work(self, choice, n=100, what="step", pieces=1):
        for _ in range(pieces):
            with choice.running(n, what):
                self.now += n * self.seconds(self.ran[-1])
                self.aside += self.disturbs


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine()
    monkeypatch.setattr(thread_choice, "region", made.region)
    monkeypatch.setattr(thread_choice, "threads_available", lambda: 16)
    monkeypatch.setattr(thread_file.cache, "folder", lambda: tmp_path)
    made.choice = lambda work=MANY, kind="a": ThreadChoice(
        None, kind, work, clock=made.clock, put_aside=lambda: made.aside
    )
    return made


@pytest.mark.parametrize(
    ("work", "n", "what", "most"),
    [
        (MULTIPLY_ADDS_A_THREAD - 1, 1, "prediction", 1),
        (MULTIPLY_ADDS_A_THREAD, 2, "prediction", 2),
        (MULTIPLY_ADDS_A_THREAD, 3, "prediction", 2),
        (MULTIPLY_ADDS_A_THREAD, 100, "prediction", 16),
        (MULTIPLY_ADDS_A_THREAD, 1, "step", 3),
        (10, 100, "step", 1),
        (0, 1000, "step", 1),
    ],
)
def test_no_more_threads_than_there_is_work_for(machine, work, n, what, most):
    """One picture never wakes sixteen threads."""
    machine.work(machine.choice(work), n, what)
    assert machine.ran == [most]


@pytest.mark.parametrize("best", [16, 8, 2, 1])
def test_the_fastest_is_found_and_kept_for_the_next_process(machine, best):
    """The second choice of the same kind of work tries nothing."""
    machine.seconds = lambda threads: max(threads / best, best / threads)
    choice = machine.choice()
    machine.work(choice, pieces=60)
    assert choice.threads(100, "step") == best
    machine.ran.clear()
    machine.work(machine.choice(), pieces=60)
    assert set(machine.ran) == {best}


def test_each_size_of_batch_and_each_kind_of_work_has_its_own(machine):
    """What is true of a hundred samples need not be of ten, nor of another network's hundred."""
    machine.seconds = lambda threads: threads
    machine.work(machine.choice(), 100, pieces=60)
    machine.ran.clear()
    for n, what, kind in ((100, "prediction", "a"), (20, "step", "a"), (100, "step", "b")):
        machine.work(machine.choice(kind=kind), n, what)
    assert machine.ran == [16, 16, 16]
    machine.work(machine.choice(), 65)
    assert machine.ran[-1] == 1


@pytest.mark.parametrize("asked", [1, 2])
def test_what_was_asked_for_is_done(machine, asked):
    """Nothing is tried, nothing is kept."""
    asked = min(asked, int(thread_choice.resolve_threads(None)))
    choice = ThreadChoice(asked, "a", MANY, clock=machine.clock)
    machine.work(choice, pieces=40)
    assert set(machine.ran) == {choice.threads(100, "step")} == {asked}
    assert thread_file.kept() == {}
    with pytest.raises(UsageError, match="`threads` must be between 1 and"):
        ThreadChoice(0, "a", MANY)


@pytest.mark.parametrize("numbers", [{4096: 1e-9}, {16: 1.0, 5: 0.5}])
def test_a_number_that_is_not_among_those_of_this_machine_is_not_believed(machine, numbers, monkeypatch):
    """Even if it stands in the file under the right name."""
    monkeypatch.setattr(thread_choice.thread_file, "key_of", lambda *_: "k")
    thread_file.keep("k", numbers)
    machine.work(machine.choice(), pieces=3)
    assert machine.ran == [16, 16, 16]


def test_what_was_found_on_a_calm_machine_outlives_a_busy_one(machine):
    """A slower measurement does not replace a faster one, though the process itself goes by it."""
    machine.work(machine.choice(), pieces=60)
    calm = thread_file.kept()
    choice = machine.choice()
    machine.seconds = lambda threads: 2 + threads
    machine.work(choice, pieces=5000)
    assert choice.threads(100, "step") < 16
    assert thread_file.kept() == calm


@pytest.mark.parametrize("disturbs", [300_000, 1_000_000])
def test_what_was_found_beside_others_work_is_not_kept(machine, disturbs):
    """This process goes by it until the machine is calm; then it is found, and kept, what is fastest."""
    choice = machine.choice()
    machine.disturbs, machine.seconds = disturbs, lambda threads: 2 + threads
    machine.work(choice, pieces=60)
    assert choice.threads(100, "step") == 1
    assert thread_file.kept() == {}
    machine.disturbs, machine.seconds = 0, lambda threads: 1 / threads
    machine.work(choice, pieces=700)
    assert choice.threads(100, "step") == 16
    assert machine.choice().threads(100, "step") == 16


@pytest.mark.parametrize("threads", [1, 2])
def test_a_thread_that_makes_room_for_others_is_counted(threads):
    """The system is asked, and its number never goes down."""
    before = thread_choice.times_put_aside()
    with thread_choice.region(threads):
        pass
    assert 0 <= before <= thread_choice.times_put_aside()


def test_what_was_found_on_a_busy_machine_does_not_outlive_it(machine):
    """A faster measurement replaces a slower one, and the next process begins with it."""
    machine.seconds = lambda threads: 2 + threads
    machine.work(machine.choice(), pieces=60)
    machine.seconds = lambda threads: 1 / threads
    machine.work(machine.choice(), pieces=5000)
    assert machine.choice().threads(100, "step") == 16


def test_work_that_fails_is_not_timed(machine):
    """An error leaves the trial where it was."""
    choice = machine.choice()
    machine.work(choice, pieces=2)
    trial = choice.trial(100, "step")
    for _ in range(40):
        with pytest.raises(ValueError, match="its own"), choice.running(100, "step"):
            raise ValueError("its own")
    assert (trial.threads, trial.settled) == (16, False)


def test_a_copy_tries_for_itself(machine):
    """Copies share nothing with what they are copies of."""
    choice = machine.choice()
    machine.work(choice, pieces=60)
    other = copy.deepcopy(choice)
    assert other.trial(100, "step") is not choice.trial(100, "step")
    assert other.threads(100, "step") == 16


def plan_and_inputs(threads):
    rng = np.random.default_rng(0)
    layers = [
        Affine(rng.standard_normal(shape).astype(np.float32), np.zeros(shape[1], np.float32))
        for shape in ((400, 300), (300, 10))
    ]
    plan = engine.compile(layers, SoftmaxWithLoss(), (400,), 100, threads)
    return plan, rng.standard_normal((100, 400)).astype(np.float32), rng.integers(0, 10, 100)


def test_bits_are_the_same_whatever_is_tried(tmp_path, monkeypatch):
    """A plan that goes through several numbers gives at each step what one thread gives."""
    monkeypatch.setattr(thread_file.cache, "folder", lambda: tmp_path)
    alone, x, t = plan_and_inputs(1)
    alone.loss_and_gradient(x, t)
    plan, _, _ = plan_and_inputs(None)
    for _ in range(40):
        plan.loss_and_gradient(x, t)
        for wanted, found in zip(alone.gradients, plan.gradients, strict=True):
            assert all(np.array_equal(wanted[key], found[key]) for key in wanted)
    assert plan.thread_choice.trial(100, "step").settled
    assert plan.threads in plan.thread_choice.trial(100, "step").numbers


def test_a_larger_plan_still_chooses_for_itself():
    """A network's plan that is made anew for larger batches is not held to what the smaller one used."""
    from convlens import LeNet

    network = LeNet()
    assert network.compiled(10).thread_choice.asked is None
    assert network.compiled(50).thread_choice.asked is None
    assert network.compiled(60, 1).thread_choice.asked == 1
    assert network.compiled(70).thread_choice.asked == 1
