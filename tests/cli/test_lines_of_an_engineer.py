"""The README's way from a folder of pictures to an ONNX file, and what the document on ways out computes."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from convlens.cli.app import app
from convlens.runs import Run

ROOT = Path(__file__).parents[2]
CLASSES = ("cat", "dog")


def block(document, heading, language):
    """The first block of code below a heading."""
    if not (ROOT / document).exists():
        pytest.skip("the checkout is not there")
    text = (ROOT / document).read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    return re.search(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)[1]


def drawn(name, rng):
    """A cat is bright above, a dog below."""
    pixels = rng.integers(0, 80, (28, 28), np.uint8)
    pixels[slice(4, 10) if name == "cat" else slice(18, 24)] += 150
    return Image.fromarray(pixels)


def test_the_readmes_lines(tmp_path, monkeypatch):
    """Each is typed as it stands; the file gives the run's own scores of new pictures, from their bytes."""
    runtime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")
    lines = block("README.md", "From a folder of pictures to a program of yours", "").splitlines()
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for name in CLASSES:
        (tmp_path / "folder" / name).mkdir(parents=True)
        for k in range(24):
            drawn(name, rng).save(tmp_path / "folder" / name / f"{k}.png")
    drawn("dog", rng).save(tmp_path / "new.jpg")
    said = {}
    for line in lines:
        program, command, *words = shlex.split(line)
        if program == "convlens":
            done = CliRunner().invoke(app, [command, *words], catch_exceptions=False)
            assert done.exit_code == 0, done.output
            said[command] = done.stdout
    assert list(said) == ["data", "train", "predict", "export"]
    assert "new.jpg" in said["predict"]
    session = runtime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
    names = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
    pictures = np.stack([np.asarray(drawn(name, rng)) for name in CLASSES])[:, None]
    scores = session.run(["scores"], {"pictures": pictures})[0]
    assert names == list(CLASSES)
    np.testing.assert_allclose(scores, Run(Path("my-run")).network().predict(pictures), atol=1e-5)


@pytest.mark.slow
def test_the_lines_on_scikit_learn(capsys):
    """A grid over a pipeline, in two processes, as the document has it."""
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    exec(block("docs/ways-out.md", "scikit-learn", "python"), {})  # noqa: S102 (the document's own)
    best, score = re.fullmatch(r"(\{.*\}) (\S+)\n", capsys.readouterr().out).groups()
    assert best == "{'convnetclassifier__epochs': 20}"
    assert float(score) > 0.95
