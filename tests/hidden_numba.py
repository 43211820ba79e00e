"""Numba hidden from a process, or damaged in it: packages of its name that do something else."""

import os
import subprocess
import sys

ABSENT = {name: f'raise ModuleNotFoundError("No module named {name!r}")' for name in ("numba", "llvmlite")}


def python(folder, *args, instead=ABSENT):
    """Run Python, where each package of `instead` consists of the line given; return what came of it."""
    for name, line in instead.items():
        (folder / "instead" / name).mkdir(parents=True, exist_ok=True)
        (folder / "instead" / name / "__init__.py").write_text(f"{line}\n", encoding="utf-8")
    found = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(map(str, filter(None, (folder / "instead", found))))
    return subprocess.run(
        [sys.executable, *map(str, args)],
        env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def convlens(folder, *args, **settings):
    """Run a command of convlens so."""
    return python(folder, "-m", "convlens", *args, **settings)
