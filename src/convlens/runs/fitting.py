"""The network of a run: a named one as large as its data want it, or one's own as it is written.

Must not know how it is trained.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from convlens import spec
from convlens.data.sources import BUNDLED, kind_of_pictures
from convlens.errors import DataError, SpecError, UsageError, shown
from convlens.runs.settings import SETTINGS
from convlens.spec import NetworkSpec

__all__ = ["network_for"]


def network_for(network: str | Path, given: Mapping[str, Any]) -> NetworkSpec:
    """Return the network that a command or a design names.

    A named network takes the size, the channels and the number of classes of the data. One's own stays as it
    is written: that it fits is seen when the run begins.

    Args:
        network: a name, or a .toml or .json file.
        given: settings of the run by name, of which `data` and `size` are looked at; None for as usual.

    Raises:
        SpecError: there is no such network, it is wrong, or it cannot be as small as the pictures are.
        UsageError: the data's name is misspelt, or the size is none.
    """
    found = spec.find(network)
    if not isinstance(given, Mapping):
        raise UsageError(f"`given` of network_for must be settings by name. Got {shown(given)}.")
    data, size = (given.get(name) or SETTINGS[name].default for name in ("data", "size"))
    if str(network) not in spec.NETWORKS or (data == BUNDLED and size == SETTINGS["size"].default):
        return found
    try:
        shape, n_classes = kind_of_pictures(data, size)
    except DataError:  # of data that are gone nothing is known: whoever needs them will say so
        return found
    try:
        return spec.NETWORKS[str(network)](input_dim=shape, output_size=n_classes)
    except SpecError as error:
        if "larger than its input" not in str(error):
            raise
        by = " x ".join(map(str, shape[1:]))
        raise SpecError(
            f"{str(error).partition(':')[0]}: images of {by} are too small. Give a larger `--size`."
        ) from error
