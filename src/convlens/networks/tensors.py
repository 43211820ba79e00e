"""safetensors files, read without believing their header. Must not know networks.

Such a file is eight bytes with the header's length, the header as JSON (`name → dtype, shape, data_offsets`,
and texts under `__metadata__`), and the numbers. All of it is a claim by a stranger: the header has a limit,
and its tensors must fill the rest of the file, each byte once.

Reference: https://github.com/huggingface/safetensors, "Format".
"""

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.errors import shown

__all__ = ["MOST_HEADER_BYTES", "NotTensorsError", "Tensors"]

MOST_HEADER_BYTES = 4 << 20
"""The longest header that is read: a tensor takes some 100 bytes of it, a network's spec a few thousand."""

MOST_TENSORS = 10_000

MOST_AXES = 32

LONGEST_NAME = 1000

DTYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype("?"),
    **{f"F{8 * size}": np.dtype(f"<f{size}") for size in (2, 4, 8)},
    **{f"I{8 * size}": np.dtype(f"<i{size}") for size in (1, 2, 4, 8)},
    **{f"U{8 * size}": np.dtype(f"<u{size}") for size in (1, 2, 4, 8)},
}
"""The number types that NumPy has, too."""


class NotTensorsError(ValueError):
    """The content is no whole safetensors file; the message says why, as the middle of a sentence."""


@dataclass(frozen=True)
class _Tensor:
    """One entry of the header."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int
    stop: int


class Tensors:
    """The content of a safetensors file.

    Args:
        content: all of it.

    Attributes:
        metadata: the texts beside the numbers.

    Raises:
        NotTensorsError: it is no whole safetensors file.
    """

    def __init__(self, content: bytes) -> None:
        size = int.from_bytes(content[:8], "little")
        if size > len(content) - 8:
            raise NotTensorsError(
                f"its header announces {size:,} bytes, but {max(len(content) - 8, 0):,} follow"
            )
        if size > MOST_HEADER_BYTES:
            raise NotTensorsError(f"its header has {size:,} bytes, more than {MOST_HEADER_BYTES:,}")
        header = _parsed(content[8 : 8 + size])
        self.metadata = _texts(header.pop("__metadata__", {}))
        if len(header) > MOST_TENSORS:
            raise NotTensorsError(f"it announces {len(header):,} tensors, more than {MOST_TENSORS:,}")
        self._content = memoryview(content)[8 + size :]
        self._tensors = [_tensor(name, entry) for name, entry in header.items()]
        _require_filled(self._tensors, len(self._content))

    def arrays(self) -> dict[str, Array]:
        """Return the numbers by name, as new arrays in this machine's byte order."""
        return {t.name: self._array(t) for t in self._tensors}

    def _array(self, tensor: _Tensor) -> Array:
        numbers = np.frombuffer(self._content[tensor.start : tensor.stop], tensor.dtype)
        return numbers.astype(tensor.dtype.newbyteorder("=")).reshape(tensor.shape)


def _parsed(text: bytes) -> dict[str, Any]:
    """Return the header, in which no name may stand twice."""
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_once)
    except RecursionError:
        raise NotTensorsError("its header is nested too deeply") from None
    except NotTensorsError:
        raise
    except ValueError:  # no UTF-8, no JSON, or a number of 5,000 digits
        raise NotTensorsError("its header is not JSON") from None
    if not isinstance(header, dict):
        raise NotTensorsError("its header is not a table")
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotTensorsError(f"its header names {shown(name)} twice")
        found[name] = value
    return found


def _texts(found: Any) -> dict[str, str]:  # noqa: ANN401
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise NotTensorsError("its metadata are not texts by name")
    return found


def _tensor(name: str, entry: Any) -> _Tensor:  # noqa: ANN401
    """Return one entry of the header, checked by itself."""
    if len(name) > LONGEST_NAME:
        raise NotTensorsError(f"a tensor's name has more than {LONGEST_NAME:,} letters: {shown(name)}")
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise NotTensorsError(f"{shown(name)} must have dtype, shape and data_offsets")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise NotTensorsError(f"{shown(name)} has the type {shown(dtype)}, none of {', '.join(DTYPES)}")
    if not _lengths(shape) or len(shape) > MOST_AXES:
        raise NotTensorsError(
            f"{shown(name)} has the shape {shown(shape)}: at most {MOST_AXES} lengths, 0 or more"
        )
    if not _lengths(offsets) or len(offsets) != 2:
        raise NotTensorsError(f"{shown(name)} lies at {shown(offsets)}: start and stop, 0 or more")
    if offsets[1] - offsets[0] != math.prod(shape) * DTYPES[dtype].itemsize:
        raise NotTensorsError(
            f"{shown(name)} of shape {shown(shape)} does not fill the bytes {shown(offsets)}"
        )
    return _Tensor(name, DTYPES[dtype], tuple(shape), *offsets)


def _lengths(found: Any) -> bool:  # noqa: ANN401
    return isinstance(found, list) and all(type(length) is int and 0 <= length < 2**48 for length in found)


def _require_filled(tensors: list[_Tensor], n_bytes: int) -> None:
    """Refuse tensors that overlap, leave bytes out, or go beyond the end."""
    ordered = sorted(tensors, key=lambda tensor: (tensor.start, tensor.stop))
    for one, other in pairwise(ordered):
        if other.start != one.stop:
            what = "overlap" if other.start < one.stop else "leave bytes out between them"
            raise NotTensorsError(f"{shown(one.name)} and {shown(other.name)} {what}")
    first, last = (ordered[0].start, ordered[-1].stop) if ordered else (0, 0)
    if first != 0 or last != n_bytes:
        raise NotTensorsError(
            f"its tensors fill the bytes {first:,} to {last:,}, but {n_bytes:,} follow its header"
        )
