"""What is true of the page as a whole."""

import pytest

from convlens.report.blocks import Fold, Paragraph, Section
from convlens.report.layout import said_once

NOTE, OTHER = Paragraph("a rule", "note"), Paragraph("another", "note")
PLAIN = Paragraph("a rule")


@pytest.mark.parametrize(
    ("blocks", "kept"),
    [
        ((NOTE, OTHER), (NOTE, OTHER)),
        ((NOTE, PLAIN, NOTE), (NOTE, PLAIN)),
        ((PLAIN, PLAIN), (PLAIN, PLAIN)),
        ((Section("b", "B", (NOTE,)), NOTE), (Section("b", "B", (NOTE,)),)),
        ((NOTE, Fold("f", (NOTE, OTHER)), OTHER), (NOTE, Fold("f", (OTHER,)))),
        (
            (Fold("f", (NOTE,), is_rule=True), Fold("f", (NOTE,), is_rule=True)),
            (Fold("f", (NOTE,), is_rule=True),),
        ),
        ((NOTE, Fold("f", (NOTE,)), PLAIN), (NOTE, PLAIN)),
    ],
)
def test_a_note_is_said_once(blocks, kept):
    """Where it stands first; sentences that are no notes stay, and a fold without anything in it goes."""
    assert said_once([Section("a", "A", blocks)]) == (Section("a", "A", kept),)


def test_a_rule_of_several_networks_stands_at_the_first(english):
    """The rules of curves and of filters, which every network has."""
    notes = [p.text for p in english.all("p") if p.attributes.get("class") == "note"]
    assert len(notes) == len(set(notes)) > 5
