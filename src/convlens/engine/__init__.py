"""The engine: looks at a list of layers once, and runs it on the kernels. Must not know files or training.

plan = engine.compile(layers, loss, input_shape, capacity)
loss = plan.loss_and_gradient(x, t, index)     # then plan.gradients
scores = plan.predict(x)

Where Numba cannot be loaded this room can be imported all the same; what needs kernels says what is missing.
"""

from convlens.engine.coverage import KERNELS, kernels_of
from convlens.errors import MissingEngineError

try:
    from convlens.engine.optimizers import RULES, FusedOptimizer
    from convlens.engine.plan import Plan
    from convlens.engine.plan import compile_plan as compile  # noqa: A004  # engine.compile(…) says what it does
    from convlens.engine.profile import StageTime, profile
    from convlens.engine.stage import StageRow
    from convlens.engine.thread_choice import measured_threads
    from convlens.engine.tiles import every_tile
    from convlens.engine.warmup import on_first_compile, warm_up
    from convlens.kernels.runtime.machine import facts
except MissingEngineError as _error:
    _missing = _error  # Python forgets the other name

    def __getattr__(name: str) -> object:
        """Say what is missing, to whoever wants more than to know which layers have kernels."""
        if name in __all__:
            raise MissingEngineError(_missing, _missing.reason) from None
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "KERNELS",
    "RULES",
    "FusedOptimizer",
    "Plan",
    "StageRow",
    "StageTime",
    "compile",
    "every_tile",
    "facts",
    "kernels_of",
    "measured_threads",
    "on_first_compile",
    "profile",
    "warm_up",
]
