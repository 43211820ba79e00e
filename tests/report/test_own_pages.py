"""A command never replaces a file that somebody else made."""

from importlib.resources import files

import pytest
from typer.testing import CliRunner

from convlens.cli.app import app
from convlens.cli.own_pages import require_own, require_own_results, require_page
from convlens.report import write_results

OURS = '<!doctype html><html lang="en"><head><meta name="generator" content="convlens 0.1.0">'


@pytest.mark.parametrize(
    ("command", "name", "content"),
    [
        (["explore", "run", "--out"], "page.html", "<html><title>my homepage</title>"),
        (["report", "run", "--out"], "index.HTM", '<meta name="generator" content="Hugo 0.1">'),
        (["reproduce", "--quick", "--out"], "report.html", "my own report"),
        (["reproduce", "--quick", "--out"], "results.json", '{"mine": 1}'),
    ],
)
def test_somebody_elses_file_stays(tmp_path, command, name, content):
    """It is refused in one line before anything is made."""
    there = tmp_path / name
    there.write_text(content, encoding="utf-8")
    out = tmp_path if command[0] == "reproduce" else there
    done = CliRunner().invoke(app, [*command, str(out)])
    assert done.exit_code == 2
    assert f"{there} is there, and convlens did not write it" in " ".join(done.stderr.split())
    assert there.read_text(encoding="utf-8") == content
    assert list(tmp_path.iterdir()) == [there]


@pytest.mark.parametrize("content", [None, "", OURS])
def test_an_own_page_is_replaced(tmp_path, content):
    """And one that is empty, as a shell's `>` leaves it."""
    page = tmp_path / "page.html"
    if content is not None:
        page.write_text(content, encoding="utf-8")
    assert require_page(page, "report") is None
    assert require_own(page) is None


def test_own_results_are_replaced(study):
    """As `reproduce` writes them."""
    assert require_own_results(write_results(study)) is None


@pytest.mark.parametrize("room", ["report", "explorer"])
def test_a_page_says_first_who_wrote_it(room):
    """By that it is known again."""
    text = files(f"convlens.{room}").joinpath("templates/page.html.j2").read_text(encoding="utf-8")
    assert 0 < text.find('<meta name="generator" content="convlens ') < 1000
