"""Short trainings with a layer, or a loss, that somebody wrote. Must not know files.

A layer learns to give what it gives itself with other weights, a teacher's: what it computes, and how large
its first weights are, then makes no difference. The reference is the layer asked afresh at each step, whose
gradients are known to be right; held against it are one object that is kept, and steps of its own. A loss is
what a linear classifier is trained by, and its errors are held against those of perceptrons.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.outcome import Finding
from convlens.check.places import places
from convlens.check.subject import Subject
from convlens.check.training_network import Trial, kept_trainings
from convlens.check.training_problem import Adam, Problem, clouds
from convlens.check.training_reference import errors_of_perceptrons
from convlens.check.training_steps import step_trainings

__all__ = ["AtLabels", "layer_trainings", "loss_trainings", "trial_of_layer"]

AtLabels = Callable[[Array], Any]
"""Labels → the loss at them, with `forward(scores)` and `backward(1)`."""

_CLEARING = (
    "zero_grad",
    "zero",
    "clear",
    "zero_grads",
    "zero_gradients",
    "reset_grad",
    "clear_grads",
    "cleargrads",
)


class _AsNetwork:
    """A layer with a squared error behind it, in a network's form.

    Args:
        subject: the layer, its parameters known and paired with their gradients.
        layer: a copy of it.
    """

    def __init__(self, subject: Subject, layer: Any) -> None:  # noqa: ANN401
        self.subject, self.network = subject, layer
        self.loss_name, self.gradient_name = subject.forward_says, subject.backward_says

    def __deepcopy__(self, memo: dict[int, Any]) -> "_AsNetwork":
        return _AsNetwork(self.subject, copy.deepcopy(self.network, memo))

    @property
    def params(self) -> dict[str, Array]:
        """Its parameters by path: the arrays themselves."""
        return {one.path: one.array for one in places(self.network) if one.path in self.subject.partners}

    def loss(self, x: Array, t: Array) -> float:
        """Return half the mean squared error."""
        return float(((self.subject.forward(copy.deepcopy(self.network), x)[0] - t) ** 2).mean() / 2)

    def gradient(self, x: Array, t: Array) -> dict[str, Array]:
        """Return its gradients; those of a layer that adds them up are cleared before."""
        self.subject.clear(self.network, _CLEARING)
        out, cache = self.subject.forward(self.network, x)
        return self.subject.backward(self.network, x, out, (out - t) / out.size, cache).grads


def trial_of_layer(subject: Subject, x: Array) -> Trial | None:
    """Return a trial of a layer; None where nothing can be trained.

    Args:
        subject: the layer, its parameters known and paired with their gradients.
        x: an input that it takes.
    """
    if not subject.partners or subject.is_random or subject.steps_by_itself or subject.stacked:
        return None
    rng = np.random.default_rng(51)
    taught = {path: array + rng.normal(size=array.shape) / np.sqrt(max(1, array[0].size))
              for path, array in subject.params.items() if path in subject.partners}  # fmt: skip
    t = subject.out(x, taught)
    problem = Problem(x, np.zeros(len(x), np.int64), t, 2)
    return Trial(_AsNetwork(subject, subject.fresh()), subject.kind, x, t, problem)


def layer_trainings(trial: Trial) -> Iterator[Finding]:
    """Yield what trainings with a layer show."""
    yield from kept_trainings(trial)
    yield from step_trainings(trial)


def loss_trainings(at_labels: AtLabels, line: int | None, name: str) -> Iterator[Finding]:
    """Yield that a loss becomes smaller as errors become more: it is turned over, and so is its gradient.

    Args:
        at_labels: the loss.
        line: where it is computed.
        name: of its forward.
    """
    forms = (np.zeros(1, np.int64), np.zeros((1, 3), np.int64))
    for form in forms:
        problem = clouds((12,), 3, form)
        try:
            got, turned = (_errors_with(at_labels, problem, sign) for sign in (1.0, -1.0))
        except Exception:  # noqa: BLE001, S112 (a stranger's: it does not take such labels)
            continue
        reference = errors_of_perceptrons([12, 3], problem)
        if reference.leaves_out(got) and got > problem.chance and reference.holds(turned):
            yield Finding("training", "answers", ("upside_down",), name, line, **reference.told(got),
                          detail={"what": "answers"})  # fmt: skip
            return


def _errors_with(at_labels: AtLabels, problem: Problem, sign: float) -> float:
    """Return the share of errors of a linear classifier that is trained by a loss."""
    params = {"W": np.zeros((12, 3)), "b": np.zeros(3)}
    loss, rule = at_labels(problem.t), Adam(0.03 * sign)
    for _ in range(40):
        loss.forward(problem.x @ params["W"] + params["b"])
        d = np.asarray(loss.backward(np.asarray(1.0)), float)
        rule(params, {"W": problem.x.T @ d, "b": d.sum(axis=0)})
    scores = problem.x @ params["W"] + params["b"]
    if not np.isfinite(scores).all():
        raise ValueError("it took the scores beyond all bounds")
    return float((scores.argmax(axis=1) != problem.labels).mean())
