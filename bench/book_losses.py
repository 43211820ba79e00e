"""The losses of `convlens.book.exact` beside those of the book's own code.

`python bench/book_losses.py FOLDER [FOLDER]`: copies of the book's repositories, of
oreilly-japan/deep-learning-from-scratch first, then of WegraLee/deep-learning-from-scratch. The scripts are
those of `tests/book/traces.py`; each is run with the book's names and with ours. `--write` puts the book's
numbers into `tests/book/losses.json`, which the tests hold ours against; the Korean ones where they differ.
"""

import argparse
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

TESTS = Path(__file__).parents[1] / "tests" / "book"
MODULES = (
    *("common.functions", "common.layers", "common.gradient", "common.util", "common.optimizer"),
    *("common.trainer", "common.multi_layer_net", "common.multi_layer_net_extend"),
    *("simple_convnet", "deep_convnet"),
)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folders", type=Path, nargs="+", help="the book's repositories")
    arguments.add_argument("--write", action="store_true", help="keep the book's numbers for the tests")
    given = arguments.parse_args()
    if len(given.folders) > 1:  # their modules have the same names: a process each
        for folder in given.folders:
            again = ["--write"] if given.write else []
            subprocess.run([sys.executable, __file__, str(folder), *again], check=True)
        return
    (folder,) = given.folders
    sys.path[:0] = [str(TESTS), *(str(folder / name) for name in ("", "ch07", "ch08"))]
    from traces import SCRIPTS

    edition = "korean" if "rmsprpo" in (folder / "common/trainer.py").read_text("utf-8") else "japanese"
    kept = compared(folder, edition, SCRIPTS)
    if given.write:
        path = TESTS / "losses.json"
        known = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if edition == "korean":
            kept = {name: one for name, one in kept.items() if one != known["japanese"][name]}
        path.write_text(json.dumps({**known, edition: kept}, indent=1) + "\n", encoding="utf-8")


def compared(folder, edition, scripts):
    """Print how far ours are off, and return the book's numbers."""
    kept, worst = {}, 0.0
    for name, script in scripts.items():
        try:
            theirs = run(script, book(name, folder))
        except Exception as error:  # noqa: BLE001 (the book's own code may not run today)
            print(f"{name:42} the book's own code fails: {error!r}")
            continue
        ours = run(script, our_names(name, edition))
        off = [float(np.abs(np.subtract(a, b)).max(initial=0)) for a, b in zip(theirs, ours, strict=True)]
        worst = max(worst, *off)
        kept[name] = dict(zip(("losses", "accuracies"), theirs, strict=True))
        print(f"{name:42} {len(theirs[0]):3} losses, off by {off[0]:.1e}; accuracies {off[1]:.1e}")
    print(f"{edition}: worst difference {worst:.1e}")
    return kept


def run(script, names):
    """Return the losses and accuracies of a script."""
    exec(script, names)  # noqa: S102 (a reader's script)
    return [[float(value) for value in names[which]] for which in ("losses", "accuracies")]


def book(name, folder):
    """Return the book's own names, the TwoLayerNet of the chapter included."""
    names = {}
    for module in MODULES:
        names |= vars(import_module(module))
    chapter = "ch04" if name.startswith("chapter 4") else "ch05"
    exec((folder / chapter / "two_layer_net.py").read_text(encoding="utf-8"), names)  # noqa: S102
    return names


def our_names(name, edition):
    """Return our names, the TwoLayerNet of the chapter included."""
    module = "chapter4" if name.startswith("chapter 4") else {"japanese": "exact"}.get(edition, edition)
    names = {}
    exec(f"from convlens.book.{module} import *", names)  # noqa: S102
    return names


if __name__ == "__main__":
    main()
