"""The page of any runs: one, or several compared."""

import re

import pytest
from markupsafe import Markup
from PIL import Image
from small_pages import parsed

from convlens.cli.report import report
from convlens.errors import RunError, UsageError
from convlens.report import write_runs_report
from convlens.report.inline import inline_svg


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
