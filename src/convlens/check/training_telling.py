"""Which texts say what a short training has shown. Must not know how it was found out."""

from convlens.check.outcome import Finding, Outcome
from convlens.words import Words

__all__ = ["said_of", "untrained_lines", "value_line"]

_MEASURES = {"answers": "errors", "descent": "height"}


def said_of(finding: Finding) -> str:
    """Return the key of a finding's sentence."""
    if "left_out" in finding.causes:
        return "training_all_still" if finding.target == "every" else "training_still"
    return f"training_{finding.detail.get('what', 'update')}"


def value_line(finding: Finding, say: Words) -> str:
    """Return what the reference reaches, and what was reached."""
    measure = _MEASURES.get(finding.detail.get("what", ""), "loss")
    return say(f"value.{measure}", expected=finding.expected, got=finding.got)


def untrained_lines(outcome: Outcome, say: Words) -> list[str]:
    """Return why it was not trained."""
    values = dict(outcome.untrained)
    why = values.pop("why", "")
    return [say(f"note.untrained_{why}", **values)] if why else []
