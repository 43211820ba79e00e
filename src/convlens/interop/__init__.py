"""A network on its way out: to ONNX, to PyTorch, to C. Must not know pages.

    export_onnx(network, "lenet.onnx")      any runtime of ONNX; needs the extra `onnx`
    export_torch(network, "lenet.py")       an nn.Module to read, and its weights beside it
    export_c(network, "lenet.h")            one C99 file without malloc and without a library
    export_c_int8(quantize(network, pictures), "lenet.h")       the same without floats, a quarter of the size

where network is `Exported.of(network)`. Each way has a table, kind of a layer → what writes it, or `Missing`
with the reason: `ONNX`, `TORCH`, `C`, `C_INT8`, and `INT8`, which computes in whole numbers.
"""

from convlens.interop.c_header import C, export_c
from convlens.interop.c_int8 import C_INT8, export_c_int8
from convlens.interop.exported import Exported
from convlens.interop.int8 import INT8, Quantized, quantize
from convlens.interop.onnx_model import ONNX, export_onnx
from convlens.interop.torch_module import TORCH, export_torch

__all__ = [
    "C_INT8",
    "INT8",
    "ONNX",
    "TORCH",
    "C",
    "Exported",
    "Quantized",
    "export_c",
    "export_c_int8",
    "export_onnx",
    "export_torch",
    "quantize",
]
