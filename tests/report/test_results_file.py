"""`results.json`: what the page states, as plain data."""

import json
from dataclasses import asdict

import pytest
from small_pages import REPORTED

from convlens.findings import baseline, gap, learned, oddities, onsets
from convlens.findings.comparisons import comparisons
from convlens.report import with_reported, write_results


@pytest.fixture(scope="module")
def results(study):
    """What the file of the finished study says."""
    return json.loads(write_results(study, REPORTED).read_text(encoding="utf-8"))


def test_it_is_what_a_program_gets(results, study):
    """The file holds plain data: reading it gives what `convlens reproduce --json` prints."""
    assert results == json.loads(json.dumps(with_reported(study, REPORTED)))
    assert (results["format"], results["design"], results["seeds"]) == (3, "tiny", 3)


@pytest.mark.parametrize("place", range(5))
def test_every_run_and_finding_is_in_it(results, study, place):
    """Each number is that of the runs; verdicts and findings are those that the page words."""
    told, experiment = results["experiments"][place], study.design.experiments[place]
    runs = study.runs(experiment)
    assert told["name"] == experiment.name
    assert told["reported_test_accuracy"] == REPORTED.get(experiment.name)
    assert [run["test_accuracy"] for run in told["runs"]] == [run.results["test_accuracy"] for run in runs]
    assert told["gap"] == gap(runs).as_data()
    found = dict(told["overfitting"])
    assert found.pop("with_more_data") in {None, "later", "not_at_all", "unclear"}
    assert found == json.loads(json.dumps(onsets(runs).as_data()))
    assert told["learned"] == [learned(run).as_data() for run in runs]
    assert told["baseline"] == baseline(runs).as_data()
    assert told["filters"][0] == json.loads(json.dumps(asdict(oddities(runs[0], "W1", 20))))


@pytest.mark.parametrize(("place", "base"), [(0, None), (1, None), (2, 0), (3, 0)])
def test_verdicts_are_in_it(results, study, place, base):
    """Against the first experiment with the same network; that one is against nothing."""
    against = results["experiments"][place]["against"]
    if base is None:
        assert against is None
        return
    runs = [study.runs(experiment) for experiment in study.design.experiments]
    found = comparisons(runs, [0, 1, 0, 0, 0]).against[place]
    assert against == {
        "experiment": study.design.experiments[base].name,
        "mean_difference": found.mean,
        "interval": [found.interval.low, found.interval.high],
        "p_value": found.p_value,
        "seeds": [0, 1, 2],
        "verdict": found.verdict.value,
    }


def test_an_experiment_without_a_run_has_no_findings(data, tmp_path):
    """What is not in is not judged, and the file is there all the same."""
    from small_pages import experiments, train

    from convlens.study import Design, Study

    study = train(Study(Design("tiny", experiments(data)[:2]), tmp_path, 1), but={"lenet-a"})
    first, second = with_reported(study)["experiments"]
    assert first["gap"]["early_epoch"] == 2
    assert second["runs"] == []
    assert "gap" not in second
    assert second["reported_test_accuracy"] is None
