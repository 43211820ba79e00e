"""Writes a run's folder while a Trainer trains. Must not know figures.

Everything goes into a folder aside; when the run is done, it gets its final name. After every epoch the
folder aside holds a checkpoint, so a run that was interrupted goes on from its latest epoch. The checkpoint
stays until the folder has its name: whatever happens before, nothing is trained again.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.errors import RunError
from convlens.files import explained, write_text
from convlens.networks import Network, Score, read_arrays, write_arrays
from convlens.networks.weights import read_metadata
from convlens.runs.events import read_history, read_timing
from convlens.runs.place import CHECKPOINTS
from convlens.spec import Role
from convlens.training.callbacks import Callback, EpochScores
from convlens.training.trainer import Trainer

__all__ = ["Recorder"]


class Recorder(Callback):
    """Records one run of one of our networks.

    Args:
        aside: the folder to write to; what an earlier attempt left in it is taken up.
        clock: seconds since some moment, such as `time.perf_counter`.
    """

    may_change_parameters = False

    def __init__(self, aside: Path, clock: Callable[[], float]) -> None:
        self.aside = aside
        self.clock = clock
        self._checkpoint = aside / CHECKPOINTS / "last.safetensors"
        self._filters: dict[str, list[Array]] = {}
        self._lines: list[str] = []
        self._epoch_started = 0.0
        self._step_seconds: list[float] = []
        self._last_step_ended = 0.0

    def on_start(self, trainer: Trainer) -> None:
        with explained("make", self.aside):
            self._checkpoint.parent.mkdir(parents=True, exist_ok=True)
            for half_written in self.aside.rglob(".*.part"):  # by an attempt that was killed
                half_written.unlink()
        if self._checkpoint.exists():
            self._go_on(trainer)
        else:
            network = _ours(trainer)
            write_arrays(self.aside / "initial.safetensors", network.params)
            self._filters = {name: [value.copy()] for name, value in _convolutions(network).items()}
            for name in ("history.jsonl", "timing.jsonl"):
                write_text(self.aside / name, "")
        self._epoch_started = self._last_step_ended = self.clock()

    def on_step(self, trainer: Trainer, loss: float) -> None:
        self._lines.append(json.dumps({"event": "step", "step": trainer.current_iter + 1, "loss": loss}))
        now = self.clock()
        self._step_seconds.append(now - self._last_step_ended)
        self._last_step_ended = now

    def on_epoch(self, trainer: Trainer, scores: EpochScores) -> None:
        event: dict[str, Any] = {"event": "epoch", "epoch": scores.epoch}
        samples = trainer.evaluate_sample_num_per_epoch
        parts = {"train": (scores.train, trainer.x_train), "test": (scores.test, trainer.x_test)}
        if scores.validation is not None and trainer.validation is not None:
            parts["validation"] = (scores.validation, trainer.validation[0])
        for name, (score, pictures) in parts.items():
            event[name] = {**_score(score), "n_samples": min(samples or len(pictures), len(pictures))}
        for name, value in _convolutions(_ours(trainer)).items():
            self._filters[name].append(value.copy())
        self._append("history.jsonl", [*self._lines, json.dumps(event)])
        now = self.clock()
        timing = {
            "epoch": scores.epoch,
            "seconds": round(now - self._epoch_started, 6),
            "ms_per_step": round(float(np.median(self._step_seconds)) * 1e3, 6),
        }
        self._append("timing.jsonl", [json.dumps(timing)])
        self._save_checkpoint(trainer)  # last: what goes on from it finds all lines up to it
        self._lines, self._step_seconds = [], []
        self._epoch_started = self._last_step_ended = self.clock()

    def on_end(self, trainer: Trainer) -> None:
        if self._lines:  # the book evaluates before the last epoch's end
            self._append("history.jsonl", self._lines)
            self._save_checkpoint(trainer)
            self._lines = []
        write_arrays(self.aside / "final.safetensors", _ours(trainer).params)
        stacked = {name: np.stack(values) for name, values in self._filters.items()}
        write_arrays(self.aside / "filters.safetensors", stacked)

    def _append(self, name: str, lines: list[str]) -> None:
        path = self.aside / name
        with explained("write", path), path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(_text(lines))
            file.flush()
            os.fsync(file.fileno())

    def _save_checkpoint(self, trainer: Trainer) -> None:
        arrays = {"vector": _ours(trainer).params.vector}
        arrays |= {f"optimizer.{name}": value for name, value in trainer.optimizer.state().items()}
        arrays |= {f"filters.{name}": np.stack(values) for name, values in self._filters.items()}
        where = {"step": str(trainer.current_iter), "epoch": str(trainer.current_epoch)}
        write_arrays(self._checkpoint, arrays, where)

    def _go_on(self, trainer: Trainer) -> None:
        """Put trainer and files back to the end of the epoch that the checkpoint holds."""
        arrays, where = read_arrays(self._checkpoint), read_metadata(self._checkpoint)
        step, epoch = int(where["step"]), int(where["epoch"])
        _ours(trainer).params.vector[...] = arrays["vector"]
        trainer.optimizer.load_state(_under("optimizer.", arrays))
        self._filters = {name: list(stack) for name, stack in _under("filters.", arrays).items()}
        kept = [e for e in read_history(self.aside / "history.jsonl") if _belongs(e, step, epoch)]
        timed = [e for e in read_timing(self.aside / "timing.jsonl") if e["epoch"] <= epoch]
        for name, events in (("history.jsonl", kept), ("timing.jsonl", timed)):
            write_text(self.aside / name, _text([json.dumps(event) for event in events]))
        scores = [event for event in kept if event["event"] == "epoch"]
        trainer.current_iter, trainer.current_epoch = step, epoch
        trainer.train_loss_list = [event["loss"] for event in kept if event["event"] == "step"]
        trainer.train_acc_list = [event["train"]["accuracy"] for event in scores]
        trainer.test_acc_list = [event["test"]["accuracy"] for event in scores]


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _ours(trainer: Trainer) -> Network:
    if not isinstance(trainer.network, Network):
        raise RunError(
            "only convlens' own networks can be recorded: their spec says how to build them again."
        )
    return trainer.network


def _convolutions(network: Network) -> dict[str, Array]:
    return {
        parameter.name: network.params[parameter.name]
        for parameter in network.spec.parameters
        if parameter.role is Role.FILTERS
    }


def _score(score: Score) -> dict[str, float | None]:
    return {"accuracy": score.accuracy, "loss": score.loss}


def _under(prefix: str, arrays: dict[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def _belongs(event: dict[str, Any], step: int, epoch: int) -> bool:
    return bool(event["step"] <= step if event["event"] == "step" else event["epoch"] <= epoch)
