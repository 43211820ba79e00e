"""What a file is when it is not what its name says. Must not know who reads it.

A download often leaves something else under the name of the file: the page that would have led to it, a
pointer of Git LFS, an error message. Whoever refuses a file says so, with the remedy.
"""

import re

__all__ = ["mistaken_for"]

_POINTERS = (b"version https://git-lfs.github.com/", b"version https://hawser.github.com/")

_STARTS: tuple[tuple[bytes, str], ...] = (
    *((start, "a pointer of Git LFS, not the file itself: run `git lfs pull`") for start in _POINTERS),
    (b"\x93NUMPY", "an array of NumPy's (.npy)"),
    (b"PK\x03\x04", "a zip archive (.zip, .npz or PyTorch's .pt): unpack it, or save its content anew"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip file: unpack it"),
    (b"BZh", "a bzip2 file: unpack it"),
    (b"\xfd7zXZ\0", "an xz file: unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it"),
    (b"Rar!", "a rar archive: unpack it"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unpack it"),
    (b"\x89HDF\r\n", "an HDF5 file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"MZ", "a program of Windows"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a SQLite database"),
    (b"PAR1", "a Parquet table"),
)

_SHORT = 60  # letters of a text that are shown


def mistaken_for(content: bytes) -> str | None:
    """Say what a file is that is not what was wanted; None where its beginning does not tell.

    Args:
        content: the file's beginning, a few hundred bytes or more.

    >>> mistaken_for(b"<!DOCTYPE html><html>")
    'a web page, not the file itself: download the file that it links to'
    """
    if not content:
        return "empty"
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[257:262] == b"ustar":
        return "a tar archive: unpack it"
    return _text(content[:400])


def _text(start: bytes) -> str | None:
    """Say what a text is, by how it begins."""
    coding = "utf-16" if start[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = start.decode(coding)
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:  # a letter cut in two at the end is none of the file's faults
            return None
        text = start[: error.start].decode(coding)
    text = text.strip()
    if re.match(r"<(!doctype|html|head|body|script|meta|!--|\?xml)", text, re.IGNORECASE):
        return "a web page, not the file itself: download the file that it links to"
    if text.startswith(("/annex/", "../.git/annex", ".git/annex")):
        return "a pointer of git-annex, not the file itself: run `git annex get`"
    if text.startswith("{"):
        return f"a JSON text, which begins {_beginning(text)}"
    if len(text) > 3 and text.isascii() and all(c.isprintable() or c.isspace() for c in text):
        return f"a text, which begins {_beginning(text)}"
    return None


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return f"`{words[:_SHORT].rstrip()}{'…' if len(words) > _SHORT else ''}`"
