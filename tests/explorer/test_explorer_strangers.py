"""Layers and words that the explorer's page does not know: it opens, shows what it can, and says the rest."""

import json
import re

import pytest
from explorer_pages import held, page_of

from browser import complaints, needs_browser
from convlens.cli.explore import explore
from convlens.errors import RunError
from convlens.explorer import PAGE, strangers
from convlens.spec import Missing
from convlens.words import LANGUAGES

MAPS = "#maps button:visible"
every_language = pytest.mark.parametrize("lang", LANGUAGES)


def changed(page, change):
    """Change what a page's scripts read, and return the page."""
    source = page.read_text(encoding="utf-8")
    content = held(source)
    change(content)
    text = json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
    before, _, after = re.split(r'(?<=id="content">)(.*?)(?=</script>)', source, maxsplit=1, flags=re.DOTALL)
    page.write_text(before + text + after, encoding="utf-8")
    return page


def go(page, fragment):
    """Follow a link within an open page."""
    page.evaluate("(to) => (location.hash = to)", fragment)
    page.wait_for_function("(to) => explorer.state.layer === to", arg=int(fragment.split("&")[0][6:]))


class TestInTheBrowser:
    """Whatever is in the page, no view stops."""

    pytestmark = needs_browser

    @pytest.mark.parametrize(
        ("lang", "kind"),
        [("en", ""), ("ko", "spectral"), ("ja", "toString"), ("en", "__proto__"), ("ko", "constructor")],
    )
    def test_an_unknown_layer(self, runs, open_page, tmp_path, lang, kind):
        """Up to it everything works, in any language; from it on there are no maps, and a line says why."""

        def unknown(content):
            content["networks"][0]["layers"][1]["kind"] = kind

        page = open_page(changed(page_of(runs("lenet"), tmp_path, lang), unknown))
        for fragment in (
            "layer=0",
            "layer=1&unit=0.1.1",
            "layer=3&unit=0.1.1&off=0.1",
            "layer=10&unit=3.0.0",
        ):
            go(page, fragment)
            assert "Relu1" in page.locator("#sentence").text_content()
            assert "%" not in page.locator("#bars").text_content()
            assert page.locator("#stranger").is_hidden() == (fragment == "layer=0")
            assert page.locator(MAPS).count() == (6 if fragment == "layer=0" else 0)
            assert page.locator("#detail").is_hidden()
        page.locator("#layers label").first.click()
        page.locator(MAPS).first.click()
        assert page.locator("#detail .chain > li").count() == 1
        page.locator("#switch").click()
        assert complaints(page) == []

    @pytest.mark.parametrize(("lang", "k"), [("en", 0), ("ko", 2), ("ja", 6), ("en", 10)])
    def test_any_layer_may_be_unknown(self, runs, open_page, tmp_path, lang, k):
        """The first, a pooling, one with units, the last; whatever is opened, hidden or switched off."""

        def unknown(content):
            content["networks"][0]["layers"][k] |= {"kind": "spectral", "parameters": {"W": 0, "gamma": 9}}

        page = open_page(changed(page_of(runs("lenet"), tmp_path, lang), unknown))
        for layer in range(11):
            go(page, f"layer={layer}&unit=0.0.0&hidden=1&off=0.1_{k}.0")
            page.keyboard.press("r")
            assert page.locator("#stranger").is_hidden() is (layer < k)
        assert complaints(page) == []

    @every_language
    @pytest.mark.parametrize("missing", ["detail.relu", "detail.pooling", "name.filter", "maps.label"])
    def test_a_missing_word(self, runs, open_page, tmp_path, lang, missing):
        """What is talked about is said by its name instead."""
        path = changed(page_of(runs("lenet"), tmp_path, lang), lambda content: content["words"].pop(missing))
        page = open_page(path, fragment="#layer=2&unit=1.3.3")
        assert complaints(page) == []
        told = page.locator("#steps .chain > li > small").all_text_contents()
        names = {"detail.relu": "Relu1", "detail.pooling": "S2"}
        assert len(told) == 3
        assert missing not in names or names[missing] in told
        assert missing not in page.locator("body").inner_text()

    @every_language
    def test_without_any_word(self, runs, open_page, tmp_path, lang):
        """It runs all the same."""
        path = changed(page_of(runs("lenet"), tmp_path, lang), lambda content: content["words"].clear())
        page = open_page(path, fragment="#layer=2&unit=1.3.3&off=0.1")
        assert page.locator(MAPS).count() == 6
        assert "number" not in page.locator("#bars").text_content()
        assert complaints(page) == []


def test_the_page_of_a_network_with_a_stranger(runs, tmp_path, monkeypatch, capsys):
    """It is written, and one line on stderr says where it stops, and why."""
    monkeypatch.setitem(PAGE, "sigmoid", Missing("it squeezes too much"))
    page = tmp_path / "page.html"
    explore(runs("rectangles").folder, page, "en")
    told = capsys.readouterr()
    assert told.out == f"{page}\n"
    said = told.err.splitlines()[-1]  # compiled kernels may be told of before it
    assert said == f"{page} stops before Sigmoid1, which it cannot compute: it squeezes too much."
    (network,) = held(page.read_text(encoding="utf-8"))["networks"]
    assert [layer["kind"] for layer in network["layers"]][:2] == ["convolution", ""]


@pytest.mark.parametrize(
    ("name", "layer", "first"),
    [("lenet", "convolution", "C1"), ("pool first", "pooling", "Pool1"), ("one layer", "affine", "Affine1")],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_page_that_could_show_nothing_is_refused(runs, tmp_path, monkeypatch, name, layer, first, known):
    """Where the first layer has no twin, one line says so, and nothing is written."""
    if known:
        monkeypatch.setitem(PAGE, layer, Missing("it is too new"))
    else:
        monkeypatch.delitem(PAGE, layer)
    with pytest.raises(RunError) as caught:
        page_of(runs(name), tmp_path)
    told = str(caught.value)
    assert f"cannot compute {first}, the first layer of" in told
    assert told.endswith("it is too new." if known else f"it has no twin for `{layer}`.")
    assert "\n" not in told
    assert list(tmp_path.iterdir()) == []


def test_strangers_are_named_with_their_reasons(runs, monkeypatch):
    """In the order of the layers; none in a network that the page knows."""
    spec = runs("pool first").spec
    assert strangers(spec) == {}
    monkeypatch.setitem(PAGE, "relu", Missing("a test"))
    monkeypatch.delitem(PAGE, "sigmoid")
    assert list(strangers(spec)) == ["Relu1", "Sigmoid1", "Sigmoid2"]
    assert strangers(spec)["Relu1"] == "a test"
