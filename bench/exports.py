"""Trained networks by ONNX, PyTorch, C in floats and C in whole numbers, beside what they were here.

python bench/exports.py RUN ...     finished runs; needs the extra `test`, PyTorch and a C compiler

For each run: the scores' largest difference from the network's own on all test pictures, in parts of the
largest score, how many answers differ, how many are right, and the C files' bytes (`gcc -Os`, `size`).
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from arguments import names

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "interop"))
from elsewhere import by_c, by_c_int8, by_onnx, by_torch, size_of

from convlens.interop import Exported, quantize
from convlens.runs import Run

CALIBRATION = 500  # as `convlens export --int8`


def lines(run: Run, folder: Path) -> Iterator[str]:
    """Yield a line for each way out."""
    network, test = run.network(), run.data.test
    exported = Exported.of(network, run.class_names)
    given = test.x.astype(np.float32) / np.float32(255)
    own = network.predict(given)
    answers, largest = own.argmax(axis=1), np.abs(own).max()
    yield f"{'convlens':10} {'':38} right {np.mean(answers == test.t):.2%}"
    quantized = quantize(exported, run.data.train.x[:CALIBRATION])
    ways = {
        "ONNX": lambda: by_onnx(exported, given, folder),
        "ONNX bytes": lambda: by_onnx(exported, test.x, folder, from_bytes=True),
        "PyTorch": lambda: by_torch(exported, given, folder),
        "C": lambda: by_c(exported, given, folder),
        "C int8": lambda: by_c_int8(quantized, test.x, folder),
    }
    for way, computed in ways.items():
        scores = computed()
        others = np.count_nonzero(scores.argmax(axis=1) != answers)
        exact = scores * quantized.score_scale if way == "C int8" else scores
        told = f"largest difference {np.abs(exact - own).max() / largest:.1e}, {others:3d} answers differ"
        size = "{:,} bytes, {:,} of memory".format(*size_of(folder / "network.h")) if way[0] == "C" else ""
        yield f"{way:10} {told}, right {np.mean(scores.argmax(axis=1) == test.t):.2%}  {size}"
        if way == "C int8":
            same = np.array_equal(scores, quantized.predict(test.x))
            yield f"{'':10} equal to the reference in whole numbers, bit by bit: {'yes' if same else 'NO'}"


def main() -> None:
    """Print a table for each run."""
    for given in names(__doc__, "RUN"):
        run = Run(given)
        print(f"{run.spec.name}, {run.spec.n_parameters:,} parameters, {len(run.data.test):,} test pictures")
        with tempfile.TemporaryDirectory() as folder:
            for line in lines(run, Path(folder)):
                print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
