"""All comparisons of a page's experiments, corrected together. Must not know figures or words."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from convlens.runs import Run
from convlens.study import Comparison, compare

__all__ = ["Comparisons", "TopTwo", "comparisons"]


@dataclass(frozen=True)
class TopTwo:
    """The experiment that is best on held-out images, and how it did against the second best.

    Attributes:
        best, second: places of the experiments.
        comparison: of the best with the second.
    """

    best: int
    second: int
    comparison: Comparison


@dataclass(frozen=True)
class Comparisons:
    """What a page says of its experiments, each held against its base.

    Attributes:
        against: by experiment; None for a base, and where nothing can be compared.
        top: by the place of a base; only where both of the two best are held against it: each of the others
            with the base is in `against` already.
    """

    against: tuple[Comparison | None, ...]
    top: dict[int, TopTwo]


def comparisons(experiments: Sequence[Sequence[Run]], bases: Sequence[int]) -> Comparisons:
    """Compare experiments with their bases, and the two best ones with each other, corrected together.

    Args:
        experiments: the runs of each; none where none is in.
        bases: the place of the experiment that each is held against; its own for a base.
    """
    places = [place for place, base in enumerate(bases) if place != base]
    tops = [two for base in dict.fromkeys(bases) if (two := _top_two(experiments, bases, base)) is not None]
    held = [(experiments[bases[place]], experiments[place]) for place in places]
    found = compare([*held, *((experiments[second], experiments[best]) for _, best, second in tops)])
    against = dict(zip(places, found[: len(places)], strict=True))
    top = {
        base: TopTwo(best, second, comparison)
        for (base, best, second), comparison in zip(tops, found[len(places) :], strict=True)
        if comparison is not None
    }
    return Comparisons(tuple(against.get(place) for place in range(len(experiments))), top)


def _top_two(
    experiments: Sequence[Sequence[Run]], bases: Sequence[int], base: int
) -> tuple[int, int, int] | None:
    """Return a base, the best experiment held against it, and the second best; None where one is the base."""
    held_out = {
        place: fmean(run.results["validation_accuracy"] for run in runs)
        for place, runs in enumerate(experiments)
        if bases[place] == base and runs and all("validation_accuracy" in run.results for run in runs)
    }
    best, *others = sorted(held_out, key=lambda place: -held_out[place]) or [base]
    return (base, best, others[0]) if others and base not in {best, others[0]} else None
