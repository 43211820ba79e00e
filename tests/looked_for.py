"""Which kernels a process looks for in the cache: lines for programs that tests start."""

LOOKED_FOR = """
from convlens.kernels.runtime import cache
looked_for = []
load = cache._Cache.load_overload
def watched(self, *args):
    looked_for.append(self._py_func.__qualname__)
    return load(self, *args)
cache._Cache.load_overload = watched
"""
