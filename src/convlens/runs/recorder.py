"""Writes a run's folder while a Trainer trains. Must not know figures.

Everything goes into a folder aside; when the run is done, it gets its final name. After every epoch, and
every minute within one, the folder aside holds a checkpoint, so a run that was interrupted loses a minute at
most. The checkpoint stays until the folder has its name: whatever happens before, nothing is trained again.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.errors import ConvlensError, DivergedError, RunError
from convlens.files import explained
from convlens.networks import Network, Score
from convlens.runs.checkpoint import Checkpoint
from convlens.runs.epochs import epoch_file, kept_epochs
from convlens.runs.events import read_history
from convlens.runs.journal import Journal
from convlens.runs.place import CHECKPOINTS, damaged_beside
from convlens.runs.stamps import Stamp, difference, stamp
from convlens.training.callbacks import Callback, EpochScores
from convlens.training.notes import Note
from convlens.training.trainer import Trainer

__all__ = ["CHECKPOINT_EVERY", "Recorder"]

CHECKPOINT_EVERY = 60.0
"""Seconds between two checkpoints within an epoch."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LISTS = ("train_loss_list", "train_acc_list", "test_acc_list")  # they are in the history
_SPENT = ("recorder.seconds", "recorder.step_seconds")


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
        self._history, self._timing = Journal(aside / "history.jsonl"), Journal(aside / "timing.jsonl")
        self._files: dict[str, Stamp] = {}  # that are written once
        self._lines: list[str] = []
        self._said_no_room = False
        self._step_seconds: list[float] = []  # of this epoch
        self._spent = 0.0  # seconds of this epoch in earlier attempts
        self._epoch_started = self._last_step_ended = self._saved_at = 0.0

    @property
    def files(self) -> dict[str, Stamp]:
        """Size and SHA-256 of everything that was written so far, the checkpoint apart."""
        return {**self._files, "history.jsonl": self._history.stamp, "timing.jsonl": self._timing.stamp}

    def on_start(self, trainer: Trainer) -> None:
        if not (self._was_left() and self._went_on(trainer)):
            self._begin(trainer)
        self._epoch_started = self._last_step_ended = self._saved_at = self.clock()

    def on_step(self, trainer: Trainer, loss: float) -> None:
        self._lines.append(json.dumps({"event": "step", "step": trainer.current_iter + 1, "loss": loss}))
        now = self.clock()
        self._step_seconds.append(now - self._last_step_ended)
        self._last_step_ended = now
        if now - self._saved_at >= CHECKPOINT_EVERY:
            self._save(trainer)
            self._last_step_ended = self._saved_at

    def on_epoch(self, trainer: Trainer, scores: EpochScores) -> None:
        self._lines.append(json.dumps(_event(trainer, scores)))
        self._keep_weights(trainer, scores.epoch)
        now = self.clock()
        timing = {
            "epoch": scores.epoch,
            "seconds": round(self._spent + now - self._epoch_started, 6),
            "ms_per_step": round(float(np.median(self._step_seconds)) * 1e3, 6),
        }
        self._timing.append([json.dumps(timing)])
        self._spent, self._step_seconds, self._epoch_started = 0.0, [], now
        self._save(trainer)  # last: what goes on from it finds all that was written up to it
        self._epoch_started = self._last_step_ended = self._saved_at

    def on_end(self, trainer: Trainer) -> None:
        if self._lines:  # the book evaluates before the last epoch's end
            self._save(trainer)
        _ours(trainer).save_params(self.aside / "final.safetensors")
        self._written("final.safetensors")

    def _begin(self, trainer: Trainer) -> None:
        with explained("make", self.aside):
            if self.aside.exists():  # a few files without a checkpoint, or half of one
                shutil.rmtree(self.aside)
            self._checkpoint.parent.mkdir(parents=True)
        self._files, self._lines, self._step_seconds, self._spent = {}, [], [], 0.0
        _ours(trainer).save_params(self.aside / "initial.safetensors")
        self._written("initial.safetensors")
        self._history.begin()
        self._timing.begin()

    def _keep_weights(self, trainer: Trainer, epoch: int) -> None:
        """Write this epoch's weights, if they are kept; the last ones come at the end."""
        network, last = _ours(trainer), trainer.epochs
        if epoch == last or epoch not in kept_epochs(last, network.params.vector.nbytes):
            return
        name = epoch_file(epoch, last)
        with explained("make", self.aside / name):
            (self.aside / name).parent.mkdir(exist_ok=True)
        network.save_params(self.aside / name)
        self._written(name)

    def _written(self, name: str) -> None:
        with explained("read", self.aside / name):
            self._files[name] = stamp(self.aside / name)

    def _save(self, trainer: Trainer) -> None:
        """Write what there is to say, and a checkpoint behind it; where only that has no room, go on."""
        self._history.append(self._lines)
        self._lines = []
        state = {name: value for name, value in trainer.state().items() if name not in _LISTS}
        spent = (self._spent + self.clock() - self._epoch_started, self._step_seconds)
        state |= {name: np.array(value, np.float64) for name, value in zip(_SPENT, spent, strict=True)}
        try:
            Checkpoint(state, self.files).write(self._checkpoint)
        except ConvlensError as error:
            if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in _NO_ROOM:
                raise
            if not self._said_no_room:
                _tell(trainer, Note("note.no_checkpoints", error=str(error).rstrip(".")))
            self._said_no_room = True
        self._saved_at = self.clock()

    def _was_left(self) -> bool:
        """Say whether an earlier attempt left a checkpoint, or what stands in the place of one."""
        folder = self._checkpoint.parent
        return os.path.lexists(self._checkpoint) or (os.path.lexists(folder) and not folder.is_dir())

    def _went_on(self, trainer: Trainer) -> bool:
        """Go on from the checkpoint; set everything aside, and say so, where that is not possible."""
        try:
            self._go_on(trainer, Checkpoint.read(self._checkpoint))
        except (ConvlensError, ValueError, KeyError, OverflowError) as error:
            self._set_aside(trainer, str(error).rstrip("."))
            return False
        return True

    def _go_on(self, trainer: Trainer, found: Checkpoint) -> None:
        """Put trainer and files back to the moment of the checkpoint."""
        journals = {journal.path.name: journal for journal in (self._history, self._timing)}
        wrong = difference(self.aside, found.files, prefixes=journals)
        if wrong is not None or not journals.keys() | {"initial.safetensors"} <= found.files.keys():
            raise RunError(wrong or "its checkpoint does not tell of all files")
        for name, journal in journals.items():
            journal.go_on(found.files[name])
        self._files = {name: one for name, one in found.files.items() if name not in journals}
        self._remove_later()
        state = {name: value for name, value in found.state.items() if name not in _SPENT}
        trainer.load_state({**state, **_lists(read_history(self._history.path))})
        self._spent = float(found.state[_SPENT[0]])
        self._step_seconds = found.state[_SPENT[1]].tolist()

    def _remove_later(self) -> None:
        """Remove what an attempt that was killed wrote after its last checkpoint, whole or half."""
        kept = {self._checkpoint, *(self.aside / name for name in self.files)}
        kept |= {path.parent for path in kept}
        with explained("remove", self.aside):
            for path in sorted(self.aside.rglob("*"), reverse=True):  # a folder's files first
                if path not in kept:
                    path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()

    def _set_aside(self, trainer: Trainer, why: str) -> None:
        damaged = damaged_beside(self.aside)
        with explained("set aside", self.aside):
            shutil.rmtree(damaged, ignore_errors=True)
            self.aside.rename(damaged)
        said = f"what an interrupted run left cannot be used ({why}); it is set aside as {damaged}"
        _tell(trainer, f"{said}, and the run is made from its beginning")


def _event(trainer: Trainer, scores: EpochScores) -> dict[str, Any]:
    """Return what the history says of an epoch.

    Raises:
        DivergedError: a loss is not finite.
    """
    event: dict[str, Any] = {"event": "epoch", "epoch": scores.epoch}
    samples = trainer.evaluate_sample_num_per_epoch
    parts = {"train": (scores.train, trainer.x_train), "test": (scores.test, trainer.x_test)}
    if scores.validation is not None and trainer.validation is not None:
        parts["validation"] = (scores.validation, trainer.validation[0])
    for name, (score, pictures) in parts.items():
        if score.loss is not None and not np.isfinite(score.loss):
            raise DivergedError(f"the loss on {name} images became {score.loss} in epoch {scores.epoch}.")
        event[name] = {**_score(score), "n_samples": min(samples or len(pictures), len(pictures))}
    return event


def _lists(events: list[dict[str, Any]]) -> dict[str, Array]:
    """Return the Trainer's lists as the history tells of them."""
    scores = [event for event in events if event["event"] == "epoch"]
    lists = (
        [event["loss"] for event in events if event["event"] == "step"],
        [event["train"]["accuracy"] for event in scores],
        [event["test"]["accuracy"] for event in scores],
    )
    return {name: np.array(values, np.float64) for name, values in zip(_LISTS, lists, strict=True)}


def _tell(trainer: Trainer, text: str) -> None:
    for callback in trainer.callbacks:
        callback.on_note(trainer, text)


def _ours(trainer: Trainer) -> Network:
    if not isinstance(trainer.network, Network):
        raise RunError(
            "only convlens' own networks can be recorded: their spec says how to build them again."
        )
    return trainer.network


def _score(score: Score) -> dict[str, float | None]:
    return {"accuracy": score.accuracy, "loss": score.loss}
