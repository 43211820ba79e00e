"""Where a command writes a page: never over a file that somebody else made. Must not know what is on it."""

from pathlib import Path

from convlens.errors import UsageError, shown

__all__ = ["require_own", "require_page"]

_OURS = b'<meta name="generator" content="convlens '  # in the head of every page
_HEAD = 4096  # bytes


def require_page(out: Path, command: str) -> None:
    """Refuse an `--out` that can be no page, or at which something else lies, before anything long is done.

    Raises:
        UsageError: it does not end in .html, or a file is there that convlens did not write.
        ConvlensError: nothing can be written there.
    """
    from convlens.files import require_place  # noqa: PLC0415 (lazy)

    if out.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"`--out` of {command} must end in .html. Got {shown(out.name)}.")
    require_place(out)
    require_own(out)


def require_own(page: Path) -> None:
    """Refuse to replace a file that is no page of convlens.

    Raises:
        UsageError: it is none.
        ConvlensError: it cannot be read.
    """
    _require(page, _OURS, "page")


def require_own_results(results: Path) -> None:
    """Refuse to replace a file that is no results of convlens.

    Raises:
        UsageError: it is none.
        ConvlensError: it cannot be read.
    """
    _require(results, b'"experiments": [', "results")


def _require(path: Path, mark: bytes, what: str) -> None:
    from convlens.files import explained  # noqa: PLC0415 (lazy)

    if not path.is_file():
        return
    with explained("read", path), path.open("rb") as file:
        head = file.read(_HEAD)
    if head and mark not in head:
        raise UsageError(
            f"{path} is there, and convlens did not write it as its {what}: it stays as it is. "
            "Move it away, or give another `--out`."
        )
