"""What `convlens check` says of layers that somebody else wrote: right ones, and ones with a planted fault.

python bench/check_faults.py          about 90 s: one process a file of tests/check_faults

Prints each file that was not judged as `expected.toml` there has it, and how many were.
"""

import tomllib
from collections import Counter
from pathlib import Path

from convlens.check import Submission, check_file

FILES = Path(__file__).parents[1] / "tests" / "check_faults"
NAMES = {
    "factor of the batch size": {"batch", "batch_sign"},
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
    "one-hot against labels": {"one_hot"},
    "mean against sum": {"mean", "batch", "other_pooling"},
    "weights replaced": {"replaced", "new_arrays"},
    "im2col off by one": {"off_by_one"},
    "learning rate": {"rate"},
    "bias forgotten": {"bias", "bias_still", "no_gradient"},
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


def main() -> None:
    """Check every file, and print."""
    expected = tomllib.loads((FILES / "expected.toml").read_text(encoding="utf-8"))
    for kind in ("correct", "faulty"):
        counts: Counter[str] = Counter()
        for name, one in sorted(expected[kind].items()):
            found = check_file(FILES / kind / f"{name}.py")
            told = judged(found, one, is_faulty=kind == "faulty")
            counts[told] += 1
            if "right" not in told:
                causes = sorted({key for outcome in found.outcomes for key in outcome.causes})
                print(f"{kind}/{name}: {told} {causes or ''}")
        print(f"{kind}: {len(expected[kind])} files:", ", ".join(f"{n} {how}" for how, n in counts.items()))


if __name__ == "__main__":
    main()
