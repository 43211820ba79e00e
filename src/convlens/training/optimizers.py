"""Optimizers: one elementwise rule each, over a dict of arrays, in place. Must not know networks.

In place is the contract: layers hold the very arrays that are updated. A new optimizer is one class
with its `rule` and one line in `OPTIMIZERS`.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from inspect import signature
from numbers import Real
from typing import Any, ClassVar

import numpy as np

from convlens._typing import Array
from convlens.arguments import SINGLE
from convlens.errors import MissingKeyError, ShapeError, UsageError, WrongTypeError, did_you_mean, shown
from convlens.training.decay import Span, decayed, decaying, shrink
from convlens.turns import Turn, taking_turns

__all__ = [
    "OPTIMIZERS",
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "as_float",
    "decay_in_range",
    "in_single",
    "make_optimizer",
]

_EPSILON = 1e-7  # the book's, outside the square root everywhere


def _remembered_as(name: str) -> property:
    """Return the property that shows one kind of memory by its name in the book, None before an update."""

    def get(optimizer: "Optimizer") -> dict[str, Array] | None:
        return optimizer.remembered.get(name)

    def put(optimizer: "Optimizer", value: dict[str, Array] | None) -> None:
        optimizer.remembered = {**optimizer.remembered, name: value or {}}

    return property(get, put, doc=f"What is remembered as {name}, by parameter; None before an update.")


class Optimizer:
    """Base: walks over the parameters and keeps each rule's memory.

    Attributes:
        lr: learning rate, above 0; may be changed between updates.
        weight_decay: how much the gradient g of a weight w is told of w itself: g + weight_decay · w, 0 or
            more. Weights are filters and matrices: of a dict, arrays of two axes or more.
        decays_all: let biases and the rest decay too.
        iter: updates so far.
        turn: threads that share it take turns, update by update.
    """

    decoupled: ClassVar[bool] = False
    """Whether weights decay by themselves, w ← w - lr · weight_decay · w, unseen by the rule."""

    memory: ClassVar[tuple[str, ...]] = ()
    """Names of what is remembered between updates: `optimizer.m` shows `optimizer.remembered["m"]`."""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        for name in vars(cls).get("memory", ()):
            setattr(cls, name, _remembered_as(name))

    def __init__(self, lr: float, weight_decay: float = 0.0) -> None:
        self.lr = _in_range(type(self).__name__, "lr", lr, 0.0, np.inf)
        self.weight_decay = decay_in_range(type(self).__name__, weight_decay)
        self.decays_all = False
        self.iter = 0
        self.turn = Turn()
        self.remembered: dict[str, dict[str, Array]] = {}

    @property
    def is_used(self) -> bool:
        """Whether it remembers anything."""
        return any(self.remembered.values())

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        """Update one parameter `p` by its gradient `g`, in place."""
        raise NotImplementedError

    @taking_turns
    def update(self, params: MutableMapping[str, Any], grads: Mapping[str, Any]) -> None:
        """Update every parameter by its gradient, in place.

        Args:
            params: by name; a Python float is replaced in the dict.
            grads: by the same names; others are ignored.

        Raises:
            MissingKeyError: a parameter has no gradient.
            ShapeError: a gradient does not have its parameter's shape.
            UsageError: a parameter holds integers, or a gradient no numbers.
        """
        for given in (params, grads):
            if not isinstance(given, Mapping):
                raise UsageError(f"an optimizer updates dicts of arrays. Got {shown(given)}.")
        told = {name: self._arrays(name, params[name], grads) for name in params}
        self.iter += 1  # all that can be refused was looked at
        for name, arrays in told.items():
            if self.weight_decay:
                spans = decaying(params, arrays[0], self.decays_all)
                arrays[1] = self._decayed(arrays[0], arrays[1], spans)
            self.rule(*arrays)
            if not isinstance(params[name], np.ndarray):
                params[name] = arrays[0][()]

    def _decayed(self, p: Array, g: Array, spans: Sequence[Span]) -> Array:
        """Let weights decay; return the gradient that the rule sees."""
        if not self.decoupled:
            return decayed(g, p, self.weight_decay, spans)
        shrink(p, self.lr * self.weight_decay, spans)
        return g

    def _arrays(self, name: str, value: Any, grads: Mapping[str, Any]) -> list[Array]:  # noqa: ANN401
        """Return a parameter, its gradient, and what is remembered of it."""
        if name not in grads:
            there_are = ", ".join(map(str, grads)) or "none"
            raise MissingKeyError(f"there is no gradient for `{name}`. There are: {there_are}.")
        p = np.asarray(value)
        if p.dtype.kind != "f":
            p = self._as_floats(name, value)
        gradient = _gradient(name, grads[name], p.shape)
        return [p, gradient, *(self._recall(which, name, p) for which in self.memory)]

    def state(self) -> dict[str, Array]:
        """Return copies of what must be saved to go on later: the memory by "name.parameter", and `iter`."""
        kept = {
            f"{which}.{name}": value.copy()
            for which, arrays in self.remembered.items()
            for name, value in arrays.items()
        }
        return {"iter": np.array(self.iter), **kept}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Go on from what `state` returned."""
        if not isinstance(state, Mapping) or "iter" not in state:
            rule = "what `state` returned, a dict of arrays with `iter`"
            raise UsageError(f"the state of {type(self).__name__} must be {rule}. Got {shown(state)}.")
        remembered: dict[str, dict[str, Array]] = {which: {} for which in self.memory}
        for key, value in state.items():
            which, _, name = key.partition(".")
            if which in remembered:
                remembered[which][name] = np.array(value)
        self.iter, self.remembered = int(state["iter"]), remembered  # a new dict: kernels bind it anew

    def _recall(self, which: str, name: str, p: Array) -> Array:
        kept = self.remembered.setdefault(which, {})
        if name not in kept:
            kept[name] = np.zeros_like(p)
        if kept[name].shape != p.shape:
            owner = f"`{which}` of {type(self).__name__}"
            raise ShapeError(f"{owner} for `{name}` must be {p.shape}. Got {kept[name].shape}.")
        return kept[name]

    @staticmethod
    def _as_floats(name: str, value: Any) -> Array:  # noqa: ANN401
        if isinstance(value, np.ndarray):
            raise WrongTypeError(
                f"parameter `{name}` must hold floats. Got {value.dtype}: use {name}.astype(float)."
            )
        return np.array(value, float)

    def __repr__(self) -> str:
        takes = signature(type(self)).parameters
        told = [name for name in takes if name != "weight_decay" or self.weight_decay != takes[name].default]
        values = ", ".join(f"{name}={getattr(self, name)}" for name in told)
        return f"{type(self).__name__}({values})"


class SGD(Optimizer):
    """p ← p - lr · g."""

    def __init__(self, lr: float = 0.01, *, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        del memory
        p -= self.lr * g


class Momentum(Optimizer):
    """v ← momentum · v - lr · g;  p ← p + v.

    Reference: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """

    memory = ("v",)

    def __init__(self, lr: float = 0.01, momentum: float = 0.9, *, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)
        self.momentum = _in_range("Momentum", "momentum", momentum, 0, 1)

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        (v,) = memory
        v *= self.momentum
        v -= self.lr * g
        p += v


class Nesterov(Optimizer):
    """p ← p + momentum² · v - (1 + momentum) · lr · g, with the v of before;  v ← momentum · v - lr · g.

    The form of Bengio, Boulanger-Lewandowski, Pascanu, "Advances in optimizing recurrent networks", 2012,
    equation 7.
    """

    memory = ("v",)

    def __init__(self, lr: float = 0.01, momentum: float = 0.9, *, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)
        self.momentum = _in_range("Nesterov", "momentum", momentum, 0, 1)

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        (v,) = memory
        p += self.momentum * self.momentum * v
        p -= (1 + self.momentum) * self.lr * g
        v *= self.momentum
        v -= self.lr * g


class AdaGrad(Optimizer):
    """h ← h + g²;  p ← p - lr · g / (√h + ε).

    Reference: Duchi, Hazan, Singer, "Adaptive subgradient methods", 2011.
    """

    memory = ("h",)

    def __init__(self, lr: float = 0.01, *, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        (h,) = memory
        h += g * g
        p -= self.lr * g / (np.sqrt(h) + _EPSILON)


class RMSprop(Optimizer):
    """h ← decay_rate · h + (1 - decay_rate) · g²;  p ← p - lr · g / (√h + ε).

    Reference: Tieleman, Hinton, "Lecture 6.5", Neural Networks for Machine Learning, 2012.
    """

    memory = ("h",)

    def __init__(self, lr: float = 0.01, decay_rate: float = 0.99, *, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay)
        self.decay_rate = _in_range("RMSprop", "decay_rate", decay_rate, 0, 1)

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        (h,) = memory
        h *= self.decay_rate
        h += (1 - self.decay_rate) * g * g
        p -= self.lr * g / (np.sqrt(h) + _EPSILON)


class Adam(Optimizer):
    """m ← β₁ m + (1 - β₁) g;  v ← β₂ v + (1 - β₂) g²;  p ← p - lr_t · m / (√v + ε).

    lr_t = lr · √(1 - β₂ᵗ) / (1 - β₁ᵗ): the book's form, in which ε is not corrected for the start.

    Reference: Kingma, Ba, "Adam: a method for stochastic optimization", 2015, section 2.
    """

    memory = ("m", "v")

    def __init__(
        self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, *, weight_decay: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay)
        self.beta1 = _in_range(type(self).__name__, "beta1", beta1, 0, 1)
        self.beta2 = _in_range(type(self).__name__, "beta2", beta2, 0, 1)

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        m, v = memory
        lr_t = self.lr * float(np.sqrt(1 - self.beta2**self.iter)) / (1 - self.beta1**self.iter)
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        p -= lr_t * m / (np.sqrt(v) + _EPSILON)


class AdamW(Adam):
    """w ← w - lr · weight_decay · w for weights; then Adam with ε corrected for the start.

    p ← p - lr / (1 - β₁ᵗ) · m / (√(v / (1 - β₂ᵗ)) + ε) with ε = 1e-8, as PyTorch's; 0.01 is its decay too.

    Reference: Loshchilov, Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
    """

    decoupled = True

    def __init__(
        self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, *, weight_decay: float = 0.01
    ) -> None:
        super().__init__(lr, beta1, beta2, weight_decay=weight_decay)

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        m, v = memory
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        root = np.sqrt(v) / float(np.sqrt(1 - self.beta2**self.iter)) + 1e-8
        p -= self.lr / (1 - self.beta1**self.iter) * m / root


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
}
"""What `optimizer=` may be, in any case of letters."""

_MISSPELT = {"rmsprpo": "rmsprop"}  # the Korean edition's key


def make_optimizer(name: str, param: Mapping[str, float] | None = None) -> Optimizer:
    """Return the named optimizer.

    Args:
        name: one of `OPTIMIZERS`, in any case of letters.
        param: its arguments, such as {"lr": 0.001}.

    Raises:
        UsageError: there is no such optimizer (the message lists them) or argument.
    """
    key = name.lower() if isinstance(name, str) else ""
    key = _MISSPELT.get(key, key)
    if key not in OPTIMIZERS:
        near = did_you_mean(name, OPTIMIZERS)
        raise MissingKeyError(
            f"there is no optimizer {shown(name)}. There are: {', '.join(OPTIMIZERS)}.{near}"
        )
    if param is not None and not isinstance(param, Mapping):
        raise WrongTypeError(f"`optimizer_param` must be a dict such as {{'lr': 0.01}}. Got {shown(param)}.")
    takes = signature(OPTIMIZERS[key]).parameters
    unknown = [str(one) if isinstance(one, str) else shown(one) for one in param or {} if one not in takes]
    if unknown:
        raise WrongTypeError(
            f"{OPTIMIZERS[key].__name__} takes {', '.join(takes)}. Got {', '.join(unknown)}."
        )
    return OPTIMIZERS[key](**(param or {}))


def _gradient(name: str, value: Any, shape: tuple[int, ...]) -> Array:  # noqa: ANN401
    """Return a gradient as an array; of another shape it would be broadcast to a wrong update."""
    g = np.asarray(value)
    if g.dtype.kind not in "fiu":
        raise WrongTypeError(f"the gradient for `{name}` must be numbers. Got {type(value).__name__}.")
    if g.shape != shape:
        raise ShapeError(f"the gradient for `{name}` must be {shape}, as the parameter is. Got {g.shape}.")
    return g


def _in_range(owner: str, name: str, value: float, low: float, high: float) -> float:
    """Return `value` if low ≤ value < 1, or, where high is infinite, if float32 has it above 0 and finite."""
    number = as_float(value)
    if not (low <= number < high if high == 1 else SINGLE.least <= number <= SINGLE.most):
        rule = "at least 0 and below 1" if high == 1 else f"above 0 and finite{in_single(number)}"
        raise UsageError(f"`{name}` of {owner} must be {rule}. Got {shown(value)}.")
    return value


def decay_in_range(owner: str, value: float) -> float:
    """Return a `weight_decay` if it is one."""
    number = as_float(value)
    if not 0 <= number <= SINGLE.most:
        rule = f"0 or more and finite{in_single(number)}"
        raise UsageError(f"`weight_decay` of {owner} must be {rule}. Got {shown(value)}.")
    return value


def in_single(number: float) -> str:
    """Return what a rule adds where a number is above 0 and finite in Python, and not in a network."""
    return " in single precision" if 0 < number < np.inf else ""


def as_float(value: object) -> float:
    """Return what the rules compute with: NaN, which no range allows, for what is no float or too large."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return np.nan
    try:
        return float(value)
    except OverflowError:  # a whole number or a fraction beyond the largest float
        return np.nan
