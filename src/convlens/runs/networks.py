"""The network of a run: its config says all, and its pictures are bytes. Must not know files."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from convlens.networks import Network
from convlens.spec import NetworkSpec
from convlens.streams import global_stream

__all__ = ["begun", "network_of"]


@contextmanager
def begun(spec: NetworkSpec, seed: int, engine: str | None) -> Iterator[Network]:
    """Yield a run's network with its first weights, for pictures as bytes, under either protocol.

    Within the block the book's protocol draws from where its first weights ended, as after the book's own
    `np.random.seed(seed)`; behind it NumPy's global stream stands where it stood before.
    """
    with global_stream(seed) if spec.protocol == "book" else nullcontext():
        network = Network(spec, seed, engine)
        network.scales_bytes = True
        yield network


def network_of(spec: NetworkSpec, seed: int, engine: str | None) -> Network:
    """Return a run's network with its first weights; nothing is drawn from NumPy's global stream."""
    with begun(spec, seed, engine) as network:
        return network
