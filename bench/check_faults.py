"""What `convlens check` says of layers that others wrote: right ones, and ones with a planted fault.

python bench/check_faults.py          about 3 min: one process a file of tests/check_faults, both sets

Prints each file that was not judged as `expected.toml` there has it, and how many were. The doctor is tuned
on both sets: these figures prove nothing of other files.
"""

import tomllib
from collections import Counter
from pathlib import Path

from convlens.check import Submission, check_file

FILES = Path(__file__).parents[1] / "tests" / "check_faults"
NAMES = {
    "factor of the batch size": {"batch", "batch_sign", "mean"},  # in a loss one is the other
    "transposed matrix": {"transposed"},
    "sum missing over an axis": {"sum"},
    "sign": {"sign", "batch_sign"},
    "gradient of the wrong parameter": {"wrong_parameter"},
    "stale cache": {"stale"},
    "padding forgotten": {"padding"},
    "stride ignored": {"stride"},
    "filters flipped": {"flipped"},
    "overlapping windows overwritten": {"overwritten"},
    "max-pooling": {"to_all"},
    "relu's mask": {"mask_inverted", "mask_of_gradient"},
    "softmax without": {"no_maximum"},
    "one-hot": {"one_hot"},
    "mean against sum": {"mean", "batch", "other_pooling"},
    "weights replaced": {"replaced", "new_arrays"},
    "im2col off by one": {"off_by_one"},
    "learning rate": {"rate"},
    "bias forgotten": {"bias", "bias_still", "no_gradient"},
    "dropout": {"dropout_testing", "dropout_scale"},
    "batch normalisation's": {"mean_constant", "variance_constant"},
    "input modified": {"input_changed"},
    "state that leaks": {"added_up", "stale", "shared"},
}
"""A cause in the words of the list → the keys of the doctor's causes that mean it."""


def keys_of(cause: str) -> set[str]:
    """Return the doctor's keys of a cause in the list's words; none for one that the list has not."""
    return next((keys for start, keys in NAMES.items() if cause.lower().startswith(start)), set())


def judged(found: Submission, expected: dict[str, object], *, is_faulty: bool) -> str:
    """Say in a few words how the doctor did on one file."""
    if found.ended or not found.outcomes:
        return "not checked"
    if not is_faulty:
        return "false alarm" if found.is_wrong else "rightly left alone"
    if not found.is_wrong:
        return "missed"
    causes = {key for outcome in found.outcomes for key in outcome.causes}
    also = expected.get("also", [])
    right = [str(expected["cause"]), *([also] if isinstance(also, str) else also)]
    meant = set().union(*map(keys_of, right))
    if not causes:
        return "found, not named" if meant else "found, rightly not named"
    if not meant:
        return "found, named though the list has no name"
    return "found, named rightly" if causes <= meant else "found, named wrongly"


def first_set() -> dict[str, dict[Path, dict[str, object]]]:
    """Return what is expected of each file of the first set, by kind."""
    expected = tomllib.loads((FILES / "expected.toml").read_text(encoding="utf-8"))
    return {kind: {FILES / kind / f"{name}.py": one for name, one in sorted(expected[kind].items())}
            for kind in ("correct", "faulty")}  # fmt: skip


def second_set() -> dict[str, dict[Path, dict[str, object]]]:
    """Return what is expected of each file of the second set, by kind."""
    place = FILES / "second"
    expected = tomllib.loads((place / "expected.toml").read_text(encoding="utf-8"))
    wrong = {place / "faulty" / f"{name}.py": {"cause": one["fault"]} for name, one in expected.items()}
    right: dict[Path, dict[str, object]] = {path: {} for path in sorted((place / "correct").glob("*.py"))}
    return {"correct": right, "faulty": wrong}


def main() -> None:
    """Check every file of both sets, and print."""
    for title, files in (("first set", first_set()), ("second set", second_set())):
        for kind, expected in files.items():
            counts: Counter[str] = Counter()
            for path, one in expected.items():
                found = check_file(path)
                told = judged(found, one, is_faulty=kind == "faulty")
                counts[told] += 1
                if "right" not in told:
                    causes = sorted({key for outcome in found.outcomes for key in outcome.causes})
                    print(f"{kind}/{path.stem}: {told} {causes or ''}")
            said = ", ".join(f"{n} {how}" for how, n in counts.items())
            print(f"{title}, {kind}: {len(expected)} files: {said}")


if __name__ == "__main__":
    main()
