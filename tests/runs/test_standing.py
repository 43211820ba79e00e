"""How far a run is that another process makes, as its history tells while it grows."""

import json
import os

import pytest

from convlens.runs import Followed, Standing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="nothing is read there")


def step(number, loss=0.5):
    return json.dumps({"event": "step", "step": number, "loss": loss}) + "\n"


def epoch(number, accuracy):
    test = {"accuracy": accuracy, "loss": 1.0, "n_samples": 20}
    return json.dumps({"event": "epoch", "epoch": number, "test": test}) + "\n"


def history(out, text, mark="0123456789ab"):
    folder = out.with_name(f".{out.name}.{mark}.partial")
    folder.mkdir(exist_ok=True)
    with (folder / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write(text)
    return folder


@pytest.mark.parametrize(
    ("written", "standing"),
    [
        ([""], Standing()),
        ([step(1)], Standing(1, 0, 0.5)),
        ([step(1), step(2, 0.25)], Standing(2, 0, 0.25)),
        ([step(1) + epoch(1, 0.75)], Standing(1, 1, 0.5, 0.75, 20)),
        ([step(1) + epoch(1, 0.75), step(2)[:9], step(2)[9:]], Standing(2, 1, 0.5, 0.75, 20)),
        ([step(1), "no JSON\n", "[]\n", '{"event": "step"}\n'], Standing(1, 0, 0.5)),
    ],
)
def test_it_is_read_as_it_grows(tmp_path, written, standing):
    """Whole lines count, half a line waits for its end, and what cannot be read says nothing."""
    followed, found = Followed(tmp_path / "run"), None
    for text in written:
        history(tmp_path / "run", text)
        found = followed.look()
    assert found == standing


def test_nobody_is_at_work(tmp_path):
    """Nothing is there, what is there is of an earlier attempt, or of another run, or it is done."""
    followed = Followed(tmp_path / "run [1]")
    assert followed.look() is None
    os.utime(history(tmp_path / "run [1]", step(7)) / "history.jsonl", (1, 1))
    history(tmp_path / "run 1", step(8))
    assert followed.look() is None
    folder = history(tmp_path / "run [1]", step(9))
    assert followed.look().step == 9
    folder.rename(tmp_path / "run [1]")
    assert followed.look() is None


def test_it_is_begun_anew(tmp_path):
    """A history that became shorter is read from its beginning."""
    followed = Followed(tmp_path / "run")
    folder = history(tmp_path / "run", step(1) + epoch(1, 0.5) + step(2))
    assert followed.look() == Standing(2, 1, 0.5, 0.5, 20)
    (folder / "history.jsonl").write_text(step(1), encoding="utf-8")
    assert followed.look() == Standing(1, 0, 0.5)
