"""Make the demo: one trained LeNet as a page in each language, beside this file.

python docs/demo/build.py, about 20 seconds on two cores
"""

import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from convlens.explorer import write_explorer
    from convlens.runs import Run
    from convlens.words import LANGUAGES
except ModuleNotFoundError as error:
    sys.exit(f"build.py needs convlens ({error}): run `pip install .` in the folder of the repository first.")

HERE = Path(__file__).parent
TRAINING = ("train", "lenet", "--train-size", "60000", "--epochs", "5")


def pages(run: Run, folder: Path) -> list[Path]:
    """Write a finished run as a page in each language, and return where they are."""
    return [write_explorer(run, folder / f"{lang}.html", lang=lang) for lang in LANGUAGES]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "run"
        subprocess.run([sys.executable, "-m", "convlens", *TRAINING, "--out", str(folder)], check=True)  # noqa: S603
        for page in pages(Run(folder), HERE):
            print(page)  # noqa: T201
