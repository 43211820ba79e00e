"""The documents: no link leads nowhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_of_the_repository(path):
    """What a document links to is there, and git keeps it: a file that only a build makes is no target."""
    told = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", told)]
    linked = {target for target in targets if target and not re.match(r"[a-z]+:", target)}
    assert [target for target in sorted(linked) if not (path.parent / target).exists()] == []
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        files = {ROOT / name for name in listed.stdout.decode().split("\0")}
        kept = files.union(*(file.parents for file in files))
        assert [target for target in sorted(linked) if (path.parent / target).resolve() not in kept] == []


def test_there_are_documents():
    """The test above looks at something, where there is a checkout."""
    assert not (ROOT / ".git").exists() or ROOT / "README.md" in DOCUMENTS


def test_the_plan_names_every_room():
    """The table and the picture of the plan have the rooms of the linter's contract, in its order."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    floors = [re.split(r" : ", floor) for floor in contract["contracts"][0]["layers"]][::-1]
    rooms = [room for floor in floors for room in floor if room != "__main__"]
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (`.*?) \|", plan.split("## The decisions")[0], re.MULTILINE)
    named = re.findall(r"`(\w+)`", " ".join(table))
    assert sorted(named) == sorted(rooms)
    upper = [room for room in named if [room] in floors and room != "words"]
    assert upper == [room for floor in floors if len(floor) == 1 for room in floor if room in upper]
    picture = (ROOT / "docs" / "pictures" / "rooms.svg").read_text(encoding="utf-8")
    assert [room for room in rooms if room != "_typing" and not re.search(rf"\b{room}\b", picture)] == []


def test_contributing_is_short():
    """What a newcomer reads before the first change has sixty lines."""
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 60
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 200
