"""One convolution, with the ReLU and the 2x2 max-pooling behind it, on the kernels. Must not know the plan.

`stage.py` holds the stage. It is made of objects that each compute one thing, and all have `allocate` and
`run`: `forward.py` the convolution itself; `sparse.py`, `dense.py`, `winograd.py` the gradient of the
filters; `windows.py`, `upside_down.py` that of the input. They work on the same `operands.py`; `geometry.py`
has the sizes, and `choosing.py` decides by them which objects a convolution gets, with which register tiles.
`depthwise.py` is a stage of its own, where each channel has its filter. `spread.py` is the stage of all other
groups and dilations: a convolution whose filters have zeros between their weights.
"""

from convlens.engine.convolution.depthwise import DepthwiseStage, is_depthwise
from convlens.engine.convolution.geometry import Geometry
from convlens.engine.convolution.spread import SpreadParameters, SpreadStage, is_spread
from convlens.engine.convolution.stage import ConvolutionStage

__all__ = [
    "ConvolutionStage",
    "DepthwiseStage",
    "Geometry",
    "SpreadParameters",
    "SpreadStage",
    "is_depthwise",
    "is_spread",
]
