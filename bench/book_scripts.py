"""Every script of the book's chapters 3 to 8, run after its import lines were changed, and nothing else.

`python bench/book_scripts.py FOLDER [FOLDER]`: copies of the book's repositories, of
oreilly-japan/deep-learning-from-scratch and WegraLee/deep-learning-from-scratch. In a copy of each, lines
that import the book's own modules become `from convlens.book import *`; each script is run where it lies, and
without a screen: `plt.show()` and `Image.show()` do nothing. Two trainings that take long see only the first
images (`IMAGES`). `--only` picks scripts, `--names` other names, such as convlens.book.exact.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHAPTERS = ("ch03", "ch04", "ch05", "ch06", "ch07", "ch08")
EMPTY = "awesome_net.py"  # one comment: the reader's own network is to come
MODULES = (
    *("common", "dataset", "two_layer_net", "layer_naive", "gradient_2d"),
    *("simple_convnet", "deep_convnet"),
)
IMPORT = re.compile(rf"^\s*(from|import)\s+({'|'.join(MODULES)})\b")
IMAGES = {"ch07/train_convnet.py": 5000, "ch08/train_deepnet.py": 5000}
"""How many images a long training sees; the book itself advises 5,000 where it takes long."""

RUNNER = """
import os, runpy, sys
from importlib import import_module
import PIL.Image
PIL.Image.Image.show = lambda *given, **named: None
script, names, images = sys.argv[1], import_module(sys.argv[2]), int(sys.argv[3])
if images:
    whole = names.load_mnist
    def load_mnist(*given, **named):
        return tuple((x[:images], t[:images]) for x, t in whole(*given, **named))
    names.load_mnist = load_mnist
sys.path[0] = os.path.dirname(script)
sys.argv = [script]
runpy.run_path(script, run_name="__main__")
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folders", type=Path, nargs="+", help="the book's repositories")
    arguments.add_argument("--only", default="", help="scripts whose path holds this, such as ch06/overfit")
    arguments.add_argument("--names", default="convlens.book", help="the module that they import from")
    arguments.add_argument("--seconds", type=float, default=600, help="when a script is stopped")
    given = arguments.parse_args()
    print("| script | edition | import lines | seconds | result |\n|---|---|---|---|---|")
    for folder in given.folders:
        edition = "Korean" if (folder / "ch06" / "batch_norm_test_multi.py").exists() else "Japanese"
        with tempfile.TemporaryDirectory() as aside:
            copy = Path(aside) / "book"
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".git"))
            rows = [tried(script, copy, edition, given) for script in rewritten(copy, given)]
        ran, lines = sum(is_whole for is_whole, _ in rows), sum(changed for _, changed in rows)
        print(f"\n{edition}: {ran} of {len(rows)} scripts ran, {lines} import lines changed, nothing else.\n")


def rewritten(copy, given):
    """Change the import lines of all scripts; return (script, how many were changed) of those to run."""
    found = []
    for path in sorted(one for chapter in CHAPTERS for one in (copy / chapter).glob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        ours = [f"from {given.names} import *" if IMPORT.match(line) else line for line in lines]
        path.write_text("\n".join(ours) + "\n", encoding="utf-8")
        name = path.relative_to(copy).as_posix()
        if path.name != EMPTY and given.only in name:
            found.append((name, sum(map(str.__ne__, lines, ours))))
    return found


def tried(script, copy, edition, given):
    """Run a script, print its row, and return whether it ran whole, and how many lines were changed."""
    name, changed = script
    images = IMAGES.get(name, 0)
    path = copy / name
    command = [sys.executable, "-c", RUNNER, str(path), given.names, str(images)]
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ, "MPLBACKEND": "Agg", "PYTHONUTF8": "1"}
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command, cwd=path.parent, env=environment, timeout=given.seconds, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        errors = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        result = "ran" if done.returncode == 0 else f"failed: {errors}"
    except subprocess.TimeoutExpired:
        result = f"stopped after {given.seconds:.0f} s"
    seconds = time.perf_counter() - start
    of = f", {images:,} images" if images else ""
    print(f"| {name} | {edition} | {changed} | {seconds:.1f} | {result}{of} |", flush=True)
    return result == "ran", changed


if __name__ == "__main__":
    main()
