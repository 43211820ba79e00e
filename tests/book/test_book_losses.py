"""`convlens.book.exact` gives the losses of the book's own code, for every network of the book."""

import json
from pathlib import Path

import numpy as np
import pytest
from traces import SCRIPTS

LOSSES = json.loads((Path(__file__).parent / "losses.json").read_text(encoding="utf-8"))


def ran(module, script):
    """Run a reader's script behind a star import, and return its names."""
    names = {}
    exec(f"from {module} import *", names)  # noqa: S102 (a star import needs a namespace)
    exec(script, names)  # noqa: S102 (a reader's script)
    return names


@pytest.mark.parametrize(
    ("edition", "name"),
    [(edition, name) for edition in LOSSES for name in LOSSES[edition]],
)
def test_losses_are_the_books_to_nine_digits(edition, name):
    """A fixed `np.random.seed` gives the book's losses, dropout and batch normalisation included."""
    module = "chapter4" if name.startswith("chapter 4") else {"japanese": "exact"}.get(edition, edition)
    names = ran(f"convlens.book.{module}", SCRIPTS[name])
    wanted = LOSSES[edition][name]
    np.testing.assert_allclose(names["losses"], wanted["losses"], rtol=0, atol=1e-9)
    assert names["accuracies"] == wanted["accuracies"]


def test_each_script_has_losses():
    """None of the small trainings is left out."""
    assert set(LOSSES["japanese"]) == set(SCRIPTS)
    assert set(LOSSES["korean"]) == {"MultiLayerNetExtend"}  # it is trained by Nesterov


@pytest.mark.parametrize("name", [name for name in SCRIPTS if not name.startswith(("a batch", "Deep"))])
def test_the_same_scripts_run_under_the_standard_protocol(name):
    """After `from convlens.book import *` the same lines train, and give accuracies."""
    module = "convlens.book.chapter4" if name.startswith("chapter 4") else "convlens.book"
    names = ran(module, SCRIPTS[name])
    assert np.isfinite(names["losses"]).all()
    assert all(0 <= accuracy <= 1 for accuracy in names["accuracies"])
