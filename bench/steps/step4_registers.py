"""Step 4, SIMD registers: a tile of positions x filters stays in vector registers over all taps.

Channels last, filters in lanes. Convolution and pooling are still two passes, and the backward is dense: it
multiplies with all the zeros that pooling and ReLU leave.
"""

import numpy as np

from convlens.engine.convolution import ConvolutionStage, Geometry
from convlens.engine.memory import Frame
from convlens.engine.parameters import BoundParameters
from convlens.engine.pooling import PoolingStage
from convlens.kernels.runtime.threads import region, threads_available
from convlens.layers import Convolution, Pooling

PICTURES = 100
_made = {}


def stages(x, W, b):
    """Return the two stages with their memory."""
    source, convolution = Frame(x.shape[1:]), Convolution(W, b)
    geometry, bound = Geometry.of(convolution, x.shape[1:], False), BoundParameters(convolution, None)
    first = ConvolutionStage((0, 1), source, bound, geometry, relu=True, needs_dx=False)
    second = PoolingStage((2,), first.target, Pooling(2, 2), relu=False, needs_dx=True)
    for memory in (source, first.target, second.target):
        memory.allocate(len(x), needs_grad=memory is not source)
    for stage in (first, second):
        stage.allocate(len(x))
    return [first, second]


def layer(x, W, b, dout):
    """Return (out, dW, db)."""
    n = len(x)
    if n not in _made:
        _made[n] = stages(x, W, b)
    made = _made[n]
    made[0].source.view(n)[...] = x
    with region(threads_available()):
        for stage in made:
            stage.forward(n, train=True)
        made[-1].target.grad_view(n)[...] = dout
        for stage in reversed(made):
            stage.backward(n)
    return np.array(made[-1].target.view(n)), made[0].bound.dw, made[0].bound.db
