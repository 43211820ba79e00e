"""What `run.json` says of a training that is done. Must not know how it was done."""

import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.networks import Network
from convlens.runs.config import RunConfig
from convlens.runs.data import Part, RunData
from convlens.runs.epochs import kept_epochs
from convlens.runs.folder import FORMAT
from convlens.runs.stamps import Stamp

__all__ = ["BLAS_THREADS", "data_reference", "told"]

BLAS_THREADS = 1
"""With one, BLAS gives the same bits on any number of cores."""


def told(
    config: RunConfig,
    data: RunData,
    network: Network,
    scores: Mapping[str, Array],
    command: str,
    files: Mapping[str, Stamp],
) -> dict[str, Any]:
    """Return what `run.json` says of a training.

    Args:
        config: what was trained.
        data: on what.
        network: as it is now.
        scores: of all images by part, "test" and, where some are held out, "validation".
        command: that makes the run again.
        files: the stamps of all other files.
    """
    return {
        "format": FORMAT,
        "origin": "trained",
        "status": "finished",
        "run_id": config.run_id,
        "config": config.to_dict(),
        "data": data_reference(config, data),
        "results": _results(data, network, scores),
        "seeds": {"initial weights": config.seed, "order": config.seed},
        "versions": _versions(),
        "epochs": list(kept_epochs(config.epochs, network.params.vector.nbytes)),
        "threads": BLAS_THREADS,
        "command": command,
        "files": {name: files[name].to_dict() for name in sorted(files)},
    }


def data_reference(config: RunConfig, data: RunData) -> dict[str, Any]:
    """Return what is needed to open the same data again and to know that they are the same."""
    split = data.split
    return {
        "source": config.data_source,
        "name": data.name,
        "split": {
            "name": split.name,
            "train": list(split.train),
            "validation": None if split.validation is None else list(split.validation),
            "test_head": split.test_head,
        },
        "preprocessing": asdict(data.preprocessing),
        "channels": list(data.channels),
        "class_names": list(data.class_names),
        "sha256": data.sha256,
    }


def _results(data: RunData, network: Network, scores: Mapping[str, Array]) -> dict[str, float]:
    """Return the figures by which the run is reported: accuracies 0 to 1."""
    head = data.split.test_head

    def accuracy(part: Part, logits: Array) -> float:
        return float(np.mean(logits.argmax(axis=1) == part.t))

    train = data.train.head(head)
    results = {
        "test_accuracy": accuracy(data.test, scores["test"]),
        "test_accuracy_head": accuracy(data.test.head(head), scores["test"][:head]),
        "test_head": min(head, len(data.test)),
        "n_test": len(data.test),
        "train_accuracy_head": network.evaluate(train.x, train.t).accuracy,
    }
    if data.validation is not None:
        results["validation_accuracy"] = accuracy(data.validation, scores["validation"])
        results["n_validation"] = len(data.validation)
    return results


def _processor() -> str:
    """Return the processor's name as LLVM knows it, or where that cannot be asked, its kind."""
    try:
        from llvmlite.binding import get_host_cpu_name  # noqa: PLC0415 (there is none for every machine)
    except Exception:  # noqa: BLE001 (a damaged package may raise anything)
        return platform.processor() or platform.machine()
    return str(get_host_cpu_name())


def _versions() -> dict[str, str]:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    numba = {}
    with suppress(PackageNotFoundError):  # there is none for every machine
        numba["numba"] = version("numba")
    return {
        "convlens": version("convlens"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "blas": f"{blas.get('name')} {blas.get('version')}",
        **numba,
        "cpu": _processor(),
        "system": platform.platform(),
        "spec format": str(spec.to_dict(spec.simple())["format"]),
    }
