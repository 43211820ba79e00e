"""`check_network`: a network that somebody wrote, after the book: `params`, `loss` and `gradient`.

Its layers are checked first, each with what reaches it: a wrong layer makes every gradient before it wrong,
and is told alone. Must not know files.
"""

import copy
import random
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.arrays import as_numbers
from convlens.check.blame import is_theirs
from convlens.check.forms import as_book, is_network
from convlens.check.gradients import matching, worst
from convlens.check.known.any_layer import in_any_layer, is_bias, weights_within
from convlens.check.known.chain import faults_of
from convlens.check.known_names import StandsFor
from convlens.check.layer import layer_outcome
from convlens.check.lines import line_of, start_of
from convlens.check.loss import loss_outcome
from convlens.check.measuring import SINGLE, Precision, alike, along, by_entries, is_kink
from convlens.check.outcome import CHECKS, Finding, Outcome
from convlens.check.places import in_doubles, numbers_of
from convlens.check.subject import Broken, line_in
from convlens.check.training import with_network_trained
from convlens.errors import ConvlensError, ShapeError, UsageError, shown

__all__ = ["check_network"]

_FINE = Precision(3e-7, 1e-5)
"""Shorter than for a layer: of a network's many kinks a step should cross none."""

_MOST = 120  # entries of a parameter that are tried one by one


class _Net:
    """A network, asked through copies.

    Args:
        network: whose.
        x: pictures or rows.
        t: labels.
        kind: its class.
    """

    def __init__(self, network: Any, x: Array, t: IntArray, kind: type) -> None:  # noqa: ANN401
        self.kind, self.x, self.t = kind, x, t
        self.kept = copy.deepcopy(network)
        in_doubles(self.kept)
        self.params: dict[Any, Array] = {
            key: one for key, one in self.kept.params.items() if isinstance(one, np.ndarray) and one.size
        }

        self._enlarge()

    def _enlarge(self) -> None:
        """Move the weights by what keeps numbers of the size of 1.

        Of tiny ones every step crosses kinks; of large ones a probability is lost in a loss's small number.
        """
        rng = np.random.default_rng(15)
        for array in self.params.values():
            inputs = {1: 100, 2: array.shape[0]}.get(array.ndim, array.size // max(1, array.shape[0]))
            usual = 1 / np.sqrt(max(1, inputs))
            too_large = max(1.0, float(np.sqrt((array**2).mean())) / usual)
            array[...] = array / too_large + rng.normal(0, usual, array.shape)

    def ask(self, method: str, changes: Mapping[Any, Array] | None = None, layer: Any = None) -> Any:  # noqa: ANN401
        """Call a method of a fresh copy, some of whose parameters are changed in place."""
        made = copy.deepcopy(self.kept) if layer is None else layer
        for key, array in (changes or {}).items():
            made.params[key][...] = array
        state, own = np.random.get_state(), random.getstate()  # noqa: NPY002 (what a stranger draws from)
        np.random.seed(5)  # noqa: NPY002
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return getattr(made, method)(self.x.copy(), self.t.copy())
        except (Exception, SystemExit) as error:
            line, theirs = line_in(error, self.kind), is_theirs(error, self.kind)
            raise Broken(method, error, line, own=theirs) from error
        finally:
            np.random.set_state(state)  # noqa: NPY002
            random.setstate(own)

    def loss(self, changes: Mapping[Any, Array] | None = None) -> float:
        """Return the loss, with some parameters changed."""
        return float(self.ask("loss", changes))


_BOTH = ("loss", "gradient")


@as_annotated
def check_network(network: Any, x: Array, t: IntArray) -> Outcome:  # noqa: ANN401
    """Return what is wrong with a network that somebody wrote, and the likely cause where it can be told.

    Args:
        network: an object with `params` (a dict of arrays), `loss(x, t)` and `gradient(x, t)`, as the book's;
            its layers, in order, are in `layers`, and the last one in `last_layer`, if it has them.
        x: a batch as it takes it; the first samples are used.
        t: its labels.
    """
    is_one = is_network(type(network)) or all(callable(getattr(network, name, None)) for name in _BOTH)
    if not is_one:
        rule = "have `loss` and `gradient`, as the book's with its dict `params`"
        raise UsageError(f"`network` must {rule}. Got {shown(network)}.")
    x, t = as_numbers("`x` of check_network", x), as_numbers("`t` of check_network", t)
    if not x.ndim or not t.ndim or len(x) != len(t) or not x.size:
        raise ShapeError(f"`x` and `t` of check_network must be as many. Got {x.shape} and {t.shape}.")
    stands_for = getattr(network, "stands_for", None)
    name, kind = type(network).__name__, type(network)
    if isinstance(stands_for, StandsFor):
        name, kind = stands_for.name, stands_for.kind
    try:
        x, t = x[:3].astype(np.float64), t[:3]
        book = as_book(network, x, t)
        net = _Net(book, x, t, kind)
        found = sorted(_findings(net), key=lambda one: CHECKS.index(one.check))
    except Broken as broken:
        raised = Finding("raises", "loss", (), broken.method, broken.line, detail=broken.detail)
        return Outcome(name, "", (raised,))
    except (TypeError, ValueError) as error:
        return Outcome(name, "", (Finding("raises", "loss", (), "loss", None, detail={"error": str(error)}),))
    wrong = {one.check for one in found}
    asked = ("shapes", "finite", "unused", "gradient", "unlearned", "state", "in_place")
    outcome = Outcome(name, "network", tuple(found), tuple(one for one in asked if one not in wrong))
    return with_network_trained(outcome, book, kind, x, t)


def _findings(net: _Net) -> Iterator[Finding]:
    if not np.isfinite(net.loss()):
        yield Finding("finite", "loss", (), "loss", start_of(net.kind, "loss"))
        return
    of_layers = list(_of_layers(net))
    yield from of_layers
    grads = net.ask("gradient")
    if not isinstance(grads, Mapping):
        yield Finding("shapes", "gradient", (), "gradient", start_of(net.kind, "gradient"), "a dict",
                      type(grads).__name__)  # fmt: skip
        return
    line = start_of(net.kind, "gradient")
    whole: dict[Any, Array] = {}
    for key, array in net.params.items():
        got = grads.get(key)
        if got is None:
            yield Finding("unlearned", str(key), ("no_gradient",), "gradient", line)
        elif np.shape(got) != array.shape:
            at = line_of(net.kind, "gradient", f"['{key}']")
            causes = ("wrong_parameter",) if _is_of_another(net, key, np.asarray(got)) else ()
            yield Finding("shapes", str(key), causes, "gradient", at, str(array.shape), str(np.shape(got)))
        else:
            whole[key] = np.array(got, np.float64)
    if not of_layers:
        found = [one for key, got in whole.items() for one in _of_parameter(net, key, got, whole)]
        yield from _in_one_piece(net, found, whole)
    yield from _left(net, whole)


def _is_of_another(net: _Net, key: Any, got: Array) -> bool:  # noqa: ANN401
    """Say whether a gradient of another shape is right for another parameter."""
    others = [(other, one) for other, one in net.params.items() if other != key and one.shape == got.shape]
    return any(along(_loss_of(net, other), one, got, _FINE) for other, one in others)


def _of_parameter(net: _Net, key: Any, got: Array, whole: Mapping[Any, Array]) -> Iterator[Finding]:  # noqa: ANN401
    at = net.params[key]
    moves = np.random.default_rng(13).normal(size=at.shape)
    if net.loss({key: at + moves}) == net.loss() == net.loss({key: at - moves}):
        forgotten = ("bias",) if is_bias(str(key), at) else ()
        yield Finding("unused", str(key), forgotten, "loss", start_of(net.kind, "loss"))
        return
    precision = _FINE
    f = _loss_of(net, key)
    if along(f, at, got, precision):
        return
    if _is_coarse(net, key):
        precision = SINGLE
        if along(f, at, got, precision):
            return
    expected, measured = by_entries(f, at, precision, _MOST)
    scale = max(float(np.abs(expected).max()), float(np.abs(got).max()), 1e-9)
    guilty = np.argwhere((np.abs(got - expected) > 20 * precision.tolerance * scale) & measured)
    if not len(guilty) or all(is_kink(f, at, tuple(one), precision) for one in guilty[:6]):
        return
    others = {one: array for one, array in whole.items() if one != key and array.size == got.size}
    rights = {key: expected, **{one: by_entries(_loss_of(net, one), net.params[one], precision, array.size)[0]
                                for one, array in others.items() if array.size <= _MOST}}  # fmt: skip
    settings = numbers_of(getattr(net.kept, "network", net.kept))
    suspects = in_any_layer(key, rights, len(net.x), settings)
    causes = matching(suspects, got, measured, 20 * precision.tolerance)
    if not causes and weights_within(at, got, expected, measured) is not None:
        causes = ("penalty",)
    yield Finding("gradient", str(key), causes, "gradient", line_of(net.kind, "gradient", f"['{key}']"),
                  **worst(got, expected, measured, 20 * precision.tolerance))  # fmt: skip


def _in_one_piece(net: _Net, found: list[Finding], whole: Mapping[Any, Array]) -> Iterator[Finding]:
    """Yield findings with the causes that one fault in one of its layers explains together."""
    if all(one.causes or one.check != "gradient" for one in found):
        yield from found
        return
    with np.errstate(all="ignore"):  # losses are tried that take no such numbers
        faults = faults_of(net.params, (net.x, net.t), net.loss(), whole)
    of_loss = tuple(dict.fromkeys(one.cause for one in faults if not one.wrong))
    if of_loss:  # all gradients are right, but of another loss
        yield Finding("forward", "loss", of_loss, "loss", line_of(net.kind, "loss", ""))
        return
    wrong = {one.target for one in found}
    fits = [one for one in faults if wrong <= set(map(str, one.wrong))]
    causes = tuple(dict.fromkeys(one.cause for one in fits))
    layers = {one.layer for one in fits}
    beside = {"layer": layers.pop()} if len(layers) == 1 else {}
    yield from (replace(one, causes=one.causes or causes, detail={**one.detail, **beside}) for one in found)


def _loss_of(net: _Net, key: Any) -> Any:  # noqa: ANN401
    return lambda array: net.loss({key: array})


def _is_coarse(net: _Net, key: Any) -> bool:  # noqa: ANN401
    """Say whether the loss is rounded to single precision: a tiny change does nothing."""
    moves = np.random.default_rng(14).normal(size=net.params[key].shape)
    here, moved = net.loss(), net.loss({key: net.params[key] * (1 + 1e-9 * moves)})
    return here == moved or float(np.float32(here)) == here


def _left(net: _Net, whole: Mapping[Any, Array]) -> Iterator[Finding]:
    """Yield what a call changes, and what a second one gives that is not what the first one gave."""
    made, line = copy.deepcopy(net.kept), start_of(net.kind, "gradient")
    net.ask("gradient", layer=made)
    for key, before in net.params.items():
        if not np.array_equal(made.params[key], before):
            yield Finding("in_place", str(key), ("updates_itself",), "gradient", line)
            return
    of_loss = list(_adding_up(net))
    if of_loss:
        yield from of_loss
        return
    again = net.ask("gradient", layer=made)
    for key, first in whole.items():
        second = np.asarray(again.get(key, np.nan), np.float64)
        if not alike(first, second, 1e-6):
            causes = ("added_up",) if alike(2 * first, second, 1e-6) else ()
            yield Finding("state", str(key), causes, "gradient", line)
            return


def _adding_up(net: _Net) -> Iterator[Finding]:
    """Yield a loss that grows by the same at each call: something in it is never set back."""
    kept = copy.deepcopy(net.kept)
    first, second, third = (float(net.ask("loss", layer=kept)) for _ in range(3))
    once, twice = np.asarray(second - first), np.asarray(third - second)
    if abs(second - first) > 1e-9 * abs(first) and alike(once, twice, 1e-6):
        line = start_of(net.kind, "loss")
        yield Finding("state", "loss", (), "loss", line, expected=f"{first:.6g}", got=f"{second:.6g}")


def _of_layers(net: _Net) -> Iterator[Finding]:
    """Yield what is wrong with its layers, each with what reaches it."""
    layers = getattr(net.kept, "layers", None)
    named = list(layers.items()) if isinstance(layers, dict) else list(enumerate(layers or []))
    x = net.x
    for name, layer in named:
        if not (hasattr(layer, "forward") and hasattr(layer, "backward")):
            return
        try:
            outcome = layer_outcome(layer, x)
            x = np.asarray(copy.deepcopy(layer).forward(x.copy()))
        except (ConvlensError, TypeError, ValueError):
            return
        yield from (_within(one, name) for one in outcome.findings if one.check != "unlearned")
    last = getattr(net.kept, "last_layer", getattr(net.kept, "lastLayer", None))  # the book's older name
    if hasattr(last, "forward") and hasattr(last, "backward"):
        yield from (_within(one, "last_layer") for one in loss_outcome(last).findings)


def _within(finding: Finding, name: Any) -> Finding:  # noqa: ANN401
    return replace(finding, detail={**finding.detail, "layer": str(name)})
