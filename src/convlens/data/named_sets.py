"""The data sets that have a name and do not ship with convlens: what they are, and where they are had.

Looked for, in this order: where a system's package puts them, in the folders that `CONVLENS_DATA` names,
where an earlier download is kept; then they are downloaded. Must not know networks.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from convlens.data.cifar import load_cifar10
from convlens.data.dataset import DatasetPair
from convlens.data.download import Download, MissingDownloaderError, fetch
from convlens.data.folder import FILE_NAMES, load_idx_folder
from convlens.data.idx import read_idx_with_sha256
from convlens.data.places import DATA_FOLDERS, folders_of_data, kept_in
from convlens.errors import DataError

__all__ = ["FASHION_CLASSES", "NAMED_SETS", "NamedSet", "located", "where"]

FASHION_CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)

_FASHION_CONTENT = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
"""SHA-256 of the decompressed files: copies differ in how they were compressed."""


@dataclass(frozen=True)
class NamedSet:
    """A data set that is had by its name.

    Attributes:
        title: as one writes it.
        licence: under which it may be used.
        files: as the mirrors have them.
        mirrors: addresses of folders.
        is_in: says whether a folder holds the set.
        read: opens it there.
        packaged: the folders of systems' packages.
        package: how one installs such a package.
    """

    title: str
    licence: str
    files: tuple[Download, ...]
    mirrors: tuple[str, ...]
    is_in: Callable[[Path], bool]
    read: Callable[[Path], DatasetPair]
    packaged: tuple[Path, ...] = ()
    package: str = ""

    @property
    def n_bytes(self) -> int:
        """How much is downloaded."""
        return sum(file.n_bytes for file in self.files)


def _has_fashion(folder: Path) -> bool:
    """Say whether a folder has Fashion-MNIST, by its smallest file: MNIST's files have the same names."""
    labels = FILE_NAMES["test"][1]
    for suffix in ("", ".gz"):
        with suppress(DataError):
            return read_idx_with_sha256(folder / f"{labels}{suffix}")[1] == _FASHION_CONTENT[labels]
    return False


def _fashion(folder: Path) -> DatasetPair:
    pair = load_idx_folder(folder, FASHION_CLASSES, "Fashion-MNIST")
    for plain, digest in (pair.train.sha256 | pair.test.sha256).items():
        if digest != _FASHION_CONTENT[plain]:
            raise DataError(
                f"{plain} in {folder} does not have the SHA-256 of Fashion-MNIST's file. "
                "Remove it, and it is downloaded again."
            )
    return pair


def _has_file(file: Download, folder: Path) -> bool:
    path = folder / file.name
    return path.is_file() and path.stat().st_size == file.n_bytes


def cifar10(archive: Download, mirrors: tuple[str, ...]) -> NamedSet:
    """Return CIFAR-10 as it is had from an archive."""
    return NamedSet(
        title="CIFAR-10",
        licence="none is stated",
        files=(archive,),
        mirrors=mirrors,
        is_in=partial(_has_file, archive),
        read=lambda folder: load_cifar10(folder / archive.name, archive.sha256),
    )


NAMED_SETS: dict[str, NamedSet] = {
    "fashion-mnist": NamedSet(
        title="Fashion-MNIST",
        licence="MIT",
        files=(
            Download(
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                26_421_880,
            ),
            Download(
                "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                29_515,
            ),
            Download(
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                4_422_102,
            ),
            Download(
                "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                5_148,
            ),
        ),
        mirrors=(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
        ),
        is_in=_has_fashion,
        read=_fashion,
        packaged=(Path("/usr/share/datasets/fashion-mnist"),),
        package="apt install dataset-fashion-mnist on Debian",
    ),
    "cifar10": cifar10(
        Download(
            "cifar-10-binary.tar.gz",
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            170_052_171,
        ),
        (
            "https://www.cs.toronto.edu/~kriz",
            "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10",
        ),
    ),
}
"""By the name that `--data` takes; checksums protect what comes over any line."""


def where(name: str) -> Path | None:
    """Return the folder in which a set is on this machine, or None."""
    return next((folder for folder in _folders(name) if NAMED_SETS[name].is_in(folder)), None)


def located(name: str, ticks: Callable[[int, int], None] | None = None) -> Path:
    """Return the folder in which a set is, after it was downloaded if need be.

    Raises:
        DataError: it is nowhere; the message says what was tried, and how one puts the files there.
    """
    if (found := where(name)) is not None:
        return found
    named, folder = NAMED_SETS[name], kept_in(name)
    try:
        for file in named.files:
            fetch(file, named.mirrors, folder, ticks)
    except DataError as error:
        package = (
            f"{named.package}; or " if named.package and isinstance(error, MissingDownloaderError) else ""
        )
        looked = ", ".join([*map(str, named.packaged), DATA_FOLDERS, "the cache"])
        files = ", ".join(file.name for file in named.files)
        raise DataError(
            f"{named.title} is not on this machine (looked in {looked}); "
            f"{str(error).rstrip('.')}. Remedy: {package}put {files} into {folder}."
        ) from error
    return folder


def _folders(name: str) -> Iterator[Path]:
    """Yield where a set may be, as packages, torchvision's data folders and earlier downloads have it."""
    yield from NAMED_SETS[name].packaged
    for folder in folders_of_data():
        yield folder
        yield folder / "raw"
    yield kept_in(name)
