"""The SIMD vocabulary: what kernels are written in. Must not know what is computed.

`vectors.py`: vectors and register tiles. `epilogues.py`: how a convolution ends. `transforms.py`: Winograd's
transforms. `llvm.py`: what these words are made of.
"""

__all__: list[str] = []
