"""The weights in the explorer's page: rounded, several epochs, of several runs, within their room."""

import json
import shutil

import numpy as np
import pytest
from explorer_pages import WRITE, floats, held, inflated

from browser import complaints, needs_browser
from convlens.errors import UsageError
from convlens.explorer import rendered
from convlens.explorer.weights import FINEST, ROUNDINGS, SMALL, Kept, sizes_of
from convlens.runs import Run
from convlens.spec import Role

ROUNDING = pytest.mark.parametrize("rounding", [FINEST, ROUNDINGS[3], ROUNDINGS[-1]], ids=str)


def edited(run, folder, change):
    """Return a copy of a run whose run.json says something else."""
    shutil.copytree(run.folder, folder)
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    change(about)
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    shutil.rmtree(folder / "epochs")
    return Run(folder)


def format_1(run, folder):
    """Return a run as format 1 left it: weights before and after training only."""
    return edited(run, folder, lambda about: about.update(format=1))


def imported(run, folder):
    """Return a run whose weights come from elsewhere: neither first weights nor a history."""
    last = run.config.epochs
    return edited(run, folder, lambda about: about.update(origin="imported", epochs=[last]))


@ROUNDING
@pytest.mark.parametrize("name", ["simple", "only affine", "book"])
def test_weights_are_rounded_by_half_a_step_at_most(runs, name, rounding):
    """Each parameter's step is its largest weight by the number of levels, before training and after it."""
    kept = Kept.of(runs(name))
    weights = kept.rounded(rounding)
    ends = np.cumsum(sizes_of(kept.run))
    for epoch in weights.epochs:
        exact = kept.vectors[kept.epochs.index(epoch)]
        seen = weights.network(epoch).params.vector
        group = [kept.epochs.index(other) for other in weights.epochs if bool(other) == bool(epoch)]
        for start, end in zip([0, *ends], ends, strict=False):
            levels = 127 if end - start <= SMALL else rounding.levels if epoch else rounding.before
            step = np.abs(kept.vectors[group, start:end]).max() / levels
            assert np.abs(exact[start:end] - seen[start:end]).max() <= 0.5001 * step


@ROUNDING
def test_what_a_normalisation_keeps_is_not_rounded(runs, rounding):
    """A small variance beside a large one stays what it was: the page has each number as float32 does."""
    run = runs("normed")
    kept = Kept.of(run)
    weights = kept.rounded(rounding)
    sizes, scales = weights.described["sizes"], weights.described["scales"]
    assert sum(sizes) == len(kept.vectors[0])
    ends = np.cumsum(sizes_of(run))
    kept_by_norms = [one.role not in {Role.FILTERS, Role.MATRIX, Role.BIAS} for one in run.spec.parameters]
    assert sum(kept_by_norms) == 12
    for row, epoch in enumerate(weights.epochs):
        exact, seen = kept.vectors[kept.epochs.index(epoch)], weights.network(epoch).params.vector
        told = weights.codes[row] * np.repeat(scales[row], sizes)
        for start, end, is_exact in zip([0, *ends], ends, kept_by_norms, strict=False):
            if is_exact:
                np.testing.assert_allclose(seen[start:end], exact[start:end], rtol=1e-6)
                np.testing.assert_allclose(told[start:end], exact[start:end], rtol=1e-6)


@ROUNDING
def test_what_the_page_reads_gives_the_codes(runs, rounding):
    """Epoch by epoch, from the last backwards, the bytes add up to the codes."""
    weights = Kept.of(runs("simple")).rounded(rounding)
    texts = weights.described["codes"]
    read = [np.frombuffer(inflated(text), np.int8).copy() for text in texts]
    for row in range(len(read) - 2, -1, -1):
        if weights.epochs[row]:
            read[row] += read[row + 1]
    assert (np.stack(read) == weights.codes).all()


@pytest.mark.parametrize(
    ("epochs", "most", "chosen"),
    [
        (11, 11, tuple(range(11))),
        (11, 4, (0, 1, 4, 10)),
        (11, 2, (0, 10)),
        (3, 6, (0, 1, 2)),
        (2, 3, (0, 1)),
        (20, 5, (0, 1, 3, 8, 19)),
    ],
)
def test_fewer_epochs_are_denser_at_the_start(runs, epochs, most, chosen):
    """The first and the last one are always there."""
    kept = Kept(runs("one layer"), tuple(range(epochs)), np.ones((epochs, 1450), np.float32))
    assert kept.rounded(FINEST._replace(most=most)).epochs == chosen


def test_older_and_imported_runs(runs, tmp_path):
    """Of format 1 there are the weights before and after training; of an imported run the last ones."""
    run = runs("lenet")
    last = run.config.epochs
    for made, epochs in ((format_1, (0, last)), (imported, (last,))):
        kept = Kept.of(made(run, tmp_path / made.__name__))
        assert kept.epochs == epochs
        whole = Kept.of(run)
        assert (kept.vectors == whole.vectors[[whole.epochs.index(epoch) for epoch in epochs]]).all()


@pytest.mark.parametrize("room", [2_400_000, 1_200_000, 700_000, 10])
def test_a_page_keeps_within_its_room(runs, room):
    """The less room, the coarser the weights and the fewer epochs; the page says how."""
    chosen = [runs("simple"), runs("lenet")]
    page = rendered(chosen, "en", embedded=True, room=room)
    networks = held(page)["networks"]
    fits = [
        rounding
        for rounding in ROUNDINGS
        if all(
            network["weights"] == json.loads(json.dumps(Kept.of(run).rounded(rounding).described))
            for run, network in zip(chosen, networks, strict=True)
        )
    ]
    assert fits
    assert len(page.encode()) <= room or fits[-1] == ROUNDINGS[-1]
    for network in networks:
        assert f"1/{fits[0].levels}" in network["rounding"]


def test_two_networks_take_little_room(runs):
    """Both of the report in one frame: within 1 MB, with an epoch between the first and the last."""
    page = rendered([runs("simple"), runs("lenet")], "en", embedded=True)
    assert len(page.encode()) <= 950_000
    assert [network["weights"]["epochs"] for network in held(page)["networks"]] == [[0, 1, 2]] * 2


def test_runs_of_different_data_are_refused(runs):
    """They could not share a drawing pad; nor could no runs at all."""
    with pytest.raises(UsageError, match="`runs` of an explorer must be of the same data"):
        rendered([runs("lenet"), runs("one layer")], "en")
    with pytest.raises(UsageError, match="`runs` of rendered must be"):
        rendered([], "en")


OUTPUTS = f"""
([net, n]) => {{
  const out = [];
  explorer.change({{ net }});
  for (let row = 0; row < explorer.held.weights.epochs.length; row++) {{
    explorer.change({{ row }});
    for (let i = 0; i < n; i++) {{
      for (const values of explorer.network.run(explorer.digit(i)).outputs) out.push(...values);
    }}
  }}
  return ({WRITE})(out);
}}
"""


class TestInTheBrowser:
    """What the page unpacks and computes."""

    pytestmark = needs_browser

    @pytest.mark.parametrize("room", [1_200_000, 600_000])
    def test_coarse_weights_agree_with_python(self, runs, open_page, tmp_path, room):
        """Both networks, all layers and epochs, against Python with the same rounding: within 1e-3."""
        chosen = [runs("simple"), runs("lenet")]
        path = tmp_path / "page.html"
        path.write_text(rendered(chosen, "en", room=room), encoding="utf-8")
        page = open_page(path)
        content = held(path.read_text(encoding="utf-8"))
        for net, run in enumerate(chosen):
            described = content["networks"][net]["weights"]
            weights = next(
                found
                for found in map(Kept.of(run).rounded, ROUNDINGS)
                if found.described["codes"] == described["codes"]
            )
            assert weights.rounding.levels < FINEST.levels
            x = run.data.test.head(20).scaled(run.spec.dtype).x
            ours = [
                np.concatenate([out.reshape(len(x), -1) for out in network.activations(x).values()], axis=1)
                for network in map(weights.network, weights.epochs)
            ]
            theirs = floats(page.evaluate(OUTPUTS, [net, len(x)])).reshape(np.shape(ours))
            assert np.abs(np.array(ours) - theirs).max() <= 1e-3
        assert complaints(page) == []

    @pytest.mark.parametrize(("made", "labels"), [(format_1, 2), (imported, 0)])
    def test_older_and_imported_pages(self, runs, open_page, tmp_path, made, labels):
        """Without epochs between there is no slider; without first weights no choice; both run."""
        run = made(runs("lenet"), tmp_path / "run")
        path = tmp_path / "page.html"
        path.write_text(rendered(run, "en"), encoding="utf-8")
        page = open_page(path)
        assert page.locator("#epoch").is_hidden()
        assert page.locator("#times label:visible").count() == labels
        assert page.locator("#sentence").text_content().startswith("Says ")
        assert complaints(page) == []

    def test_a_browser_that_cannot_unpack_says_so(self, pages, open_page, tmp_path):
        """One sentence, and no error."""
        source = pages("lenet").read_text(encoding="utf-8")
        assert '"DecompressionStream" in window' in source
        path = tmp_path / "page.html"
        page = open_page(pages("lenet"))
        browser = page.context.browser
        context = browser.new_context()
        context.add_init_script("delete window.DecompressionStream")
        path.write_text(source, encoding="utf-8")
        old = context.new_page()
        old.goto(path.as_uri())
        old.locator("#sentence", has_text="too old").wait_for()
        assert complaints(old) == []
