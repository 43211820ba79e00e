"""Paths and commands on a page: they work where it was made, and name nobody's home."""

from pathlib import Path

import pytest

from convlens.report.places import shareable, shareable_command

HOME = Path("/home/kim/homework")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("runs/a", "runs/a"),
        ("../data", "../data"),
        ("mnist", "mnist"),
        ("/home/kim/homework/out/runs/a", "out/runs/a"),
        ("/home/kim/elsewhere/a", "a"),
        ("/", "."),
        (r"C:\Users\kim\runs\a", "a"),
        ("C:/Users/kim/runs/a", "a"),
        (r"\\server\kim\a", "a"),
    ],
)
def test_a_path_tells_nothing_of_its_machine(path, expected):
    """Whatever system it is of; a relative one is as it was typed."""
    assert shareable(path, HOME) == expected
    assert shareable(Path(path), HOME) == (expected if "\\" not in path else shareable(path, HOME))


def test_a_path_below_the_present_folder_is_written_from_there(tmp_path, monkeypatch):
    """So that the command works as it stands."""
    monkeypatch.chdir(tmp_path)
    assert shareable(tmp_path / "a" / "b") == str(Path("a", "b"))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("convlens train simple --out a", "convlens train simple --out a"),
        ("convlens train /home/kim/n.toml --data /srv/d", "convlens train n.toml --data d"),
        ('convlens report "/srv/my runs/a b" --out "a b.html"', 'convlens report "a b" --out "a b.html"'),
        ('convlens train simple --out "/home/kim/homework/a b/c"', 'convlens train simple --out "a b/c"'),
    ],
)  # fmt: skip
def test_a_command_keeps_its_words(command, expected):
    """All but its absolute paths."""
    assert shareable_command(command, HOME) == expected
