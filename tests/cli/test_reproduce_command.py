"""The command that `reproduce` writes on its page makes that very page again."""

import shlex
from pathlib import Path

import pytest
import typer

from convlens.cli.app import app
from convlens.cli.reproduce import _command

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
