"""How often a page says something where nothing is: its own verdicts on runs without a true difference.

python bench/false_alarms.py [PAGES] [SEEDS]     default: 10000 3

Runs of the shipped design are drawn, not trained (`tests/simulated_pages.py`), and go through the functions
that give a page its verdicts. For several spreads of the seeds: the share of pages with at least one false
alarm, by kind and of any kind, with its standard error; the share with an onset of overfitting where training
and test images have the same expected loss, for one experiment; and how often a true difference is found.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from arguments import names

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from convlens.findings import onset
from convlens.study import load_design
from curves_only import run_with
from simulated_pages import KINDS, Setting, alarms, falling_alike

HELD_OUT = {"false alarms": 2_000, "power": 10_000}  # images; for false alarms, more take longer only
SPREADS, GAINS, SEED = (0.1, 0.3, 1.2), (0.5, 1.0), 0


def shares(setting: Setting, pages: int) -> dict[str, float]:
    """Return the share of pages with a false alarm of each kind, and of any."""
    found = list(alarms(load_design("homework"), setting, pages, SEED))
    by_kind = {kind: np.mean([one[kind] for one in found]) for kind in KINDS}
    return {**by_kind, "any": np.mean([any(one.values()) for one in found])}


def told(share: float, n: int) -> str:
    """Write a share of `n` with its standard error, in %."""
    return f"{100 * share:5.2f} ± {100 * np.sqrt(max(share, 1 / n) / n):.2f} %"


def main(pages: int, seeds: int) -> None:
    """Print false alarms, onsets, and power."""
    setting = Setting(seeds=seeds, held_out=HELD_OUT["false alarms"])
    for spread in SPREADS:
        found = shares(replace(setting, spread=spread), pages)
        line = "  ".join(f"{kind} {told(share, pages)}" for kind, share in found.items())
        print(f"spread of seeds {spread} points, {pages:,} pages: {line}", flush=True)
    for epochs in (10, 20):
        for n in (1, 3):
            line = told(onset_share(epochs, n, pages), pages)
            print(f"{epochs} epochs, {n} seeds: onset in {line}", flush=True)
    few = max(1, pages // 20)
    for gain in GAINS:
        for spread in SPREADS[:2]:
            found = shares(
                replace(setting, held_out=HELD_OUT["power"], spread=spread, gain=gain, shared=0.95), few
            )
            line = told(found["comparisons"], few)
            print(f"one rate better by {gain} points, spread {spread}: found in {line}", flush=True)


def onset_share(epochs: int, seeds: int, times: int) -> float:
    """Return how often overfitting is called in an experiment whose losses fall alike on all images."""
    rng = np.random.default_rng(SEED)
    return float(np.mean([any(onset(_alike(rng, epochs)) for _ in range(seeds)) for _ in range(times)]))


def _alike(rng: np.random.Generator, epochs: int) -> object:
    train, test = rng.random(1000) < 0.96, rng.random(10_000) < 0.96
    curves = falling_alike(rng, epochs, 1000, train, test[:1000])
    losses = (curves[part].loss for part in ("train", "test"))
    return run_with(*losses, right=(train.mean(), test.mean()))


if __name__ == "__main__":
    pages, seeds = names(__doc__, "NUMBER", ("10000", "3"))
    main(int(pages), int(seeds))
