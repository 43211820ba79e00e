"""A network on its way out: to ONNX, to PyTorch, to C. Must not know pages.

    export_onnx(network, "lenet.onnx")      any runtime of ONNX; needs the extra `onnx`
    export_torch(network, "lenet.py")       an nn.Module to read, and its weights beside it
    export_c(network, "lenet.h")            one C99 file without malloc and without a library

Each way has a table, kind of a layer → what writes it, or `Missing` with the reason: `ONNX`, `TORCH`, `C`.
"""

from convlens.interop.c_header import C, export_c
from convlens.interop.exported import Exported
from convlens.interop.onnx_model import ONNX, export_onnx
from convlens.interop.torch_module import TORCH, export_torch

__all__ = ["ONNX", "TORCH", "C", "Exported", "export_c", "export_onnx", "export_torch"]
