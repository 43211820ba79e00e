"""The streams that commands write to: what cannot be shown never ends a command. Must not know commands.

stderr carries progress: a full disk behind it, a terminal that has gone or a pipe that nobody reads any more
change nothing. stdout carries results: those that cannot be written are an error, which `main` answers.
"""

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["forgive_streams"]


def forgive_streams() -> None:
    """Let no stream's absence or alphabet, and no failure of stderr, end a command."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: what is said goes nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Hangul shows ? instead of failing
    buffer = getattr(sys.stderr, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # `python -u` has no buffer between
    if isinstance(raw, io.FileIO):
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(_Forgiving(raw, sys.stderr)),
            sys.stderr.encoding,
            "replace",
            line_buffering=True,
            write_through=True,
        )


class _Forgiving(io.RawIOBase):
    """A stream whose writing never fails: what cannot be written is dropped.

    Args:
        stream: where it goes; stays open when this is closed.
        owner: the text stream that it belongs to: kept, as it closes `stream` when nobody holds it any more.
    """

    def __init__(self, stream: io.FileIO, owner: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._owner = owner

    def writable(self) -> bool:
        """Say yes."""
        return True

    def fileno(self) -> int:
        """Return the stream's file descriptor."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Say whether it is a terminal."""
        try:
            return self._stream.isatty()
        except (OSError, ValueError):  # closed by somebody
            return False

    def write(self, content: "ReadableBuffer", /) -> int:
        """Write what can be written; the rest counts as written."""
        try:
            written = self._stream.write(content)
        except (OSError, ValueError):  # ValueError: closed by somebody
            written = None
        return memoryview(content).nbytes if written is None else written
