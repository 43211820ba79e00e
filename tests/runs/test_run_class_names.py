"""The class names in a run folder have the limits of a data set's: they head rows, columns and figures."""

import json

import pytest
from small_runs import copied

from convlens.errors import RunError
from convlens.runs import Run


@pytest.mark.parametrize(
    "name",
    ["n" * 100_000, "n" * 101, "\u3164\u200b", "\u202e", "", 7, None, "0", "a\nb"],
    ids=lambda name: repr(name)[:8],
)
def test_class_names_by_strangers(whole, tmp_path, name):
    """A name that is too long, cannot be seen, is no text, or stands there twice is a damaged run."""
    folder = copied(whole, tmp_path / "copy")
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    about["data"]["class_names"][3] = name
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(RunError, match=r"copy is damaged: .*run.json") as raised:
        _ = Run(folder).class_names
    assert len(str(raised.value)) < 1100
    assert str(raised.value).isprintable()
