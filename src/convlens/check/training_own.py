"""Methods with which somebody's object moves its own parameters: which they are, and how they are called.

Must not know whether what they do is right.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from convlens.check.guessing import bare

__all__ = ["Own", "called_with", "is_rate", "own_methods"]

_STEPS = (
    *("train_step", "training_step", "train_batch", "train_on_batch", "fit_batch", "partial_fit", "sgd_step"),
    *("update_mini_batch", "step", "update", "update_params", "update_parameters", "update_weights", "learn"),
    *("optimize", "optimise", "train_one_step", "train_one_batch", "apply_gradients", "gradient_descent"),
)
_WHOLE = ("fit", "train", "train_network", "run_training", "training")
_NAMES = {
    "x": "x xs xtrain trainx input inputs data images pictures xbatch batchx features samples imgs xdata xtr",
    "t": "t y ts ys ttrain ytrain traint trainy label labels target targets tbatch ybatch answers ydata "
         "tdata ytr ttr yenc onehot",
    "rate": "lr learningrate eta alpha rate stepsize lrate",
    "grads": "grads grad gradients gradient g",
    "epochs": "epochs epoch nepochs nepoch maxepoch maxepochs numepochs iterations niter iters nsteps steps "
              "itersnum numiters numiterations maxiter niters nits",
    "batch": "batchsize minibatchsize batch bs nbatch",
}  # fmt: skip
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split()}


@dataclass(frozen=True)
class Own:
    """A method that moves an object's parameters.

    Attributes:
        name: what it is called.
        roles: its arguments' names → what each is.
        needed: the roles that it must be given.
        is_whole: whether it is a training by itself, not a step of one.
    """

    name: str
    roles: Mapping[str, str]
    needed: frozenset[str]
    is_whole: bool

    @property
    def takes(self) -> frozenset[str]:
        """What it may be given."""
        return frozenset(self.roles.values())

    @property
    def comes_after(self) -> bool:
        """Whether gradients must have been computed before."""
        return "x" not in self.takes


def is_rate(name: str) -> bool:
    """Say whether something is called as a learning rate is."""
    return _ROLES.get(bare(name)) == "rate"


def own_methods(thing: Any) -> list[Own]:  # noqa: ANN401
    """Return the methods of an object that move its parameters, a step before a whole training."""
    found = []
    for names, is_whole in ((_STEPS, False), (_WHOLE, True)):
        every = [_read(thing, name, is_whole=is_whole) for name in names]
        found += [one for one in every if one is not None][:1]
    return found


def _read(thing: Any, name: str, *, is_whole: bool) -> Own | None:  # noqa: ANN401
    method = getattr(type(thing), name, None)
    if not inspect.isfunction(method):
        return None
    roles, needed = {}, set()
    for argument, one in list(inspect.signature(method).parameters.items())[1:]:
        role = _ROLES.get(bare(argument))
        if one.kind in {one.VAR_POSITIONAL, one.VAR_KEYWORD}:
            continue
        if role is not None:
            roles[argument] = role
        if one.default is one.empty:
            if role is None:
                return None
            needed.add(role)
    takes = set(roles.values())
    fits = {"x", "t"} <= takes or (not is_whole and not takes & {"x", "t"})
    is_run = is_whole or bool(takes & {"epochs"})
    return Own(name, roles, frozenset(needed), is_run) if fits else None


def called_with(thing: Any, own: Own, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Call such a method.

    Args:
        thing: the object.
        own: which.
        values: by role; what it does not take is left out.
    """
    method: Callable[..., Any] = getattr(thing, own.name)
    return method(**{name: values[role] for name, role in own.roles.items() if role in values})
