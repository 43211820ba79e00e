"""How often a short training accuses a network that trains well: `python bench/trained_right.py [SEEDS]`.

Networks of eleven kinds (`tests/check/trained_well.py`) by turns, each from a seed of its own. Told are those
accused, and those whose loss lies above the interval of Student alone, without the second condition.
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "check"))

from trained_well import RIGHT

from convlens.check import check_network
from convlens.check.training_network import Trial
from convlens.check.training_problem import held


def main() -> None:
    """Check them all, and print."""
    n_seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    x, t = np.random.default_rng(3).random((3, 12)), np.array([0, 2, 1])
    accused, above, before = [], 0, time.process_time()
    for seed in range(n_seeds):
        kind = RIGHT[seed % len(RIGHT)]
        outcome = check_network(kind(seed=seed), x, t)
        if not outcome.ok or outcome.untrained:
            accused.append(f"{kind.__name__}, seed {seed}:\n{outcome}")
    taken = time.process_time() - before
    for seed in range(n_seeds):
        kind = RIGHT[seed % len(RIGHT)]
        trial = Trial(kind(seed=seed), kind, x, t)
        with held(60):
            above += trial.run()[0].last > trial.reference.high
    print("\n".join(accused))
    print(f"{n_seeds} networks: {len(accused)} accused or not trained, {above} above the interval alone; "
          f"{taken / n_seeds:.2f} s of processor time each")  # fmt: skip


if __name__ == "__main__":
    main()
