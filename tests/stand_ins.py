"""Runs that are made up: what stands in for a run folder where only a few of its facts matter."""

from convlens.runs import Run


def made_up_run(**facts):
    """Return a `Run` without a folder that knows these facts (or has these methods) and nothing else."""
    return type("MadeUp", (Run,), {**facts, "__init__": lambda self: None})()
