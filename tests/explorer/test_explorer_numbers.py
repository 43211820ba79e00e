"""The explorer in a real browser: it computes what Python computes."""

import numpy as np
import pytest
from explorer_pages import ODD, REPORT, WRITE, as_in_page, floats

from browser import complaints, needs_browser

pytestmark = needs_browser

ACTIVATIONS = f"""
() => {{
  const out = explorer.layers.map(() => []);
  const n = Math.min(100, explorer.content.judged);
  for (let row = 0; row < explorer.held.weights.epochs.length; row++) {{
    explorer.change({{ row }});
    for (let i = 0; i < n; i++) {{
      explorer.network.run(explorer.digit(i)).outputs.forEach((values, k) => out[k].push(...values));
    }}
  }}
  return out.map({WRITE});
}}
"""
CHAINS = """
() => {
  const far = [];
  explorer.layers.forEach((layer, k) => {
    const [channels, height, width] = layer.output.length === 3 ? layer.output : [layer.output[0], 1, 1];
    for (let i = 0; i < 5; i++) {
      const unit = { channel: (i * 7) % channels, row: (i * 5) % height, col: (i * 3) % width };
      explorer.change({ layer: k, unit });
      const results = [...document.querySelectorAll("#steps .chain > li")].map((li) => li.querySelector("b"));
      const values = results.map((b) => Number(b.textContent.replace("\u2212", "-")));
      const value = explorer.view.pass.outputs[k][(unit.channel * height + unit.row) * width + unit.col];
      far.push([layer.name, Math.min(...values.map((v) => Math.abs(v - value)))]);
    }
  });
  return far;
}
"""


@pytest.mark.parametrize("name", [*REPORT, *ODD])
def test_the_page_computes_what_python_computes(name, runs, pages, open_page):
    """100 test images, every layer, every kept epoch: within 1e-3, and the same classes."""
    run = runs(name)
    page = open_page(pages(name))
    outputs = page.evaluate(ACTIVATIONS)
    x = run.data.test.head(100).scaled(run.spec.dtype).x
    epochs = page.evaluate("explorer.held.weights.epochs")
    assert tuple(epochs) == run.kept_epochs
    expected = [as_in_page(run, epoch).activations(x) for epoch in epochs]
    assert len(outputs) == len(run.spec.table)
    for row, text in zip(run.spec.table, outputs, strict=True):
        theirs = floats(text).reshape(len(epochs), len(x), *row.output_shape)
        for ours, seen in zip(expected, theirs, strict=True):
            assert np.abs(ours[row.name] - seen).max() <= 1e-3, row.name
    for ours, seen in zip(expected, theirs, strict=True):
        scores = ours[run.spec.table[-1].name]
        margin = np.diff(np.sort(scores, axis=1)[:, -2:], axis=1)[:, 0]
        assert (scores.argmax(axis=1) == seen.argmax(axis=1))[margin > 1e-3].all()
    assert complaints(page) == []


@pytest.mark.parametrize("name", [*REPORT, *ODD])
def test_the_numbers_of_a_unit_add_up(name, pages, open_page):
    """In every layer, a unit's products with its bias, followed to where it stands, give its value."""
    page = open_page(pages(name))
    far = page.evaluate(CHAINS)
    assert [entry for entry in far if entry[1] > 0.006] == []
    assert complaints(page) == []
