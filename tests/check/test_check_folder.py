"""`convlens check FOLDER`: a table of many submissions, gone on with, whatever one of them does."""

import csv
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from convlens.check import Bounds, check_file, folder
from convlens.check.folder import Row, check_folder
from convlens.check.summary import write_summary
from convlens.cli.app import app
from convlens.errors import DataError, UsageError

RELU = """
import numpy as np
{first}

class Relu:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * (self.x {sign} 0)
"""


def submit(place, name, sign=">", first=""):
    """Put a submission into a folder."""
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RELU.format(sign=sign, first=first), encoding="utf-8")


@pytest.fixture
def handed_in(tmp_path):
    """A folder of submissions: right, wrong, harmful, and others."""
    place = tmp_path / "in"
    submit(place, "right.py")
    submit(place, "kim/mine.py", "<", "from helper import one")
    submit(place, "=cmd().py", "<")
    (place / "kim" / "helper.py").write_text("one = 1\n", encoding="utf-8")
    (place / "broken.py").write_text("def f(:\n", encoding="utf-8")
    harm = f"import shutil, os\nclass A:\n    shutil.rmtree({str(place)!r})\n    os._exit(0)\n"
    (place / "aaa.py").write_text(harm, encoding="utf-8")
    (place / "picture.py").write_bytes(bytes(range(128, 256)))
    (place / ".hidden.py").write_text("", encoding="utf-8")
    (place / "__pycache__").mkdir()
    (place / "__pycache__" / "old.py").write_text("", encoding="utf-8")
    return place


STATES = {"=cmd().py": "wrong", "aaa.py": "stopped", "broken.py": "stopped", "kim/helper.py": "nothing",
          "kim/mine.py": "wrong", "picture.py": "stopped", "right.py": "right"}  # fmt: skip


def test_one_submission_does_not_reach_the_others(handed_in, tmp_path):
    """One that deletes the folder and ends Python is told as that; all others are checked."""
    out = tmp_path / "table.csv"
    words = ["check", str(handed_in), "--out", str(out), "--lang", "en", "--workers", "2"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 3
    assert not handed_in.exists()
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["file"].removeprefix("'"): row["state"] for row in rows} == STATES
    assert rows[0]["file"] == "'=cmd().py"  # no formula
    assert [row["causes"] for row in rows if row["state"] == "wrong"] == ["mask_inverted"] * 2
    told = next(row["message"] for row in rows if row["file"] == "picture.py")
    assert "picture.py is no text" in told
    assert "convlens-copy" not in told
    page = (tmp_path / "table.html").read_text(encoding="utf-8")
    assert "<td>the mask is inverted</td><td>2</td>" in page
    assert f"The table: {out}" in done.stdout


def test_a_table_is_gone_on_with(tmp_path, monkeypatch):
    """Only what is new, or has changed, is run; each row is kept as soon as it is there."""
    place, out = tmp_path / "in", tmp_path / "table.csv"
    for name in "abc":
        submit(place, f"{name}.py")
    asked = []

    def checked(path, **_):
        asked.append(path.name)
        if path.name == "b.py" and len(asked) < 3:
            raise KeyboardInterrupt
        return folder.Submission(str(path))

    monkeypatch.setattr(folder, "check_file", checked)
    with pytest.raises(KeyboardInterrupt):
        check_folder(place, out)
    assert asked[:2] == ["a.py", "b.py"]
    kept = out.read_text(encoding="utf-8")
    assert "a.py" in kept
    asked.clear()
    asked.extend(["", "", ""])
    submit(place, "c.py", "<")
    rows = check_folder(place, out)
    assert asked[3:] in (["b.py", "c.py"], ["b.py"])
    assert [row.file for row in rows] == ["a.py", "b.py", "c.py"]
    check_folder(place, out)
    assert len(asked) == 5


@pytest.mark.skipif(
    not Path("/proc/self").is_dir(), reason="only Linux tells what a process was started with"
)
@pytest.mark.parametrize("leaves", ["start_new_session=True", "process_group=0", "cwd='/'"])
def test_what_a_submission_starts_ends_with_it(tmp_path, leaves):
    """A process that has left its group, too."""
    told = tmp_path / "pid"
    started = f"subprocess.Popen(['sleep', '600'], {leaves}).pid"
    path = tmp_path / "mine.py"
    path.write_text(
        f"import subprocess\nclass A:\n    open({str(told)!r}, 'w').write(str({started}))\n", encoding="utf-8"
    )
    check_file(path)
    pid = int(told.read_text(encoding="utf-8"))
    while is_alive(pid):  # it is ended, which takes the system a moment
        pass


def is_alive(pid):
    """Say whether a process runs."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("content", ["name,mark\nkim,3\n", "", "\ufeffx"])
def test_another_table_is_not_written_over(tmp_path, content):
    """What is there and no such table stays."""
    submit(tmp_path / "in", "a.py")
    out = tmp_path / "marks.csv"
    out.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match="no table of such checks"):
        check_folder(tmp_path / "in", out)
    assert out.read_text(encoding="utf-8") == content


def test_what_does_not_go_together_is_refused(tmp_path):
    """A folder without files, without a table's name, or with one class; a table for one file."""
    (tmp_path / "in").mkdir()
    with pytest.raises(UsageError, match="must hold files"):
        check_folder(tmp_path / "in", tmp_path / "out.csv")
    submit(tmp_path / "in", "a.py")
    file = str(tmp_path / "in" / "a.py")
    for words in ([str(tmp_path / "in")], [str(tmp_path / "in"), "--out", "a.txt"], [file, "--out", "a.csv"],
                  [str(tmp_path / "in"), "--class", "A", "--out", "a.csv"]):  # fmt: skip
        assert CliRunner().invoke(app, ["check", *words]).exit_code == 2


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_what_cannot_be_read_is_told(tmp_path):
    """A file that is too large is a row, not the end."""
    place = tmp_path / "in"
    submit(place, "a.py")
    with (place / "large.py").open("wb") as file:
        file.truncate(17 << 20)
    rows = check_folder(place, tmp_path / "t.csv", Bounds(60))
    assert [row.state for row in rows] == ["right", "stopped"]
    assert "bytes, more than" in rows[1].message


@pytest.mark.parametrize(("lang", "said"), [("en", "2 submissions"), ("ko", "제출 2개"), ("ja", "提出2件")])
def test_the_page_speaks(tmp_path, lang, said):
    """The page counts states and causes in the language asked for, and shows names as text."""
    rows = [Row("<b>.py", "wrong", causes="sign batch"), Row("b.py", "right")]
    write_summary(rows, tmp_path / "p.html", lang)
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert f"<h1>{said}</h1>" in page
    assert "&lt;b&gt;.py" in page
    assert f'lang="{lang}"' in page


def test_rows_as_data(tmp_path):
    """`--json` prints the rows."""
    submit(tmp_path / "in", "a.py")
    out = str(tmp_path / "t.csv")
    done = CliRunner().invoke(app, ["check", str(tmp_path / "in"), "--out", out, "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["rows"][0]["state"] == "right"
