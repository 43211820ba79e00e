"""The page of any runs: one, or several compared."""

import re
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import pytest
from markupsafe import Markup
from PIL import Image
from small_pages import parsed

from convlens.cli.report import report
from convlens.errors import RunError, UsageError
from convlens.report import write_runs_report
from convlens.report.inline import inline_svg
from convlens.report.report_data import ReportData
from convlens.report.words import words_in
from convlens.runs import RunConfig, train_run
from convlens.spec import find
from lopsided import write_lopsided_set
from stand_ins import made_up_run


@pytest.fixture(scope="session")
def runs(study):
    """All runs of the study, in one list."""
    return [run for experiment in study.design.experiments for run in study.runs(experiment)]


def test_several_runs_are_compared(runs, tmp_path_factory):
    """Seeds go together, experiments stand side by side, each with its filters and its verdict."""
    folder = tmp_path_factory.mktemp("any")
    chosen = [run for run in runs if run.config.network.name == "SimpleConvNet" and run.config.epochs == 6]
    page = parsed(write_runs_report(chosen[:5], folder / "r.html", lang="en", command="convlens report"))
    assert "Side by side" in page.text
    assert "The report" not in page.text
    titles = [heading.text for heading in page.all("h2")]
    assert titles[:3] == ["In one minute", "Results at a glance", "Side by side"]
    assert "Filters of every kind" not in page.text
    rows = re.findall(r"learning rate 0\.01", page.text)
    assert rows
    assert {path.name for path in folder.iterdir()} == {"r.html", "r-figures"}
    anchors = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(set(anchors)) == len(anchors)
    assert not any(re.search(r"\s", anchor) for anchor in anchors)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_one_run_has_a_page(runs, lang, tmp_path):
    """With the reader's own picture where there is one."""
    picture = tmp_path / "<b>mine.png"
    Image.new("L", (30, 20)).save(picture)
    path = write_runs_report(
        runs[:1], tmp_path / "one.html", lang=lang, command="convlens report", picture=picture
    )
    page = parsed(path)
    assert "<b>mine.png" in page.text
    assert not page.all("b")
    assert not any(e.attributes.get("id") == "comparison" for e in page.elements)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_runs_of_several_sets_of_data_are_told_apart(runs, lang, tmp_path):
    """Each set with its own images; more images of another set are not more data."""
    write_lopsided_set(tmp_path / "lopsided", [50, 40])
    config = replace(runs[0].config, data=str(tmp_path / "lopsided"), train_size=150)
    other = train_run(config, tmp_path / "other", "")
    written = write_runs_report([runs[0], other], tmp_path / "r.html", lang=lang, command="")
    report = ReportData.of_runs([runs[0], other], lang)
    first, second = report.experiments
    assert report.full_of(first) is report.full_of(second) is None
    page, say = parsed(written), words_in(lang)
    for run, classes in ((runs[0], "9"), (other, "1")):
        (told,) = [
            item.text for item in page.all("li") if run.data_name in item.text and classes in item.text
        ]
        assert f"{run.results['n_test']}" in told
    assert say("limits.data", data=say.listing([runs[0].data_name, "lopsided"])) in page.text
    heads = [cell.text for cell in page.all("th")]
    assert say("results.all_alone", n=say.counts([20, 90])) in heads


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize(
    ("times", "key"),
    [((5, 5, 4), "minute.confused_tie"), ((5, 4), "minute.confused"), ((1, 1), "minute.confused")],
)
def test_mistakes_that_are_equally_frequent_are_said_to_be(runs, times, key, lang, monkeypatch, tmp_path):
    """One of them is not the most frequent one."""
    confusions = [(place, 0, n) for place, n in enumerate(times, 1)]
    found = SimpleNamespace(confusions=confusions, right=range(20), names="0123456789")
    monkeypatch.setattr(import_module("convlens.report.sections.minute"), "answers", lambda _: found)
    page = parsed(write_runs_report(runs[:1], tmp_path / "r.html", lang=lang, command=""))
    run, say = runs[0], words_in(lang)
    told = {"network": run.spec.name, "images": run.config.train_size, "seed": run.seed, "tests": 20}
    assert say(key, n=times[0], ties=2, right="1", given="0", **told) in page.text


@pytest.mark.parametrize(
    "change",
    [
        {"optimizer_param": {"lr": 0.5}},
        {"data": "elsewhere"},
        {"schedule": "cosine"},
        {"batch_size": 20},
        {"optimizer": "sgd", "optimizer_param": {"lr": 0.001}},
    ],
)
def test_the_full_set_differs_in_its_size_alone(study, change):
    """And in its epochs, which go with it: nothing else may explain what comes out."""
    report = ReportData.of_study(study)
    base, full = report.experiments[0], report.experiments[-1]
    assert report.full_of(base) is full
    odd = replace(full, config=replace(full.config, **change))
    assert replace(report, experiments=(*report.experiments[:-1], odd)).full_of(base) is None


@pytest.mark.parametrize(
    ("choose", "message"), [(lambda _: [], "Got none"), (lambda r: [r[0], r[0]], "once")]
)
def test_runs_that_make_no_page_are_refused(runs, choose, message, tmp_path):
    """No run, or one given twice."""
    with pytest.raises(UsageError, match=message):
        write_runs_report(choose(runs), tmp_path / "x.html", lang="en", command="")
    assert not list(tmp_path.iterdir())


def test_the_command_writes_the_page(runs, tmp_path, capsys):
    """It prints where the page is; another suffix is refused before anything is read."""
    folders = [run.folder for run in runs[:1]]
    report(folders, out=tmp_path / "mine.html", picture=None, lang="en")
    assert capsys.readouterr().out.strip() == str(tmp_path / "mine.html")
    page = parsed(tmp_path / "mine.html")
    assert f"convlens report {folders[0].name} --out mine.html --lang en" in page.text
    assert str(tmp_path) not in page.source
    with pytest.raises(UsageError, match=r"must end in \.html"):
        report(folders, out=tmp_path / "mine.pdf", picture=None, lang="en")


HOSTILE = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 1 1" onload="alert(1)">
<script>alert(1)</script><g id="a&quot;-mean" style="fill: url(http://x.y); stroke: #123">
<a xlink:href="javascript:alert(1)"><path d="M 0 0"/></a><use xlink:href="http://x.y/z"/>
<path d="M 1 1" clip-path="url(#clip)" onclick="alert(2)"/><use xlink:href="#glyph"/>text</g></svg>"""


def test_an_svg_comes_through_as_lines_only():
    """Scripts, links, texts and foreign addresses stay outside; styles become attributes."""
    markup = inline_svg(HOSTILE, "p", 'a "picture" <b>')
    assert isinstance(markup, Markup)
    for word in ("script", "onload", "onclick", "http", "javascript", "style", "text", "<a", "<b>"):
        assert word not in markup, word
    assert 'stroke="#123"' in markup
    assert 'clip-path="url(#p--clip)"' in markup
    assert 'href="#p--glyph"' in markup
    assert 'role="img"' in markup


def test_a_damaged_svg_is_named():
    """One line says which picture and what to do."""
    with pytest.raises(RunError, match=r"curves\.svg is damaged"):
        inline_svg(b"<svg", "curves", "")


def chosen(*experiments):
    """Return the experiments of a page of such runs: learning rate, training images, network and seeds."""
    runs = []
    for lr, size, network, seeds in experiments:
        for seed in seeds:
            config = RunConfig(find(network), train_size=size, optimizer_param={"lr": lr}, seed=seed)
            name = f"{network}-{size}-{lr}-{seed}"
            made = {"run_id": config.run_id, "command": "", "spec": config.network}
            runs.append(made_up_run(seed=seed, folder=f"runs/{name}", config=config, **made))
    return ReportData.of_runs(runs, "en")


ALPHABETICAL = (
    (0.001, 5000, "lenet", [0, 1]),
    (0.001, 60_000, "simple", [0]),
    (0.0005, 5000, "simple", [0, 1]),
    (0.001, 5000, "simple", [0, 1]),
    (0.002, 5000, "simple", [0, 1]),
)


@pytest.mark.parametrize(
    ("experiments", "base"),
    [
        (ALPHABETICAL, 3),
        (ALPHABETICAL[1:], 2),
        (ALPHABETICAL[2:], 1),
        ((*ALPHABETICAL[:4], (0.002, 5000, "simple", [0, 1, 2])), 4),
        ((*ALPHABETICAL[:3], (0.003, 5000, "simple", [1]), (0.002, 5000, "simple", [0, 1])), 2),
        ((ALPHABETICAL[4], ALPHABETICAL[3]), 0),
        (ALPHABETICAL[:2], 0),
        (ALPHABETICAL[:1], 0),
    ],
)
def test_learning_rates_are_spoken_of_whatever_the_order(experiments, base):
    """Folders come by their names: where rates were tried, their usual one is the base, as in a study."""
    report = chosen(*experiments)
    first, given = report.experiments[0], experiments[base]
    assert (first.config.lr, first.config.train_size) == given[:2]
    assert first is next(report.bases())
    rates = [one for one in experiments if one[1:3] == given[1:3]]
    assert [one.config.lr for one in report.rates_of(first)] == sorted(one[0] for one in rates)
    assert sorted(one.anchor for one in report.experiments) == [
        f"experiment-{number}" for number in range(1, len(experiments) + 1)
    ]


def test_other_networks_begin_with_what_the_base_is():
    """Of each the experiment with the same settings stands for it, not the one whose folder comes first."""
    full, small = (0.001, 60_000, "lenet", [0]), (0.001, 5000, "lenet", [0, 1, 2])
    report = chosen(full, small, *ALPHABETICAL[1:])
    assert [one.config.train_size for one in report.bases()] == [5000, 5000]
    assert [one.config.train_size for one in chosen(full, small, *ALPHABETICAL[3:]).bases()] == [60_000, 5000]
