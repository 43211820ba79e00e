"""Sentences of a page name what they rest on, and say nothing that does not follow, in every language."""

import re
from dataclasses import replace

import pytest
from test_verdict_sentences import drawn, judged, told

from convlens.report.report_data import ReportData
from convlens.report.sections.conclusion import conclusion, edge
from convlens.report.sections.limits import _more_updates
from convlens.report.sections.minute import _more_data
from convlens.report.words import words_in
from convlens.words import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("gain", "said"), [(3.0, True), (-3.0, True), (0.0, False), (0.1, False)], ids=lambda one: f"{one}"
)
def test_what_cannot_be_told_is_compared_with_nothing_else(gain, said, lang, monkeypatch):
    """Beside "rightly" or "wrongly" stands how the choice fares against the other of the two best."""
    monkeypatch.setattr("convlens.report.sections.conclusion._top", lambda *_: "|the other|")
    report = drawn(seeds=3 if not said else 8, spread=0.1, shared=0.9, gain=gain)
    assert ("|the other|" in conclusion(told(report, lang), report.experiments[0])) is said


@pytest.mark.parametrize(
    ("lang", "images"),
    [("en", "held-out images"), ("ko", "검증용으로 떼어 둔 이미지"), ("ja", "検証用に分けておいた画像")],
)
@pytest.mark.parametrize("better", [5, 3])
def test_the_edge_says_why_one_should_go_beyond_it(better, lang, images):
    """It may follow a sentence that names other rates: that this one is the highest, and on what, is said."""
    report = drawn(spread=0.1, gain=3.0, better=better)
    assert images in edge(told(report, lang), report.experiments[0])[0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("size", "epochs", "more"),
    [(60_000, 20, True), (10_000, 20, True), (10_000, 10, False), (60_000, 1, False)],
)
def test_more_updates_are_spoken_of_where_there_are_more(size, epochs, more, lang):
    """More images in fewer epochs may be as many updates, or fewer."""
    base, full = judged([40]), judged([30], size=size)
    full = replace(full, config=replace(full.config, epochs=epochs))
    found = _more_updates(told(ReportData((base, full)), lang))
    assert [one for one in found if f"{full.config.n_steps:,}" in one] == found
    assert bool(found) is more


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("wrong", [[30, 39], [40, 50], [51, 60]], ids=["helped", "alike", "hurt"])
@pytest.mark.parametrize(("size", "epochs"), [(60_000, 10), (10_000, 20), (60_000, 1)])
def test_what_more_data_did_is_said_with_the_updates(size, epochs, wrong, lang):
    """More data mostly bring more updates, too: the sentence leaves open which of them did it."""
    base, full = judged([40, 50]), judged(wrong, size=size)
    full = replace(full, config=replace(full.config, epochs=epochs))
    (found,) = _more_data(told(ReportData((base, full)), lang), base)
    assert f"{base.config.n_steps:,}" in found.text
    assert f"{full.config.n_steps:,}" in found.text


@pytest.mark.parametrize("gain", [3.0, -3.0])
@pytest.mark.parametrize("key", ["beats", "beaten", "not_told_apart"])
def test_a_korean_sentence_ends_where_its_verb_does(gain, key, monkeypatch):
    """A verb in its last form is followed by a full stop, not by a comma and a further one."""
    text = words_in("ko")(f"rate.{key}", lr="0.004")
    monkeypatch.setattr("convlens.report.sections.conclusion._top", lambda *_: text)
    report = drawn(seeds=8, spread=0.1, shared=0.9, gain=gain)
    found = conclusion(told(report, "ko"), report.experiments[0])
    assert text in found
    assert re.findall(r"[높낮]다(?:\W?\([^()]*\))?,", found) == []
