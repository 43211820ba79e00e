"""What of a run must not depend on when, where or how it was made."""

ITS_OWN = {"run.json", "timing.jsonl"}  # the folder's name, and seconds


def assert_same(run, whole):
    """Hold every file of one run to that of another."""
    names = {path.relative_to(whole) for path in whole.rglob("*") if path.is_file()}
    assert {path.relative_to(run) for path in run.rglob("*") if path.is_file()} == names
    for name in names:
        assert str(name) in ITS_OWN or (run / name).read_bytes() == (whole / name).read_bytes(), name
