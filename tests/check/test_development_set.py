"""The files that somebody else wrote, right and wrong: the doctor is tuned on them, and keeps it."""

import tomllib
from pathlib import Path

import pytest

from convlens.check.submission import examined

FILES = Path(__file__).parents[1] / "check_faults"
EXPECTED = tomllib.loads((FILES / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED["correct"]))
def test_what_is_right_is_let_alone(name):
    """Everything in the file is made and checked, and nothing in it is accused."""
    found = examined(FILES / "correct" / f"{name}.py", None, {})
    assert found.outcomes
    assert not found.not_made
    assert [one.to_dict() for one in found.outcomes if not one.ok] == []


@pytest.mark.parametrize("name", sorted(EXPECTED["faulty"]))
def test_what_is_wrong_is_found(name):
    """The file is told to be wrong, whatever the cause is called."""
    found = examined(FILES / "faulty" / f"{name}.py", None, {})
    assert found.outcomes
    assert found.is_wrong
