"""Files from the network: from the first mirror that has the right one, resumed after a cut.

A file has its name only once its SHA-256 is the one that is expected; until then it is NAME.part, from which
the same call goes on. Pooch, from the extra `download`, is imported when it is needed. Must not know what is
in the files.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import move
from typing import Any

from convlens.errors import DataError
from convlens.files import explained
from convlens.interrupts import heed

__all__ = ["Download", "MissingDownloaderError", "fetch"]

_ATTEMPTS = 4
"""How often a mirror is asked, as long as each time something more has come."""

_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
_PIECE = 1 << 13  # bytes: so many are lost at most where a connection is cut


@dataclass(frozen=True)
class Download:
    """A file: what it is called at every mirror and here, its SHA-256 and its size in bytes."""

    name: str
    sha256: str
    n_bytes: int


class MissingDownloaderError(DataError):
    """The extra that downloads is not installed."""


class _CutError(OSError):
    """A file came in part: whoever asks again gets the rest."""


def fetch(
    file: Download,
    mirrors: Sequence[str],
    folder: Path,
    ticks: Callable[[int, int], None] | None = None,
) -> Path:
    """Return a file in a folder, downloaded if it is not there.

    Args:
        file: which one.
        mirrors: addresses of folders that should have it, tried in this order.
        folder: in which it is kept.
        ticks: hears how many bytes of how many have come.

    Raises:
        DataError: no mirror has it; the message says of each why.
        MissingDownloaderError: the extra `download` is not installed.
    """
    try:
        import pooch  # noqa: PLC0415 (an extra)
    except ImportError:
        remedy = 'pip install ".[download]" where convlens was installed from'
        raise MissingDownloaderError(f"nothing was downloaded, for want of a package ({remedy})") from None
    logging.getLogger("pooch").setLevel(logging.ERROR)
    pooch.get_logger().setLevel("ERROR")
    with explained("make", folder):
        folder.mkdir(parents=True, exist_ok=True)
    tried = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file.name}"
        get = _Resuming(file, folder / f"{file.name}.part", ticks)
        try:
            with explained("write", folder / file.name):
                found = pooch.retrieve(url, f"sha256:{file.sha256}", file.name, folder, downloader=get)
            return Path(found)
        except ValueError:
            tried.append(f"{mirror}: another file, of another SHA-256")
        except _Refused as error:
            tried.append(f"{mirror}: {error}")
    raise DataError(f"{file.name} could not be downloaded: {'; '.join(tried)}.")


class _Refused(Exception):  # noqa: N818 (a reason, which becomes an error)
    """Why a mirror did not give a file."""


class _Resuming:
    """What Pooch downloads with: it goes on where the last attempt was cut off."""

    def __init__(self, file: Download, part: Path, ticks: Callable[[int, int], None] | None) -> None:
        self._file, self._part, self._ticks = file, part, ticks

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        """Write what is at an address into a file."""
        del pooch
        from requests.exceptions import RequestException  # noqa: PLC0415 (an extra brings it)

        for attempt in range(_ATTEMPTS):
            before = self._size()
            try:
                self._get(url)
            except (RequestException, _CutError) as error:
                if self._size() > before and attempt + 1 < _ATTEMPTS:
                    continue
                raise _Refused(_reason(error)) from error
            break
        move(self._part, output_file)

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _get(self, url: str) -> None:
        """Ask once for what is missing."""
        import requests  # noqa: PLC0415 (an extra brings it)

        begun = self._size()
        if begun >= self._file.n_bytes:
            self._part.unlink()
            begun = 0
        asked = {"Accept-Encoding": "identity", **({"Range": f"bytes={begun}-"} if begun else {})}
        with requests.get(url, headers=asked, stream=True, timeout=_TIMEOUT) as answer:
            answer.raise_for_status()
            goes_on = answer.status_code == requests.codes.partial_content
            self._write(answer, begun if goes_on else 0)

    def _write(self, answer: Any, done: int) -> None:  # noqa: ANN401 (of an extra)
        """Write the pieces of an answer behind the bytes that are done, at most as many as the file has."""
        with self._part.open("ab") as out:
            out.truncate(done)
            for piece in answer.iter_content(_PIECE):
                heed()
                done += len(piece)
                if done > self._file.n_bytes:
                    break
                out.write(piece)
                if self._ticks is not None:
                    self._ticks(done, self._file.n_bytes)
        if done > self._file.n_bytes:
            self._part.unlink()
            raise _Refused("a larger file")
        if done < self._file.n_bytes:
            raise _CutError(f"cut off after {done:,} of {self._file.n_bytes:,} bytes")


def _reason(error: Exception) -> str:
    """Say in a few words why there is no file, without the address again."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP {response.status_code}"
    if isinstance(error, _CutError):
        return str(error)
    return _REASONS.get(type(error).__name__, "no connection")


_REASONS = {"ConnectTimeout": "no answer", "ReadTimeout": "no answer", "ChunkedEncodingError": "cut off"}
