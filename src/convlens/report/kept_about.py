"""The author's texts, kept beside their page: who makes it again need not name their file again.

Must not know what is in the texts.
"""

from pathlib import Path

from convlens.arguments import AnyPath, as_annotated
from convlens.files import explained, read_bytes, write_bytes
from convlens.report.about import About, read_about

__all__ = ["NONE", "about_for", "keep_about"]

NONE = "none"
"""What is given instead of a file for a page without the author's texts."""

_MOST_BYTES = 1 << 20


@as_annotated
def about_for(page: AnyPath, given: AnyPath | None) -> tuple[About | None, Path | None]:
    """Return what the author adds to a page, and from which file it comes; (None, None) for nothing.

    Args:
        page: the page's path.
        given: a file, `NONE`, or None for what `keep_about` has kept.

    Raises:
        UsageError: the file cannot be read, or says something wrong.
    """
    kept = _kept(Path(page))
    if given is None and not kept.is_file():
        return None, None
    path = kept if given is None else Path(given)
    return (None, None) if str(path) == NONE else (read_about(path), path)


@as_annotated
def keep_about(page: AnyPath, given: AnyPath | None) -> Path | None:
    """Keep a file of the author's texts beside the page, or none any more, for whoever makes it again.

    Args:
        page: the page's path; the texts are kept in `NAME-about.toml`.
        given: a file, `NONE`, or None to leave what is kept.

    Returns:
        where the texts lie now that were kept and are no longer, or None.

    Raises:
        ConvlensError: it cannot be kept.
    """
    kept = _kept(Path(page))
    if given is None:
        return None
    if str(given) == NONE:
        return _set_aside(kept)
    if not (kept.exists() and kept.samefile(given)):
        with explained("make", kept.parent):
            kept.parent.mkdir(parents=True, exist_ok=True)
        with explained("read", Path(given)):
            content = read_bytes(given, _MOST_BYTES)
        write_bytes(kept, content)
    return None


def _set_aside(kept: Path) -> Path | None:
    """Give kept texts another name: somebody wrote them, and may have no other copy."""
    if not kept.is_file():
        return None
    aside = kept.with_name(f"{kept.name}.old")
    with explained("rename", kept):
        kept.replace(aside)
    return aside


def _kept(page: Path) -> Path:
    return page.with_name(f"{page.stem}-about.toml")
