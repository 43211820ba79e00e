"""The Trainer: batches in, updates out. Must not know files or figures."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isfinite
from typing import Any

import numpy as np

from convlens._typing import Array, Arrays, IntArray
from convlens.errors import DivergedError, UsageError
from convlens.interrupts import heed
from convlens.layers import Batch
from convlens.layers.softmax_with_loss import smoothing_given
from convlens.networks import Score
from convlens.training.arguments import (
    MOST_EPOCHS,
    batch_size_for,
    callbacks_given,
    count,
    let_decay,
    optimizer_given,
    pair_given,
    paired,
    switch,
    tamed,
    weights_given,
)
from convlens.training.augmenting import Augmenter
from convlens.training.averaging import Average
from convlens.training.callbacks import Callback, EpochScores
from convlens.training.choose_learner import learner_for
from convlens.training.divergence import BEYOND_SENSE, REMEDY, gave_up, origin, unscaled
from convlens.training.learner import NetworkLearner
from convlens.training.optimizers import Optimizer
from convlens.training.printing import BookLines
from convlens.training.protocols import BookProtocol, TrainingProtocol, protocol_named
from convlens.training.resuming import global_stream, load_global_stream, require_fit, text_array, under
from convlens.training.schedules import schedule_named, warmed_up
from convlens.turns import turn_for

__all__ = ["Trainer"]

_JUDGED, _LOOKED_AT = "evaluate_sample_num_per_epoch", 100
_HISTORY = ("train_loss_list", "train_acc_list", "test_acc_list")


class Trainer:
    """Trains a network on mini-batches and judges it as it goes.

    One thread trains: while it is within `train` or `train_step`, another one that begins to train the same
    network, or with the same optimizer, is refused. Other threads may use a network of ours meanwhile: they
    take turns with the steps, each of which is a turn of its own. An object of one's own class is not guarded
    against other threads.

    Args:
        network: one of ours, or any object with `params` (a dict of arrays that its layers hold),
            `gradient(x, t)`, `loss(x, t)` and `accuracy(x, t)`.
        x_train, t_train: pictures and labels to learn from.
        x_test, t_test: pictures and labels to judge by.
        epochs: passes over the training pictures, 1 to 1,000,000.
        mini_batch_size: pictures of one update, 1 or more; at most all, except under the book's protocol.
        optimizer: "SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam" or "AdamW", in any case of
            letters; or an optimizer that was not used yet, such as Adam(0.001) or one of one's own class.
        optimizer_param: the named optimizer's arguments; {"lr": 0.01} if left out.
        evaluate_sample_num_per_epoch: judge by the first so many pictures; None for all.
        verbose: print the book's lines.
        seed: of the order of the pictures, and of what layers draw (the book's protocol uses the global
            `np.random`).
        protocol: "standard" or "book"; None for the network's own, or "standard".
        validation: further pictures and labels that are judged at each evaluation.
        callbacks: who else hears what happens.
        schedule: "constant", "cosine", "step" or "one-cycle": how the learning rate changes over the run.
        engine: "fused" for compiled kernels, "layers" for the readable layers; None for what the network
            says of itself.
        threads: how many the kernels use; None for as many as are fastest, which the first steps show. The
            results do not depend on it.
        sample_weights: how much the loss of each training picture counts, (N,), 0 or more, against the
            others: one of weight 2 counts as if it came twice. They are divided by their mean, so that a
            batch's loss is mean_n w_n loss_n. None: all alike. For networks of ours, under the standard
            protocol.
        augment: how each training picture is varied, anew in each epoch: names of
            `convlens.data.TRANSFORMS`, or strengths by name, such as {"shift": 2, "rotate": 15}. What the
            network is judged by stays as it is.
        weight_decay: see `Optimizer.weight_decay`; None for the optimizer's own, 0.01 of AdamW. It counts for
            filters and matrices; of an object of one's own, for arrays of two axes or more.
        clip_norm: the most that the norm of all derivatives together may be at an update; 0 for any.
        ema: above 0 and below 1, such as 0.999, for a moving average of all that the network keeps (see
            `convlens.training.averaging`). The network is judged by it, callbacks hear `on_epoch` and
            `on_end` while it holds it, and `train` leaves it there. 0 for none.
        warm_up: epochs, or a part of one, in which the learning rate rises along a line to what the schedule
            says; 0 for none.
        label_smoothing: how much of each label is spread evenly over all classes, 0 or more and below 1; None
            for as much as the network's own loss does. The losses of `train_loss_list` are with it, those of
            evaluations are not. For networks of ours, under the standard protocol.

    Attributes:
        train_loss_list: one loss an update.
        train_acc_list, test_acc_list: one accuracy an evaluation.
        final_test_acc: on all of `x_test`, when `train()` is done.
        current_iter, current_epoch, iter_per_epoch, max_iter: where it stands, and how far it goes.

    Raises:
        UsageError: an argument is out of range, or the network lacks what the Trainer needs; from `train`
            and `train_step`, if another thread trains the same network.
        DivergedError: from `train` and `train_step`, if the loss becomes NaN or infinite, or grows beyond
            any sense.

    Reference: Saito, "Deep Learning from Scratch", `common/trainer.py`.
    """

    def __init__(
        self, network: Any, x_train: Array, t_train: IntArray, x_test: Array, t_test: IntArray,  # noqa: ANN401
        epochs: int = 20, mini_batch_size: int = 100, optimizer: str | Optimizer = "SGD",
        optimizer_param: Mapping[str, float] | None = None, evaluate_sample_num_per_epoch: int | None = None,
        verbose: bool = True, *, seed: int = 0, protocol: str | None = None,
        validation: tuple[Array, IntArray] | None = None, callbacks: Sequence[Callback] = (),
        schedule: str = "constant", engine: str | None = None, threads: int | None = None,
        sample_weights: Array | None = None,
        augment: Any = None,  # noqa: ANN401
        weight_decay: float | None = None, clip_norm: float = 0.0, ema: float = 0.0, warm_up: float = 0.0,
        label_smoothing: float | None = None,
    ) -> None:  # fmt: skip
        self.network, self.verbose = network, switch("verbose", verbose)
        self.x_train, self.t_train = paired("train", x_train, t_train)
        self.x_test, self.t_test = paired("test", x_test, t_test)
        self.validation, self.train_size = pair_given(validation), len(self.x_train)
        self.epochs, judged = count("epochs", epochs, MOST_EPOCHS), evaluate_sample_num_per_epoch
        self.evaluate_sample_num_per_epoch = None if judged is None else count(_JUDGED, judged)
        self.optimizer = optimizer_given(optimizer, optimizer_param)
        let_decay(self.optimizer, weight_decay)
        self._schedule, self._peak_lr = schedule_named(schedule), self.optimizer.lr
        self.callbacks = [*([BookLines()] if self.verbose else []), *callbacks_given(callbacks)]
        protocol = _own_protocol(network) if protocol is None else protocol
        self._protocol, self._seed = self._protocol_of(protocol, seed), seed
        self._learner = learner_for(network, "layers" if protocol == "book" else engine, threads, self._note)
        self._weights = self._weights_of(sample_weights, protocol)
        self._smoothing = self._smoothing_of(label_smoothing, protocol)
        kernels = self._learner.uses_kernels
        self._augmenter = Augmenter(augment, seed, self.x_train.shape, kernels, threads)
        self._clip_norm = tamed("clip_norm", clip_norm)
        self._average = Average(tamed("ema", ema), self._learner.arrays(), kernels, threads)
        self.batch_size = batch_size_for(mini_batch_size, self.train_size, protocol)
        self.iter_per_epoch = self._protocol.steps_per_epoch(self.train_size, self.batch_size)
        self.max_iter = int(self.epochs * self.iter_per_epoch)
        self._warm_up_steps = round(tamed("warm_up", warm_up, epochs=self.epochs) * self.iter_per_epoch)
        self.current_iter, self.current_epoch, self._evaluation_due = 0, 0, False
        self.train_loss_list: list[float] = []
        self.train_acc_list: list[float] = []
        self.test_acc_list: list[float] = []
        self.final_test_acc: float | None = None

    def train(self) -> None:
        """Do all updates that are left, then judge the network by all of `x_test`.

        Ctrl-C is raised wherever it falls, as Python does; inside a `__del__` or a callback it is lost. After
        `from convlens.interrupts import heard`, `with heard(): trainer.train()` raises it after the step.
        """
        with self._alone():
            self._train()

    def train_step(self) -> None:
        """Do one update, and an evaluation where one is due."""
        with self._alone():
            self._learner.reread()
            self._evaluate_if_due()
            self._step()

    def state(self) -> dict[str, Array]:
        """Return copies of all that a resumed training needs beside this Trainer's arguments.

        A new Trainer with the same arguments that is given it by `load_state` goes on bit for bit as this one
        does, from any step, a callback's moment included. It holds the parameters, the optimizer's memory,
        the lists and counters and, under the book's protocol or for an object of one's own class, where
        NumPy's global random stream stands. Of such an object it holds `params` and nothing else.

        Returns:
            Arrays by dotted names, such as "params.W1", "optimizer.m.vector" and "current_iter".
        """
        with turn_for(self.network), self._average.hidden():
            return {
                "current_iter": np.array(len(self.train_loss_list)),  # on_step is heard before it counts
                "current_epoch": np.array(self.current_epoch),
                "evaluation_due": np.array(self._evaluation_due),
                "iter_per_epoch": np.array(self.iter_per_epoch),
                "max_iter": np.array(self.max_iter),
                **{name: np.array(getattr(self, name), np.float64) for name in _HISTORY},
                "optimizer.class": text_array(type(self.optimizer).__name__),
                **{f"optimizer.{name}": value for name, value in self.optimizer.state().items()},
                **self._learner.state(),
                **self._average.state(),
                **(global_stream() if self._draws_globally else {}),
            }

    def load_state(self, state: Arrays) -> None:
        """Go on from what `state` returned, in a Trainer that was made with the same arguments.

        Raises:
            UsageError: the state is another network's, optimizer's or protocol's; nothing is changed then.
        """
        with turn_for(self.network):
            require_fit(state, self.state())
            self._hold(average=False)
            self._learner.load_state(state)
            self.optimizer.load_state({k: v for k, v in under("optimizer", state).items() if k != "class"})
            for name in _HISTORY:
                setattr(self, name, np.asarray(state[name], np.float64).tolist())
            self.current_iter, self.current_epoch = int(state["current_iter"]), int(state["current_epoch"])
            self._average.load_state(state, self.current_iter)
            self._evaluation_due, self.final_test_acc = bool(state["evaluation_due"]), None
            if self._draws_globally:
                load_global_stream(state)

    @staticmethod
    def _protocol_of(name: str, seed: int) -> TrainingProtocol:
        """Return what decides which pictures come when."""
        return protocol_named(name, seed)

    def _weights_of(self, given: Any, protocol: str) -> Array | None:  # noqa: ANN401
        """Return how much each training picture counts, in the network's dtype."""
        weights = weights_given(given, self.train_size)
        if weights is None:
            return None
        self._require_ours("`sample_weights` of Trainer are", protocol)
        return weights.astype(self.network.spec.dtype)

    def _smoothing_of(self, given: Any, protocol: str) -> float | None:  # noqa: ANN401
        """Return how much labels are smoothed; None where the network's own loss says it."""
        smoothing = None if given is None else smoothing_given(given, "Trainer")
        if smoothing:
            self._require_ours("`label_smoothing` of Trainer is", protocol)
        return smoothing

    def _require_ours(self, what: str, protocol: str) -> None:
        """Refuse what only a network of convlens does, under the standard protocol."""
        if not isinstance(self._learner, NetworkLearner) or protocol == "book":
            found = f"a {type(self.network).__name__} under the {protocol} protocol"
            rule = "for networks of convlens under the standard protocol"
            raise UsageError(f"{what} {rule}. Got {found}.")

    @property
    def _draws_globally(self) -> bool:
        """Whether NumPy's global stream decides: the book's protocol, or code that is not ours."""
        return isinstance(self._protocol, BookProtocol) or not isinstance(self._learner, NetworkLearner)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Refuse other threads that would train the same network, or with the same optimizer."""
        network, optimizer = (type(one).__name__ for one in (self.network, self.optimizer))
        trained = f"this {network} is being trained by another thread: wait for it, or train a copy."
        used = f"this {optimizer} serves another thread's Trainer: give each its own."
        with turn_for(self.network).alone(trained), self.optimizer.turn.alone(used):
            yield

    def _train(self) -> None:
        for callback in self.callbacks:
            callback.on_start(self)
        self._learner.reread()
        self._say_if_unscaled()
        self._learner.prepare(self.optimizer, self.x_train, self.t_train)
        self._evaluate_if_due()
        watched = any(callback.may_change_parameters for callback in self.callbacks)
        while self.current_iter < self.max_iter:
            self._step()
            heed()
            if watched:
                self._learner.reread()
        self._hold(average=True)
        self.final_test_acc = self._judged("x_test", self.x_test, self.t_test).accuracy
        self._say_if_failed()
        for callback in self.callbacks:
            callback.on_end(self)

    def _step(self) -> None:
        self._hold(average=False)
        index = self._protocol.batch(self.current_iter, self.train_size, self.batch_size)
        with _quiet(), turn_for(self.network):
            x, t = self._learner.ready(self.x_train, self.t_train)
            batch = Batch(
                x, t, index, self.current_iter, self._weights, self._seed, label_smoothing=self._smoothing
            )
            seen = self._augmenter.varied(batch, int(self.current_iter // self.iter_per_epoch))
            loss = self._learner.loss_and_gradient(seen)
            self._insist_on_sense(loss, batch, "x_train", self.current_iter + 1, self.current_iter > 0, seen)
            self.optimizer.lr = self._rate()
            self._learner.update(self.optimizer, self._clip_norm)
            if self._average.decay:
                self._average.follow(self.current_iter)
            if self._protocol.loss_after_update:
                loss = self._learner.loss(seen.pictures, seen.labels)
                self._insist_on_sense(loss, batch, "x_train", self.current_iter + 1, seen=seen)
        self.train_loss_list.append(loss)
        self._evaluation_due = self._protocol.evaluates_after(self.current_iter, self.iter_per_epoch)
        for callback in self.callbacks:
            callback.on_step(self, loss)
        self.current_iter += 1
        self._evaluate_if_due()

    def _rate(self) -> float:
        """Return the learning rate of this step."""
        scheduled = self._peak_lr * self._schedule(self.current_iter / self.max_iter)
        return scheduled * warmed_up(self.current_iter, self._warm_up_steps)

    def _hold(self, *, average: bool) -> None:
        """Let the network hold the average of what it has been, if there is one, or what is trained."""
        if self._average.is_shown != average:
            with turn_for(self.network):
                swapped = self._average.swap()
            if swapped:
                self._learner.reread()

    def _note(self, text: str) -> None:
        for callback in self.callbacks:
            callback.on_note(self, text)

    def _evaluate_if_due(self) -> None:
        if not self._evaluation_due:
            return
        self._hold(average=True)
        try:
            self._evaluate()
        finally:
            self._hold(average=False)

    def _evaluate(self) -> None:
        self.current_epoch += 1
        first = slice(self.evaluate_sample_num_per_epoch)
        scores = EpochScores(
            self.current_epoch,
            self._judged("x_train", self.x_train[first], self.t_train[first]),
            self._judged("x_test", self.x_test[first], self.t_test[first]),
            None if self.validation is None else self._judged("x_validation", *self.validation),
        )
        self.train_acc_list.append(scores.train.accuracy)
        self.test_acc_list.append(scores.test.accuracy)
        self._evaluation_due = False
        for callback in self.callbacks:
            callback.on_epoch(self, scores)

    def _judged(self, name: str, x: Array, t: IntArray) -> Score:
        """Return the network's score for pictures, which must make sense."""
        with _quiet():
            score = self._learner.evaluate(x, t)
        loss = score.loss
        if loss is None:  # a class of one's own tells none here
            loss = 0.0 if np.isfinite(x).all() else np.nan
        self._insist_on_sense(loss, Batch(x, t, np.arange(len(x))), name, self.current_iter)
        return score

    def _insist_on_sense(
        self, loss: float, batch: Batch, name: str, step: int, updated: bool = True, seen: Batch | None = None
    ) -> None:
        """Raise where a loss is not finite, or has grown far beyond the first one."""
        first = self.train_loss_list[0] if self.train_loss_list else loss
        if isfinite(loss) and not loss > BEYOND_SENSE * max(1.0, abs(first)):
            return
        where = f"at step {step} (epoch {int((step - 1) // self.iter_per_epoch) + 1})"
        if isfinite(loss):
            raise DivergedError(f"the loss grew to {loss:.3g} {where}, from {first:.3g}; {REMEDY}.")
        cause = origin(self.network, batch, name, updated, seen)
        raise DivergedError(f"the loss became {loss} {where}: {cause}.")

    def _say_if_unscaled(self) -> None:
        if isinstance(self._learner, NetworkLearner) and not isinstance(self._protocol, BookProtocol):
            for name, x in (("x_train", self.x_train), ("x_test", self.x_test)):
                note = unscaled(name, x)
                if note is not None:
                    self._note(note)

    def _say_if_failed(self) -> None:
        some = self.x_test[:_LOOKED_AT]
        differ = len(some) > 1 and bool((some != some[0]).any())
        with _quiet():
            scores = self._learner.scores(some) if differ else None
        note = gave_up(scores, self.train_loss_list, int(self.iter_per_epoch), self._peak_lr)
        if note is not None:
            self._note(note)


def _own_protocol(network: Any) -> str:  # noqa: ANN401
    """Return the protocol that a network was built under; "standard" for any other object."""
    return str(getattr(getattr(network, "spec", None), "protocol", "standard"))


def _quiet() -> np.errstate:
    """What is not finite is an error, which names the step and the layer, instead of a warning."""
    return np.errstate(over="ignore", invalid="ignore")
