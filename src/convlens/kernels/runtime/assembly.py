"""LLVM's own language made machine code, some milliseconds at each start. Must not know what it does.

For what is not arithmetic on arrays: Numba has no atomic words, takes a second to compile a page of it, and
what it compiles has to be kept on disk.
"""

from collections.abc import Mapping
from pathlib import Path

from llvmlite import binding

__all__ = ["Assembled"]

_PAUSES = {
    "x86_64": ("llvm.x86.sse2.pause()", "llvm.x86.sse2.pause()"),
    # ARM's own hint, yield, does nothing on most cores; a barrier takes about as long as x86's pause.
    "aarch64": ("llvm.aarch64.isb(i32)", "llvm.aarch64.isb(i32 15)"),
}


def _pause() -> str:
    """Return the function that lets a waiting core rest for some nanoseconds."""
    machine = binding.get_process_triple().split("-")[0].replace("arm64", "aarch64")
    if machine not in _PAUSES:
        return "define internal void @pause() {\n  ret void\n}\n"
    declared, called = _PAUSES[machine]
    body = f"{{\n  call void @{called}\n  ret void\n}}"
    return f"declare void @{declared}\ndefine internal void @pause() {body}\n"


class Assembled:
    """What a file `<name>.ll` beside this one defines, in memory for as long as the process lives.

    Args:
        name: of the file.
        added: lines behind it, such as constants that only this process knows.
        functions: where the functions are that it declares.
    """

    def __init__(self, name: str, added: str, functions: Mapping[str, int]) -> None:
        binding.initialize_native_target()  # as Numba does, but only when it is first asked to compile
        binding.initialize_native_asmprinter()
        text = Path(__file__).with_name(f"{name}.ll").read_text(encoding="utf-8")
        module = binding.parse_assembly(f"{text}\n{added}\n{_pause()}")
        module.verify()
        static = module.triple.startswith(("x86", "i386", "i686"))
        # No passes: what is written is short already, and they would take twice as long as all the rest.
        machine = binding.Target.from_default_triple().create_target_machine(
            cpu=binding.get_host_cpu_name(), opt=1, reloc="static" if static else "default",
            codemodel="jitdefault", jit=True,
        )  # fmt: skip
        self._engine = binding.create_mcjit_compiler(module, machine)
        for function, address in functions.items():
            self._engine.add_global_mapping(module.get_function(function), address)
        self._engine.finalize_object()

    def __getitem__(self, name: str) -> int:
        """Return the address of a function or of a variable."""
        return int(self._engine.get_function_address(name) or self._engine.get_global_value_address(name))
