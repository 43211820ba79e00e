"""Kernels: Numba functions on plain arrays. Must not know layers, data or training.

Kernels, which Python calls: `convolution/` (a file for each way forward and back, and the packing of
filters), a file for each other kind of layer (`affine.py`, `pooling.py`, `normalisation.py`, `sums.py`, …),
`loss.py`, `gather.py`, `optimizers.py`, `spans.py`. What they are written in: `simd/`, the vocabulary of
vectors and register tiles; `layout.py` and `masking.py`, passes over a sample that several kernels share
(and three that Python calls). What makes them run: `runtime/`, with the compiler's flags, the cache on disk,
threads and the machine. `sizes.py` explains the tuples of sizes that they take.

A batch of pictures lies in a *frame*: a flat float32 array, for each sample `size` numbers, which are the
rows of the picture with its border, channels last, then slack. Element (i, j, c) of the interior of sample n
is at n*size + origin + i*row + j*C + c. The border holds the zeros that a convolution pads with. Slack lets
whole vectors be read and written past an end. A batch of vectors lies in a *matrix*: rows of `ld` numbers,
the features of a sample in the book's order (channel, row, column).

A kernel cuts its work into *shares*, by its size alone, which any thread may do; a thread finds room for what
a share needs meanwhile in a *slot*. What is summed over samples is summed by *groups* of them: a group has a
*partial* sum, and partial sums are added in a fixed order. The *winner* of a pooling window is which of its
four members was the maximum, the first of equals, row by row: 0 to 3, and 4 where ReLU is off. A batch that
is too large for the processor's cache comes in *pieces*, one call each; the first one starts sums at zero.
"""

import sys

from convlens.errors import ConvlensError
from convlens.kernels.runtime.environment import require_usable

__all__: list[str] = []  # each kernel is imported from its own file

try:
    require_usable()  # before any kernel's file imports Numba
except ConvlensError:
    # Python looks at a file's own folder alone: with this one there, whoever comes next would pass by here.
    sys.modules.pop("convlens.kernels.runtime", None)
    raise
