"""How the learning rate changes over a run. Must not know optimizers.

A schedule is a function of the share of the run that is done, 0 at the first update and below 1 at the last;
it returns what the learning rate is multiplied by. A new one is a function and a line in `SCHEDULES`.
"""

from collections.abc import Callable
from math import cos, pi

from convlens.errors import UsageError, did_you_mean, shown

__all__ = ["SCHEDULES", "constant", "cosine", "one_cycle", "schedule_named", "step", "warmed_up"]

_WARM_UP = 0.2  # share of the run in which one_cycle rises
_START, _END = 1 / 25, 1e-3  # where it starts and ends, of its peak


def constant(done: float) -> float:
    """1, all the time."""
    del done
    return 1.0


def cosine(done: float) -> float:
    """(1 + cos(π · done)) / 2: from 1 to 0, slowly at both ends.

    Reference: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, equation 5.
    """
    return (1 + cos(pi * done)) / 2


def step(done: float) -> float:
    """1, then 1/10 from half of the run, then 1/100 from three quarters."""
    return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01


def one_cycle(done: float) -> float:
    """From 1/25 up to 1 in the first fifth, then down to 1/1,000, both along half a cosine.

    The learning rate given is the peak.

    Reference: Smith, Topin, "Super-convergence: very fast training of neural networks using large learning
    rates", 2019.
    """
    if done < _WARM_UP:
        return _between(_START, 1.0, done / _WARM_UP)
    return _between(1.0, _END, (done - _WARM_UP) / (1 - _WARM_UP))


def _between(start: float, end: float, share: float) -> float:
    """Go from `start` to `end` along half a cosine."""
    return end + (start - end) * cosine(share)


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": constant,
    "cosine": cosine,
    "step": step,
    "one-cycle": one_cycle,
}
"""What `schedule=` may be."""


def warmed_up(step: int, steps: int) -> float:
    """Return what a warm-up of so many updates multiplies the rate of update number `step` (from 0) with.

    (step + 1) / steps, then 1: whatever the schedule says is reached along a line.

    Reference: Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.2.
    """
    return (step + 1) / steps if step < steps else 1.0


def schedule_named(name: str) -> Callable[[float], float]:
    """Return the named schedule.

    Raises:
        UsageError: there is no such schedule; the message lists them.
    """
    if not isinstance(name, str) or name not in SCHEDULES:
        near = did_you_mean(name, SCHEDULES)
        raise UsageError(f"there is no schedule {shown(name)}. There are: {', '.join(SCHEDULES)}.{near}")
    return SCHEDULES[name]
