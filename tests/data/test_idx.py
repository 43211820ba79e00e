"""The IDX reader on sound files and on every fault that a file may have."""

import gzip
import hashlib
import lzma
import math
import os
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from convlens.data import idx
from convlens.data.compressed import CHUNK
from convlens.data.idx import DTYPES, read_idx, read_idx_with_sha256
from convlens.errors import DataError

CODES = {dtype.newbyteorder("="): code for code, dtype in DTYPES.items()}
PACK = {"raw": bytes, "gz": gzip.compress, "xz": lzma.compress}


def idx_bytes(array, shape=None, code=None):
    """Return an array as an IDX file, or one whose header announces something else."""
    shape = array.shape if shape is None else shape
    code = CODES[array.dtype] if code is None else code
    header = struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def complaint(path, **arguments):
    """Return the one line with which a file is refused."""
    with pytest.raises(DataError) as caught:
        read_idx(path, **arguments)
    line = str(caught.value)
    assert "\n" not in line
    assert str(path) in line
    assert line.endswith(".")
    return line


@pytest.fixture
def sound():
    """Return numbers that are all different."""
    return np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


@given(
    array=st.sampled_from(list(CODES)).flatmap(
        lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
    ),
    pack=st.sampled_from(list(PACK)),
)
def test_round_trip(array, pack, tmp_path_factory):
    """Every type and shape, empty ones too, comes back bit by bit from raw, gzip and xz files."""
    path = tmp_path_factory.mktemp("idx") / "file"
    path.write_bytes(PACK[pack](idx_bytes(array)))
    read = read_idx(path)
    assert read.dtype == array.dtype
    assert read.dtype.isnative
    assert read.shape == array.shape
    assert read.tobytes() == array.tobytes()
    assert read.flags.writeable


@pytest.mark.parametrize("pack", PACK)
@pytest.mark.parametrize("size", [CHUNK - 9, CHUNK - 8, CHUNK - 7, CHUNK, 3 * CHUNK + 1])
def test_sizes_around_a_chunk(tmp_path, pack, size):
    """Content that ends just before, at or after a chunk's end is read whole."""
    array = np.random.default_rng(size).integers(0, 256, size, np.uint8)
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](idx_bytes(array)))
    np.testing.assert_array_equal(read_idx(str(path)), array)


def test_compression_is_recognised_by_content(tmp_path, sound):
    """A wrong suffix does not matter."""
    path = tmp_path / "raw.gz"
    path.write_bytes(lzma.compress(idx_bytes(sound)))
    np.testing.assert_array_equal(read_idx(path), sound)


def test_gzip_members_and_padding(tmp_path, sound):
    """A gzip file of several members with zero padding is one content, as for gzip itself."""
    content = idx_bytes(sound)
    path = tmp_path / "file.gz"
    members = gzip.compress(content[:7]) + gzip.compress(b"") + gzip.compress(content[7:])
    path.write_bytes(members + b"\0" * 100)
    np.testing.assert_array_equal(read_idx(path), sound)


@pytest.mark.parametrize("pack", PACK)
def test_sha256_is_of_the_decompressed_content(tmp_path, sound, pack):
    """The hash does not depend on how a file was compressed."""
    content = idx_bytes(sound)
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](content))
    array, digest = read_idx_with_sha256(path)
    assert digest == hashlib.sha256(content).hexdigest()
    np.testing.assert_array_equal(array, sound)


@pytest.mark.parametrize("pack", PACK)
def test_truncated_at_every_byte(tmp_path, sound, pack):
    """A file cut anywhere is refused: in its header, its numbers, its compression or its checksum."""
    content = PACK[pack](idx_bytes(sound))
    path = tmp_path / "file"
    for length in range(len(content)):
        path.write_bytes(content[:length])
        line = complaint(path)
        assert "truncated" in line or "empty" in line or length < 6  # the magic of xz has 6 bytes


@pytest.mark.parametrize("pack", PACK)
def test_short_content_is_counted(tmp_path, sound, pack):
    """A header that announces more than the content holds is refused with both numbers."""
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](idx_bytes(sound, shape=(1000, 3, 4))))
    assert "announces 12,000 bytes of data, but 24 follow" in complaint(path)


@pytest.mark.parametrize("pack", PACK)
@pytest.mark.parametrize("extra", [b"\0", b"x" * 3 * CHUNK])
def test_oversized(tmp_path, sound, pack, extra):
    """One byte after the announced end is too many."""
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](idx_bytes(sound) + extra))
    assert "oversized" in complaint(path)


@pytest.mark.parametrize("pack", ["gz", "xz"])
def test_bytes_after_the_compressed_content(tmp_path, sound, pack):
    """Something that follows the compressed content is not passed over in silence."""
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](idx_bytes(sound)) + b"something else")
    assert "damaged" in complaint(path)


def test_wrong_gzip_checksum(tmp_path, sound):
    """A flipped bit in gzip's CRC is found, though all the numbers arrived."""
    content = bytearray(gzip.compress(idx_bytes(sound)))
    content[-5] ^= 1  # the trailer is CRC (4 bytes), length (4 bytes)
    path = tmp_path / "file.gz"
    path.write_bytes(content)
    assert "damaged: incorrect data check" in complaint(path)


@given(position=st.integers(0, 10**6), bit=st.integers(0, 7), pack=st.sampled_from(["gz", "xz"]))
def test_flipped_bits(position, bit, pack, tmp_path_factory):
    """A flipped bit in a compressed file never gives other numbers: it is refused or does not matter."""
    array = np.arange(300, dtype=np.int16)
    content = bytearray(PACK[pack](idx_bytes(array)))
    content[position % len(content)] ^= 1 << bit
    path = tmp_path_factory.mktemp("flip") / "file"
    path.write_bytes(content)
    try:
        read = read_idx(path)
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 -- both outcomes are right
    else:
        np.testing.assert_array_equal(read, array)


@given(content=st.binary(max_size=200))
def test_any_bytes(content, tmp_path_factory):
    """Whatever a file holds, the answer is an array or one line."""
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(b"\0\0\x08" + content)
    try:
        read = read_idx(path)
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 -- both outcomes are right
    else:
        assert read.size == len(content) - 1 - 4 * content[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (gzip.compress(b""), "is empty"),
        (b"\x89PNG\r\n\x1a\n", "not an IDX file"),
        (b"\0\1\x08\1\0\0\0\0", "not an IDX file"),
        (b"\0\0\x0a\1\0\0\0\0", "type code 0A is none of 08, 09, 0B, 0C, 0D, 0E"),
        (b"\0\0\x08\xff" + b"\0\0\0\1" * 255, "255 axes"),
    ],
    ids=["empty", "nothing compressed", "png", "second byte", "type code", "axes"],
)
def test_not_idx(tmp_path, content, words):
    """A file that is something else is told apart by its first bytes."""
    path = tmp_path / "file"
    path.write_bytes(content)
    assert words in complaint(path)


@pytest.mark.parametrize("shape", [(2**31, 2**31), (2**32 - 1,) * 32, (0, 2**31, 2**31)], ids=str)
def test_absurd_shapes(tmp_path, shape):
    """A shape beyond any memory is refused, also where an empty axis makes its product 0."""
    path = tmp_path / "file"
    path.write_bytes(idx_bytes(np.zeros(0, np.uint8), shape=shape))
    assert "more than the limit of 4,294,967,296 bytes" in complaint(path)


def test_limit_of_the_caller(tmp_path, sound):
    """A caller's own limit holds, and a file of exactly that size passes."""
    path = tmp_path / "file"
    path.write_bytes(idx_bytes(sound))
    assert read_idx(path, max_bytes=sound.nbytes).size == sound.size
    assert "more than the limit of 23 bytes" in complaint(path, max_bytes=sound.nbytes - 1)


@pytest.mark.parametrize("pack", PACK)
def test_a_lying_header_allocates_nothing(tmp_path, pack):
    """3 GB announced and 100 bytes there: memory follows the content, not the header."""
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](idx_bytes(np.zeros(100, np.uint8), shape=(3 << 30,))))
    tracemalloc.start()
    try:
        assert "truncated" in complaint(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < (12 << 20)  # 8 MiB of it are the dictionary of xz


@pytest.mark.parametrize("pack", ["gz", "xz"])
def test_a_bomb_is_not_unpacked(tmp_path, sound, pack):
    """64 MiB of zeros behind a small header: reading stops with the first byte too many."""
    path = tmp_path / "file"
    path.write_bytes(PACK[pack](idx_bytes(sound) + bytes(64 << 20)))
    tracemalloc.start()
    try:
        assert "oversized" in complaint(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < (12 << 20)  # 8 MiB of it are the dictionary of xz


def test_xz_may_not_ask_for_any_memory(tmp_path):
    """An xz header that names a huge dictionary is refused before it is allocated."""
    content = bytearray(lzma.compress(b"\0\0\x08\1\0\0\0\0"))
    header = slice(12, 12 + 4 * (content[12] + 1))  # the block header, right after the stream header
    block = content[header]
    position = block.index(b"\x21\x01") + 2  # LZMA2, one byte of properties: the dictionary's size
    block[position] = 39  # 3 GiB
    block[-4:] = struct.pack("<I", zlib.crc32(block[:-4]))
    content[header] = block
    path = tmp_path / "file.xz"
    path.write_bytes(content)
    assert "memory usage limit exceeded" in complaint(path)


def test_missing_folder_and_nul(tmp_path):
    """What is not a file at all is said in so many words."""
    assert "does not exist" in complaint(tmp_path / "nothing")
    assert "is a folder" in complaint(tmp_path)
    with pytest.raises(DataError, match="NUL"):
        read_idx("a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_not_waited_for(tmp_path):
    """A pipe that nobody writes to is refused instead of being waited for."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert "not a regular file" in complaint(path)


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError(13, "Permission denied"), "permission denied"), (OSError(5, "I/O error"), "I/O error")],
    ids=["permission", "disk"],
)
def test_unreadable(tmp_path, sound, monkeypatch, error, words):
    """A file that the system refuses to give is told apart from a damaged one."""
    path = tmp_path / "file"
    path.write_bytes(idx_bytes(sound))

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert words in complaint(path)


def test_more_than_memory(tmp_path, sound, monkeypatch):
    """Numbers that do not fit in memory end in one line too."""
    path = tmp_path / "file"
    path.write_bytes(idx_bytes(sound))

    def give_up(*_):
        raise MemoryError

    monkeypatch.setattr(idx._Source, "take", give_up)
    assert "does not fit in memory" in complaint(path)


def test_two_reads_share_nothing(tmp_path, sound):
    """Each read gives its own array."""
    path = tmp_path / "file"
    path.write_bytes(idx_bytes(sound))
    first, second = read_idx(path), read_idx(path)
    first[:] = 0
    np.testing.assert_array_equal(second, sound)
    assert math.prod(first.shape) == first.size


def bomb(pack, *shape):
    """A small file that unpacks to an IDX file of zeros."""
    return PACK[pack](idx_bytes(np.zeros(0, np.uint8), shape=shape) + bytes(math.prod(shape)))


@pytest.mark.parametrize(
    ("pack", "shape"),
    [("gz", (70 << 20,)), ("gz", (70 << 10, 32, 32)), ("xz", (70 << 10, 32, 32)), ("gz", (70 << 20, 1, 1))],
)
def test_a_file_made_to_fill_the_memory(tmp_path, pack, shape):
    """A file of 70 kB that unpacks to 70 MB of zeros is no file of pictures."""
    path = tmp_path / "file"
    path.write_bytes(bomb(pack, *shape))
    assert "holds more than 200 times its own size" in complaint(path)


@pytest.mark.parametrize("pack", ["gz", "xz"])
def test_blank_pictures_are_pictures(tmp_path, pack):
    """A small set of blank pictures is read however well it was compressed."""
    (tmp_path / "file").write_bytes(bomb(pack, 1 << 10, 32, 32))
    assert read_idx(tmp_path / "file").shape == (1 << 10, 32, 32)
