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
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from arguments import names

from convlens.data import prepare, read_picture
from convlens.data.handwriting import LARGEST
from convlens.runs import Run
from convlens.study import wilson

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


def told(run: Run, pictures: Sequence[Labelled], images: np.ndarray) -> list[str]:
    """Return what a run's network reads of each kind of picture, one line a kind."""
    network = run.network()
    answers = network.predict(images.astype(np.float32)[:, None] / np.float32(255)).argmax(axis=1)
    right = answers == [one.label for one in pictures]
    lines = []
    for kind in ("photographed", "drawn"):
        mine = right[[one.photographed == (kind == "photographed") for one in pictures]]
        within = wilson(int(mine.sum()), len(mine))
        share = f"{100 * mine.mean():.1f} % [{100 * within.low:.1f}, {100 * within.high:.1f}]"
        who = f"{run.spec.name:14} seed {run.seed}"
        lines.append(f"{who}  {kind:12}  {mine.sum():3} of {len(mine):3}  {share}")
    return lines


def main() -> None:
    """Measure the runs on one half of the writers."""
    words = names(__doc__, "FOLDER HALF RUN")
    if len(words) < 3 or words[1] not in HALVES:
        sys.exit("python bench/hand.py FOLDER choosing|judging RUN [RUN ...]")
    every = labelled(Path(words[0]))
    half = halves(every)
    pictures = [one for one in every if half[one.writer] == words[1]]
    images = np.stack([prepare(read_picture(one.path, LARGEST)).image for one in pictures])
    for folder in words[2:]:
        print("\n".join(told(Run(folder), pictures, images)))


if __name__ == "__main__":
    main()
