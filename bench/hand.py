"""Pictures of people's own digits, prepared as MNIST was made: how many of them a trained network reads.

python bench/hand.py FOLDER choosing|judging RUN [RUN ...]

FOLDER holds `styles.tsv` (columns file, label, writer, style) and the pictures that it names. The writers are
halved by a rule that was written before any picture was measured: writers with a photographed picture (a
style that begins with "photo") and writers with none, each group ordered by the SHA-256 of the writer's name
(hexadecimal), the first, third, fifth … of a group are for choosing the constants of
`convlens.data.handwriting`, the others for judging what was chosen, once.
"""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HALVES = ("choosing", "judging")


class Labelled(NamedTuple):
    """One picture of a digit, by whom, and how it came about."""

    path: Path
    label: int
    writer: str
    style: str

    @property
    def photographed(self) -> bool:
        """Whether a camera or a scanner saw it."""
        return self.style.startswith("photo")


def labelled(folder: Path) -> list[Labelled]:
    """Return what the table in a folder says of its pictures."""
    with (folder / "styles.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [
            Labelled(folder / row["file"], int(row["label"]), row["writer"], row["style"]) for row in rows
        ]


def halves(pictures: Iterable[Labelled]) -> dict[str, str]:
    """Return which half each writer belongs to, by the rule at the top."""
    pictures = list(pictures)
    photographers = {one.writer for one in pictures if one.photographed}
    others = {one.writer for one in pictures} - photographers
    ordered = [sorted(group, key=_digest) for group in (photographers, others)]
    return {writer: HALVES[place % 2] for group in ordered for place, writer in enumerate(group)}


def _digest(writer: str) -> str:
    return hashlib.sha256(writer.encode()).hexdigest()
