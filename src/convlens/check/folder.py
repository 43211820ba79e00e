"""Many submissions at once: a table that is added to file by file, and goes on where it stopped.

Each file is read before the first one is run, and each is run as a copy in a folder of its own: what one of
them deletes or writes is not what the next one reads. Must not know how a page is written.
"""

import csv
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from convlens.check.isolated import SUFFIXES, Bounds, check_file
from convlens.check.source import MOST
from convlens.check.submission import Submission
from convlens.check.told import NAME, read_told
from convlens.errors import ConvlensError, DataError, UsageError, one_line
from convlens.files import explained, read_bytes, read_text, require_place, write_bytes, write_text

__all__ = ["Row", "check_folder", "submissions"]

_HIDDEN = {"__pycache__", ".ipynb_checkpoints"}
_MOST_FILES = 20_000
_BESIDE = 200  # further .py files of a submission that has a folder of its own


@dataclass(frozen=True)
class Row:
    """One submission, as the table has it.

    Attributes:
        file: its path in the folder.
        state: "right", "wrong", "stopped" (it could not be checked) or "nothing" (there is nothing to check).
        checked: names of the classes that were checked.
        wrong: what is wrong, "Class target: cause", one behind the other.
        causes: keys of the likely causes.
        not_made: classes of which no object could be made.
        message: why it was stopped.
        sha256: of the file.
    """

    file: str
    state: str
    checked: str = ""
    wrong: str = ""
    causes: str = ""
    not_made: str = ""
    message: str = ""
    sha256: str = ""


_COLUMNS = [field.name for field in fields(Row)]


def submissions(folder: Path) -> list[Path]:
    """Return the files in a folder that are to be checked, in the order of their names."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_hidden = any(part.startswith(".") or part in _HIDDEN for part in parts)
        if path.suffix in SUFFIXES and not is_hidden and path.is_file():
            found.append(path)
        if len(found) > _MOST_FILES:
            raise UsageError(f"`folder` of check must hold at most {_MOST_FILES:,} files. Got {folder}.")
    return found


def check_folder(
    folder: Path,
    out: Path,
    bounds: Bounds | None = None,
    workers: int = 1,
    heard: Callable[[Row, int, int], None] | None = None,
) -> list[Row]:
    """Check every file of a folder, and keep a table of what was found.

    A table that is there already is gone on with: a file that it has, of the same content, is not run again.

    Args:
        folder: of submissions.
        out: the table, a CSV file.
        bounds: what the check of one file may use.
        workers: how many are checked at once.
        heard: is told each row as it comes, how many there are now, and how many there will be.

    Raises:
        UsageError: there is nothing to check.
        DataError: `out` is a file that is no such table.
    """
    paths = _required(folder)
    require_place(out)
    read_told(folder / NAME)
    contents = {path: _content(path) for path in paths}
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    kept = _kept(out)
    rows = {path: kept[names[path]] for path in paths if _is_same(kept.get(names[path]), contents[path])}
    left = [path for path in paths if path not in rows]
    with ThreadPoolExecutor(workers) as pool:
        waiting = {pool.submit(_row, path, folder, names[path], contents, bounds): path for path in left}
        for done in as_completed(waiting):
            rows[waiting[done]] = done.result()
            _write(out, [rows[path] for path in paths if path in rows])
            if heard is not None:
                heard(done.result(), len(rows), len(paths))
    _write(out, [rows[path] for path in paths])
    return [rows[path] for path in paths]


def _required(folder: Path) -> list[Path]:
    """Return the files of a folder, of which there must be some."""
    paths = submissions(folder)
    if not paths:
        raise UsageError(
            f"`folder` of check must hold files ending in {' or '.join(SUFFIXES)}. Got {folder}."
        )
    return paths


def _content(path: Path) -> bytes | str:
    """Return a file's content, or why it cannot be read."""
    try:
        return read_bytes(path, MOST)
    except OSError as error:
        return one_line(error.strerror or error)


def _digest(content: bytes | str) -> str:
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else ""


def _is_same(row: Row | None, content: bytes | str) -> bool:
    return row is not None and bool(row.sha256) and row.sha256 == _digest(content)


def _row(
    path: Path, folder: Path, name: str, contents: Mapping[Path, bytes | str], bounds: Bounds | None
) -> Row:
    """Check a copy of one submission."""
    content = contents[path]
    if isinstance(content, str):
        return Row(name, "stopped", message=content)
    with tempfile.TemporaryDirectory(prefix="convlens-copy-", ignore_cleanup_errors=True) as place:
        copy = Path(place) / "submission" / path.name
        copy.parent.mkdir()
        for one, found in [*_beside(path, folder, contents), (path, content)]:
            write_bytes(copy.parent / one.name, found)
        told = next((one for one in (path.parent / NAME, folder / NAME) if one.is_file()), None)
        if told is not None:
            write_bytes(copy.parent / NAME, read_bytes(told, MOST))
        try:
            row = _as_row(name, check_file(copy, bounds=bounds), _digest(content))
        except (ConvlensError, OSError) as error:
            row = Row(name, "stopped", message=one_line(error), sha256=_digest(content))
        return replace(row, message=row.message.replace(str(copy), name))  # nobody else knows of the copy


def _beside(path: Path, folder: Path, contents: Mapping[Path, bytes | str]) -> Iterator[tuple[Path, bytes]]:
    """Yield the files that lie beside a submission which has a folder of its own: it may import them."""
    if path.parent == folder:
        return
    beside = [one for one in contents if one.parent == path.parent and one.suffix == ".py" and one != path]
    for one in beside[:_BESIDE]:
        found = contents[one]
        if isinstance(found, bytes):
            yield one, found


def _as_row(name: str, found: Submission, digest: str) -> Row:
    wrong = [
        f"{outcome.name} {finding.check} {finding.target}: {' or '.join(finding.causes) or '?'}"
        for outcome in found.outcomes
        for finding in outcome.findings
    ]
    causes = dict.fromkeys(key for outcome in found.outcomes for key in outcome.causes)
    if found.ended:
        state = "stopped"
    elif found.is_wrong:
        state = "wrong"
    else:
        state = "right" if found.outcomes else "nothing"
    return Row(
        name,
        state,
        " ".join(outcome.name for outcome in found.outcomes),
        "; ".join(wrong),
        " ".join(causes),
        " ".join(found.not_made),
        found.text() if found.ended else "",
        digest,
    )


def _write(out: Path, rows: list[Row]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    table.writerows([_cell(value) for value in asdict(row).values()] for row in rows)
    write_text(out, text.getvalue())


def _cell(value: str) -> str:
    """Return a text that no program of tables takes for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r", "'"} else value


def _kept(out: Path) -> dict[str, Row]:
    """Return the rows of a table that was begun, by file."""
    if not out.exists():
        return {}
    with explained("read", out):
        try:
            lines = list(csv.reader(io.StringIO(read_text(out))))
        except (UnicodeDecodeError, csv.Error):
            lines = []
    if not lines or lines[0] != _COLUMNS:
        raise DataError(f"{out} is no table of such checks: it is not written over. Give another `--out`.")
    rows = [
        Row(*(value.removeprefix("'") for value in line)) for line in lines[1:] if len(line) == len(_COLUMNS)
    ]
    return {row.file: row for row in rows}
