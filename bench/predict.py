"""How far a run's probabilities, "unsure" and doubts can be trusted.

    python bench/predict.py RUN... [--hand FOLDER] [--fashion FILE]

For each run: the temperature; how far probabilities are from the truth on the test images before and after it
(expected calibration error, 15 bins); how many test images are answered surely, and how many of these answers
are wrong. Then, as shares of pictures that go the whole way from a file's bytes: which doubts they raise.
FOLDER holds pictures by digit (0/ to 9/), FILE is an IDX file of pictures of something else, such as
Fashion-MNIST's.
"""

import argparse
import io
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from convlens import Run
from convlens.data import photograph, read_idx
from convlens.findings import Classifier
from convlens.networks.answers import tempered
from convlens.study import wilson

N = 1000  # pictures of each kind


def calibration_error(probable, labels, bins=15):
    """Return the mean distance of confidence from accuracy over bins of confidence."""
    top, right = probable.max(axis=1), probable.argmax(axis=1) == labels
    place = np.minimum((top * bins).astype(int), bins - 1)
    return sum(abs((top - right)[place == i].sum()) for i in range(bins)) / len(top)


def png(picture):
    """Return a grey picture as the bytes of a file."""
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


def kinds(test, fashion, hand):
    """Yield kinds of pictures, each as files' contents, with what they show where that is a digit."""
    rng = np.random.default_rng(0)
    digits = test.x[:, 0]
    few = digits[:N]
    yield "test", [png(one) for one in few], test.t[:N]
    yield "two digits", [png(np.hstack([a, b])) for a, b in zip(few, digits[N : 2 * N], strict=True)], None
    yield "noise", [png(rng.integers(0, 256, (28, 28)).astype(np.uint8)) for _ in few], None
    yield "blank", [png(np.full((40, 30), shade, np.uint8)) for shade in range(0, 256, 5)], None
    yield "turned a quarter", [png(np.rot90(one)) for one in few], None
    photo, corners = (255 * photograph()).astype(np.uint8), rng.integers(0, 156, (N // 5, 2)).tolist()
    yield "photograph", [png(photo[y : y + 100, x : x + 100]) for y, x in corners], None
    if fashion:
        yield "fashion", [png(one) for one in read_idx(fashion)[:N]], None
    if hand:
        files = sorted(Path(hand).glob("[0-9]/*"))
        yield (
            "hand",
            [file.read_bytes() for file in files],
            np.array([int(file.parent.name) for file in files]),
        )


def looked_at(run, fashion, hand):
    """Return what networks for MNIST see of each kind of pictures, and what these show."""
    classifier = Classifier(run)
    return {
        kind: ([classifier.look(content, kind) for content in contents], labels)
        for kind, contents, labels in kinds(run.data.test, fashion, hand)
    }


def measured(run, seen):
    """Print what one run's answers are worth."""
    classifier, test = Classifier(run), run.data.test
    scores = run.predictions["test"]
    before, after = (
        calibration_error(tempered(scores, heat), test.t) for heat in (1, classifier.temperature)
    )
    print(
        f"{run.name}: temperature {classifier.temperature:.2f}, calibration error {before:.2%} -> {after:.2%}"
    )
    if promise := classifier.promise:
        probable = tempered(scores, classifier.temperature)
        given = probable.max(axis=1) >= promise.least
        wrong = int((probable.argmax(axis=1) != test.t)[given].sum())
        span = wilson(wrong, int(given.sum()))
        told = f"{wrong / given.sum():.2%} [{span.low:.2%}, {span.high:.2%}]"
        print(f"  answered {given.mean():.1%} of the test images, {told} of these wrong; all: ", end="")
        print(f"{np.mean(probable.argmax(axis=1) != test.t):.2%} wrong")
    for kind, (pictures, labels) in seen.items():
        judged = classifier.judge(pictures)
        doubts = Counter(doubt.value for one in judged for doubt in one.doubts)
        strange = np.array([one.is_strange for one in judged])
        doubtful = strange | np.array([bool(one.is_unsure) for one in judged])
        told = ", ".join(f"{doubt} {n / len(judged):.1%}" for doubt, n in sorted(doubts.items()))
        line = f"  {kind} ({len(judged)}): strange {strange.mean():.1%} ({told or '-'})"
        line += f", or unsure {doubtful.mean():.1%}"
        if labels is not None:
            right = np.array([one.answer.number for one in judged]) == labels
            line += f"; right {right.mean():.1%}, of those without a remark {right[~doubtful].mean():.1%}"
        print(line, flush=True)


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--hand")
    parser.add_argument("--fashion")
    given = parser.parse_args()
    seen = looked_at(Run(given.runs[0]), given.fashion, given.hand)
    for folder in given.runs:
        measured(Run(folder), seen)


if __name__ == "__main__":
    main()
