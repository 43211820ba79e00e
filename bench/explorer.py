"""The explorer of a run: how large it is, how fast it answers, how near it is to Python.

python bench/explorer.py RUN [RUN ...]          needs Playwright and the system's Chromium
"""

import base64
import shutil
import tempfile
from pathlib import Path

import numpy as np
from arguments import names
from playwright.sync_api import sync_playwright

from convlens.explorer import write_explorer
from convlens.explorer.weights import ROUNDINGS, Kept
from convlens.runs import Run

MOVES = 500
IMAGES = 100
TIMED = """
() => {
  window.times = [];
  let begin = 0;
  addEventListener("pointermove", () => (begin = performance.now()), true);
  addEventListener("pointermove", () => {
    document.body.getBoundingClientRect(); // lay it out
    times.push(performance.now() - begin);
  });
}
"""
OUTPUTS = """
(i) => {
  const all = explorer.network.run(explorer.digit(i)).outputs.flatMap((values) => [...values]);
  const bytes = new Uint8Array(Float32Array.from(all).buffer);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
"""


def milliseconds(page) -> np.ndarray:
    """Draw with the mouse; return the time of each move, from the event to the laid-out answer."""
    page.evaluate(TIMED)
    box = page.locator("#pad").bounding_box()
    turns = np.linspace(0, 60, MOVES)
    x, y = 0.5 + 0.3 * np.sin(turns), 0.5 + 0.3 * np.cos(0.7 * turns)
    places = list(zip(box["x"] + x * box["width"], box["y"] + y * box["height"], strict=True))
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    return np.array(page.evaluate("times"))[10:]


def agreement(page, run: Run) -> tuple[float, int]:
    """Return the largest difference in any layer's output, and on how many images the classes agree."""
    x = run.data.test.head(IMAGES).scaled(run.spec.dtype).x
    codes = page.evaluate("explorer.held.weights.codes")
    rounded = next(
        found for found in map(Kept.of(run).rounded, ROUNDINGS) if found.described["codes"] == codes
    )
    ours = rounded.network(rounded.epochs[-1]).activations(x)
    layers = [ours[row.name].reshape(IMAGES, -1) for row in run.spec.table]
    texts = [page.evaluate(OUTPUTS, i) for i in range(IMAGES)]
    seen = np.stack([np.frombuffer(base64.b64decode(text), "<f4") for text in texts])
    far = float(np.abs(np.concatenate(layers, axis=1) - seen).max())
    n = run.spec.n_classes
    same = int((layers[-1].argmax(axis=1) == seen[:, -n:].argmax(axis=1)).sum())
    return far, same


def main() -> None:
    """Print one line a run, with no unit open and with one."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in names(__doc__, "RUN"):
            run = Run(Path(name))
            path = write_explorer(run, Path(folder) / "page.html", lang="en")
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            print(f"{run.spec.name}: {path.stat().st_size / 1e6:.2f} MB", end="")
            for kind, fragment in (("plain", ""), ("a unit open", "&unit=2.5.5")):
                page.goto("about:blank")
                page.goto(f"{path.as_uri()}#digit=none{fragment}")
                page.wait_for_function("() => window.explorer")
                times = milliseconds(page)
                middle, high, worst = np.percentile(times, [50, 95, 100])
                print(
                    f"; {kind}: {middle:.1f} ms (95 % {high:.1f}, worst {worst:.1f}, {len(times)} moves)",
                    end="",
                )
            far, same = agreement(page, run)
            print(f"; largest difference {far:.1e}; {same} of {IMAGES} classes the same", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
