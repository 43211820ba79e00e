"""Hypothesis strategies for what convlens is given: windows on pictures, and whole networks."""

from dataclasses import dataclass

from hypothesis import strategies as st

from convlens.spec import (
    Affine,
    AveragePooling,
    BatchNormalization,
    Convolution,
    Dropout,
    Gelu,
    GlobalAveragePooling,
    LeakyRelu,
    NetworkSpec,
    Pooling,
    Relu,
    Residual,
    Sigmoid,
    Tanh,
)

_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters that are drawn as nothing
ELEMENTWISE = (Relu(), Sigmoid(), Tanh(), LeakyRelu(0.1), Gelu(), Dropout(0.3), BatchNormalization(1e-3))
"""Layers that leave every shape as it is."""

_NAMES = st.characters(exclude_categories=("C", "Z", "Mn"), exclude_characters=f"/\\{_BLANK}")


@dataclass(frozen=True)
class Window:
    """A batch of pictures and a window that fits on them."""

    shape: tuple[int, int, int, int]
    window: tuple[int, int]
    stride: tuple[int, int]
    pad: tuple[int, int]

    @property
    def output_size(self) -> tuple[int, int]:
        """How often the window fits, counted one place after the other."""
        counts = []
        for size, window, stride, pad in zip(self.shape[2:], self.window, self.stride, self.pad, strict=True):
            counts.append(
                sum(1 for start in range(0, size + 2 * pad, stride) if start + window <= size + 2 * pad)
            )
        return counts[0], counts[1]


@st.composite
def _axis(draw, for_pooling: bool) -> tuple[int, int, int, int]:
    """(size, window, stride, pad) along one axis, the window inside the padded picture."""
    size = draw(st.integers(1, 8))
    if for_pooling:
        window = draw(st.integers(1, size))
        pad = draw(st.integers(0, window // 2))
    else:
        pad = draw(st.integers(0, 3))
        window = draw(st.integers(1, min(5, size + 2 * pad)))
    return size, window, draw(st.integers(1, 4)), pad


@st.composite
def windows(draw, for_pooling: bool = False) -> Window:
    """Valid geometries of a convolution, or of a pooling."""
    vertical, horizontal = draw(_axis(for_pooling)), draw(_axis(for_pooling))
    (height, width), window, stride, pad = zip(vertical, horizontal, strict=True)
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), height, width)
    return Window(shape, window, stride, pad)


@st.composite
def _picture_layer(draw, shape: tuple[int, int, int]):
    """A layer that takes pictures of `shape`."""
    channels, *size = shape
    kind = draw(st.sampled_from(["convolution", "pooling", "average", "elementwise", "residual"]))
    if kind == "elementwise":
        return draw(st.sampled_from(ELEMENTWISE))
    if kind == "residual":
        own = draw(st.sampled_from(ELEMENTWISE))
        ways = [(Convolution(2, 1), own), (Convolution(2, 1),)]
        return Residual(
            *draw(st.sampled_from([ways, ways[::-1], [(own,)], [(Residual((own,)),), (Relu(),)]]))
        )
    window = tuple(draw(st.integers(1, min(3, length))) for length in size)
    stride = tuple(draw(st.integers(1, 2)) for _ in size)
    pad = tuple(draw(st.integers(0, length // 2)) for length in window)
    if kind in {"pooling", "average"}:
        pooling = Pooling if kind == "pooling" else AveragePooling
        return pooling(window, draw(st.sampled_from([None, stride])), draw(st.sampled_from([pad, "same"])))
    filters = draw(st.integers(1, 4))
    groups = draw(st.sampled_from([n for n in range(1, 5) if filters % n == 0 and channels % n == 0]))
    room = [length + 2 * p for length, p in zip(size, pad, strict=True)]
    dilation = tuple(
        draw(st.integers(1, max(1, min(3, (length - 1) // max(1, w - 1)))))
        for length, w in zip(room, window, strict=True)
    )
    return Convolution(filters, window, stride, draw(st.sampled_from([pad, "same"])), groups, dilation)


@st.composite
def network_specs(draw, max_depth: int = 4, dtypes: tuple[str, ...] = ("float32", "float64")) -> NetworkSpec:
    """Networks of 1 to `max_depth` layers that may follow each other; most of them end with an affine one."""
    shape = input_shape = tuple(draw(st.tuples(st.integers(1, 2), st.integers(1, 8), st.integers(1, 8))))
    layers = []
    for _ in range(draw(st.integers(0, max_depth - 1))):
        if len(shape) == 3 and draw(st.booleans()):
            layer = draw(_picture_layer(shape))
        else:
            layer = draw(st.sampled_from([Affine(3), *ELEMENTWISE]))
        layers.append(layer)
        shape = layer.output_shape(shape)
    n_classes = draw(st.integers(2, 5))
    ends = [(Affine(n_classes), *last) for last in ((), (), (Dropout(0.5),), (Residual((Tanh(),)),))]
    if len(shape) == 3:
        ends += [(Convolution(n_classes, 1), GlobalAveragePooling()), (Convolution(n_classes, shape[1:]),)]
    layers += draw(st.sampled_from(ends))
    return NetworkSpec(
        name=draw(st.text(_NAMES, min_size=1, max_size=8)),
        input_shape=input_shape,
        layers=tuple(layers),
        weight_init_std=draw(st.sampled_from([0.01, 0.5, "he", "xavier"])),
        dtype=draw(st.sampled_from(dtypes)),
    )
