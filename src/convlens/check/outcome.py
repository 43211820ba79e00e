"""What was found in a layer, as data that any language can say. Must not know how it was found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["CHECKS", "Finding", "Outcome"]

CHECKS = ("raises", "shapes", "finite", "forward", "unused", "gradient", "steps", "unlearned", "state",
          "in_place", "batch", "testing", "training")  # fmt: skip
"""In the order in which one should look."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        check: which of `CHECKS` found it.
        target: what is wrong: "x" (its derivative is), "output", "loss", or a parameter as it is written.
        causes: keys of the likely causes, each tested; none where no known fault gives these numbers.
        method: in which of the class's methods.
        line: the line of its file on which to begin, if it has one.
        expected: a number or a shape that is right.
        got: what stands in its place.
        ratio: got / expected, where it is the same everywhere or of one entry.
        detail: what else a text needs, by name.
    """

    check: str
    target: str
    causes: tuple[str, ...] = ()
    method: str = ""
    line: int | None = None
    expected: str = ""
    got: str = ""
    ratio: float | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """All that was found in one layer.

    Attributes:
        name: its class's.
        kind: the known layer that it is: "convolution", …; "" where it is none.
        findings: what is wrong, in the order in which one should look.
        passed: the checks that found nothing.
        notes: keys of what is not wrong, but worth knowing.
        untrained: why it was not trained, as the key of a text and what that needs; empty where it was, or
            where there is nothing to train.
    """

    name: str
    kind: str = ""
    findings: tuple[Finding, ...] = ()
    passed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    untrained: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def causes(self) -> tuple[str, ...]:
        """The keys of all likely causes, each once."""
        return tuple(dict.fromkeys(key for finding in self.findings for key in finding.causes))

    def text(self, lang: str = "en", hint: str = "short") -> str:
        """Return it as lines for a reader.

        Args:
            lang: "en", "ko" or "ja".
            hint: "short" says where to look, "full" what to write.
        """
        from convlens.check.telling import told  # noqa: PLC0415 (it needs this module)

        return told(self, lang, hint)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> dict[str, Any]:
        """Return it as data for JSON."""
        return {"ok": self.ok, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Outcome":
        """Return what `to_dict` gave."""
        findings = tuple(Finding(**{**one, "causes": tuple(one["causes"])}) for one in data["findings"])
        notes, untrained = tuple(data["notes"]), {key: str(one) for key, one in data["untrained"].items()}
        return cls(str(data["name"]), str(data["kind"]), findings, tuple(data["passed"]), notes, untrained)
