"""Runs trained in a second, their pages, and what tests read from these."""

import base64
import json
import re
import zlib
from pathlib import Path

import numpy as np

from convlens.explorer import write_explorer
from convlens.explorer.weights import FINEST, Kept
from convlens.runs import Run, RunConfig, train_run
from convlens.spec import (
    Affine,
    AveragePooling,
    Convolution,
    Dropout,
    Gelu,
    GlobalAveragePooling,
    LeakyRelu,
    NetworkSpec,
    Pooling,
    Relu,
    Residual,
    Sigmoid,
    Tanh,
    lenet,
    simple,
)
from convlens.spec import BatchNormalization as Norm

HE = {"weight_init_std": "he"}
ODD = {
    "strides": NetworkSpec(
        "Strides",
        (1, 12, 12),
        (Convolution(5, 3, stride=2, pad=1), Relu(), Convolution(4, (3, 2), (1, 2)), Relu(), Affine(10)),
        **HE,
    ),
    "rectangles": NetworkSpec(
        "Rectangles",
        (1, 12, 12),
        (Convolution(3, (5, 2), (2, 1), (0, 3)), Sigmoid(), Pooling((2, 3), (1, 2), (1, 1)), Affine(10)),
        **HE,
    ),
    "pool first": NetworkSpec(
        "PoolFirst",
        (1, 12, 12),
        (
            Pooling(3, 2),
            Relu(),
            Convolution(3, 2),
            Pooling(2, 3),
            Sigmoid(),
            Affine(7),
            Sigmoid(),
            Affine(10),
        ),
        **HE,
    ),
    "ways": NetworkSpec(
        "Ways",
        (1, 12, 12),
        (
            Convolution(4, 3, stride=2),
            Residual((Convolution(4, 3, pad=1), Relu(), Residual((Convolution(4, 1),), (Pooling(3, 1, 1),)))),
            Relu(),
            Residual((Convolution(6, 3), Relu()), (Convolution(6, 1), Pooling(3, 1))),
            Affine(10),
        ),
        **HE,
    ),
    "groups": NetworkSpec(
        "Groups",
        (1, 12, 12),
        (
            Convolution(4, 3, pad=1),
            Relu(),
            Convolution(4, 3, 2, 1, groups=4),
            Relu(),
            Convolution(6, (2, 3), groups=2, dilation=(3, 2)),
            Affine(10),
        ),
        **HE,
    ),
    "averages": NetworkSpec(
        "Averages",
        (1, 12, 12),
        (
            Convolution(4, (2, 4), pad="same"),
            Relu(),
            AveragePooling(3, 2, pad="same"),
            Convolution(10, 2, 2, pad="same"),
            GlobalAveragePooling(),
        ),
        **HE,
    ),
    "maps of one number": NetworkSpec(
        "OneNumber", (1, 12, 12), (AveragePooling(2, pad=1), Convolution(10, 5), Pooling(3)), **HE
    ),
    "only affine": NetworkSpec("OnlyAffine", (1, 12, 12), (Affine(20), Relu(), Affine(10)), **HE),
    "book": NetworkSpec(
        "Book",
        (1, 12, 12),
        (Convolution(3, 3), Relu(), Pooling(2), Dropout(0.25), Affine(10)),
        dtype="float64",
        protocol="book",
        **HE,
    ),
    "normed": NetworkSpec(
        "Normed",
        (1, 12, 12),
        (Convolution(4, 3), Norm(), Relu(), Pooling(2), Norm(1e-3), Affine(9), Norm(), Relu(), Affine(10)),
        **HE,
    ),
    "newer layers": NetworkSpec(
        "Newer",
        (1, 12, 12),
        (
            Convolution(4, 3, pad="same"),
            Norm(),
            Gelu(),
            AveragePooling(2, pad=1),
            Residual((LeakyRelu(0.2), Convolution(4, 3, pad=1, groups=2), Norm(), Dropout(0.3)), (Norm(),)),
            Tanh(),
            Residual((Convolution(5, 2), Gelu()), (AveragePooling(2, 1), Convolution(5, 1))),
            Dropout(0.1),
            Affine(10),
            Dropout(0.5),
        ),
        **HE,
    ),
    "one layer": NetworkSpec("OneLayer", (1, 12, 12), (Affine(10),), **HE),
}
REPORT = {"simple": simple(weight_init_std="he"), "lenet": lenet(weight_init_std="he")}


def trained(spec, folder: Path, data="mnist", epochs=2) -> Run:
    """Train a network for a moment."""
    size = 1000 if data == "mnist" else 40
    config = RunConfig(
        spec, data=str(data), train_size=size, epochs=epochs, batch_size=min(size, 50), evaluate_samples=20,
        optimizer_param={"lr": 0.003},
    )  # fmt: skip
    train_run(config, folder, "convlens train")
    return Run(folder)


def page_of(run: Run, folder: Path, lang="en") -> Path:
    """Write a run's explorer."""
    return write_explorer(run, folder / "explorer.html", lang=lang)


WRITE = """
(values) => {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  let raw = "";
  for (let i = 0; i < bytes.length; i += 8192) raw += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(raw);
}
"""


def floats(text: str) -> np.ndarray:
    """Read numbers that a page's script gave to `WRITE`."""
    return np.frombuffer(base64.b64decode(text), "<f4")


def received(page) -> np.ndarray:
    """Return the picture that an open page's network receives, as rows and columns."""
    rows = page.evaluate("[...explorer.view.x]")
    return np.reshape(rows, page.evaluate("explorer.content.shape.slice(1)"))


def scores(page) -> list[float]:
    """Return what an open page's network answers."""
    return page.evaluate("[...explorer.view.pass.outputs.at(-1)]")


def at(page, target: str, x: float, y: float) -> tuple[float, float]:
    """Return the window's coordinates of a place in an element, both from 0 to 1 across it."""
    box = page.locator(target).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw(page, points) -> None:
    """Draw a line on the pad with the mouse."""
    page.mouse.move(*at(page, "#pad", *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, "#pad", *point), steps=3)
    page.mouse.up()


def ready(page):
    """Wait until an opened page has unpacked what it holds, and return it."""
    page.wait_for_function("() => window.explorer || document.getElementById('sentence').textContent")
    return page


def as_in_page(run: Run, epoch: int, rounding=FINEST):
    """Return the network that a page runs after an epoch; -1: after the last one."""
    weights = Kept.of(run).rounded(rounding)
    return weights.network(weights.epochs[epoch] if epoch < 0 else epoch)


def inflated(text: str) -> bytes:
    """Unpack what a page holds as deflated bytes."""
    return zlib.decompress(base64.b64decode(text), -zlib.MAX_WBITS)


def held(source: str) -> dict:
    """Return what a page's scripts read."""
    return json.loads(re.search(r'id="content">(.*?)</script>', source, re.DOTALL).group(1))
