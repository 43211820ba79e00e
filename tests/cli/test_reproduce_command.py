"""The command that `reproduce` writes on its page makes that very page again."""

import shlex
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from convlens.cli import reproduce
from convlens.cli.app import app
from convlens.cli.reproduce import _command
from convlens.cli.words import words_in
from convlens.errors import ConvlensError, RunError, StorageError
from convlens.words import LANGUAGES

REPRODUCE = typer.main.get_command(app).commands["reproduce"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "convlens reproduce --lang en"),
        ({"lang": "ko"}, "convlens reproduce --lang ko"),
        ({"quick": True, "seeds": 1}, "convlens reproduce --quick --lang en"),
        ({"quick": True, "small": True}, "convlens reproduce --quick --small --seeds 3 --lang en"),
        ({"seeds": 5, "out": Path("my page")}, 'convlens reproduce --seeds 5 --out "my page" --lang en'),
        ({"out": Path("/home/kim/hand-in")}, "convlens reproduce --out hand-in --lang en"),
        (
            {"about": Path("/home/kim/about.toml"), "lang": "ja"},
            "convlens reproduce --about about.toml --lang ja",
        ),
        (
            {"about": Path("me.toml"), "out": Path("/srv/x")},
            "convlens reproduce --out x --about me.toml --lang en",
        ),
    ],
)
def test_the_command_says_all_that_was_said(options, expected):
    """The language always, the rest where it is not as usual; no absolute path."""
    given = {"seeds": 3, "quick": False, "small": False, "out": Path("convlens-report"), "about": None}
    assert _command(**{**given, "lang": "en", **options}) == expected


def test_the_command_is_one_that_can_be_given():
    """Its options are options of the command, and come back as they were."""
    line = _command(4, quick=True, small=True, out=Path("a b"), about=Path("c d.toml"), lang="ja")
    read = REPRODUCE.make_context("reproduce", shlex.split(line)[2:]).params
    assert (read["seeds"], read["quick"], read["small"], read["lang"]) == (4, True, True, "ja")
    assert (read["out"], read["about"]) == (Path("a b"), Path("c d.toml"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("n_missing", [0, 1, 4])
def test_who_made_all_runs_before_is_told_so(tmp_path, monkeypatch, lang, n_missing):
    """One line, where not a single run was made now; figures that were there do not look like new ones."""
    writer = SimpleNamespace(page=tmp_path / "report.html", n_missing=n_missing)
    monkeypatch.setattr(reproduce, "_written", lambda *_: writer)
    done = CliRunner().invoke(app, ["reproduce", "--quick", "--lang", lang, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    said = [words_in(lang)("reproduce.none_made", n=n) in done.stdout.splitlines() for n in range(1, 20)]
    assert any(said) is (n_missing == 0)


@pytest.mark.parametrize(
    ("first", "page", "said"),
    [
        (StorageError("no room for a run"), StorageError("no room for the page"), "no room for a run"),
        (RunError("a run is damaged"), ConvlensError("no page"), "a run is damaged"),
        (None, ConvlensError("no page"), "no page"),
        (RunError("a run is damaged"), None, "a run is damaged"),
    ],
)
def test_the_first_error_is_the_one_that_is_told(monkeypatch, first, page, said):
    """Where neither the runs nor the page can be written, why the runs cannot."""

    def fails(error):
        if error is not None:
            raise error

    monkeypatch.setattr(reproduce, "_make_missing", lambda *_: fails(first))
    study = SimpleNamespace(planned=lambda: [1], run=lambda _: True)
    writer = SimpleNamespace(write=lambda: fails(page))
    with pytest.raises(ConvlensError, match=said):
        fails(reproduce._run_all(study, writer, None, None))
