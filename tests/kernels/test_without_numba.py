"""Where Numba cannot be loaded: the true reason in one line, for whoever needs kernels."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from convlens.engine.coverage import KERNELS
from convlens.kernels.runtime.environment import NUMBA
from hidden_numba import ABSENT, python

PROJECT = Path(__file__).parents[2] / "pyproject.toml"

ASKED = {
    "a kernel": "import convlens.kernels.pooling",
    "the engine's compile": "from convlens import engine; engine.compile([], None, (1, 2, 2), 1)",
    "one name of it": "from convlens.engine import Plan",
    "what runs kernels, after another attempt": (
        "from convlens.networks.engines import why_no_kernels; why_no_kernels();"
        "import convlens.kernels.runtime.cache"
    ),
    "the engine, after another attempt": (
        "from convlens.networks.engines import why_no_kernels; why_no_kernels();"
        "from convlens import engine; engine.facts()"
    ),
    "its facts": "import convlens.engine as e; e.facts()",
    "a network that shall have kernels": (
        "import numpy, convlens;"
        "convlens.LeNet(engine='fused').predict(numpy.zeros((1, 1, 28, 28), numpy.float32))"
    ),
}


def refusal(folder, code, instead):
    """Return the message of the error that ends this code."""
    done = python(folder, "-c", code, instead=instead)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("convlens.errors.MissingEngineError: kernels need Numba ")
    return last


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("numba", ABSENT["numba"], "No module named 'numba'"),
        ("llvmlite", ABSENT["llvmlite"], "No module named 'llvmlite'"),
        ("numba", "raise ImportError('Numba needs NumPy 1.9 or less. Got NumPy 2.4.')", "Got NumPy 2.4"),
        (
            "llvmlite",
            "raise OSError('libllvmlite.so: cannot open\\nshared object file')",
            "cannot open shared object",
        ),
        ("numba", "raise AttributeError('np.long')", "np.long"),
        ("llvmlite", "raise SystemError()", "SystemError"),
        ("numba", "raise RuntimeError('no! ' * 900)", "no! …)"),
        ("numba", "njit = config = __version__ = '0.61.2'", "Numba 0.61.2 is installed"),
        ("numba", "njit = config = __version__ = '0.680.0'", "Numba 0.680.0 is installed"),
        ("numba", "", "numba has no __version__, so it is not whole"),
        ("numba", "__version__ = '0.68.1'", "numba has no njit, so it is not whole"),
        ("numba", "njit = config = __version__ = '0.68.1'", "No module named 'numba.extending'"),
    ],
)
def test_why_kernels_cannot_run(tmp_path, name, line, reason):
    """Missing, damaged, with another NumPy or another version: the reason is the package's own, and short."""
    said = refusal(tmp_path, "import convlens.kernels", {name: line})
    assert reason in said
    assert 'take engine="layers"' in said
    assert len(said) < 500


@pytest.mark.parametrize("code", ASKED.values(), ids=ASKED.keys())
def test_whoever_needs_kernels_is_told(tmp_path, code):
    """The engine can be imported, and says what is missing when it shall do something."""
    assert "No module named 'llvmlite'" in refusal(tmp_path, code, ABSENT)


def test_what_is_known_without_kernels(tmp_path):
    """Which layers have kernels, and that there is no such name, needs none."""
    code = "from convlens import engine; print(*engine.KERNELS, hasattr(engine, 'Plann'))"
    *kinds, is_there = python(tmp_path, "-c", code).stdout.split()
    assert (set(kinds), is_there) == (set(KERNELS), "False")


MACHINES = {
    "Linux on x86-64": ("linux", "x86_64", True),
    "Linux on ARM": ("linux", "aarch64", True),
    "Linux on RISC-V": ("linux", "riscv64", False),
    "a Mac with Apple's processor": ("darwin", "arm64", True),
    "a Mac with an Intel processor": ("darwin", "x86_64", False),
    "Windows": ("win32", "AMD64", True),
    "Windows on ARM": ("win32", "ARM64", True),
    "Windows of 32 bits": ("win32", "x86", False),
}


@pytest.mark.skipif(not PROJECT.exists(), reason="the checkout is not there")
@pytest.mark.parametrize(("system", "machine", "is_needed"), MACHINES.values(), ids=MACHINES.keys())
def test_where_numba_is_installed(system, machine, is_needed):
    """pip asks for Numba where there is a wheel of it, so that it finds all it asks for."""
    asked = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    (numba,) = [one for one in map(Requirement, asked) if one.name == "numba"]
    assert numba.marker.evaluate({"sys_platform": system, "platform_machine": machine}) is is_needed
    assert re.search(rf">={re.escape(NUMBA)}\b", str(numba.specifier))
