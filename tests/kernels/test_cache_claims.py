"""Processes that compile at once share the work: one compiles a kernel, the others wait for it."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numba.core import types

from convlens.kernels.runtime import cache, claims
from convlens.kernels.runtime.compiler import entry

AT_ONCE = """
import sys
import numpy as np
from numba.core import event
from convlens.kernels.runtime.compiler import entry, inner

class Compiled(event.Listener):
    def on_start(self, event):
        pass
    def on_end(self, event):
        name = event.data["dispatcher"].py_func.__qualname__
        if name not in {"shared", "replay"}:
            print(name, event.data["args"][0], flush=True)

@inner
def shared(x):
    return x + 1

@entry
def one(x):
    x[0] = shared(x[0])

@entry
def two(x):
    x[0] = shared(x[0]) + 2

@entry
def three(x):
    x[0] = shared(x[0]) + 3

with event.install_listener("numba:compile", Compiled()):
    kernels = [one, two, three]
    if sys.argv[1] == "reversed":
        kernels.reverse()
    for kernel in kernels:
        for dtype in (np.float32, np.float64, np.int64):
            x = np.zeros(1, dtype)
            kernel(x)
            assert x[0] == {"one": 1, "two": 3, "three": 4}[kernel.__name__]
"""


@pytest.mark.parametrize("orders", [("as it is", "as it is"), ("as it is", "reversed"), ("reversed",) * 3])
def test_processes_at_once_compile_each_kernel_once(tmp_path, orders):
    """On an empty cache they wait for each other's kernels, and lose none of one function's types."""
    program = tmp_path / "program.py"
    program.write_text(AT_ONCE, encoding="utf-8")
    environment = os.environ | {"CONVLENS_CACHE_DIR": str(tmp_path / "cache")}

    def begun(order):
        command = [sys.executable, str(program), order]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    processes = [begun(order) for order in orders]
    compiled = [line for process in processes for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in processes] == [0] * len(orders)
    assert len(compiled) == len(set(compiled)) == 9
    later = begun("as it is")
    assert later.communicate()[0] == ""


CLAIM = """
import sys
from pathlib import Path
from convlens.kernels.runtime import claims
for name in sys.argv[2:]:
    print(claims.claim(Path(sys.argv[1]), name), flush=True)
sys.stdin.read()
"""


def claiming(folder, *names):
    """Start a process that claims names, and return it with what it got."""
    command = [sys.executable, "-c", CLAIM, str(folder), *names]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, [process.stdout.readline().strip() == "True" for _ in names]


def test_a_claim_is_one_processs_until_it_ends(tmp_path):
    """However it ends: killed, it leaves none behind; what was given up is free at once."""
    first, got = claiming(tmp_path, "a", "b")
    assert got == [True, True]
    assert [claims.claim(tmp_path, name) for name in ("a", "b", "c")] == [False, False, True]
    first.kill()
    first.communicate()
    assert claims.claim(tmp_path, "a")
    second, got = claiming(tmp_path, "a", "b", "c")
    assert got == [False, True, False]
    second.communicate()
    claims.give_up(tmp_path, "c")
    third, got = claiming(tmp_path, "a", "b", "c")
    assert got == [False, True, True]
    third.communicate()
    claims.give_up_all()
    fourth, got = claiming(tmp_path, "a")
    assert got == [True]
    fourth.communicate()


@pytest.mark.parametrize("in_the_way", ["folder", "link", "nothing, and no right to write"])
def test_where_nothing_can_be_claimed_everything_may_be_done(tmp_path, in_the_way):
    """Kernels are then compiled twice rather than not at all."""
    place = tmp_path / "claims"
    if in_the_way == "folder":
        place.mkdir()
    elif in_the_way == "link":
        place.symlink_to(tmp_path / "elsewhere")
    else:
        tmp_path = tmp_path / "not there"
    assert claims.claim(tmp_path, "a")
    claims.give_up(tmp_path, "a")
    assert not (tmp_path / "elsewhere").exists()


def test_a_kernel_that_another_process_does_not_finish_is_compiled_here(tmp_path, monkeypatch):
    """Patience has an end: the holder may be stopped, or wait for something itself."""
    monkeypatch.setattr(cache, "PATIENCE", 0.0)
    monkeypatch.setattr(cache, "folder", lambda: tmp_path)

    def doubled(x):
        x[0] *= 2

    kernel = entry(doubled)
    dispatcher = kernel.dispatcher
    path = dispatcher._cache._path((types.float32[::1],), dispatcher.targetctx.codegen())
    holder, got = claiming(tmp_path, path.name)
    assert got == [True]
    with cache.postponing(missing=False), pytest.raises(cache.Postponed):
        kernel(np.ones(1, np.float32))
    x = np.ones(1, np.float32)
    kernel(x)
    assert x[0] == 2
    holder.kill()
    holder.communicate()
