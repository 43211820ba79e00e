"""Kernels: Numba functions on plain arrays. Must not know layers, data or training.

`simd.py` holds the vocabulary (vectors and register tiles), `endings.py` and `transforms.py` words that only
a convolution needs, `llvm.py` what words are made of, `compiler.py` the compiler's flags, `cache.py` compiled
code on disk, `environment.py` what Numba is asked for, `runtime.py` threads and the machine's facts. All
other files hold one kernel each.

A batch of pictures lies in a *frame*: a flat float32 array, for each sample `size` numbers, which are the
rows of the picture with its border, channels last, then slack. Element (i, j, c) of the interior of sample n
is at n*size + origin + i*row + j*C + c. The border holds the zeros that a convolution pads with. Slack lets
whole vectors be read and written past an end. A batch of vectors lies in a *matrix*: rows of `ld` numbers,
the features of a sample in the book's order (channel, row, column).
"""

from convlens.kernels.environment import require_usable

__all__: list[str] = []  # each kernel is imported from its own file

require_usable()  # before any kernel's file imports Numba
