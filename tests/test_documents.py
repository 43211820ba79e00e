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


READMES = ("README.md", "README.ko.md", "README.ja.md")
TRANSLATED = pytest.mark.parametrize("name", READMES[1:])


def readme(name):
    """Return what a README in another language must share: code, tables' code and numbers, links."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    told = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    rows = [line for line in told.splitlines() if line.startswith("|")]
    language = name.split(".")[1]
    return {
        "code": [re.sub(rf" --lang {language}$", "", code, flags=re.MULTILINE) for kind, code in blocks if
                 kind or "safetensors" not in code],
        "folder": [re.findall(r"[\w/]+\.(?:json|jsonl|safetensors)", code) for _, code in blocks
                   if "safetensors" in code],
        "commands": [re.findall(r"`([^`]+)`", row) for row in rows],
        "numbers": [re.findall(r"\d[\d,.]*", row) for row in rows],
        "headings": [line.split()[0] for line in told.splitlines() if line.startswith("#")],
        "links": sorted(target for target in re.findall(r"\]\(([^)\s]+)\)", told)
                        if not re.match(r"README|docs/(pictures|demo)/\w+\.", target)),
        "options": sorted(set(re.findall(r"--[a-z][a-z-]+", told))),
    }  # fmt: skip


@TRANSLATED
@pytest.mark.parametrize("part", ["code", "folder", "commands", "numbers", "headings", "links", "options"])
def test_a_readme_says_the_same_in_every_language(name, part):
    """The same code, commands, tables with the same numbers, headings and links."""
    assert readme(name)[part] == readme("README.md")[part]


@pytest.mark.parametrize("name", READMES)
def test_readmes_are_short_and_know_each_other(name):
    """At most two hundred lines, and a link to each of the others."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert [other for other in READMES if other != name and f"]({other})" not in text] == []
