"""What makes kernels run. Must not know any kernel.

`compiler.py`: every flag of the compiler. `cache.py`: compiled code on disk. `parallel.py`: shares of a
kernel's work on several threads. `threads.py`: how many, and of which pool: ours (`workers.py`, `pool.ll`) or
Numba's (`numbas.py`, `numbas.ll`). `assembly.py`: LLVM's language made machine code. `posix.py`: the system's
threads. `machine.py`: what the processor offers.
"""

__all__: list[str] = []
