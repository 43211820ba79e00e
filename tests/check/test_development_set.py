"""The files that others wrote, right and wrong: the doctor is tuned on them, and keeps it.

A sample of both sets, every so many; `bench/check_faults.py` reads all of them.
"""

import tomllib
from pathlib import Path

import pytest

from convlens.check.submission import examined

FILES = Path(__file__).parents[1] / "check_faults"
SETS = (FILES, FILES / "second")
RIGHT = [path for place in SETS for path in sorted((place / "correct").glob("*.py"))[::4]]
WRONG = [path for place in SETS for path in sorted((place / "faulty").glob("*.py"))[::9]]


def test_every_file_is_listed():
    """Each faulty file of the second set has its fault and its line, and no other file has."""
    expected = tomllib.loads((FILES / "second" / "expected.toml").read_text(encoding="utf-8"))
    assert set(expected) == {path.stem for path in (FILES / "second" / "faulty").glob("*.py")}


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_what_is_right_is_let_alone(path):
    """Everything in the file is made and checked, and nothing in it is accused."""
    found = examined(path, None, {})
    assert found.outcomes
    assert not found.not_made
    assert [one.to_dict() for one in found.outcomes if not one.ok] == []


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_what_is_wrong_is_found(path):
    """The file is told to be wrong, whatever the cause is called."""
    found = examined(path, None, {})
    assert found.outcomes
    assert found.is_wrong
