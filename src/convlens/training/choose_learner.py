"""Which learner trains what. Must not know how any of them computes."""

from collections.abc import Callable
from typing import Any

from convlens.arguments import Count, fits
from convlens.errors import UsageError, shown
from convlens.networks import Network
from convlens.networks.engines import engine_for, why_no_kernels
from convlens.training.engine_trial import EngineTrial
from convlens.training.hand_written import misfit, our_layers, own_part, stand_ins
from convlens.training.learner import Learner, NetworkLearner, ObjectLearner

__all__ = ["learner_for"]

_OVERRIDABLE = ("predict", "loss", "gradient", "loss_and_gradient", "accuracy", "evaluate")


def learner_for(
    network: Any,  # noqa: ANN401
    engine: str | None = None,
    threads: int | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> Learner:
    """Return the learner that trains `network`.

    Args:
        network: one of ours, or an object with what the Trainer needs.
        engine: "fused" or "layers" for a network of ours that shall be computed so from now on; None to
            leave it as it is.
        threads: how many the kernels use.
        note: hears one line about an object that might run on the engine.

    Raises:
        UsageError: the object lacks one of params, gradient, loss, accuracy; or `threads` are too many.
    """
    if threads is not None:
        _require_possible(threads)
    if isinstance(network, Network) and all(_as_ours(type(network), name) for name in _OVERRIDABLE):
        if engine is not None:
            network.engine = engine_for(engine, network.spec)
        return NetworkLearner(network, threads)
    written = ObjectLearner(network)
    if engine == "layers":
        return written
    own, known = our_layers(network), stand_ins(network)
    layers = own or known
    reason = _why_as_written(network, layers, known)
    if reason is not None:
        note(f"{type(network).__name__} is trained as it is written: {reason}.")
    if layers is None or reason is not None:
        return written
    return EngineTrial(network, layers, threads, note, draws=own is None)


def _why_as_written(network: Any, layers: list[Any] | None, known: list[Any] | None) -> str | None:  # noqa: ANN401
    """Say why the engine cannot train an object; None if it can, or if that is not worth a word."""
    if layers is not None:
        reason = misfit(network, layers, is_known=known is not None)
        return f"kernels cannot run here ({why})" if reason is None and (why := why_no_kernels()) else reason
    reason = own_part(network)
    if reason is None or type(network).__module__.startswith("convlens."):
        return reason
    return f"{reason} (`convlens check` looks for what is wrong in such)"  # nobody else has tried it yet


def _require_possible(threads: object) -> None:
    """Refuse a number of threads that there cannot be; without kernels none are started."""
    if not why_no_kernels():
        from convlens.kernels.runtime.threads import resolve_threads  # noqa: PLC0415 (Numba: half a second)

        resolve_threads(threads)  # type: ignore[arg-type]  # that is what it looks at
    elif not fits(threads, Count):
        raise UsageError(f"`threads` must be a positive int. Got {shown(threads)}.")


def _as_ours(cls: type, name: str) -> bool:
    """Say whether a subclass of Network left a method as it is, so that it can be passed by."""
    return getattr(cls, name) is getattr(Network, name)
