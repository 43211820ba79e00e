"""Runs trained in a second, and a browser that is driven from the page around theirs."""

import base64
import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from convlens.explorer import write_explorer
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Sigmoid, lenet, simple
from convlens.training import Run, RunConfig, train_run

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def npm(*names):
    """Return the first of some files of npm packages that is there: in NODE_PATH, or in the checkout."""
    places = [*os.environ.get("NODE_PATH", "").split(os.pathsep), Path(__file__).parents[2] / "node_modules"]
    found = (Path(place, name) for place in places if str(place) for name in names)
    return next((path for path in found if path.exists()), None)


AXE = npm("axe-core/axe.min.js")
TSC = npm("typescript/bin/tsc")

HE = {"weight_init_std": "he"}
ODD = {
    "strides": NetworkSpec(
        "Strides",
        (1, 12, 12),
        (Convolution(5, 3, stride=2, pad=1), Relu(), Convolution(4, (3, 2), (1, 2)), Relu(), Affine(10)),
        **HE,
    ),
    "rectangles": NetworkSpec(
        "Rectangles",
        (1, 12, 12),
        (Convolution(3, (5, 2), (2, 1), (0, 3)), Sigmoid(), Pooling((2, 3), (1, 2), (1, 1)), Affine(10)),
        **HE,
    ),
    "pool first": NetworkSpec(
        "PoolFirst",
        (1, 12, 12),
        (
            Pooling(3, 2),
            Relu(),
            Convolution(3, 2),
            Pooling(2, 3),
            Sigmoid(),
            Affine(7),
            Sigmoid(),
            Affine(10),
        ),
        **HE,
    ),
    "only affine": NetworkSpec("OnlyAffine", (1, 12, 12), (Affine(20), Relu(), Affine(10)), **HE),
    "book": NetworkSpec(
        "Book",
        (1, 12, 12),
        (Convolution(3, 3), Relu(), Pooling(2), Affine(10)),
        dtype="float64",
        protocol="book",
        **HE,
    ),
    "one layer": NetworkSpec("OneLayer", (1, 12, 12), (Affine(10),), **HE),
}
REPORT = {"simple": simple(weight_init_std="he"), "lenet": lenet(weight_init_std="he")}


def trained(spec, folder: Path, data="mnist", epochs=2) -> Run:
    """Train a network for a moment."""
    size = 1000 if data == "mnist" else 40
    config = RunConfig(
        spec, data=str(data), train_size=size, epochs=epochs, batch_size=min(size, 50), evaluate_samples=20,
        optimizer_param={"lr": 0.003},
    )  # fmt: skip
    train_run(config, folder, "convlens train")
    return Run(folder)


DRIVER = """<!DOCTYPE html><meta charset="utf-8"><title>waiting</title>
<style>body {{ margin: 0 }} iframe {{ border: 0 }}</style>
<iframe src="{page}" width="{width}" height="{height}"></iframe><pre id="result"></pre>
<script>
const frame = document.querySelector("iframe");
const wait = (time) => new Promise((done) => setTimeout(done, time));
frame.onload = async () => {{
  const [win, page] = [frame.contentWindow, frame.contentDocument];
  const app = win.explorer;
  const $ = (id) => page.getElementById(id);
  const text = (id) => $(id).textContent;
  const point = (target, type, x, y, pointerType = "mouse") => {{
    const box = target.getBoundingClientRect();
    const at = {{ clientX: box.left + x * box.width, clientY: box.top + y * box.height }};
    target.dispatchEvent(new win.PointerEvent(type, {{ bubbles: true, pointerId: 1, pointerType, ...at }}));
  }};
  const draw = (points, pointerType) => {{
    point($("pad"), "pointerdown", ...points[0], pointerType);
    for (const p of points.slice(1)) point($("pad"), "pointermove", ...p, pointerType);
    point($("pad"), "pointerup", ...points.at(-1), pointerType);
  }};
  const press = (target, key) =>
    target.dispatchEvent(new win.KeyboardEvent("keydown", {{ key, bubbles: true, cancelable: true }}));
  const shown = (element) => Boolean(element.getClientRects().length);
  let result;
  try {{
    result = await (async () => {{ {script} }})();
  }} catch (error) {{
    result = {{ error: error.stack }};
  }}
  document.getElementById("result").textContent = JSON.stringify(result ?? null);
  document.title = "seen";
}};
</script>"""


def drive(page: Path, folder: Path, script: str, size=(1280, 720), hash_="", real_time=False):
    """Open a page in a frame, run `script` beside it, and return what it returns and the complaints.

    With `real_time`, clocks run as they are, and the script may wait for nothing.
    """
    look = folder / "look.html"
    values = {"page": page.as_uri() + hash_, "width": size[0], "height": size[1], "script": script}
    look.write_text(DRIVER.format(**values), encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--allow-file-access-from-files"]
    command += ["--enable-logging=stderr", "--v=0", f"--user-data-dir={folder / 'profile'}"]
    command += [] if real_time else ["--virtual-time-budget=20000"]
    command += ["--window-size=1400,1000", "--dump-dom", look.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True)
    assert "<title>seen</title>" in done.stdout, done.stderr
    told = re.search(r'<pre id="result">(.*?)</pre>', done.stdout, re.DOTALL).group(1)
    result = json.loads(unescape(told))
    assert not (isinstance(result, dict) and result.get("error")), result
    return result, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def page_of(run: Run, folder: Path, lang="en") -> Path:
    """Write a run's explorer."""
    return write_explorer(run, folder / "explorer.html", lang=lang)


def floats(text: str) -> np.ndarray:
    """Read what a script wrote with `written`."""
    return np.frombuffer(base64.b64decode(text), "<f4")


def held(source: str) -> dict:
    """Return what a page's scripts read."""
    return json.loads(re.search(r'id="content">(.*?)</script>', source, re.DOTALL).group(1))
