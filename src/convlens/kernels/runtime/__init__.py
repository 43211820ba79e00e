"""What makes kernels run. Must not know any kernel.

`compiler.py`: every flag of the compiler. `linking.py`: what is only linked into kernels. `cache.py`:
compiled code on disk, in the files of `sealed.py`. `claims.py`: which process compiles what. `parallel.py`:
shares of a kernel's work on several threads; `slots.py`: scratch for whoever is at work. `threads.py`: how
many, and of which pool: ours (`workers.py`, `pool.ll`) or Numba's (`numbas.py`, `numbas.ll`). `assembly.py`:
LLVM's language made machine code. `posix.py`: the system's threads. `tapes.py`, `replay.py`: calls of kernels,
packed once and made again. `machine.py`: what the processor offers.
"""

__all__: list[str] = []
