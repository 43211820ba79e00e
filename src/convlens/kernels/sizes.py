"""The sizes that kernels take, as tuples of ints: what each number means, once for all of them.

Must not know any kernel. A kernel unpacks a tuple in the order of the fields here. The engine makes it by
name, once, when memory is made, and hands it over as `tuple(…)`: Numba looks at every argument of a call, at
a NamedTuple 0.56 microseconds longer than at a tuple (measured, see the lab log), some thirty times a step.

Numbers of an array are counted in elements, from the start of a sample.
"""

from typing import NamedTuple

__all__ = [
    "AffineRows",
    "ConvolutionSizes",
    "DepthwiseSizes",
    "FrameSizes",
    "ListedSizes",
    "MaskedSizes",
    "OutputSizes",
    "Picture",
    "PoolingSizes",
    "PoolingWindow",
    "Reads",
    "SparseSizes",
    "Taps",
    "WindowSizes",
]


class FrameSizes(NamedTuple):
    """A frame (see `convlens.kernels`)."""

    sample: int  # numbers from one sample to the next
    origin: int  # where the interior starts
    row: int  # numbers from one row to the next


class Reads(NamedTuple):
    """How a convolution finds patches in the frame `x`."""

    sample: int
    patch: int  # where the first patch starts: in the border, if the convolution pads
    row: int
    step_y: int  # numbers from a patch to the one below it: the stride is in them
    step_x: int  # and to its right


class OutputSizes(NamedTuple):
    """A convolution's output, or the derivatives `d` by it: a frame, and `flat`, which may be empty.

    `flat` holds each sample in the book's order too, in rows of `features` numbers.
    """

    sample: int
    origin: int
    row: int
    features: int


class MaskedSizes(NamedTuple):
    """`OutputSizes`, and the `mask` that says where derivatives live."""

    sample: int
    origin: int
    row: int
    features: int
    mask: int  # numbers from one sample's mask to the next; 0: all samples share one


class ListedSizes(NamedTuple):
    """`OutputSizes`, and what a list of live derivatives needs to know."""

    sample: int
    origin: int
    row: int
    features: int
    window: int  # positions of x in a row of one output: 2 after 2x2 pooling, else 1
    kept: int  # 1 if `d` has room for all samples, 0 if for one of each slot


class ConvolutionSizes(NamedTuple):
    """A convolution. A patch row is contiguous: a patch is KH runs of KC numbers."""

    KH: int  # kernel rows
    KC: int  # kernel columns x channels
    F: int  # filters
    P: int  # rows of outputs, after pooling
    Q: int  # columns of outputs


class DepthwiseSizes(NamedTuple):
    """A depthwise convolution, or the derivatives by its input, which are one too."""

    C: int  # channels, in and out
    P: int  # rows of what is written, or of derivatives that are read
    Q: int  # columns
    taps: int  # numbers of a filter
    width: int  # numbers from one tap's weights to the next one's: C in whole vectors


class SparseSizes(NamedTuple):
    """The same for sparse kernels, to which a patch row is a number of register tiles."""

    KH: int
    tiles: int
    F: int
    P: int
    Q: int


class WindowSizes(NamedTuple):
    """The same for kernels that write the union patch of a pooling window, KH + sy rows high."""

    KH: int
    sy: int  # vertical stride
    F: int
    P: int
    Q: int


class Taps(NamedTuple):
    """One filter, as W has it."""

    KH: int
    KW: int
    C: int


class Picture(NamedTuple):
    """One picture in the book's order."""

    C: int
    H: int
    W: int


class PoolingWindow(NamedTuple):
    """Pooling: height and width of a window, stride and the border before, each vertical and horizontal."""

    kh: int
    kw: int
    sy: int
    sx: int
    py: int
    px: int


class PoolingSizes(NamedTuple):
    """Pooling: its input (C, H, W), P rows and Q columns of windows."""

    C: int
    H: int
    W: int
    P: int
    Q: int


class AffineRows(NamedTuple):
    """Numbers from one row to the next of the matrices of an affine layer."""

    x: int  # also of dx
    w: int
    z: int
    one: int  # 1, as a number known at run time only (see `tile_product`)
    panel: int  # numbers in a panel of whole vectors
