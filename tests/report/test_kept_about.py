"""The author's texts are kept beside their page, until others are given, or none."""

from pathlib import Path

import pytest
from small_pages import parsed
from typer.testing import CliRunner

from convlens.cli.app import app
from convlens.cli.words import words_in
from convlens.errors import ConvlensError, UsageError
from convlens.report.about import read_about
from convlens.report.kept_about import about_for, keep_about
from convlens.words import LANGUAGES

MINE = 'title = "Mine"\n[text]\nconclusion = "So it is."\n'


def written(folder, name, text=MINE):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("page", ["report.html", "thesis.html", "out/report.html"])
def test_they_are_there_the_next_time(tmp_path, page):
    """Without naming them; a later change in the author's own file counts when it is given again."""
    page, mine = tmp_path / page, written(tmp_path, "me.toml")
    assert about_for(page, None) == (None, None)
    about, used = about_for(page, mine)
    assert (about.title, used) == ("Mine", mine)
    keep_about(page, mine)
    mine.unlink()
    about, used = about_for(page, None)
    assert (about.title, used) == ("Mine", page.with_name(f"{page.stem}-about.toml"))
    other = written(tmp_path, "other.toml", 'title = "Other"')
    keep_about(page, other)
    keep_about(page, None)
    assert about_for(page, None)[0].title == "Other"
    keep_about(page, used)
    assert about_for(page, used)[0].title == "Other"


@pytest.mark.parametrize("none", ["none", Path("none")])
@pytest.mark.parametrize("there", [True, False])
def test_none_drops_them(tmp_path, none, there):
    """For good; where none are kept, nothing happens."""
    page = tmp_path / "report.html"
    if there:
        keep_about(page, written(tmp_path, "me.toml"))
    assert about_for(page, none) == (None, None)
    assert about_for(page, None)[0] is not None or not there
    aside = keep_about(page, none)
    assert about_for(page, None) == (None, None)
    assert (aside is not None) is there
    assert aside is None or read_about(aside).title == "Mine"  # nobody's only copy is lost


@pytest.mark.parametrize("text", ["title = x", "colour = 1", "[text]\nminute = 3"])
def test_what_is_wrong_is_not_kept(tmp_path, text):
    """A file is read before it is kept."""
    with pytest.raises(UsageError):
        about_for(tmp_path / "report.html", written(tmp_path, "me.toml", text))
    with pytest.raises(ConvlensError, match="cannot read"):
        keep_about(tmp_path / "report.html", tmp_path / "nowhere.toml")
    assert not (tmp_path / "report-about.toml").exists()


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_commands_say_whose_texts_stand_on_the_page(study, tmp_path, lang):
    """One line where nobody has given any this time, and the page's command names them."""
    run, page = next(study.planned()).folder, tmp_path / "page.html"

    def report(*more):
        done = CliRunner().invoke(app, ["report", str(run), "--out", str(page), "--lang", lang, *more])
        assert done.exit_code == 0, done.output
        return done.stderr, parsed(page).text

    said, text = report("--about", str(written(tmp_path, "me.toml")))
    assert "So it is." in text
    kept = words_in(lang)("about.kept", file=str(tmp_path / "page-about.toml"))
    assert kept not in said
    said, text = report()
    assert kept in said.splitlines()
    assert "So it is." in text
    assert "--about page-about.toml" in text
    said, text = report("--about", "none")
    assert kept not in said
    assert words_in(lang)("about.aside", file=str(tmp_path / "page-about.toml.old")) in said.splitlines()
    assert "So it is." not in text
    assert "So it is." not in report()[1]
