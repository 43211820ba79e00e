"""Studies of a tiny network on a tiny set, and what their runs' folders hold."""

import json
from dataclasses import replace

from convlens.runs import RunConfig
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from convlens.study import Design, Experiment

NET = NetworkSpec("Tiny", (1, 6, 6), (Convolution(2, 3), Relu(), Pooling(2), Affine(10)), "he")


def small_design(data, *, epochs=2):
    """Two experiments."""
    config = RunConfig(NET, str(data), 40, epochs, 10, engine="layers")
    slow = replace(config, optimizer_param={"lr": 0.0001})
    return Design("tiny", (Experiment("a", "simple", config), Experiment("b", "simple", slow)))


def contents(study):
    """Return every file of every run, but the one that holds times, of which `run.json` has size and hash."""
    found = {}
    for planned in study.planned():
        files = {str(path.relative_to(planned.folder)): path for path in planned.folder.rglob("*.*")}
        del files["timing.jsonl"]
        for name, path in files.items():
            found[planned.folder.name, name] = path.read_bytes()
        about = json.loads(files["run.json"].read_text(encoding="utf-8"))
        del about["files"]["timing.jsonl"]
        found[planned.folder.name, "run.json"] = about
    return found
