"""How this was made, in English."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "making.title": "How this was made",
    "making.again": "To make this page again:",
    "making.runs": "All {n} runs; training and evaluation took {total} together",
    "making.runs.one": "The one run; training and evaluation took {total}",
    "making.run": "Run",
    "making.seed": "Seed",
    "making.id": "Run id",
    "making.time": "Time",
    "making.step": "ms per update",
    "making.run_id": (
        "The run id is computed from all that decides a run's numbers, its seed included. Run a command "
        "again and compare: the same id is the same experiment."
    ),
    "making.verify": "To verify a run without trusting this page:",
    "making.verify_scores": (
        "Computes its scores again from its weights, with the readable layers, and compares them, the "
        "accuracies and the data's SHA-256 with what the run's folder says."
    ),
    "making.verify_training": (
        "Trains it again, too. On the same processor with the same versions, the weights must be equal, bit "
        "by bit; elsewhere they may differ by rounding."
    ),
    "making.machine": "Versions and machine",
    "making.system": "System",
    "making.threads": "Threads of BLAS",
    "making.seeds": "Seeds",
    "making.data": "Data",
    "making.digests": "{data}; SHA-256 of each file's decompressed content:",
    "making.cpu": "Processor",
    "making.folders": (
        "Each run's folder holds its weights, its scores for every test image and its loss at every update, "
        "readable without convlens."
    ),
    "commands.title": "One experiment by itself",
    "commands.each": "With seed 0; for another seed, change the number and the folder.",
}
