"""The code of a run: its network as a class of layers, and the call that trains it. Must not know pages.

Both are written from the run's own config, so they cannot tell of another run than this one: executed one
after the other they train it again, number for number.
"""

import builtins
import inspect
import keyword
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from convlens import layers, spec
from convlens.data.sources import is_named
from convlens.report.places import shareable
from convlens.runs import RunConfig
from convlens.runs.data import is_bundled
from convlens.spec import LayerShape, NetworkSpec, ParameterSpec, Role

__all__ = ["network_code", "training_code"]

_NOISE = (Role.FILTERS, Role.MATRIX)
_FILLED = {Role.BIAS: "np.zeros({})", Role.SHIFT: "np.zeros({})", Role.SCALE: "np.ones({})"}
_STREAM = 'stream(seed, "initial weights", name).standard_normal(shape)'
_DEVIATIONS = {"he": "np.sqrt(2 / fan_in)", "xavier": "np.sqrt(1 / fan_in)"}

_TAKEN = frozenset({
    *dir(builtins), *layers.__all__, "Network", "OrderedDict", "Trainer", "load_mnist", "open_source",
    "network", "np", "spec", "stream", "t_test", "t_train", "test", "train", "trainer", "x_test", "x_train",
})  # fmt: skip

_METHODS = """
    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.last_layer.forward(self.predict(x), t)

    def accuracy(self, x, t):
        return np.mean(self.predict(x).argmax(axis=1) == t)

    def gradient(self, x, t):
        # forward
        self.loss(x, t)

        # backward
        dout = self.last_layer.backward(1)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)

        grads = {}
"""


def network_code(network: NetworkSpec) -> str | None:
    """Return the network as a class after the book, with the imports it needs.

    Its parameters and layers have the names that they have everywhere on the page.

    Args:
        network: what it is.

    Returns:
        None for a network of the book's own protocol, with parameters that are not trained, or with layers
        inside others: such a one is no list of layers alone.
    """
    parameters = network.parameters
    nested = any(row.inside for row in network.table)
    if network.protocol == "book" or nested or not all(one.trained and _first(one) for one in parameters):
        return None
    built = [(row, _built(row)) for row in network.table]
    names = sorted({type(layer).__name__ for _, layer in built} | {"SoftmaxWithLoss"}, key=str.lower)
    imports = [
        "from collections import OrderedDict",
        "",
        "import numpy as np",
        "",
        *_import("convlens.layers", names),
        "from convlens.streams import stream",
    ]
    body = [*imports, "", "", f"class {_class_name(network)}:", *_constructor(network, built)]
    return "\n".join(body) + "\n" + _METHODS + "\n".join(_gradients(network)) + "\n"


def training_code(config: RunConfig) -> str:
    """Return the call that trains the network; behind `network_code`, where there is such, it is a script.

    Args:
        config: of the run.
    """
    return "\n".join([*_imports(config), "", *_data(config), "", *_network(config), *_trainer(config)]) + "\n"


def _class_name(network: NetworkSpec) -> str:
    """Return the network's name as Python takes it; "Net" where the listings need that name themselves."""
    name = unicodedata.normalize("NFKC", re.sub(r"\W", "", network.name))
    free = name.isidentifier() and not keyword.iskeyword(name) and name not in _TAKEN
    return name if free else "Net"


def _first(parameter: ParameterSpec) -> str:
    """Return what a parameter's array is before training; "" where the class does not know."""
    name, shape = parameter.name, ", ".join(map(str, parameter.shape))
    if parameter.role in _NOISE:
        return f"noise({name!r}, {shape})"
    return _FILLED.get(parameter.role, "").format(shape if len(parameter.shape) == 1 else f"({shape})")


def _built(row: LayerShape) -> layers.Layer:
    """Return the layer itself, with empty arrays: it knows its constructor's arguments."""
    return layers.build(row.layer, **{one.key: np.zeros(one.shape, np.float32) for one in row.parameters})


def _constructor(network: NetworkSpec, built: Sequence[tuple[LayerShape, layers.Layer]]) -> Iterator[str]:
    """Yield the lines of `__init__`: first weights, then the layers."""
    deviation = network.weight_init_std
    head = f"weight_init_std={deviation!r}, " if not isinstance(deviation, str) else ""
    yield f"    def __init__(self, {head}seed=0):"
    yield "        def noise(name, *shape):"
    if isinstance(deviation, str):
        yield "            fan_in = shape[0] if len(shape) == 2 else np.prod(shape[1:])"
    yield f"            return {_DEVIATIONS.get(str(deviation), 'weight_init_std')} * {_STREAM}"
    yield ""
    yield "        self.params = {}"
    for row in network.table:
        if row.parameters:
            names = ", ".join(f"self.params[{one.name!r}]" for one in row.parameters)
            yield f"        {names} = {', '.join(map(_first, row.parameters))}"
    yield ""
    yield "        self.layers = OrderedDict()"
    for row, layer in built:
        yield f"        self.layers[{row.name!r}] = {type(layer).__name__}({_arguments(row, layer)})"
    yield "        self.last_layer = SoftmaxWithLoss()"


def _arguments(row: LayerShape, layer: layers.Layer) -> str:
    """Return a layer's arguments: its parameters, and what is not as usual."""
    own = {one.key: f"self.params[{one.name!r}]" for one in row.parameters}
    words = []
    for name, argument in inspect.signature(type(layer)).parameters.items():
        value: Any = getattr(layer, name)
        if name in own:
            words.append(own[name])
        elif argument.default is argument.empty:
            words.append(repr(value))
        elif value != argument.default:
            words.append(f"{name}={value!r}")
    return ", ".join(words)


def _gradients(network: NetworkSpec) -> Iterator[str]:
    """Yield the lines that collect the derivatives."""
    for row in network.table:
        if row.parameters:
            names = ", ".join(f"grads[{one.name!r}]" for one in row.parameters)
            values = ", ".join(f"self.layers[{row.name!r}].d{one.key}" for one in row.parameters)
            yield f"        {names} = {values}"
    yield "        return grads"


def _import(module: str, names: Sequence[str]) -> list[str]:
    """Return an import in one line, or a name a line where that would be long."""
    line = f"from {module} import {', '.join(names)}"
    return [line] if len(line) <= 88 else [f"from {module} import (", *(f"    {n}," for n in names), ")"]


def _imports(config: RunConfig) -> list[str]:
    data = "load_mnist" if _is_plain_mnist(config) else "open_source"
    alone = ["from convlens import spec"] if network_code(config.network) is None else []
    alone = ["import numpy as np", "", *alone] if config.network.protocol == "book" else alone
    return [
        *alone,
        f"from convlens.data import {data}",
        "from convlens.networks import Network",
        "from convlens.training import Trainer",
    ]


def _is_plain_mnist(config: RunConfig) -> bool:
    """Say whether the data are the bundled ones in their own size."""
    return is_bundled(config.data) and "size" not in config.unusual


def _data(config: RunConfig) -> list[str]:
    n = config.train_size
    if _is_plain_mnist(config):
        return [
            "# bytes, 0 to 255: the network brings them to 0 to 1 itself",
            "(x_train, t_train), (x_test, t_test) = load_mnist(normalize=False, flatten=False)",
            f"x_train, t_train = x_train[:{n}], t_train[:{n}]",
        ]
    data = repr(config.data if is_named(config.data) else shareable(config.data))
    data += "" if "size" not in config.unusual else f", size={config.size!r}"
    return [
        f"train, test = open_source({data})",
        f"x_train, t_train = train.images[:{n}], train.labels[:{n}]",
        "x_test, t_test = test.images, test.labels",
    ]


def _network(config: RunConfig) -> list[str]:
    network, seed = config.network, config.seed
    if network.protocol == "book":
        return [
            f"np.random.seed({seed if seed < 2**32 else [seed % 2**32, seed >> 32]})",
            f"network = Network({_described(network)})",
            "network.scales_bytes = True",
        ]
    if network_code(network) is None:
        return [f"network = Network({_described(network)}, seed={seed})"]
    words = [f"{_class_name(network)}(seed={seed}).layers", f"name={network.name!r}"]
    words += [] if network.input_shape == (1, 28, 28) else [f"input_shape={network.input_shape!r}"]
    words += [] if network.dtype == "float32" else [f"dtype={network.dtype!r}"]
    return [f"network = Network.from_layers({', '.join(words)})"]


def _described(network: NetworkSpec) -> str:
    """Return what makes a network's spec: its name where it is as usual, or all that is written of it."""
    for name, make in spec.NETWORKS.items():
        if make() == network:
            return f"spec.named_network({name!r})"
    return f"spec.from_dict({spec.to_dict(network)!r})"


def _trainer(config: RunConfig) -> list[str]:
    unusual = [
        f"{name}={getattr(config, name)!r}"
        for name in (
            *("schedule", "warm_up", "weight_decay", "clip_norm", "ema", "engine", "augment"),
            "label_smoothing",
        )
        if name in config.unusual
    ]
    lines = [
        ["network", "x_train", "t_train", "x_test", "t_test"],
        [f"epochs={config.epochs}", f"mini_batch_size={config.batch_size}", f"seed={config.seed}"],
        [f"optimizer={config.optimizer_name!r}", f"optimizer_param={config.optimizer_param!r}"],
        [f"evaluate_sample_num_per_epoch={config.evaluate_samples}", *unusual],
    ]
    call = ",\n                  ".join(", ".join(words) for words in lines)
    return [f"trainer = Trainer({call})", "trainer.train()"]
