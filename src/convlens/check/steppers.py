"""Optimizers that are given what they move when they are made, as if they had `update`. Must not know rules.

SGD(params, grads, lr).step()          Adam(params, lr).step()  with  p.data and p.grad
    Adam(params, lr).step(grads)           Momentum(layers, lr).step()  with  layer.params and layer.grads
"""

import inspect
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.guessing import SETTINGS, bare, parameters_of
from convlens.check.known_names import StandsFor, n_needed

__all__ = ["Stepper", "stepper_of"]

_PARAMS = frozenset(("params", "parameters", "weights", "param", "model_params", "variables", "theta", "p"))
_GRADS = frozenset(("grads", "gradients", "gradient", "grad", "g", "dparams"))
_LAYERS = frozenset(("layers", "modules", "layerlist", "netlayers"))
_FORMS = ("lists", "dicts", "objects", "layers")


class Stepper:
    """An optimizer whose `step` takes nothing.

    Args:
        cls: its class.
        settings: what else it is made with.
        form: how it is given parameters: one of "lists", "dicts", "objects", "layers".
        method: what its step is called.
    """

    def __init__(self, cls: type, settings: Mapping[str, Any], form: str, method: str) -> None:
        self.stands_for = StandsFor(cls.__name__, cls, method, method)
        self.cls, self.made_with, self.form, self.method = cls, dict(settings), form, method
        self.held: Any = None
        vars(self).update({key: one for key, one in settings.items() if isinstance(one, int | float)})
        for key, one in parameters_of(cls).items():
            if isinstance(one.default, int | float) and not isinstance(one.default, bool):
                vars(self).setdefault(key, one.default)

    def update(self, params: dict[str, Array], grads: dict[str, Array]) -> None:
        """Let it take one step, with these gradients."""
        if self.held is None:
            self.held = self._made(params, grads)
        optimizer, mine, slopes = self.held
        for key, one in grads.items():
            slopes[key][...] = one
        step = getattr(optimizer, self.method)
        step(*[list(slopes.values()) if self.form == "lists" else slopes] * n_needed(step))
        for key, array in params.items():
            array[...] = mine[key].data if self.form == "objects" else mine[key]

    def _made(
        self, params: Mapping[str, Array], grads: Mapping[str, Array]
    ) -> tuple[Any, Any, dict[str, Array]]:
        slopes = {key: np.array(one) for key, one in grads.items()}
        if self.form == "objects":
            mine: Any = {key: SimpleNamespace(data=one, grad=slopes[key]) for key, one in params.items()}
        else:
            mine = dict(params)
        listed = self.form in {"lists", "objects"}
        asked = {bare(name): name for name in parameters_of(self.cls)}
        values = dict(self.made_with)
        for small, name in asked.items():
            if small in _LAYERS and self.form == "layers":
                values[name] = [SimpleNamespace(params=mine, grads=slopes)]
            elif small in _PARAMS:
                values[name] = list(mine.values()) if listed else mine
            elif small in _GRADS:
                values[name] = list(slopes.values()) if listed else slopes
        named = next((name for small, name in asked.items() if small in _PARAMS), None)
        given = values[named] if named else mine
        optimizer = self.cls(**values)
        return optimizer, dict(zip(params, given, strict=True)) if listed else given, slopes


def stepper_of(cls: type) -> Stepper | None:
    """Return an optimizer that is made with parameters and takes steps by itself, if a class is one."""
    method = next((name for name in ("step", "update") if inspect.isfunction(getattr(cls, name, None))), None)
    asked = parameters_of(cls)
    holders = _PARAMS | _LAYERS
    if method is None or not any(bare(one) in holders for one in asked):
        return None
    taken = list(parameters_of(getattr(cls, method)))[1:2]
    n = n_needed(getattr(cls, method)) - 1
    if n > 1 or (n == 1 and bare(taken[0]) not in _GRADS):
        return None
    needed = {name: SETTINGS.get(bare(name), 0.1) for name, one in asked.items()
              if one.default is one.empty and bare(name) not in holders | _GRADS}  # fmt: skip
    has_grads = n == 1 or any(bare(one) in _GRADS for one in asked)
    forms: tuple[str, ...]
    if any(bare(one) in _LAYERS for one in asked):
        forms = _FORMS[3:]
    else:
        forms = _FORMS[:3] if has_grads else _FORMS[2:3]
    for form in forms:
        start = {"W": np.ones((3, 2)), "b": np.ones(2)}
        try:
            with np.errstate(all="ignore"):
                Stepper(cls, needed, form, method).update(
                    start, {key: 0.5 * one for key, one in start.items()}
                )
        except (Exception, SystemExit):  # noqa: BLE001, S112 (a stranger's)
            continue
        if any(not np.array_equal(one, np.ones(one.shape)) for one in start.values()):
            return Stepper(cls, needed, form, method)
    return None
