"""The explorer in a real browser: epoch after epoch, one scale on request, two networks, guessing."""

import math

import numpy as np
import pytest
from explorer_pages import as_in_page, scores

from browser import axe_violations, complaints, needs_browser
from convlens.explorer import rendered
from convlens.explorer.joined import FOLDER

pytestmark = needs_browser


@pytest.fixture(scope="module")
def both(runs, tmp_path_factory):
    """A page of the report's two networks."""
    path = tmp_path_factory.mktemp("both") / "page.html"
    path.write_text(rendered([runs("simple"), runs("lenet")], "en", room=10_000_000), encoding="utf-8")
    return path


def slide(page, row):
    """Move the slider to an epoch's place."""
    page.locator("#epoch").fill(str(row))


@pytest.mark.parametrize("row", [0, 1, 2])
def test_the_slider_shows_an_epoch(runs, pages, open_page, row):
    """Its filters, its answer, its accuracy on the page's digits, and what training recorded of it."""
    from playwright.sync_api import expect

    run = runs("lenet")
    page = open_page(pages("lenet"), fragment="#unit=2.5.5")
    slide(page, row)
    network = as_in_page(run, row)
    kernel = page.evaluate("[...explorer.network.vector.slice(0, 150)]")
    np.testing.assert_array_equal(np.float32(kernel), network.params["W1"].ravel())
    test = run.data.test.head(200).scaled("float32")
    place = page.evaluate("explorer.state.digit")
    assert np.allclose(network.predict(test.x[place : place + 1])[0], scores(page), atol=1e-3)
    right = round(200 * network.accuracy(test.x, test.t))
    expect(page.locator("#accuracy")).to_have_text(f"{right} of 200 test images right")
    when = page.locator("#when").text_content()
    if row:
        recorded = f"{100 * run.curve('test').accuracy[row - 1]:.1f}\N{NO-BREAK SPACE}%"
        assert when == f"After epoch {row} of 2: {recorded} of the first 20 test images"
    else:
        assert when == "Before the first update"
    assert page.locator("#epoch").get_attribute("aria-valuetext") == when
    assert page.locator("#before").is_checked() is (row == 0)
    assert page.locator("#after").is_checked() is (row == 2)


def test_the_epochs_are_played(pages, open_page):
    """From the first to the last, and then it stops; whoever moves the slider stops it, too."""
    page = open_page(pages("lenet"))
    page.evaluate(
        """() => {
          window.seen = [];
          setInterval(() => seen.at(-1) === explorer.state.row || seen.push(explorer.state.row), 10);
        }"""
    )
    page.locator("#play").click()
    assert page.locator("#play").get_attribute("aria-label") == "Pause"
    page.wait_for_function("() => explorer.state.row === 2 && seen.length === 4")
    page.locator("#play[aria-label='Play the epochs']").wait_for()
    assert page.evaluate("seen") == [2, 0, 1, 2]
    page.locator("#play").click()
    slide(page, 1)
    assert page.locator("#play").get_attribute("aria-label") == "Play the epochs"


@pytest.mark.parametrize(("fragment", "row"), [("", 2), ("#epoch=1", 1), ("#epoch=0", 0), ("#trained=0", 0)])
def test_a_link_holds_the_epoch(pages, open_page, fragment, row):
    """By its number; links of before knew the first and the last ones only; anything else is the last one."""
    page = open_page(pages("lenet"), fragment=fragment)
    assert page.evaluate("explorer.state.row") == row
    for strange in ("#epoch=7", "#epoch=-1", "#epoch=x", "#epoch=1e9", "#epoch="):
        page.evaluate("(to) => (location.hash = to)", strange)
        page.wait_for_function("() => explorer.state.row === 2")


def test_one_scale_before_and_after_training(pages, open_page):
    """On request the strongest colour is the same number at both ends; otherwise each has its own."""
    page = open_page(pages("simple"))

    def ends():
        found = []
        for row in (0, 2):
            slide(page, row)
            found.append((page.locator("#most").text_content(), page.evaluate("explorer.view.scale")))
        return found

    own = ends()
    assert own[0] != own[1]
    page.locator("#common").check()
    both = ends()
    assert both[0] == both[1] == max(own, key=lambda entry: entry[1])


def test_two_networks_share_a_drawing(runs, both, open_page):
    """The other network answers to the same digit, with its own layers, mistakes and filters."""
    page = open_page(both, fragment="#unit=29.3.3&off=0.1&epoch=1")
    digit = page.evaluate("explorer.state.digit")
    for net, name in ((1, "lenet"), (0, "simple")):
        page.locator("#nets label").nth(net).click()
        state = page.evaluate("({ ...explorer.state, off: explorer.state.off.size })")
        assert [state[key] for key in ("net", "digit", "unit", "off", "row")] == [net, digit, None, 0, 2]
        names = [row.name for row in runs(name).spec.table]
        assert page.locator("#layers b").all_text_contents() == names
        place = page.evaluate("explorer.content.places[explorer.state.digit]")
        x = runs(name).data.test.at([place]).scaled("float32").x
        assert np.allclose(as_in_page(runs(name), -1).predict(x)[0], scores(page), atol=1e-3)
        page.locator("#next").click()
        digit = page.evaluate("explorer.state.digit")
        assert digit in page.evaluate(f"explorer.content.networks[{net}].mistakes")
    page.locator("#nets label").nth(1).click()
    page.wait_for_url("**#*net=1*")
    assert axe_violations(page) == []
    assert complaints(page) == []


SHOWN = """
(shares) => {
  Object.assign(explorer.view, { probabilities: shares });
  explorer.views[2].update();
  return document.getElementById("sentence").textContent;
}
"""


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "Says 3 (> 99.9\N{NO-BREAK SPACE}%)."),
        (0.9996, "Says 3 (> 99.9\N{NO-BREAK SPACE}%)."),
        (0.9994, "Says 3 (99.9\N{NO-BREAK SPACE}%)."),
        (0.5, "Says 3 (50\N{NO-BREAK SPACE}%)."),
        (0.21, "Says 3 (21\N{NO-BREAK SPACE}%)."),
        (0.19, "Guessing: 3 is first with 19\N{NO-BREAK SPACE}%, and chance gives 10\N{NO-BREAK SPACE}%."),
    ],
)
def test_no_answer_is_quite_sure_and_none_is_a_guess(pages, open_page, share, told):
    """Never 100 %; below twice the share of chance it is called a guess, and the rule is said."""
    page = open_page(pages("simple"))
    page.evaluate("() => explorer.views[2].right.set('0.2|', Array(200).fill(true))")
    shares = [(1 - share) / 9] * 10
    shares[3] = share
    assert page.evaluate(SHOWN, shares).replace("\N{NO-BREAK SPACE}9", " 9").startswith(told)
    assert bool(page.locator("#rule").text_content()) is told.startswith("Guessing")
    assert "100" not in page.locator("#bars").text_content()


@pytest.mark.parametrize("name", ["simple", "lenet"])
def test_before_training_it_guesses(pages, open_page, name):
    """However sure it is: a constant answer is right about as many digits."""
    page = open_page(pages(name), fragment="#epoch=0")
    page.locator("#sentence", has_text="Guessing: ").wait_for()
    assert "binomial" in page.locator("#rule").text_content()
    slide(page, 2)
    page.locator("#sentence", has_text="Says ").wait_for()
    assert page.locator("#rule").text_content() == ""


def tail(least, n, p):
    """The probability of so many successes or more."""
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


def test_what_chance_explains(pages, open_page):
    """The page's exact tests, against Python's sums; and the least difference that they tell."""
    source = (FOLDER / "chance.js").read_text(encoding="utf-8").replace("export function", "function")
    call = f"(asked) => {{ {source}; return asked.map(([f, ...given]) => eval(f)(...given)); }}"
    page = open_page(pages("one layer"))
    call = call.replace("eval(f)", "({ tail, mcnemar, leastTold })[f]")
    tails = [(least, n, p) for n in (1, 20, 200) for least in (0, 1, n // 3, n) for p in (0.1, 0.135, 0.5)]
    found = page.evaluate(call, [["tail", *asked] for asked in tails])
    assert np.allclose(found, [tail(*asked) for asked in tails], rtol=1e-9, atol=1e-15)
    pairs = [(0, 0), (5, 0), (6, 0), (0, 6), (7, 2), (30, 12), (3, 3)]
    found = page.evaluate(call, [["mcnemar", *pair] for pair in pairs])
    assert np.allclose(found, [min(1, 2 * tail(max(pair), sum(pair), 0.5)) for pair in pairs])
    assert page.evaluate(call, [["leastTold", n] for n in (0, 1, 6, 9, 20)]) == [6, 6, 6, 7, 10]


UNTOLD = ". 200 images cannot tell that from chance: it takes a difference of "


@pytest.mark.parametrize(
    ("lost", "gained", "told"),
    [
        (1, 0, f"{UNTOLD}6 or more, 3.0 points (McNemar, p = 1.000)."),
        (4, 9, f"{UNTOLD}9 or more, 4.5 points (McNemar, p = 0.267)."),
        (6, 0, ": more than chance explains (McNemar, p = 0.031)."),
        (40, 2, ": more than chance explains (McNemar, p < 0.001)."),
    ],
)
def test_a_switched_off_filter_says_its_uncertainty(pages, open_page, lost, gained, told):
    """The same digits with the filter and without it, by McNemar's test; and the least that they tell."""
    page = open_page(pages("lenet"))
    page.evaluate(
        """([lost, gained]) => {
          const before = Array.from({ length: 200 }, (_, i) => i >= gained);
          const now = before.map((was, i) => (i < gained ? true : i < gained + lost ? false : was));
          explorer.views[2].right.set("0.2|", before).set("0.2|0.5", now);
          explorer.change({ off: new Set(["0.5"]) });
        }""",
        [lost, gained],
    )
    assert page.locator("#doubt").text_content() == f"{lost} lost, {gained} gained{told}"
    page.locator("#allon").click()
    assert page.locator("#doubt").text_content() == ""
