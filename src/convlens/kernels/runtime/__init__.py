"""What makes kernels run. Must not know any kernel.

`compiler.py`: the two kinds of kernels. `flags.py`: every flag of the compiler. `doors.py`: how a kernel is
entered. `linking.py`: what is only linked into kernels. `tapes.py`: calls of kernels that are prepared once;
`replay.py` makes them. `cache.py`: compiled code on disk, in the files of `sealed.py`. `claims.py`: which
process compiles what. `parallel.py`: shares of a kernel's work on several threads; `slots.py`: scratch for
whoever is at work. `threads.py`: how many, and of which pool: ours (`workers.py`, `pool.ll`) or Numba's
(`numbas.py`, `numbas.ll`). `assembly.py`: LLVM's language made machine code. `posix.py`: the system's
threads. `machine.py`: what the processor offers.
"""

__all__: list[str] = []
