"""`convlens doctor`: what this machine offers, and what to do where it could offer more."""

import json
import os
import platform
from importlib.metadata import version
from typing import Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.tables import columns
from convlens.cli.words import spoken, words_in
from convlens.words import LANGUAGES, Words

__all__ = ["doctor"]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")] = False,
    tiles: Annotated[
        bool, typer.Option("--tiles", help="Print the menu of register tiles that kernels come in here.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Show versions, CPU, threads, threading layer and cache, and what to do about each problem."""
    from convlens import engine  # noqa: PLC0415 (lazy: Numba)
    from convlens.networks.engines import why_no_kernels  # noqa: PLC0415

    say = words_in(LANGUAGES[0]) if as_json else spoken(lang)
    if tiles:
        _show_tiles(engine.every_tile(), as_json)
        return
    facts: dict[str, str | int] = {
        "convlens": version("convlens"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "system": platform.platform(),
    }
    if why := why_no_kernels():
        facts |= {"cpu": platform.processor() or platform.machine(), "numba": "cannot be loaded"}
        advice = [say("doctor.advice.no_engine", why=why)]
    else:
        facts |= engine.facts()
        facts["fastest threads"] = _fastest(engine.measured_threads(), say)
        advice = _advice(facts, say)
    if as_json:
        typer.echo(json.dumps({"format": 1, "facts": facts, "advice": advice}))
        return
    rows = [(say(f"doctor.fact.{name}"), _value(str(value), say)) for name, value in facts.items()]
    typer.echo("\n".join(columns(rows, "<")))
    typer.echo("\n".join(f"-> {line}" for line in advice) if advice else say("doctor.fine"))


def _value(value: str, say: Words) -> str:
    """Return a fact as the language says it, if it is one of words and not of names and numbers."""
    key = f"doctor.value.{value}"
    if key in say:
        return say(key)
    if value.startswith("not kept: "):
        return say("doctor.value.not_kept", why=value.removeprefix("not kept: "))
    if value.endswith(", as found"):
        return say("doctor.value.as_found", value=value.removesuffix(", as found"))
    return value


def _fastest(measured: dict[int, int], say: Words) -> str:
    """Return for how many kinds of work each number of threads has been found the fastest."""
    found = [say("doctor.fastest", threads=threads, n=n) for threads, n in sorted(measured.items())]
    return say.series(found[::-1]) if found else say("doctor.unmeasured")


def _show_tiles(tiles: dict[str, list[str]], as_json: bool) -> None:
    """Print every tile of every kernel."""
    if as_json:
        typer.echo(json.dumps({"format": 1, "tiles": tiles}))
        return
    for kernel, sizes in tiles.items():
        typer.echo(f"{kernel}: {len(sizes)}")
        typer.echo("\n".join(f"    {size}" for size in sizes))


def _advice(facts: dict[str, str | int], say: Words) -> list[str]:
    """Return one line for each thing that could be better, with its remedy."""
    found: list[tuple[str, dict[str, str]]] = []
    if facts["threading layer"] == "workqueue":
        asked = os.environ.get("NUMBA_THREADING_LAYER") == "workqueue"
        found.append(("asked_for_workqueue" if asked else "no_openmp", {}))
    if str(facts["spin count"]).startswith("loaded"):
        found.append(("loaded_first", {}))
    if str(facts["cache"]).startswith("none"):
        found.append(("no_cache", {}))
    elif str(facts["new kernels"]).startswith("not kept"):
        why = str(facts["new kernels"]).removeprefix("not kept: ")
        found.append(("cache_full", {"cache": str(facts["cache"]), "why": why}))
    if facts["threads"] == 1:
        one = os.environ.get("NUMBA_NUM_THREADS") == "1"
        found.append(("one_thread" if one else "one_processor", {}))
    return [say(f"doctor.advice.{key}", **values) for key, values in found]
