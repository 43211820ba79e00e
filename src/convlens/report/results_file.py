"""`results.json`: what was measured and found, the original report's figures beside it.

Must not know pages.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from convlens.arguments import as_annotated
from convlens.files import write_text
from convlens.findings import results
from convlens.report.original import reported_in
from convlens.study import Study

__all__ = ["with_reported", "write_results"]


@as_annotated
def with_reported(study: Study, reported: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Return `findings.results` with `reported_test_accuracy` in each experiment.

    Args:
        study: the study.
        reported: accuracies by experiment; None for those of `REPORTED`.
    """
    stated = reported_in(study.design.name) if reported is None else reported
    found = results(study)
    experiments = [
        {**experiment, "reported_test_accuracy": stated.get(experiment["name"])}
        for experiment in found["experiments"]
    ]
    return {**found, "experiments": experiments}


@as_annotated
def write_results(study: Study, reported: Mapping[str, float] | None = None) -> Path:
    """Write `results.json` into the study's folder and return its path."""
    path = study.folder / "results.json"
    write_text(path, json.dumps(with_reported(study, reported), indent=1, ensure_ascii=False) + "\n")
    return path
