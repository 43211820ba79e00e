"""What others compute from an exported file: ONNX Runtime, PyTorch, a compiled program; and its size in C."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from convlens.interop import Exported, Quantized, export_c, export_c_int8, export_onnx, export_torch
from convlens.networks import Network

TOLERANCE = 1e-5
COMPILER = shutil.which("cc") or shutil.which("gcc")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")

MAIN = """
#include <stdio.h>
#include "network.h"
int main(void) {{
    static {picture} picture[{macro}_INPUTS];
    static {score} scores[{macro}_CLASSES];
    while (fread(picture, sizeof picture, 1, stdin)) {{
        {name}_scores(picture, scores);
        fwrite(scores, sizeof scores, 1, stdout);
    }}
    return 0;
}}
"""

CALLED = """
#include "network.h"
int answer(const unsigned char *picture);
int answer(const unsigned char *picture) {{ return {name}_classify(picture); }}
"""


def by_onnx(exported: Exported, x: np.ndarray, folder: Path, from_bytes: bool = False) -> np.ndarray:
    """The scores that ONNX Runtime computes from the exported file."""
    runtime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")
    path = export_onnx(exported, folder / "network.onnx", from_bytes)
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["scores"], {"pictures": x})[0]


def by_torch(exported: Exported, x: np.ndarray, folder: Path) -> np.ndarray:
    """The scores of the exported module."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    own = Path(mkdtemp(dir=folder))  # Python takes a file of the same second and size for the one before
    path, _ = export_torch(exported, own / "network.py")
    found = importlib.util.spec_from_file_location("network", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    with torch.no_grad():
        return module.load()(torch.from_numpy(x)).numpy()


def by_c(exported: Exported, x: np.ndarray, folder: Path) -> np.ndarray:
    """The scores of a program made of the exported header."""
    answer = program(export_c(exported, folder / "network.h"), "float", x)
    return np.frombuffer(answer, np.float32).reshape(len(x), -1)


def program(header: Path, kind: str, pictures: np.ndarray) -> bytes:
    """What a program made of a header answers; every warning is an error."""
    folder, macro = header.parent, _macro(header)
    types = {"picture": "unsigned char" if kind == "int32_t" else kind, "score": kind}
    main = MAIN.format(macro=macro, name=macro.lower(), **types)
    (folder / "main.c").write_text(main, encoding="utf-8")
    strict = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wno-unused", "-Werror", "-pedantic"]
    made = [COMPILER, *strict, "-o", folder / "program", folder / "main.c"]
    subprocess.run(made, check=True, cwd=folder)
    given = pictures.tobytes()
    return subprocess.run([folder / "program"], input=given, capture_output=True, check=True).stdout


def by_c_int8(quantized: Quantized, x: np.ndarray, folder: Path) -> np.ndarray:
    """The scores of a program made of the exported header in whole numbers."""
    answer = program(export_c_int8(quantized, folder / "network.h"), "int32_t", x)
    return np.frombuffer(answer, np.int32).reshape(len(x), -1)


WAYS = [
    pytest.param(by_onnx, id="onnx"),
    pytest.param(by_torch, id="torch", marks=pytest.mark.torch),
    pytest.param(by_c, id="c", marks=needs_compiler),
]


def assert_close(found: np.ndarray, network: Network, x: np.ndarray) -> None:
    """Assert that scores are equal to 1e-5, of the largest score where that is above 1."""
    expected = network.predict(x)
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE * max(1, np.abs(expected).max()))


def size_of(header: Path) -> tuple[int, int]:
    """Bytes of code and constants, and of memory, of a header compiled for size."""
    (header.parent / "called.c").write_text(CALLED.format(name=_macro(header).lower()), encoding="utf-8")
    subprocess.run([COMPILER, "-std=c99", "-Os", "-c", "called.c"], check=True, cwd=header.parent)
    told = subprocess.run(["size", "called.o"], check=True, cwd=header.parent, capture_output=True, text=True)
    code, data, zeros = map(int, told.stdout.splitlines()[1].split()[:3])
    return code + data, data + zeros


def _macro(header: Path) -> str:
    """What the names of a header's macros begin with."""
    lines = header.read_text(encoding="utf-8").splitlines()
    return next(line.split()[1] for line in lines if "_INPUTS " in line).removesuffix("_INPUTS")
