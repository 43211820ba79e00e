"""`convlens doctor`: what this machine offers, and what to do where it could offer more."""

import json
import os
import platform
from importlib.metadata import version
from typing import Annotated

import typer

__all__ = ["doctor"]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")] = False,
    tiles: Annotated[
        bool, typer.Option("--tiles", help="Print the menu of register tiles that kernels come in here.")
    ] = False,
) -> None:
    """Show versions, CPU, threads, threading layer and cache, and what to do about each problem."""
    from convlens import engine  # noqa: PLC0415 (lazy: Numba)

    if tiles:
        _show_tiles(engine.every_tile(), as_json)
        return
    facts: dict[str, str | int] = {
        "convlens": version("convlens"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "system": platform.platform(),
        **engine.facts(),
    }
    advice = _advice(facts)
    if as_json:
        typer.echo(json.dumps({"format": 1, "facts": facts, "advice": advice}))
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        typer.echo(f"{name:{width}}  {value}")
    typer.echo("\n".join(f"-> {line}" for line in advice) if advice else "Nothing to mend.")


def _show_tiles(tiles: dict[str, list[str]], as_json: bool) -> None:
    """Print every tile of every kernel."""
    if as_json:
        typer.echo(json.dumps({"format": 1, "tiles": tiles}))
        return
    for kernel, sizes in tiles.items():
        typer.echo(f"{kernel}: {len(sizes)}")
        typer.echo("\n".join(f"    {size}" for size in sizes))


def _advice(facts: dict[str, str | int]) -> list[str]:
    """Return one line for each thing that could be better, with its remedy."""
    advice = []
    if facts["threading layer"] == "workqueue":
        slow = "training is slower and works behind a lock"
        if os.environ.get("NUMBA_THREADING_LAYER") == "workqueue":
            advice.append(f"NUMBA_THREADING_LAYER asks for workqueue: {slow}. Unset it.")
        else:
            advice.append(
                f"Numba found no OpenMP: {slow}. Install it "
                "(Debian, Ubuntu: apt install libgomp1; macOS: brew install libomp; Windows: part of Numba)."
            )
    if str(facts["spin count"]).startswith("loaded"):
        advice.append(
            "another package loaded OpenMP first, so its threads wait as that package wants: "
            "import convlens before it, or set GOMP_SPINCOUNT=3000."
        )
    if str(facts["cache"]).startswith("none"):
        advice.append(
            "compiled kernels cannot be kept, so every start compiles them: set CONVLENS_CACHE_DIR to a "
            "folder of your own that can be written to."
        )
    elif str(facts["new kernels"]).startswith("not kept"):
        why = str(facts["new kernels"]).removeprefix("not kept: ")
        advice.append(
            f"no more compiled kernels can be kept in {facts['cache']} ({why}), so every start compiles "
            "those that are not there yet: make room, or set CONVLENS_CACHE_DIR to a folder on another disk."
        )
    if facts["threads"] == 1 and os.environ.get("NUMBA_NUM_THREADS") == "1":
        advice.append("NUMBA_NUM_THREADS=1 allows one thread only: unset it to use all processors.")
    elif facts["threads"] == 1:
        advice.append(
            "this process may use one processor only, by its affinity (taskset) or its container's quota "
            "(docker --cpus): more make it faster."
        )
    return advice
