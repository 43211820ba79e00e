"""What a page says of comparisons, overfitting and networks that learned nothing, in every language."""

import re
from dataclasses import replace
from importlib import import_module
from statistics import fmean
from types import SimpleNamespace

import numpy as np
import pytest

from convlens.findings import Cause, Learned
from convlens.report.blocks import Command
from convlens.report.context import PageContext
from convlens.report.page import _notices
from convlens.report.report_data import ExperimentRuns, ReportData
from convlens.report.sections.conclusion import _in_tenths, conclusion, edge, same_images
from convlens.report.sections.explorer import _section
from convlens.report.sections.limits import _test_images
from convlens.report.sections.minute import _more_data, _rates, _result
from convlens.report.sections.network import _full_set_missing
from convlens.report.sections.nothing import nothing
from convlens.report.sections.overfitting import begins, by_seed, with_more_data
from convlens.report.sections.results import _table
from convlens.report.sections.verdicts import difference_cell, verdict_rule
from convlens.report.words import words_in
from convlens.runs import RunConfig
from convlens.spec import find
from convlens.study import load_design
from convlens.study.power import power, single_pair
from convlens.study.verdicts import right_of
from convlens.words import LANGUAGES
from curves_only import run_with
from simulated_pages import Setting, page

PICKED = "simple-lr-0.002"


def told(report, lang="en"):
    """Return the context of a page of such data."""
    return PageContext(report, words_in(lang), None, "convlens reproduce")


def drawn(seed=0, **setting):
    """Return drawn runs of the shipped design, of which the original report chose one."""
    data = page(load_design("homework"), Setting(held_out=1000, **setting), np.random.default_rng(seed))
    return replace(data, picked=PICKED)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("gain", "key"), [(3.0, "rate.chose_better"), (-3.0, "rate.chose_worse"), (0.0, "rate.chose_unknown")]
)
def test_the_conclusion_is_judged_with_its_evidence(gain, key, lang):
    """What was chosen, whether rightly, and how often its evidence would have shown it, all computed."""
    report = drawn(seeds=8, spread=0.1, shared=0.9, gain=gain)
    base, picked = (report.experiments[place] for place in (0, 2))
    assert picked.name == PICKED
    found = conclusion(told(report, lang), base)
    start = words_in(lang)[key].split("{")[0]
    assert found.startswith(start)
    pair = single_pair(right_of(base.runs), right_of(picked.runs), base.head.n_images)
    assert _in_tenths(told(report, lang), power(pair)) in found
    difference = 100 * abs(fmean(picked.validation.values) - fmean(base.validation.values))
    assert any(f"{difference + off:.2f}" in found for off in (-0.001, 0.001))
    assert "0.002" in found
    assert "{" not in found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("share", "key", "n"),
    [(0.0, "few", 0), (0.049, "few", 0), (0.05, "about", 1), (0.104, "about", 1), (0.36, "about", 4),
     (0.94, "about", 9), (0.96, "most", 0), (1.0, "most", 0)],
)  # fmt: skip
def test_a_power_sounds_no_more_exact_than_it_is(share, key, n, lang):
    """Three seeds tell it to a tenth or so: no percentage is written."""
    found = _in_tenths(told(drawn(), lang), share)
    assert found == words_in(lang)(f"rate.power_{key}", n=n)
    assert "%" not in found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("shipped", "quick", "said"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_the_rule_says_when_the_level_was_settled(shipped, quick, said, lang):
    """On the page of the study whose p values were known, and on no other."""
    context = told(replace(drawn(), shipped=shipped, quick=quick), lang)
    (rule,) = verdict_rule(context)
    assert (words_in(lang)("rate.division", level="3.5") in rule.text) is said
    assert "3.5" in rule.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("seeds", [2, 3, 8])
def test_equal_answers_leave_nothing_open(seeds, lang):
    """Where all runs are right on the very same images, no ±0.00 stands on the page, and no lack of seeds."""
    base = drawn(seeds=seeds).experiments[0]
    other = replace(base, config=replace(base.config, optimizer_param={"lr": 0.5}), name="other")
    context = told(ReportData((base, other)), lang)
    cell, (rule,) = difference_cell(context, other), verdict_rule(context)
    assert (cell.text, cell.note) == ("0.00", words_in(lang)["verdict.same_answers"])
    assert "0.00" not in rule.text
    apart = told(ReportData(drawn(seeds=seeds).experiments[:3]), lang)
    assert (
        words_in(lang)["verdict.same_answers"] not in difference_cell(apart, apart.report.experiments[2]).note
    )
    assert "±" in verdict_rule(apart)[0].text.replace("±0.00", "")


@pytest.mark.parametrize("change", [{"picked": None}, {"quick": True}])
def test_without_a_choice_or_for_a_look_nothing_is_concluded(change):
    """Nor with one seed, which allows no verdict."""
    report = drawn()
    assert conclusion(told(report), report.experiments[0]) is not None
    assert conclusion(told(replace(report, **change)), report.experiments[0]) is None
    one = drawn(seeds=1)
    assert conclusion(told(one), one.experiments[0]) is None
    assert same_images(told(one), one.experiments[0]) is None


@pytest.mark.parametrize(
    ("better", "said"), [(5, "0.004 is the largest"), (3, "0.0005 is the smallest"), (2, None)]
)
def test_the_edge_of_what_was_tried_is_named(better, said):
    """Where the best rate on held-out images is the first or the last one, and only there."""
    report = drawn(spread=0.1, gain=3.0, better=better)
    found = edge(told(report), report.experiments[0])
    assert found == [] if said is None else found[0].startswith(said)


@pytest.mark.parametrize(("odd", "n"), [(1, 2), (3, 2), (4, 2), (2, 3)])
def test_the_next_best_learning_rate_is_of_the_same_network(odd, n):
    """Where any runs are put together, the next best of all may be another network, with its own rate."""
    report = replace(drawn(), picked=None, chosen=True)
    base, *others = report.experiments
    rates = [one for one in others if one.config.n_steps == base.config.n_steps and one.spec == base.spec]
    ranks = sorted(rates, key=lambda one: -one.validation.mean)
    experiments = [base, *ranks]
    assert ReportData(tuple(experiments), chosen=True).top_two(base) is not None
    other = replace(ranks[1].config, network=find("lenet" if odd % 2 else "speedrun"), train_size=odd * 100)
    experiments[n] = replace(ranks[n - 1], config=other)
    found = ReportData(tuple(experiments), chosen=True).top_two(base)
    assert (found is None) is (n == 2)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("seeds", "key", "n"),
    [
        ([1, 1, 1], "minute.rates_one_seed", 3),
        ([3, 1, 1], "minute.rates_single", 2),
        ([3, 3, 1], "minute.rates_single", 1),
        ([3, 3, 3], "minute.rates_alike", None),
        ([3, 2, 3], "minute.rates_alike", None),
    ],
)
def test_rates_with_one_seed_are_counted(seeds, key, n, lang):
    """As a study grows, some learning rates have more seeds than others: "each" is said where it is so."""
    experiments = [drawn().experiments[place] for place in (0, 2, 3)]
    report = ReportData(
        tuple(replace(one, runs=one.runs[:count]) for one, count in zip(experiments, seeds, strict=True))
    )
    (found,) = _rates(told(report, lang), report.experiments[0])
    said = words_in(lang)(key, n=n or report.n_comparisons, all=3, base="0.001", seeds=min(seeds))
    assert found.text == said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("reported", "theirs", "key"), [(0.8, "795", "minute.report_differs"), (None, None, None)]
)
def test_the_same_images_are_the_same_images(reported, theirs, key, lang):
    """The counts that a figure stands for, and ours of the very same images."""
    report = drawn(seeds=8)
    base = report.experiments[0]
    value = base.reported if reported is None else reported
    data = replace(report, experiments=(replace(base, reported=value), *report.experiments[1:]))
    found = same_images(told(data, lang), data.experiments[0])
    ours = [1000 - wrong for wrong in base.head.wrong]
    assert str(min(ours)) in found
    assert str(max(ours)) in found
    assert theirs is None or theirs in found
    end = words_in(lang)[key or "minute.report_agrees"].rpartition("}")[2]
    assert found.endswith(words_in(lang).glued(f"0{end}")[1:])


FALLING = [0.9, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.05, 0.04, 0.03]
RISING = [0.9, 0.6, 0.4, 0.35, 0.34, 0.35, 0.4, 0.45, 0.5, 0.55]


def overfitting(small, full=(), updates=(500, 6000)):
    """Return a page's data, and its base, of runs with such test losses on the small and the full set."""
    experiments = []
    for size, tests, n in zip((5000, 60_000), (small, full), updates, strict=True):
        runs = tuple(run_with(FALLING, test, seed=seed, updates=n) for seed, test in enumerate(tests))
        config = RunConfig(find("simple"), train_size=size)
        experiments.append(ExperimentRuns(f"of-{size}", config, "", len(runs), runs, f"of-{size}"))
    return ReportData(tuple(experiments)), experiments[0]


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (
            [RISING, FALLING, RISING],
            ["after 200 updates (epoch 4)", "in 2 of 3 seeds", "no onset in 1 of 3 seeds"],
        ),
        ([RISING, RISING], ["in all 2 seeds"]),
        ([RISING], ["in the one seed (0)"]),
    ],
)
def test_an_onset_names_its_seeds_and_updates(tests, said):
    """How many seeds it begins in, and in how many it does not."""
    report, base = overfitting(tests)
    found = begins(told(report), base)
    assert all(piece in found for piece in said), found
    assert begins(told(report), base).startswith("SimpleConvNet, 5,000 training images")


def test_no_onset_is_no_sentence_of_the_minute_and_one_of_the_curves():
    """The curves say up to where it was looked."""
    report, base = overfitting([FALLING, FALLING])
    assert begins(told(report), base) is None
    assert by_seed(told(report), base) == (
        "5,000 training images: no onset of overfitting in any of 2 seeds up to epoch 10 (500 updates)."
    )


@pytest.mark.parametrize(
    ("full", "updates", "said"),
    [
        (
            [RISING],
            (500, 6000),
            "it begins later, after 2,400 updates (epoch 4).",
        ),
        (
            [FALLING],
            (500, 6000),
            "it does not begin within 6,000 updates, 10 epochs.",
        ),
        ([RISING], (6000, 500), None),
        ([], (500, 6000), None),
    ],
)
def test_more_data_are_held_against_less_in_updates(full, updates, said):
    """Later or not at all, where it is so; an epoch of more images is more updates."""
    report, base = overfitting([RISING, FALLING], full, updates)
    expected = None if said is None else f"With 60,000 images (one seed) {said}"
    assert with_more_data(told(report), base) == expected


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tests", [[RISING], [RISING, FALLING], [RISING, RISING], [FALLING], [FALLING] * 2])
def test_every_language_says_all_of_it(tests, lang):
    """No brace is left, and the numbers are the same."""
    report, base = overfitting(tests, [RISING])
    texts = [by_seed(told(report, lang), base), begins(told(report, lang), base)]
    texts.append(with_more_data(told(report, lang), base))
    assert all(text is None or ("5,000" in text or "60,000" in text) for text in texts)
    assert not any("{" in (text or "") for text in texts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("causes", [1, 2])
def test_what_learned_nothing_is_called_so(monkeypatch, cause, causes, lang):
    """In how many seeds, against which baseline, with the likely cause and what to try."""
    found = [Learned(0, 0.9, 0.3, None), *(Learned(seed, 0.31, 0.3, cause) for seed in range(1, causes + 1))]
    base = SimpleNamespace(name="seven", share=0.3, n_images=1000)
    monkeypatch.setattr("convlens.report.sections.nothing.learned", lambda run: found[run])
    monkeypatch.setattr("convlens.report.sections.nothing.baseline", lambda _: base)
    config = RunConfig(find("simple"), optimizer_param={"lr": 0.25})
    experiment = ExperimentRuns("mine", config, "", 3, tuple(range(len(found))), "mine")
    context = told(ReportData((experiment,)), lang)
    said = nothing(context, experiment)
    assert all(piece in said for piece in ("seven", "30.0", "31.0", str(causes), str(len(found)), "0.25"))
    end = words_in(lang)[f"cause.{cause.value}"].rpartition("}")[2]
    assert said.endswith(words_in(lang).glued(f"0{end}")[1:])
    alone = replace(experiment, runs=(1,))
    assert "seven" in nothing(context, alone)
    assert nothing(context, replace(experiment, runs=(0,))) is None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("below", [[True, True], [True, False], [False]])
def test_what_is_worse_than_guessing_is_not_called_guessing(monkeypatch, below, lang):
    """Only where all the seeds that learned nothing are."""
    found = [Learned(seed, 0.009, 0.1, Cause.OTHER_LABELS, one) for seed, one in enumerate(below)]
    base = SimpleNamespace(name="seven", share=0.1, n_images=1000)
    monkeypatch.setattr("convlens.report.sections.nothing.learned", lambda run: found[run])
    monkeypatch.setattr("convlens.report.sections.nothing.baseline", lambda _: base)
    experiment = ExperimentRuns("a", RunConfig(find("simple")), "", 2, tuple(range(len(found))), "a")
    said, words = nothing(told(ReportData((experiment,)), lang), experiment), words_in(lang)
    assert (words["level.below"] in said) is all(below)
    assert (words["level.guessing"] in said) is not all(below)
    assert "images, it " not in said


def judged(wrong, *, size=5000, n_test=1000, head=1000):
    """Return an experiment of runs with so many wrong answers on the test images."""
    results = [
        {
            "test_accuracy": 1 - n / n_test,
            "n_test": n_test,
            "test_accuracy_head": 1 - n / n_test,
            "test_head": head,
        }
        for n in wrong
    ]
    runs = tuple(SimpleNamespace(seed=seed, results=one) for seed, one in enumerate(results))
    config = RunConfig(find("simple"), train_size=size)
    return ExperimentRuns(f"of-{size}", config, "", len(runs), runs, f"of-{size}")


def _pieces(text):
    """Return the longer pieces of a text between its signs and placeholders."""
    return set(re.findall(r"[^\W\d_]{3,}", re.sub(r"\{\w+\}", "|", text)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ([40, 50], [30, 39], "helped"),
        ([40, 50], [51, 60], "hurt"),
        ([0, 0], [5, 7], "hurt"),
        ([40], [80], "hurt"),
        ([40, 50], [50, 60], "alike"),
        ([40, 50], [40], "alike"),
    ],
)
def test_more_data_help_hurt_or_do_neither(before, after, key, lang):
    """What is worse in every seed is not "no clear gain"."""
    report = ReportData((judged(before), judged(after, size=60_000)))
    (found,) = _more_data(told(report, lang), report.experiments[0])
    own = {one: _pieces(words_in(lang)[f"minute.more_data_{one}"]) for one in ("helped", "hurt", "alike")}
    others = set().union(*(pieces for one, pieces in own.items() if one != key))
    assert [one for one in own[key] - others if one in found.text]
    assert not [one for one in others - own[key] if one in found.text]
    assert "{" not in found.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("n_test", "head"), [(1000, 1000), (200, 200), (90, 90), (10_000, 1000)])
@pytest.mark.parametrize("wrong", [[10], [10, 12]])
def test_all_test_images_are_not_named_twice(n_test, head, wrong, lang):
    """Where the first images are all that there are, nothing is said of them apart from all."""
    report = ReportData((judged(wrong, n_test=n_test, head=head),))
    context, base = told(report, lang), report.experiments[0]
    for text in (_result(context, base).text, _test_images(context)):
        numbers = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
        assert numbers.count(f"{n_test:,}") == 1
        assert numbers.count(f"{head:,}") == 1
    heads = [cell.text for cell in _table(context).head]
    assert (words_in(lang)("results.head_alone", n=f"{head:,}") in heads) is (head < n_test)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("quick", [True, False])
def test_a_command_to_make_another_page_has_this_ones_language(quick, lang, monkeypatch):
    """Whoever follows a Korean page's advice gets a Korean page, whatever the locale."""
    section = "convlens.report.sections.explorer"
    monkeypatch.setattr(import_module(section), "speaks_of_digits", lambda _: True)
    report = replace(drawn(), quick=quick, shipped=True)
    context = told(report, lang)
    blocks = [*_notices(context), *_full_set_missing(context, None)]
    blocks += _section(context, report.experiments[:1], "").blocks
    commands = [block.text for block in blocks if isinstance(block, Command)]
    whole = f"convlens reproduce --lang {lang}"
    assert commands == [whole] * (1 + quick) + [f"convlens explore RUN --out explorer.html --lang {lang}"]
    assert f"--lang {lang}" in words_in(lang)["left_out.explorer"]
