"""The documents: no link leads nowhere."""

import re
import subprocess
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
