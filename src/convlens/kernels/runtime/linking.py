"""Functions that only kernels call: their code is linked into kernels, and never runs by itself.

Must not know any kernel. Numba optimises every function and makes machine code of it, so that Python or
another function may call it. Nobody calls an `inner` function: a kernel takes in its LLVM code, and LLVM
optimises the kernel with all that is in it. So that is done once, not once for each function on the way: half
of the time to compile, and the kernels are a little faster (LLVM inlines what it has not yet unrolled).
"""

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

__all__ = ["LinkedCompiler"]


class _WithoutAddresses:
    """Numba's code generator for a library that has no machine code."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, name: str, environment: Any) -> None:
        """Write nothing: there is no place for it, and what raises nothing reads nothing of it."""


class _Linked(JITCodeLibrary):  # type: ignore[misc]  # numba has no types
    """A library of LLVM code as it was written."""

    @property
    def codegen(self) -> Any:
        return _WithoutAddresses(self._codegen)

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout  # noqa: SLF001  # as Numba's own method

    def _optimize_final_module(self) -> None:
        """Leave it to the kernel."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0: there is no function to call."""
        del name
        self._ensure_finalized()
        return 0


class LinkedCompiler(Compiler):  # type: ignore[misc]
    """Numba's compiler, writing into such a library."""

    def compile_extra(self, func: Any) -> Any:
        """Compile a function, as Numba asks for it."""
        self.state.library = _Linked(self.state.targetctx.codegen(), func.__qualname__)
        return super().compile_extra(func)
