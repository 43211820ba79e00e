"""SHA-256 of the weights after short trainings: equal before and after a change that may not change numbers.

python bench/digests.py [RUN ...]     default: all; each is NETWORK-OPTIMIZER-PROTOCOL, or "pieces"

Eight runs (two networks, two optimizers, both protocols), and one whose batch goes through the engine in
pieces. The digests are the same for any number of threads; another processor may have others (widths of
vectors, and BLAS under the book's protocol).
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from arguments import names
from threadpoolctl import threadpool_limits

from convlens import spec
from convlens.data import load_mnist
from convlens.networks import Network
from convlens.training import Trainer

IMAGES, EPOCHS, BATCH, LARGE_BATCH = 1000, 2, 100, 512


def digest(network_name: str, optimizer: str, protocol: str, batch_size: int = BATCH) -> str:
    """Train one network on the first images and return the SHA-256 of its final parameters."""
    (x_train, t_train), (x_test, t_test) = load_mnist(flatten=False)
    count = max(IMAGES, 2 * batch_size)
    x, t = x_train[:count], t_train[:count]
    np.random.seed(0)  # noqa: NPY002 (the book's contract)
    dtype = "float64" if protocol == "book" else "float32"
    network = Network(replace(spec.find(network_name), protocol=protocol, dtype=dtype), seed=0)
    trainer = Trainer(
        network, x, t, x_test[:100], t_test[:100],
        epochs=EPOCHS, mini_batch_size=batch_size, optimizer=optimizer, optimizer_param={"lr": 0.001},
        evaluate_sample_num_per_epoch=100, verbose=False, seed=0,
    )  # fmt: skip
    with threadpool_limits(1, "blas"):
        trainer.train()
    return hashlib.sha256(network.params.vector.tobytes()).hexdigest()


RUNS: dict[str, Callable[[], str]] = {
    f"{network}-{optimizer}-{protocol}": partial(digest, network, optimizer, protocol)
    for network in ("simple", "lenet")
    for optimizer in ("momentum", "adam")
    for protocol in ("standard", "book")
} | {"pieces": partial(digest, "simple", "adam", "standard", LARGE_BATCH)}


if __name__ == "__main__":
    for run in names(__doc__, "RUN", RUNS, RUNS):
        print(f"{run:24} {RUNS[run]()}", flush=True)
