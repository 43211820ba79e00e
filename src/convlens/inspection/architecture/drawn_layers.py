"""The parts of a network's picture, read from its spec: what is drawn and written. Must not know figures."""

from collections import Counter
from dataclasses import dataclass, replace
from math import sqrt

from convlens.inspection.words import by
from convlens.spec import LayerShape, NetworkSpec, Purpose, Shape
from convlens.words import LAYERS, Words, layer_lines, layer_title

__all__ = ["DrawnLayer", "drawn_layers"]

_PLANE_CM = 1.65  # side of the largest plane
_SMALLEST_CM = 0.22
_SHIFT_CM = 0.1  # from one plane of a stack to the next
_STACK_CM = 0.7  # how far the last plane of a stack stands from the first, at most
_MOST_PLANES = 12
_BAR_CM = (0.18, 2.4)  # width of a bar, height of the longest
_LONGEST_NAME = 14


@dataclass(frozen=True)
class DrawnLayer:
    """A stack of feature maps, or the units of an affine layer.

    Attributes:
        name: the layer's, shortened if it is long.
        size: "6@28x28" or "120".
        notes: activations, in the order in which they follow.
        operation: what leads to it, as one or more lines; () for the input.
        said: the same in a sentence, where words are not broken.
        window: height and width of the window that the operation looks through, in pixels of the part before;
            None where it looks at everything.
        shape: (channels, height, width) or (units,).
        plane: width and height in centimetres of one plane, or of the bar.
        planes: how many planes are drawn, at most twelve: the size says how many there are.
        reads: numbers of the parts that it comes from: the one before it, where no ways part.
    """

    name: str
    size: str
    notes: tuple[str, ...]
    operation: tuple[str, ...]
    said: str
    window: tuple[int, int] | None
    shape: Shape
    plane: tuple[float, float]
    planes: int
    reads: tuple[int, ...] = ()

    @property
    def title(self) -> tuple[str, str]:
        """The lines above it."""
        return self.name, self.size

    @property
    def is_stack(self) -> bool:
        """Whether it is drawn as planes: (channels, height, width)."""
        return len(self.shape) == 3

    @property
    def shift(self) -> float:
        """Centimetres from one plane to the next, right and down."""
        return min(_SHIFT_CM, _STACK_CM / max(1, self.planes - 1))

    @property
    def body(self) -> tuple[float, float]:
        """Width and height in centimetres of everything that is drawn."""
        behind = (self.planes - 1) * self.shift
        return self.plane[0] + behind, self.plane[1] + behind


def drawn_layers(spec: NetworkSpec, words: Words) -> list[DrawnLayer]:
    """Return the parts from the input to the softmax.

    Activations are notes on the part before them; where others read that part too, parts of their own.
    """
    widest = max(spec.input_shape[1:] + tuple(n for row in spec.table for n in row.output_shape[1:]))
    rows_of_numbers = [row.output_shape[0] for row in spec.table if len(row.output_shape) == 1]
    longest = max(spec.n_classes, *rows_of_numbers, 0)
    found = [_drawn(words["input"], ((), ""), None, spec.input_shape, widest)]
    part_of = {-1: 0}  # number of a row → of its part
    readers = Counter(number for row in spec.table for number in row.reads)
    for number, row in enumerate(spec.table):
        reads = tuple(part_of[read] for read in row.reads)
        is_note = row.layer.purpose is Purpose.ACTIVATION and readers[row.reads[0]] == 1
        if is_note and reads == (len(found) - 1,):
            found[-1] = replace(found[-1], notes=(*found[-1].notes, row.layer.title))
        else:
            scale = widest if len(row.output_shape) == 3 else longest
            drawn = _drawn(
                _short(row.name), _operation(row, words), row.layer.extent, row.output_shape, scale
            )
            found.append(replace(drawn, reads=reads))
        part_of[number] = len(found) - 1
    output = _drawn(words["output"], (("softmax",), "softmax"), None, (spec.n_classes,), longest)
    return [*found, replace(output, reads=(len(found) - 1,))]


def _drawn(
    name: str,
    operation: tuple[tuple[str, ...], str],
    window: tuple[int, int] | None,
    shape: Shape,
    scale: int,
) -> DrawnLayer:
    """Return a part drawn so that `scale` pixels, or units, have the largest size."""
    if len(shape) == 3:
        channels, height, width = shape
        plane = tuple(max(_SMALLEST_CM, _PLANE_CM * side / scale) for side in (width, height))
        size = f"{channels}@{by(height, width)}"
        return DrawnLayer(
            name, size, (), *operation, window, shape, (plane[0], plane[1]), min(channels, _MOST_PLANES)
        )
    bar_width, bar_height = (
        _BAR_CM  # areas stand for numbers as they do for planes: a length grows with the root
    )
    bar = (bar_width, max(_SMALLEST_CM, bar_height * sqrt(shape[0] / scale)))
    return DrawnLayer(name, f"{shape[0]:,}", (), *operation, window, shape, bar, 1)


def _operation(row: LayerShape, words: Words) -> tuple[tuple[str, ...], str]:
    """Return what leads to a layer, in lines and in a sentence."""
    layer = row.layer
    if layer.kind not in LAYERS[words.lang]:
        return (layer.title,), layer.title
    title = layer_title(layer.kind, layer.title, words.lang)
    if layer.extent is None or layer.purpose in {Purpose.OTHER, Purpose.ACTIVATION}:
        return tuple(layer_lines(layer.kind, layer.title, words.lang)), title
    # A dilated window spans more than its elements, and is called after those.
    h, w = ((span - 1) // gap + 1 for span, gap in zip(layer.extent, layer.spacing, strict=True))
    usual = layer.extent if layer.purpose is Purpose.POOLING else (1, 1)
    window = words["window"].format(h=h, w=w, layer=title)
    further = []
    if layer.step != usual:
        further.append(words["stride"].format(s=_pair(layer.step)))
    rows, columns = layer.borders(row.input_shape)
    if any(rows + columns):
        further.append(words["pad"].format(p=_sides(rows, columns)))
    if layer.groups > 1:
        further.append(words["groups"].format(g=layer.groups))
    if layer.spacing != (1, 1):
        further.append(words["dilation"].format(d=_pair(layer.spacing)))
    said = words["comma"].join([window.replace("\n", " "), *further])
    return (*window.split("\n"), *further), said


def _pair(value: tuple[int, int]) -> str:
    return str(value[0]) if value[0] == value[1] else by(*value)


def _sides(rows: tuple[int, int], columns: tuple[int, int]) -> str:
    """Write how far a window sees beyond the edges; 0/1: above and left, below and right."""
    before, behind = _pair((rows[0], columns[0])), _pair((rows[1], columns[1]))
    return before if before == behind else f"{before}/{behind}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
