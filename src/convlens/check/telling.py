"""Findings as lines for a reader, in any language. Must not know how they were found."""

from collections.abc import Mapping

from convlens.check.grading import Grading
from convlens.check.outcome import Finding, Outcome
from convlens.check.submission import Submission
from convlens.check.training_telling import said_of, untrained_lines, value_line
from convlens.check.words import words_in
from convlens.errors import UsageError, shown
from convlens.words import Words

__all__ = ["HINTS", "grading_text", "submission_text", "told"]

HINTS = ("short", "full")
"""How much a hint gives away."""

_WITH_VALUES = {"gradient", "forward", "state", "steps", "training"}


def told(outcome: Outcome, lang: str, hint: str, cells: Mapping[int, tuple[int, int]] | None = None) -> str:
    """Return an outcome as lines.

    Args:
        outcome: what was found.
        lang: "en", "ko" or "ja".
        hint: one of `HINTS`.
        cells: of a notebook: line → cell and line within it.
    """
    if not isinstance(hint, str) or hint not in HINTS:
        raise UsageError(f"`hint` must be one of {', '.join(HINTS)}. Got {shown(hint)}.")
    say = words_in(lang)
    n = len(outcome.findings)
    lines = [say("head.wrong", name=outcome.name, n=n) if n else say("head.fine", name=outcome.name)]
    for number, finding in enumerate(outcome.findings, 1):
        first, *rest = _lines(finding, say, hint, cells or {})
        lines += [f"{number}. {first}", *(f"   {line}" for line in rest)]
    if outcome.passed and n:
        lines.append(say("head.passed", checks=say.series([say(f"checks.{one}") for one in outcome.passed])))
    lines += [say(f"note.{key}") for key in outcome.notes]
    return "\n".join([*lines, *untrained_lines(outcome, say)])


def submission_text(found: Submission, lang: str, hint: str = "short") -> str:
    """Return what was found in a file as lines.

    Args:
        found: what `check_file` gave.
        lang: "en", "ko" or "ja".
        hint: one of `HINTS`.
    """
    say = words_in(lang)
    if found.ended:
        return say("head.ended", why=say(f"head.{found.ended}", **found.values))
    parts = [told(outcome, lang, hint, found.cells) for outcome in found.outcomes]
    parts += [say("head.not_made", name=name, why=why) for name, why in found.not_made.items()]
    return "\n\n".join(parts) if parts else say("head.nothing", file=found.file)


def grading_text(found: Grading, lang: str) -> str:
    """Return what a file of tests catches as lines: a table, and the cases to add.

    Args:
        found: what `grade_tests` gave.
        lang: "en", "ko" or "ja".
    """
    say = words_in(lang)
    if found.ended:
        return say("grade.right_fails", said=found.ended)
    passed = [one for one in found.planted if one.verdict == "let_pass"]
    lines = [say("grade.head", n=len(found.planted), modules=", ".join(found.modules))]
    for one in found.planted:
        verdict, cause = say(f"grade.{one.verdict}"), say(f"cause.{one.cause}")
        lines.append(say("grade.row", verdict=verdict, owner=one.owner, cause=cause))
        if one.verdict == "let_pass":
            lines.append("   " + say("grade.add", case=say(f"case.{one.key}")))
    n = len(passed)
    return "\n".join([*lines, say("grade.some", n=n) if n else say("grade.none")])


def _lines(finding: Finding, say: Words, hint: str, cells: Mapping[int, tuple[int, int]]) -> list[str]:
    said = _sentence(finding, say)
    if "layer" in finding.detail:
        said = say("found.in_layer", layer=finding.detail["layer"], said=said)
    lines = [_placed(said, finding, say, cells)]
    if finding.check in _WITH_VALUES:
        lines += _values(finding, say)
    causes = [say(f"cause.{key}") for key in finding.causes]
    if len(causes) == 1:
        lines.append(say("head.cause", cause=causes[0]))
    elif causes:
        lines.append(say("head.causes", causes=say.series(causes)))
    elif finding.check in {*_WITH_VALUES, "shapes"}:
        lines.append(say("head.untold" if finding.check == "training" else "head.none"))
    kind = "hint" if hint == "short" else "full"
    return [*lines, *(say(f"head.{kind}", text=say(f"{kind}.{key}")) for key in finding.causes)]


def _sentence(finding: Finding, say: Words) -> str:
    key, detail = finding.check, finding.detail
    if key == "shapes" and finding.got == "None":
        key = "nothing"
    elif key == "in_place":
        key = "input_changed" if finding.target == "x" else "parameter_changed"
    elif key == "batch":
        key = "batch_error" if "error" in detail else detail.get("what", "order")
    elif key == "state" and "error" in detail:
        key = "state_error"
    elif key == "training":
        key = said_of(finding)
    values = {
        "target": _target(finding.target, say),
        "path": detail.get("path", finding.target),
        "step": detail.get("step", ""),
        "method": finding.method,
        "error": detail.get("error", "").rstrip("."),
        "expected": finding.expected,
        "got": finding.got,
    }
    said = say(f"found.{key}", **values)
    return said[:1].upper() + said[1:]


def _target(target: str, say: Words) -> str:
    key = f"target.{target}"
    return say(key) if key in say else say("target.parameter", path=target)


def _placed(said: str, finding: Finding, say: Words, cells: Mapping[int, tuple[int, int]]) -> str:
    method, line = finding.method, finding.line
    if line is None:
        return say("head.place_only", said=said, method=method)
    if line in cells:
        cell, within = cells[line]
        return say("head.in_cell", said=said, method=method, cell=str(cell), line=str(within))
    return say("head.place", said=said, method=method, line=str(line))


def _values(finding: Finding, say: Words) -> list[str]:
    """Return the numbers: where they are furthest off, and how many are."""
    detail, expected, got = finding.detail, finding.expected, finding.got
    if finding.check == "training":
        return [value_line(finding, say)]
    if detail.get("at") == "ties":
        return [say("value.ties", expected=expected, got=got)]
    if "where" not in detail:
        return [say("value.shapes", expected=expected, got=got)] if expected else []
    values = {"where": detail["where"], "expected": expected, "got": got}
    if finding.ratio is None:
        lines = [say("value.plain", **values)]
    else:
        lines = [say("value.at", **values, ratio=f"{finding.ratio:.4g}")]
    if detail.get("everywhere") and finding.ratio is not None:
        return [*lines, say("value.everywhere", all=detail["all"], ratio=f"{finding.ratio:.4g}")]
    return [*lines, say("value.some", wrong=detail["wrong"], all=detail["all"])]
