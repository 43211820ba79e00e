"""What the book's own code raises for readers' mistakes, beside ours: `python bench/book_errors.py FOLDER`.

FOLDER is a copy of oreilly-japan/deep-learning-from-scratch. The mistakes are those of
`tests/book/mistakes.py`.
"""

import argparse
import os
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from book_losses import TESTS
from book_losses import book as its_names


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path, help="the book's repository")
    folder = arguments.parse_args().folder.resolve()
    sys.path[:0] = [str(TESTS), *(str(folder / name) for name in ("", "ch07", "ch08"))]
    from mistakes import MISTAKES, NETS

    warnings.simplefilter("ignore")
    unlike = 0
    for name, (script, wanted) in MISTAKES.items():
        theirs = raised(NETS + script, its_names(name, folder))
        ours = {}
        exec("from convlens.book import *", ours)  # noqa: S102
        mine = raised(NETS + script, ours)
        said = wanted if isinstance(wanted, str) else wanted.__name__
        is_alike = said in kinds(theirs) and said in kinds(mine)
        unlike += not is_alike
        print(
            f"{'' if is_alike else 'NOT '}{name}: {said}; the book {theirs!r}; convlens {type(mine).__name__}"
        )
    print(f"{len(MISTAKES) - unlike} of {len(MISTAKES)} alike")


def raised(script, names):
    """Return what a script raises in an empty folder."""
    np.random.seed(0)  # noqa: NPY002 (the book's contract)
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as empty:
        os.chdir(empty)
        try:
            exec(script, names)  # noqa: S102 (a reader's script)
        except Exception as error:  # noqa: BLE001 (it is looked at)
            return error
        finally:
            os.chdir(before)
    return None


def kinds(error):
    """Return the names of all that an `except` may say to catch it."""
    return {kind.__name__ for kind in type(error).__mro__}


if __name__ == "__main__":
    main()
