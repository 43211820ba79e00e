"""CIFAR-10 from its binary archive; the others hold pickles, which are never read. Must not know mirrors.

In the archive lie data_batch_1.bin to data_batch_5.bin and test_batch.bin: for each picture one byte, the
class, and 3 x 1,024 bytes, red, green and blue, row by row.

Reference: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
"""

import hashlib
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import numpy as np

from convlens.data.dataset import Dataset, DatasetPair
from convlens.data.opened import opened
from convlens.errors import DataError
from convlens.interrupts import heed

__all__ = ["CLASSES", "load_cifar10"]

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

_SIDE = 32
_RECORD = 1 + 3 * _SIDE * _SIDE
_MOST = 10_000  # pictures of one file
_FILES: Mapping[str, tuple[str, ...]] = {
    "train": tuple(f"data_batch_{k}.bin" for k in range(1, 6)),
    "test": ("test_batch.bin",),
}


def load_cifar10(archive: Path, sha256: str, name: str = "CIFAR-10") -> DatasetPair:
    """Read the binary archive, once it is known to be the right one.

    Args:
        archive: a tar file, compressed by gzip.
        sha256: what its own must be.
        name: of the data set.

    Raises:
        DataError: it is missing, another file or damaged.
    """
    again = f"Remove {archive}, and it is downloaded again, or copy it again."
    with opened(archive) as file:
        digest = hashlib.sha256()
        for piece in iter(lambda: file.read(1 << 20), b""):
            heed()
            digest.update(piece)
        if digest.hexdigest() != sha256:
            raise DataError(f"{archive} does not have the SHA-256 of {name}'s binary archive. {again}")
        file.seek(0)
        try:
            with tarfile.open(fileobj=file, mode="r|gz") as tar:
                content = _contents(tar)
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise DataError(f"{archive} is damaged. {again}") from error
    parts = {}
    for part, names in _FILES.items():
        if missing := [one for one in names if not content.get(one) or len(content[one]) % _RECORD]:
            raise DataError(f"{archive} has no whole {missing[0]}. {again}")
        records = np.frombuffer(b"".join(content.pop(one) for one in names), np.uint8).reshape(-1, _RECORD)
        images = records[:, 1:].reshape(-1, 3, _SIDE, _SIDE)
        parts[part] = Dataset(name, images, records[:, 0], CLASSES, {archive.name: sha256})
    return DatasetPair(**parts)


def _contents(tar: tarfile.TarFile) -> dict[str, bytes]:
    """Return the files that hold pictures, by their names, of each as much as there may be."""
    wanted = {name for names in _FILES.values() for name in names}
    found: dict[str, bytes] = {}
    for member in tar:
        heed()
        name = PurePosixPath(member.name).name
        file = tar.extractfile(member) if name in wanted and member.isfile() else None
        if file is not None:
            found[name] = file.read(_MOST * _RECORD + 1)
    return found
