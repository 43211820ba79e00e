"""Tiny networks, and finished runs of them, that tests of findings and of pictures look into."""

from pathlib import Path

from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Sigmoid

SMALL = NetworkSpec("Small", (1, 28, 28), (Convolution(6, 5), Relu(), Pooling(2), Affine(10)), "he")
DEEP = NetworkSpec(
    "Deep",
    (1, 28, 28),
    (Convolution(3, 5, 2, name="C1"), Sigmoid(), Convolution(4, (3, 5), name="C2"), Pooling(2), Affine(10)),
)
FLAT = NetworkSpec("Flat", (1, 28, 28), (Affine(10),))


def trained(folder: Path, network: NetworkSpec, **options):
    """Train a run that takes a second."""
    config = RunConfig(network, **{"train_size": 200, "epochs": 2, **options})
    return train_run(config, folder / config.run_id, "convlens train")
