"""Where a study may be: anywhere but within one run's own folder."""

import pytest
from small_designs import small_design

from convlens.errors import UsageError
from convlens.study import Study


@pytest.mark.parametrize("name", ["a", "b c", "nested/run"])
def test_a_study_does_not_begin_in_a_run(tmp_path, name):
    """Its page and its runs would lie among the run's files; the folder around the run is as good as any."""
    run = tmp_path / name
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    with pytest.raises(UsageError, match=r"`folder` of a study must not be a run\. Got .*: choose another\."):
        Study(small_design(tmp_path), run, 1)
    assert Study(small_design(tmp_path), run.parent, 1).folder == run.parent
    assert [path.name for path in run.iterdir()] == ["run.json"]
