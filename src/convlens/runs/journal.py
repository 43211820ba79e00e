"""A text file that only grows, and knows the SHA-256 of what it holds so far. Must not know its lines."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from convlens.errors import RunError
from convlens.files import explained, write_bytes
from convlens.runs.stamps import Stamp

__all__ = ["Journal"]


class Journal:
    """Lines in a file, each flushed to the disk before the next ones come.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._digest = hashlib.sha256()
        self._size = 0

    @property
    def stamp(self) -> Stamp:
        """Of all that was appended."""
        return Stamp(self._size, self._digest.hexdigest())

    def begin(self) -> None:
        """Make the file, empty."""
        self._digest, self._size = hashlib.sha256(), 0
        write_bytes(self.path, b"")

    def go_on(self, at: Stamp) -> None:
        """Go on behind the first `at.n_bytes` bytes; what an attempt that was killed wrote behind them goes.

        Raises:
            RunError: these bytes are not those that were written.
        """
        with explained("read", self.path):
            content = self.path.read_bytes()[: at.n_bytes]
        self._digest, self._size = hashlib.sha256(content), len(content)
        if self.stamp != at:
            raise RunError(f"{self.path.name} is not what was written.")
        with explained("write", self.path):
            os.truncate(self.path, at.n_bytes)

    def append(self, lines: Iterable[str]) -> None:
        """Write lines behind the others."""
        content = "".join(f"{line}\n" for line in lines).encode()
        with explained("write", self.path), self.path.open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        self._digest.update(content)
        self._size += len(content)
