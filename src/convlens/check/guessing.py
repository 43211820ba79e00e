"""What a stranger's argument is given: by its name, its default, its annotation, or its place.

Must not know classes.

Names are compared without underscores and capitals: `n_out`, `nOut` and `NOUT` are one.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens._typing import Array

__all__ = ["FILTERS", "INPUTS", "SETTINGS", "Geometry", "Way", "bare", "describes", "given", "parameters_of"]

CHANNELS, FILTERS, INPUTS, HIDDEN, OUTPUTS = 2, 4, 12, 7, 5


@dataclass(frozen=True)
class Geometry:
    """How large everything is; the names are those of arguments.

    Attributes:
        x: an input's shape, channels first.
        last: the same with channels last; empty where it is no picture.
        window, stride, pad, outputs: of a layer that takes it.
        asks: which of "stride" and "pad" it asks for: a layer without such an argument need not take it.
    """

    x: tuple[int, ...]
    last: tuple[int, ...] = ()
    window: int = 3
    stride: int = 1
    pad: int = 0
    outputs: int = OUTPUTS
    asks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Way:
    """How arrays lie, and what is done with a name that says nothing.

    Attributes:
        lie: which of the usual ways weights and biases lie in.
        last: whether only pictures with their channels last are handed in.
        places: values for arguments of unknown names, in their order; empty where none is guessed.
        pairs: whether a window, a stride and a border are each told as height and width.
    """

    lie: int = 0
    last: bool = False
    places: tuple[Any, ...] = ()
    pairs: bool = False


def _names(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", "") for word in words.split())


WEIGHTS = _names(
    "w weight weights filters kernel kernels filter wt k init_w w_init w_mat weight_matrix w0 w1 theta "
    "mat matrix"
)
BIASES = _names("b bias biases init_b b_init b0 b1 offset intercept bias_vector shift")
IN = _names(
    "in_channels in_ch c_in cin channels_in input_channels n_channels num_channels channels in_c in_channel "
    "input_depth n_input_channels c inc in_planes n_in_channels ch_in n_c_prev input_channel nc in_depth "
    "in_maps num_input_channels channel prev_channels"
)
OUT = _names(
    "out_channels out_ch c_out cout channels_out output_channels n_filters num_filters filters out_c "
    "out_channel n_kernels num_kernels depth fn outc out_planes "
    " nb_filters filter_num kernels f n_out_channels ch_out "
    "num_filter n_filter number_of_filters n_f output_channel k_out out_maps num_output_channels filter_count"
)
WINDOW = _names(
    "kernel_size filter_size ksize size kernel k f window window_size kh kw pool_size pool_h pool_w fh fw "
    "pool h w kernel_h kernel_w filter_h filter_w ph pw pool_height pool_width hh ww kernel_height "
    "kernel_width filter_height filter_width window_h window_w wh ww kernel_shape pool_shape win kernel_dim "
    "ks field receptive_field pool_dim pooling_size"
)
STRIDE = _names("stride strides s step stride_size steps")
PAD = _names("pad padding p pads pad_size zero_padding n_pad padding_size")
N_IN = _names(
    "in_features n_in input_size input_dim in_dim n_inputs fan_in d num_inputs nin in_size inputs n_input "
    "input_units d_in in_units num_in inp dim_in n_x input_features size_in n_prev insize nx n_features "
    "input_n in_count i num_features features_in indim dims_in input_nodes inodes n_feature input_length"
)
N_OUT = _names(
    "out_features n_out output_size output_dim out_dim n_outputs fan_out units nout num_outputs out_size "
    "outputs n_output output_units d_out out_units n_units m num_out out dim_out n_neurons "
    "neurons output_features size_out n_classes num_classes classes n_class nclass outsize ny n_y output_n "
    "o features_out outdim dims_out output_nodes onodes num_units n_labels num_labels width n_nodes"
)
HIDDEN_NAMES = _names(
    "hidden_size n_hidden hidden hidden_dim num_hidden hidden_units n_h hidden_nodes hnodes h1 h2 nh hid "
    "hidden_neurons size_hidden d_hidden hidden_width middle n_mid mid hidden1 hidden2 n_hidden1 n_hidden2"
)
SHAPES = _names("w_shape filter_shape weight_shape weights_shape kernel_shape filters_shape")
INPUT_SHAPES = _names("input_shape in_shape image_shape img_shape x_shape shape_in picture_shape")
SETTINGS: dict[str, Any] = {
    "seed": 0, "randomstate": 0, "lr": 0.1, "learningrate": 0.1, "eta": 0.1, "rng": None, "gen": None,
    "dtype": np.float64, "name": "layer", "reg": 0.0, "l2": 0.0, "weightdecay": 0.0, "batchsize": 3,
    "weightinitstd": 0.3, "std": 0.3, "scale": 1.0, "weightscale": 0.3, "sigma": 0.3, "initstd": 0.3,
    "momentum": 0.9, "mu": 0.9, "rho": 0.9, "beta": 0.9, "beta1": 0.9, "beta2": 0.999, "decayrate": 0.9,
    "epsilon": 1e-7, "eps": 1e-7, "activation": "relu", "loss": "cross_entropy", "batch": 3, "n": 3,
    "slope": 0.1, "negativeslope": 0.1, "leak": 0.1, "ratio": 0.5, "dropoutratio": 0.5, "keepprob": 0.5,
    "dropout": 0.5, "rate": 0.5,
}  # fmt: skip
"""What else a constructor may ask for."""

PARAMS = frozenset(("hparameters", "hparams", "hyperparameters", "hyperparams", "poolparams", "convparams"))
_HOW_IT_BEGINS = _names("init initializer weight_init w_init init_std weight_init_std std sigma seed rng "
                        "random_state dtype name trainable lr learning_rate gen eps epsilon")  # fmt: skip


def bare(name: str) -> str:
    """Return a name without underscores, in small letters."""
    return name.replace("_", "").lower()


def describes(name: str) -> bool:
    """Say whether an argument's name is known: a layer that has another one may compute something else."""
    known = (WEIGHTS, BIASES, IN, OUT, WINDOW, STRIDE, PAD, N_IN, N_OUT, HIDDEN_NAMES, SHAPES, _HOW_IT_BEGINS)
    return any(bare(name) in names for names in known) or bare(name) in INPUT_SHAPES


def parameters_of(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return what may be given to a function or a constructor, by name."""
    try:
        found = dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}
    return {name: one for name, one in found.items() if one.kind not in {one.VAR_POSITIONAL, one.VAR_KEYWORD}}


def given(
    function: Callable[..., Any], geometry: Geometry, way: Way, own: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the arguments of a function or a constructor.

    Args:
        function: what is to be called.
        geometry: how large everything is.
        way: how arrays lie.
        own: values by bare name that go before all others.

    Raises:
        TypeError: what one of them is cannot be told.
    """
    found: dict[str, Any] = {}
    places = list(way.places)
    for name, parameter in parameters_of(function).items():
        value = (own or {}).get(bare(name))
        value = _value(bare(name), geometry, way.lie) if value is None else value
        may_be_pair = parameter.default is parameter.empty or isinstance(parameter.default, tuple)
        if way.pairs and may_be_pair and bare(name) in WINDOW | STRIDE | PAD and isinstance(value, int):
            value = (value, value)
        if parameter.default is not parameter.empty:
            if _replaces(value, parameter.default):
                found[name] = _as_default(value, parameter.default)
            continue
        if value is None and not (bare(name) in SETTINGS and SETTINGS[bare(name)] is None) and places:
            value = places.pop(0)
        elif value is None:
            value = _by_annotation(parameter)
            if value is None:
                raise TypeError(f"what `{name}` is cannot be told: say it in a check.toml")
        found[name] = value
    return found


def _by_annotation(parameter: inspect.Parameter) -> Any:  # noqa: ANN401
    """Return what an argument without a telling name is given by its type."""
    kind = parameter.annotation
    if bare(parameter.name) in {"rng", "gen", "generator"}:
        return np.random.default_rng(0)
    return {bool: False, "bool": False, float: 0.5, "float": 0.5, str: "layer", "str": "layer"}.get(kind)


def _replaces(value: Any, default: Any) -> bool:  # noqa: ANN401
    """Say whether an argument with a default is given something else: a size of ours in place of theirs."""
    if isinstance(value, tuple):
        return isinstance(default, tuple) and len(default) == len(value)
    if value is None or isinstance(value, np.ndarray | str | float | list):
        return isinstance(value, np.ndarray) and default is None
    if default is None or isinstance(default, bool | str | dict):
        return default is None
    if isinstance(default, tuple | list):
        return isinstance(value, int) and len(default) == 2 and all(isinstance(one, int) for one in default)
    return isinstance(default, int) and isinstance(value, int)


def _as_default(value: Any, default: Any) -> Any:  # noqa: ANN401
    is_one = isinstance(default, tuple | list) and not isinstance(value, tuple)
    return type(default)([value, value]) if is_one else value


def _value(name: str, geometry: Geometry, lie: int) -> Any:  # noqa: ANN401
    """Return what an argument of this bare name is given."""
    pictures = len(geometry.x) == 4 and bool(geometry.last)
    sizes: list[tuple[frozenset[str], Any]] = [
        (STRIDE, geometry.stride),
        (PAD, geometry.pad),
        (SHAPES, (FILTERS, CHANNELS, geometry.window, geometry.window) if pictures else None),
    ]
    if pictures:  # what goes in and comes out of a convolution are channels
        sizes += [(IN | N_IN, CHANNELS), ((OUT if lie else OUT - WEIGHTS) | N_OUT - WINDOW, FILTERS)]
        sizes += [(WEIGHTS & WINDOW, geometry.window)] if lie == 3 else []
    else:
        sizes += [(N_IN, INPUTS), (N_OUT | HIDDEN_NAMES, geometry.outputs)]
    found = next((size for names, size in sizes if name in names), None)
    if found is not None:
        return found
    if name in WEIGHTS or name in BIASES:
        return _array(name, geometry, lie, pictures=pictures)
    if name in WINDOW:
        return geometry.window
    if name.endswith("param") or name in PARAMS:
        return _table(geometry)
    others = {
        **SETTINGS,
        **dict.fromkeys(INPUT_SHAPES, geometry.x[1:]),
        **{key: np.full(geometry.x[:2][-1], float(key == "gamma")) for key in ("gamma", "beta")},
    }
    return others.get(name)


def _table(geometry: Geometry) -> dict[str, Any]:
    """Return a table of settings, as functions take them: what a layer does not ask for is not read."""
    k = geometry.window
    return {"stride": geometry.stride, "pad": geometry.pad, "pool_height": k, "pool_width": k, "f": k,
            "pool_size": k, "mode": "train", "p": 0.5, "seed": 5, "eps": 1e-5, "momentum": 0.9}  # fmt: skip


def _array(name: str, geometry: Geometry, lie: int, *, pictures: bool) -> Array:
    """Return weights or a bias that lie in the `lie`-th of the usual ways."""
    if name in BIASES:
        n = FILTERS if pictures else geometry.outputs
        here: tuple[tuple[int, ...], ...] = ((n,), (n, 1), (1, n), (1, n))
        if pictures:
            here = ((n,), (n,), (1, 1, 1, n), (n, 1))
        return np.zeros(here[lie])
    k, n = geometry.window, geometry.outputs
    many = (
        (FILTERS, CHANNELS, k, k),
        (k, k, CHANNELS, FILTERS),
        (k, k, CHANNELS, FILTERS),
        (CHANNELS, FILTERS, k, k),
    )
    flat = (INPUTS, n), (n, INPUTS), (INPUTS, n), (n, INPUTS)
    shape: tuple[int, ...] = many[lie] if pictures else flat[lie]
    return 0.5 * np.random.default_rng(len(name)).normal(size=shape)
