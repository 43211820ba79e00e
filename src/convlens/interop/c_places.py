"""Where activations lie in C: few buffers, each used again once nobody reads what is in it.

Must not know layers.
"""

from convlens.spec import NetworkSpec

__all__ = ["counted", "in_file", "places_of"]

_FIRST = ["two", "one"]  # a network without ways goes from one to the other


def places_of(spec: NetworkSpec, picture: str | None = None) -> tuple[list[list[str]], list[str]]:
    """Return for each layer the buffers that it reads, and at the end the one that it writes.

    Args:
        spec: the network; what the last layer writes is given to the caller, in "scores".
        picture: the buffer in which the picture lies; None where it has a place of its own.

    Returns:
        The buffers of each layer by name, and all that there are.
    """
    last_read = {number: k for k, row in enumerate(spec.table) for number in row.reads}
    holds = {-1: picture or "picture"}
    found, used = [], {"one", "two"}
    for k, row in enumerate(spec.table):
        reads = [holds[number] for number in row.reads]
        alive = {name for number, name in holds.items() if last_read.get(number, -1) >= k}
        names = [*_FIRST, *(f"more{n}" for n in range(1, len(alive) + 1))]
        target = next(name for name in names if name not in alive)
        holds[k] = "scores" if k == len(spec.table) - 1 else target
        used |= {holds[k]} - {"scores"}
        found.append([*reads, holds[k]])
    return found, ["one", "two", *sorted(used - {"one", "two"}, key=lambda name: (len(name), name))]


def in_file(prefix: str, place: str) -> str:
    """Return what C calls a buffer; the caller's own, for the picture and the scores, have no prefix."""
    return place if place in {"picture", "scores"} else f"{prefix}_{place}"


def counted(buffers: list[str]) -> str:
    """Return how many there are, as the file says it."""
    return "two" if len(buffers) == 2 else str(len(buffers))
