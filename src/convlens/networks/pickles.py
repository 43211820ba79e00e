"""The book's pickles of arrays, read without running them. Must not know networks.

A pickle is a program: it names functions and calls them. This reader admits the few names with which
arrays and an OrderedDict of them are written, and stands harmless functions of its own in for each of them,
so that nothing of NumPy's is called with a stranger's arguments. What runs the program is `pickle_machine`.
"""

import math
import pickle
import pickletools
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens._typing import Array
from convlens.errors import shown
from convlens.networks.pickle_machine import Standin, run

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["is_old_pickle", "is_pickle", "unpickled"]

_OLD_STARTS = b"(}]cd"  # a mark, an empty dict, an empty list, a name
_MOST_AXES = 32


def is_pickle(content: bytes) -> bool:
    """Say whether `content` begins as a pickle of protocol 2 or later does, and not as a safetensors file.

    Every 32nd safetensors file begins with the same byte, because its header's length happens to.
    """
    header = int.from_bytes(content[:8], "little")
    is_safetensors = content[8:9] == b"{" and header <= len(content) - 8
    return content[:1] == b"\x80" and not is_safetensors


def is_old_pickle(content: bytes) -> bool:
    """Say whether `content` is a pickle of protocol 0 or 1, by its first steps: it may begin as anything."""
    if content[:1] not in {bytes([start]) for start in _OLD_STARTS} or content[-1:] != b".":
        return False
    try:
        return len(list(islice(pickletools.genops(content), 8))) > 1
    except Exception:  # noqa: BLE001 (what is no pickle can fail in any way)
        return False


def unpickled(content: bytes) -> dict[str, Array]:
    """Return the arrays in a pickle of a dict.

    Raises:
        pickle.UnpicklingError: it holds anything but arrays of numbers by name; nothing of it has run.
        Exception: of any other kind, if it is damaged.
    """
    loaded = run(content, _Reader(len(content)).admitted)
    if not isinstance(loaded, dict):
        kind = "an array without a name" if isinstance(loaded, _Array) else shown(loaded)
        raise pickle.UnpicklingError(f"it must hold a dict of arrays. Got {kind}.")
    for name, value in loaded.items():
        if not isinstance(value, _Array) or value.array is None:
            raise pickle.UnpicklingError(f"`{shown(name)[1:-1]}` in it is no array of numbers.")
    return {name: value.array for name, value in loaded.items()}


class _Dtype(Standin):
    """Stands in for `numpy.dtype`: first the kind and size, then the byte order."""

    def __init__(self, code: object, *_: object) -> None:
        if not isinstance(code, str) or not re.fullmatch(r"[<>=|]?[fiu]\d{1,2}", code):
            raise pickle.UnpicklingError(f"it holds values of type {shown(code)}, not numbers.")
        self.dtype = np.dtype(code)

    def build(self, state: Any) -> None:  # noqa: ANN401
        self.dtype = self.dtype.newbyteorder(state[1])


class _Array(Standin):
    """Stands in for `numpy.ndarray`: empty at first, until its state comes."""

    def __init__(self, reader: "_Reader", array: Array | None = None) -> None:
        self._reader = reader
        self.array = array

    def build(self, state: Any) -> None:  # noqa: ANN401
        _version, shape, dtype, is_fortran, content = state
        self.array = self._reader.values(content, dtype, shape, "F" if is_fortran is True else "C")


class _Reader:
    """The stand-ins of one pickle, which together make no more bytes than it holds.

    One text of a megabyte, taken a thousand times, would else fill the memory.
    """

    def __init__(self, n_bytes: int) -> None:
        self._left = 2 * n_bytes  # a text's bytes, and the numbers made of them
        self.admitted: dict[tuple[str, str], Callable[..., object] | str] = {
            **{(f"numpy.{core}.multiarray", "_reconstruct"): self.reconstruct for core in ("core", "_core")},
            **{(f"numpy.{core}.numeric", "_frombuffer"): self.from_buffer for core in ("core", "_core")},
            ("collections", "OrderedDict"): _dict,
            ("numpy", "dtype"): _Dtype,
            ("numpy", "ndarray"): _NDARRAY,
            ("_codecs", "encode"): self.encode,
        }

    def values(self, content: object, dtype: object, shape: object, order: str) -> Array:
        """Return the numbers in `content` as a new, native array."""
        if not isinstance(content, bytes | bytearray) or not isinstance(dtype, _Dtype):
            raise pickle.UnpicklingError("it holds something other than numbers.")
        axes = _axes(shape)
        if math.prod(axes) * dtype.dtype.itemsize != len(content):
            raise pickle.UnpicklingError(f"{len(content):,} bytes do not fill the shape {shown(shape)}.")
        self._spend(len(content))
        flat = np.frombuffer(content, dtype.dtype).astype(dtype.dtype.newbyteorder("="))
        return flat.reshape(axes, order="F" if order == "F" else "C")

    def reconstruct(self, subtype: object, shape: object, _typecode: object) -> _Array:
        """Stand in for NumPy's own: an empty array, whose state comes next in the pickle."""
        if subtype != _NDARRAY or shape != (0,):
            raise pickle.UnpicklingError("it builds something other than an array.")
        return _Array(self)

    def from_buffer(
        self,
        content: object,
        dtype: object,
        shape: object,
        order: object,
        axes: Any = None,  # noqa: ANN401
    ) -> _Array:
        """Stand in for NumPy's own, with which protocol 5 writes arrays."""
        array = self.values(content, dtype, shape, str(order) if order in {"C", "F"} else "C")
        if axes is None:
            return _Array(self, array)
        return _Array(self, array.transpose(_axes(axes)))

    def encode(self, text: object, encoding: object) -> bytes:
        """Stand in for `_codecs.encode`, with which old pickles write bytes."""
        if not isinstance(text, str) or encoding != "latin1":
            raise pickle.UnpicklingError(f"it uses the encoding {shown(encoding)}.")
        self._spend(len(text))
        return text.encode("latin1")

    def _spend(self, n_bytes: int) -> None:
        self._left -= n_bytes
        if self._left < 0:
            raise pickle.UnpicklingError("it asks for more memory than it can fill.")


def _axes(shape: object) -> tuple[int, ...]:
    """Return a shape, or refuse what is no tuple of a few whole numbers before anything computes with it."""
    if not isinstance(shape, tuple) or len(shape) > _MOST_AXES:
        raise pickle.UnpicklingError(f"{shown(shape)} in it is no shape of an array.")
    if not all(type(length) is int and 0 <= length < 2**48 for length in shape):
        raise pickle.UnpicklingError(f"{shown(shape)} in it is no shape of an array.")
    return shape


def _dict() -> dict[str, Any]:
    """Stand in for `OrderedDict`, which is filled after it has been made."""
    return {}


_NDARRAY = "numpy.ndarray"  # a word, not the class: nothing can be built with it
