"""Size and SHA-256 of files: whether what is read is what was written. Must not know what they hold."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convlens.errors import RunError

__all__ = ["Stamp", "difference", "stamp", "stamps_from"]

_PIECE = 1 << 20


@dataclass(frozen=True)
class Stamp:
    """What a file is known by."""

    n_bytes: int
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"bytes": self.n_bytes, "sha256": self.sha256}


def stamp(path: Path, n_bytes: int | None = None) -> Stamp:
    """Return the stamp of a file, or of its first `n_bytes`.

    Raises:
        OSError: it cannot be read.
    """
    digest, left = hashlib.sha256(), path.stat().st_size if n_bytes is None else n_bytes
    size = 0
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(left, _PIECE))):
            digest.update(piece)
            size += len(piece)
            left -= len(piece)
    return Stamp(size, digest.hexdigest())


def difference(folder: Path, stamps: Mapping[str, Stamp], prefixes: Iterable[str] = ()) -> str | None:
    """Say in which file a folder is not as its stamps say, or return None.

    Args:
        folder: holds the files.
        stamps: by the files' names.
        prefixes: names of files that may have grown since: their beginning is compared.
    """
    grown = set(prefixes)
    for name, wanted in stamps.items():
        path = folder / name
        try:
            size = path.stat().st_size
            if not path.is_file():
                return f"{name} is not a file"
            if size < wanted.n_bytes or (size > wanted.n_bytes and name not in grown):
                return f"{name} has {size:,} bytes, not {wanted.n_bytes:,}"
            if stamp(path, wanted.n_bytes) != wanted:
                return f"{name} is not what was written: its SHA-256 is another"
        except FileNotFoundError:
            return f"{name} is missing"
        except (OSError, ValueError) as error:
            return f"cannot read {name} ({getattr(error, 'strerror', None) or error})"
    return None


def stamps_from(data: Any, where: str) -> dict[str, Stamp]:  # noqa: ANN401
    """Return stamps that were read, by the names of files within one folder.

    Raises:
        RunError: it holds something else, or a name that leads out of the folder.
    """
    if not isinstance(data, dict) or not data:
        raise RunError(f"{where} names no files with their SHA-256.")
    found = {}
    for name, value in data.items():
        parts = Path(name).parts
        told = (value.get("bytes"), value.get("sha256")) if isinstance(value, dict) else (None, None)
        fits = isinstance(told[0], int) and not isinstance(told[0], bool) and isinstance(told[1], str)
        if not fits or ".." in parts or Path(name).is_absolute() or not 1 <= len(parts) <= 2:
            raise RunError(f"{where} does not tell size and SHA-256 of {name[:80]!r}.")
        found[name] = Stamp(*told)  # type: ignore[arg-type]
    return found
