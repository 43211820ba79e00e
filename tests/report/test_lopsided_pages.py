"""Pages of sets with few classes, or with one class far larger than the others."""

import pytest
from small_pages import parsed

from convlens.report import write_runs_report
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, NetworkSpec
from lopsided import write_lopsided_set

TEN = NetworkSpec("Ten", (1, 12, 12), (Affine(10),))


def page_of(tmp_path, counts, lang, epochs):
    """Train on a set with so many test images of each class, and return the run's page."""
    data = write_lopsided_set(tmp_path / "set", counts)
    n = 2 * sum(counts)
    config = RunConfig(TEN, str(data), n, epochs, min(n, 20), evaluate_samples=20, engine="layers")
    run = train_run(config, tmp_path / "run", "convlens train")
    return run, parsed(write_runs_report([run], tmp_path / "r.html", lang=lang, command="convlens report"))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("lang", "counts", "share", "told"),
    [
        ("en", (47, 3), "94.0 %", "Always answering 0, the largest class"),
        ("ko", (3, 47), "94.0%", "가장 큰 클래스인 1만 답해도"),
        ("ja", (5, 0, 45), "90.0%", "最大のクラス2とだけ答えても"),
        ("en", (30, 5, 5, 5, 5), "60.0 %", "Always answering 0, the largest class"),
    ],
)
def test_a_lopsided_set_names_its_baseline(tmp_path, lang, counts, share, told):
    """In the first minute and below the results: so much is right by always answering the largest class."""
    _, page = page_of(tmp_path, counts, lang, 1)
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert text.count(told) == 2
    assert share in text


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("counts", [(25, 25), (17, 17, 16), (5,) * 10])
def test_an_even_set_that_is_learned_needs_no_baseline(tmp_path, counts):
    """Where no class is much larger and the network is better, nothing is said."""
    run, page = page_of(tmp_path, counts, "en", 30)
    assert run.results["test_accuracy"] > 0.7
    assert "Always answering" not in page.text


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("counts", "names", "idle"),
    [
        ((25, 25), "classes 0 and 1", "8 of them are of classes"),
        ((0, 20, 0, 20), "classes 1 and 3", "8 of them are of classes"),
        ((5, 5, 5, 5, 5, 5, 5, 5, 5), "classes 0, 1, …, 8", "one of them is of a class"),
        ((5,) * 10, "classes 0, 1, …, 9", None),
    ],
)
def test_only_classes_that_there_are_have_rows(tmp_path, counts, names, idle):
    """A matrix has no row without an image or an answer; that a network has more outputs is said once."""
    _, page = page_of(tmp_path, counts, "en", 40)
    there = sum(count > 0 for count in counts)
    matrix = next(i for i, e in enumerate(page.elements) if "matrix" in e.attributes.get("class", ""))
    after = page.elements[matrix:]
    end = next(i for i, e in enumerate(after) if e.tag == "table" and i)
    rows = [e for e in after[:end] if e.tag == "th" and e.attributes.get("scope") == "row"]
    assert there <= len(rows) <= there + 1
    assert names in page.text
    assert ("Ten has 10 outputs" in page.text) is (idle is not None)
    assert idle is None or idle in page.text
