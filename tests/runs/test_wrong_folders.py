"""A folder that is no run, or has no data: what was looked for, what is there, what to type."""

import re

import pytest

from convlens.data import load_idx_folder
from convlens.errors import DataError, RunError
from convlens.runs import Run
from small_sets import write_small_set


def made(folder, *names):
    """Make files and, for names that end in a slash, folders."""
    for name in names:
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text("{}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("there", "given", "says"),
    [
        (["runs/a/run.json", "runs/b/run.json"], "runs", "Runs are in it: give one or more .*runs.a."),
        (["out/runs/a/run.json", "out/report.html"], "out", "Runs are in it: .* such as .*out.runs.a."),
        (["runs/a/run.json"], "runs/b", "There is no such folder: .*, such as .*runs.a."),
        ([], "nowhere", "There is no such folder: give one that `convlens train` has written."),
        ([".b.0123.partial/history.jsonl"], "b", "A training of this name was begun: the same"),
        (["a/run.json", "a/final.safetensors"], "a/final.safetensors", "It is a file: give its folder, .*a."),
        (["thesis.txt"], "thesis.txt", "It is a file: give a folder of a run."),
        (["a/run.json", "a/epochs/0001"], "a/epochs", "It lies within a run: give .*a."),
        (["set/b", "set/a", "set/c", "set/d", "set/.a"], "set", "In it are a, b, c and 1 more: give a"),
        (["set/"], "set", "It is empty: give a folder that `convlens train` has written."),
    ],
)  # fmt: skip
def test_who_gives_a_wrong_folder_is_told_the_right_one(tmp_path, there, given, says):
    """In the sentence that names the file that was looked for."""
    made(tmp_path, *there)
    with pytest.raises(RunError, match=f"is not a run: cannot read run.json .*{says}") as caught:
        Run(tmp_path / given)
    assert len(str(caught.value)) < 1001


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (".", "has no train-images.*It is in .*small: give that folder."),
        ("small/deep", "has no train-images.*It is in .*small: give that folder."),
        ("small/train-labels-idx1-ubyte", "is not a folder. Give the folder of the file, .*small."),
        ("nowhere", "is not a folder. There is none of this name in .*: give one with MNIST's four files."),
        ("others", "In it: a, b, c and 1 more. Put the file there."),
        ("empty", "In it: nothing. Put the file there."),
    ],
)
def test_who_gives_a_wrong_folder_of_data_is_told_the_right_one(tmp_path, given, says):
    """The folder within, or beside, that has the four files; else what there is."""
    write_small_set(tmp_path / "small")
    made(tmp_path, "small/deep/", "others/a", "others/b", "others/c", "others/d", "others/.a", "empty/.b")
    with pytest.raises(DataError) as caught:
        load_idx_folder(tmp_path / given)
    assert re.search(says, str(caught.value))
