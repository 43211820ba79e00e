"""Reading IDX, the file format of MNIST and its relatives. Must not know what the numbers mean.

An IDX file is big-endian: two zero bytes, a type code, the number of axes, then each axis's length as a
4-byte integer, then the numbers, last axis fastest. A header is a claim by a stranger: memory grows only
with content that was really read, and reading stops one byte after the announced end.

Reference: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
"""

import hashlib
import math
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import Within, as_annotated
from convlens.data.compressed import chunks
from convlens.data.opened import AnyPath, opened
from convlens.errors import DataError
from convlens.mistaken import mistaken_for

__all__ = ["DTYPES", "MAX_BYTES", "read_idx", "read_idx_with_sha256"]

DTYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
"""The number type of each IDX type code, as stored."""

MAX_BYTES = 4 << 30
"""The most bytes of numbers that are read unless a caller asks for more (MNIST: 47 MB, EMNIST: 0.5 GB)."""

FREE_BYTES = 64 << 20
"""So many bytes any file may announce."""

MAX_GROWTH = 200
"""What is more may be at most so many times the file's own size: pictures do not get smaller than that, but
a file of 4 MB that was made to fill a memory does."""

Bytes: TypeAlias = Annotated[int, Within(0)]

MAX_AXES = 32
"""More axes than any picture has, and no more than every NumPy can hold."""

_AGAIN = "Copy or download it again."


@dataclass(frozen=True)
class _Header:
    """What an IDX file announces: its number type, its shape, and the header's own bytes."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    content: bytes

    @property
    def n_bytes(self) -> int:
        """How many bytes of numbers have to follow."""
        return math.prod(self.shape) * self.dtype.itemsize


class _Source:
    """A buffer in front of chunks: gives the next bytes asked for, or fewer at the end of the content."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def take(self, n_bytes: int) -> bytearray:
        """Return the next `n_bytes` bytes, in memory that grows with what arrives."""
        taken = bytearray()
        while len(taken) < n_bytes:
            piece = self._rest or next(self._pieces, b"")
            if not piece:
                break
            missing = n_bytes - len(taken)
            taken += piece[:missing]
            self._rest = piece[missing:]
        return taken


@as_annotated
def read_idx(path: AnyPath, max_bytes: Bytes = MAX_BYTES) -> NDArray[Any]:
    """Read an IDX file, raw or compressed by gzip or xz, into a new array.

    Args:
        path: the file; its compression is recognised by its content, not by its name.
        max_bytes: the largest announced size of the numbers that is accepted.

    Returns:
        a writable array in this machine's byte order: uint8, int8, int16, int32, float32 or float64.

    Raises:
        DataError: the file is missing, unreadable, not IDX, truncated, oversized, corrupted or too large.
    """
    header, body = _read(path, max_bytes)
    return _as_array(header, body)


@as_annotated
def read_idx_with_sha256(path: AnyPath, max_bytes: Bytes = MAX_BYTES) -> tuple[NDArray[Any], str]:
    """Read an IDX file as `read_idx` does, and return with it the SHA-256 of its decompressed content.

    The same pictures give the same hash, however a copy of the file was compressed.

    Raises:
        DataError: as for `read_idx`.
    """
    header, body = _read(path, max_bytes)
    digest = hashlib.sha256(header.content)
    digest.update(body)
    return _as_array(header, body), digest.hexdigest()


def _read(path: AnyPath, max_bytes: int) -> tuple[_Header, bytearray]:
    """Return an IDX file's header and exactly the bytes that it announces."""
    try:
        with opened(path) as file:
            source = _Source(chunks(file, path))
            header = _read_header(source, path)
            _require_possible_size(header, path, max_bytes)
            likely = max(FREE_BYTES, MAX_GROWTH * os.fstat(file.fileno()).st_size)
            body = source.take(min(header.n_bytes, likely))
            if len(body) == header.n_bytes:  # the end is asked for too: only there is a checksum compared
                _require_end(source, header, path)
    except MemoryError as error:
        raise DataError(f"{path} does not fit in memory. Close other programs or use a part.") from error
    if len(body) == likely < header.n_bytes:
        raise DataError(
            f"{path} holds more than {MAX_GROWTH} times its own size: no pictures can be compressed so far. "
            f"{_AGAIN}"
        )
    if len(body) < header.n_bytes:
        raise DataError(
            f"{path} is truncated: its header announces {header.n_bytes:,} bytes of data, "
            f"but {len(body):,} follow. {_AGAIN}"
        )
    return header, body


def _read_header(source: _Source, path: AnyPath) -> _Header:
    """Return what the file announces, of which nothing is believed yet."""
    start = source.take(4)
    if not start:
        raise DataError(f"{path} is empty. {_AGAIN}")
    if start[:2] != b"\0\0"[: len(start)]:
        raise DataError(f"{path} is not an IDX file{_instead(bytes(start + source.take(1000)))}")
    if len(start) < 4:
        raise DataError(f"{path} is truncated inside its header. {_AGAIN}")
    code, n_axes = start[2], start[3]
    if code not in DTYPES:
        known = ", ".join(f"{known:02X}" for known in DTYPES)
        raise DataError(f"{path} is not an IDX file: its type code {code:02X} is none of {known}. {_AGAIN}")
    if n_axes > MAX_AXES:
        raise DataError(f"{path} announces {n_axes} axes, more than {MAX_AXES}. {_AGAIN}")
    lengths = source.take(4 * n_axes)
    if len(lengths) < 4 * n_axes:
        raise DataError(f"{path} is truncated inside its header. {_AGAIN}")
    return _Header(DTYPES[code], struct.unpack(f">{n_axes}I", lengths), bytes(start + lengths))


def _instead(content: bytes) -> str:
    """Say what a file is that is no IDX file, as the rest of the sentence."""
    kind = mistaken_for(content)
    return ": it does not start with two zero bytes. Check the path." if kind is None else f"; it is {kind}."


def _require_possible_size(header: _Header, path: AnyPath, max_bytes: int) -> None:
    """Raise if the announced shape is beyond the limit, or beyond NumPy though one of its axes is empty."""
    extent = math.prod(max(length, 1) for length in header.shape) * header.dtype.itemsize
    if extent > max_bytes:
        shape = " x ".join(map(str, header.shape))
        raise DataError(
            f"{path} announces {shape} numbers of {header.dtype.itemsize} bytes, "
            f"more than the limit of {max_bytes:,} bytes. {_AGAIN}"
        )


def _require_end(source: _Source, header: _Header, path: AnyPath) -> None:
    """Raise if there is content after the announced end; one byte of it is enough."""
    if source.take(1):
        raise DataError(
            f"{path} is oversized: its header announces {header.n_bytes:,} bytes of data, "
            f"but more follow. {_AGAIN}"
        )


def _as_array(header: _Header, body: bytearray) -> NDArray[Any]:
    """Return the numbers in native byte order; single bytes stay where they were read, without a copy."""
    stored = np.frombuffer(body, header.dtype).reshape(header.shape)
    return stored.astype(header.dtype.newbyteorder("="), copy=False)
