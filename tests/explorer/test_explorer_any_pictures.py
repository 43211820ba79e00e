"""The explorer of runs on 1 and 3 channels, on 2 to 100 classes, with any names."""

import base64
import zlib
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from explorer_pages import as_in_page, draw, held, scores

from convlens.explorer import WORDS, rendered
from convlens.explorer.content import n_judged
from convlens.explorer.words import words_about
from convlens.words import LANGUAGES
from looked_at_sets import SETS, run_on


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return runs by the name of their set."""
    return cache(lambda name: run_on(name, tmp_path_factory.mktemp("any") / "run"))


@pytest.mark.parametrize("name", SETS)
def test_a_page_holds_what_its_pictures_are(made, name):
    """Classes, how pictures look and are prepared, a sample of each class, or of ten where there are many."""
    run = made(name)
    found = held(rendered(run, "en"))
    shape, names = SETS[name]
    assert (found["shape"], found["classes"]) == (list(shape), list(names))
    assert found["look"] == {1: "light", 3: "colours"}[shape[0]]
    assert found["scale"] == {"subtract": 0, "divide": 255}
    assert found["mnist"] is False
    shown = [found["labels"][place] for place in found["samples"]]
    assert len(shown) == len(set(shown)) == min(10, len(names))
    assert {0, len(names) - 1} <= set(shown)
    pixels = zlib.decompress(base64.b64decode(found["pixels"]), -zlib.MAX_WBITS)
    assert pixels.startswith(run.data.test.x[: found["judged"]].tobytes())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["two in colour", "letters"])
def test_digits_are_spoken_of_where_there_are_some(made, name, lang):
    """Of other pictures no page says that they are digits, or that one should be drawn."""
    digits = {"en": "digit", "ko": "숫자", "ja": "数字"}[lang]
    assert digits not in "\n".join(held(rendered(made(name), lang))["words"].values())
    assert digits not in rendered(made(name), lang).split("<script")[0]
    assert digits in "\n".join(words_about(lang, digits=True).values())
    assert len(words_about(lang, digits=True)) == len(words_about(lang, digits=False)) < len(WORDS[lang])


@pytest.mark.parametrize(("shape", "n"), [((1, 28, 28), 200), ((3, 64, 64), 40), ((3, 224, 224), 20)])
def test_large_pictures_are_fewer(shape, n):
    """A page stays small enough to be sent: of large pictures it holds fewer."""
    run = SimpleNamespace(spec=SimpleNamespace(input_shape=shape), data=SimpleNamespace(test=range(10_000)))
    assert n_judged(run) == n


def test_a_page_in_colour_runs(made, open_page, tmp_path):
    """It computes what Python computes; the pen draws in the colour that is chosen; names have their bars."""
    run, page = made("two in colour"), tmp_path / "page.html"
    page.write_text(rendered(run, "ko"), encoding="utf-8")
    opened = open_page(page, fragment="#digit=0")
    np.testing.assert_allclose(scores(opened), as_in_page(run, -1).predict(run.data.test.x[:1])[0], atol=1e-4)
    assert opened.locator("#bars span[title]").all_text_contents() == list(SETS["two in colour"][1])
    opened.locator("#colour").fill("#ff8000")
    opened.locator("#clear").click()
    draw(opened, [(0.3, 0.3), (0.7, 0.6)])
    shares = opened.evaluate("[...explorer.view.x]")
    drawn = np.reshape(shares, SETS["two in colour"][0])
    np.testing.assert_allclose(drawn[1], drawn[0] * 128 / 255, atol=1e-6)
    assert drawn[0].max() > 0.5 > drawn[2].max() == 0
    opened.wait_for_function("() => location.hash.includes('colour=ff8000')")
