"""Kernels of a convolution. Must not know layers.

Forward, with bias, ReLU and 2x2 max-pooling in them: `forward.py`, `forward_columns.py` (few filters of one
channel), `forward_winograd.py` (3x3). The gradient of the filters: `filters_sparse.py` (behind pooling or
with a stride: skips zeros, and makes dx too), `filters_pooled.py` (behind pooling, many filters of a first
layer), `filters_dense.py`, `filters_winograd.py` (3x3). The gradient of the input: `input_windows.py` (behind
pooling), or a forward with the filters upside down. `packing.py`: filters in the order in which these read
and write them.
"""

__all__: list[str] = []
