"""Every public name that can be called, and a valid call of each, for tests that spoil one argument of it."""

import inspect
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from importlib import import_module

import numpy as np

from convlens.training import SGD
from small_sets import SIZE, write_small_set
from valid_arguments import ELEMENTWISE, VALID

ROOMS = (
    *("spec", "data", "layers", "engine", "networks", "training", "runs", "interop", "study"),
    *("findings", "inspection", "explorer", "report", "check", "book"),
)
"""The rooms whose `__all__` users import from; the names of `convlens` itself live in them."""


@dataclass(frozen=True)
class PublicName:
    """A function, a class, or a method (then `owner` is its class)."""

    name: str
    call: object
    owner: type | None = None

    @property
    def arguments(self):
        """Its parameters by name, `self` apart."""
        found = inspect.signature(self.call).parameters.values()
        kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        return {one.name: one for one in found if one.kind not in kinds and one.name != "self"}

    def bound(self, world):
        """What is called: of a method, that of a fresh object."""
        if self.owner is None:
            return self.call
        return getattr(OBJECTS[self.made_as](world), self.name.rpartition(".")[2])

    @property
    def made_as(self):
        """The key of its object in `OBJECTS`: its class, behind its room where two rooms have one."""
        whole = self.name.rpartition(".")[0]
        return whole if whole in OBJECTS else self.owner.__name__

    @property
    def known(self):
        """What makes a value that fits, by the argument's name; None where there is nothing in `VALID`."""
        plain = self.name.partition(".")[2]
        places = {name: (f"{self.name}.{name}", f"{plain}.{name}", name) for name in self.arguments}
        return {
            name: next((VALID[key] for key in keys if VALID.get(key) is not None), None)
            for name, keys in places.items()
        }

    @property
    def unknown(self):
        """The arguments that must be given and of which `VALID` says nothing."""
        needed = [name for name, one in self.arguments.items() if one.default is one.empty]
        return [name for name in needed if self.known[name] is None]

    def valid(self, world):
        """Arguments that fit, by name, but for those that are as well left out."""
        return {name: make(world) for name, make in self.known.items() if make is not None}


def public_names():
    """Return all of them, each once, in the order of the rooms."""
    found = {}
    for room in ROOMS:
        module = import_module(f"convlens.{room}")
        for name in module.__all__:
            thing = getattr(module, name)
            is_ours = callable(thing) and (getattr(thing, "__module__", None) or "").startswith("convlens.")
            if is_ours and not (isinstance(thing, type) and issubclass(thing, Enum)):
                found.setdefault(thing, f"{room}.{name}")
    named = [PublicName(name, thing) for thing, name in found.items()]
    methods = [one for public in named if isinstance(public.call, type) for one in _methods(public)]
    return [one for one in (*named, *methods) if one.arguments]


def _methods(public):
    """Return the methods that a class defines itself."""
    for name, value in vars(public.call).items():
        function = getattr(value, "__func__", value)
        if inspect.isfunction(function) and not name.startswith("_"):
            yield PublicName(f"{public.name}.{name}", getattr(public.call, name), public.call)


class World:
    """Small things of every kind that public functions take."""

    def __init__(self, folder):
        self.folder = folder
        self.data = write_small_set(folder / "data")
        rng = np.random.default_rng(0)
        self.x = rng.random((4, 1, SIZE, SIZE), np.float32)
        self.t = np.arange(4)
        self.picture = self.x[0, 0]

    @cached_property
    def spec(self):
        from convlens import spec

        made = spec.Convolution(3, 3), spec.Relu(), spec.Pooling(2), spec.Affine(10)
        return spec.NetworkSpec("Tiny", (1, SIZE, SIZE), made, "he")

    def config(self, seed=0):
        from convlens.runs import RunConfig

        return RunConfig(self.spec, str(self.data), train_size=50, epochs=2, batch_size=25, seed=seed)

    @cached_property
    def runs(self):
        from convlens.runs import train_run

        return [train_run(self.config(seed), self.folder / f"run-{seed}", "convlens") for seed in (0, 1)]

    @property
    def network(self):
        from convlens.networks import Network

        return Network(self.spec)

    @property
    def plan(self):
        from convlens import engine, layers

        network = self.network
        return engine.compile(list(network.layers.values()), layers.SoftmaxWithLoss(), self.x.shape[1:], 8)

    @property
    def loss(self):
        from convlens.layers import SoftmaxWithLoss

        made = SoftmaxWithLoss()
        made.forward(np.ones((2, 3)), np.arange(2))
        return made

    @property
    def batch(self):
        return self.network.batch(self.x, self.t)

    @property
    def trainer(self):
        from convlens.training import Trainer

        return Trainer(self.network, self.x, self.t, self.x, self.t, 1, 2, verbose=False)

    @property
    def experiment(self):
        from convlens.study import Experiment

        return Experiment("tiny", "simple", self.config())

    @property
    def planned(self):
        from convlens.study import Planned

        return Planned(self.experiment, self.config(), self.runs[0].folder)

    @cached_property
    def study(self):
        from convlens.study import Design, Study

        made = Study(Design("mine", (self.experiment,)), self.folder / "study", 1)
        list(made.run_missing())
        return made

    @cached_property
    def other(self):
        from convlens.runs import train_run

        return train_run(replace(self.config(), epochs=1), self.folder / "other", "convlens")

    @cached_property
    def classifier(self):
        from convlens.findings import Classifier

        return Classifier(self.runs[0])

    @cached_property
    def photo(self):
        from PIL import Image

        path = self.folder / "photo.png"
        Image.fromarray((255 * self.picture).astype(np.uint8)).save(path)
        return path

    @cached_property
    def figure(self):
        from convlens.inspection import class_accuracy

        return class_accuracy(self.runs[0])

    @cached_property
    def weights(self):
        path = self.folder / "weights.safetensors"
        self.network.save_params(path)
        return path

    def layer(self, kind):
        """A layer that has seen a batch."""
        from convlens import layers

        made = {
            "Affine": lambda: layers.Affine(np.ones((SIZE * SIZE, 3)), np.zeros(3)),
            "Convolution": lambda: layers.Convolution(np.ones((2, 1, 3, 3)), np.zeros(2)),
            "BatchNormalization": lambda: layers.BatchNormalization(np.ones(1), np.zeros(1)),
            "Pooling": lambda: layers.Pooling(2, 2),
            "Residual": lambda: layers.Residual([layers.Relu()]),
            "AveragePooling": lambda: layers.AveragePooling(2),
        }.get(kind, getattr(layers, kind))()
        made.forward(self.x)
        return made


def _layer(kind):
    return lambda w: w.layer(kind)


def _trained(kind):
    """Return what makes a layer of the book's that has seen a batch of a training."""

    def made(w):
        from convlens import book

        row = np.ones(SIZE * SIZE)
        layer = book.BatchNormalization(row, row) if kind == "BatchNormalization" else book.Dropout()
        layer.forward(w.x, True)
        return layer

    return made


def _naive(kind):
    """Return what makes a layer of two numbers that has seen some."""

    def made(w):
        from convlens import book

        layer = getattr(book, kind)()
        layer.forward(2, 3)
        return layer

    return made


def _deep(w):
    from convlens import book

    return book.DeepConvNet((1, 8, 8), hidden_size=3)


def _outcome(w):
    from convlens.check import Outcome

    return Outcome("Affine")


def _submission(w):
    from convlens.check import Submission

    return Submission("layers.py", (_outcome(w),))


def _grading(w):
    from convlens.check import Grading

    return Grading("tests.py")


OBJECTS = {
    "Grading": _grading,
    "Exported": VALID["exported"],
    "Quantized": VALID["quantized"],
    **{f"book.{kind}": _trained(kind) for kind in ("BatchNormalization", "Dropout")},
    **{kind: _naive(kind) for kind in ("AddLayer", "MulLayer")},
    "DeepConvNet": _deep,
    "Affine": _layer("Affine"),
    "BatchNormalization": _layer("BatchNormalization"),
    "Classifier": lambda w: w.classifier,
    "Convolution": _layer("Convolution"),
    **{kind: _layer(kind) for kind in ("Pooling", "AveragePooling", "GlobalAveragePooling")},
    **{kind: _layer(kind) for kind in ELEMENTWISE},
    "SoftmaxWithLoss": lambda w: w.loss,
    "Network": lambda w: w.network,
    "NetworkSpec": lambda w: w.spec,
    "Residual": _layer("Residual"),
    "Optimizer": lambda w: SGD(),
    "Outcome": _outcome,
    "Submission": _submission,
    "Parameters": lambda w: w.network.params,
    "Plan": lambda w: w.plan,
    "Run": lambda w: w.runs[0],
    "RunConfig": lambda w: w.config(),
    "Study": lambda w: w.study,
    "Trainer": lambda w: w.trainer,
}
"""An object of each class whose methods a user calls."""
