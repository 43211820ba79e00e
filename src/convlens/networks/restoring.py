"""From what a copy or a pickle holds to a network. Must not know training."""

from dataclasses import replace
from typing import TYPE_CHECKING

from convlens import layers
from convlens._typing import Array
from convlens.spec import NetworkSpec

if TYPE_CHECKING:
    from convlens.networks.network import Network

__all__ = ["restored"]


def restored(
    cls: "type[Network]",
    described: NetworkSpec,
    seed: int,
    engine: str | None,
    vector: Array,
    scales_bytes: bool | None = None,
) -> "Network":
    """Return a network of a class, with these parameters."""
    from convlens.networks.network import Network  # noqa: PLC0415 (it imports this file)

    network = cls.__new__(cls)
    quiet = replace(described, protocol="standard")  # a copy draws nothing from the global stream
    Network.__init__(network, quiet, seed, engine)
    network.spec = described
    if described.protocol == "book":
        network.last_layer = layers.BookSoftmaxWithLoss()
    network.scales_bytes = described.protocol != "book" if scales_bytes is None else scales_bytes
    network.params.vector[...] = vector
    return network
