"""Faults planted in layers of four styles: all are found and named rightly, and nothing right is blamed."""

from pathlib import Path

import pytest
from planted_faults import FAULTS, LOSSES, MADE

from convlens.check import check_layer, check_loss

WRITTEN = Path(__file__).parent / "written"


def checked(style, name, change=("", "")):
    """What is said of a class, after one line of its file was changed."""
    source = (WRITTEN / f"{style}.py").read_text(encoding="utf-8")
    start = source.index(f"class {name}:") if change[0] in source[source.index(f"class {name}:") :] else 0
    assert change[0] in source[start:]
    held = {}
    exec(source[:start] + source[start:].replace(*change, 1), held)  # noqa: S102 (the file of this folder)
    if (style, name) in LOSSES:
        return check_loss(held[name]())
    arguments, x = MADE[style, name]
    return check_layer(held[name](*arguments), x)


@pytest.mark.parametrize(("style", "name"), [*MADE, *LOSSES], ids=lambda one: one)
def test_what_is_right_is_let_alone(style, name):
    """A correct layer in any style is not blamed, and its kind is known."""
    outcome = checked(style, name)
    assert outcome.findings == ()
    assert outcome.kind


@pytest.mark.parametrize(
    "row", range(len(FAULTS)), ids=lambda row: f"{row}-{FAULTS[row][1]}-{FAULTS[row][4]}"
)
def test_a_planted_fault_is_found_and_named(row):
    """Each changed line is found; its cause is named, and no cause is named that is not the right one."""
    style, name, old, new, cause = FAULTS[row]
    outcome = checked(style, name, (old, new))
    assert not outcome.ok
    assert outcome.causes == ((cause,) if cause else ())
