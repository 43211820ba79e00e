"""Data of any channels, size and classes, and runs on them: each class has a pattern of its own."""

from pathlib import Path

import numpy as np

from convlens.data import Split
from convlens.runs import Part, Run, RunConfig, RunData, train_run
from convlens.runs.data import channels_of
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu

LONG = "golden-crowned kinglet of the northern woods, number"
SETS = {
    "two in colour": ((3, 12, 14), ("Katze", "고양이 아주 긴 이름")),
    "letters": ((1, 10, 12), tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
    "a hundred in colour": ((3, 8, 8), tuple(f"{LONG} {n + 1}" for n in range(100))),
    "clothes": ((1, 12, 12), ("T-shirt/top", "Trouser", "Pullover", "Dress", "Ankle boot")),
}
"""Name → shape of a picture (C, H, W), and class names."""


def pictures(shape, n_classes, n, seed=0):
    """Return pictures, and their labels: every class has a pattern of its own, under noise."""
    patterns = np.random.default_rng(7).integers(0, 200, (n_classes, *shape))
    labels = np.arange(n) % n_classes
    noise = np.random.default_rng(seed).integers(-40, 56, (n, *shape))
    return np.clip(patterns[labels] + noise, 0, 255).astype(np.uint8), labels.astype(np.uint8)


def data_of(name) -> RunData:
    """Return one of the `SETS`, split."""
    shape, names = SETS[name]
    n = max(60, 2 * len(names))
    (x, t), (xt, tt) = pictures(shape, len(names), n), pictures(shape, len(names), n, 1)
    split = Split("full", (0, n), None)
    return RunData(name, names, {"set": name}, split, Part(x, t), None, Part(xt, tt), channels_of(shape[0]))


USUAL = (Convolution(4, 3, name="C1"), Relu(), Pooling(2), Convolution(3, 2, name="C2"), Relu())


def run_on(name, folder: Path, layers=USUAL, **settings) -> Run:
    """Return a run on one of the `SETS`: of two small convolutions, or of other layers."""
    data = data_of(name)
    spec = NetworkSpec("Small", SETS[name][0], (*layers, Affine(len(data.class_names))), weight_init_std="he")
    usual = {"epochs": 2, "batch_size": 20, "evaluate_samples": 20, "engine": "layers"}
    config = RunConfig(spec, data=str(folder), train_size=len(data.train), **{**usual, **settings})
    opened(train_run(config, folder, "convlens train", data=data), data)
    return opened(Run(folder), data)


def opened(run: Run, data: RunData) -> Run:
    """Give a run its data, which lie in no folder."""
    run.__dict__["data"] = data
    return run
