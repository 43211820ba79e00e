"""What a page says of comparisons, overfitting and networks that learned nothing, in every language."""

from dataclasses import replace
from statistics import fmean
from types import SimpleNamespace

import numpy as np
import pytest

from convlens.findings import Cause, Learned
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns, ReportData
from convlens.report.sections.conclusion import conclusion, edge, same_images
from convlens.report.sections.minute import _rates
from convlens.report.sections.nothing import nothing
from convlens.report.sections.overfitting import begins, by_seed, with_more_data
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
    assert words_in(lang).percent(power(pair), 0) in found
    difference = 100 * abs(fmean(picked.validation.values) - fmean(base.validation.values))
    assert any(f"{difference + off:.2f}" in found for off in (-0.001, 0.001))
    assert "0.002" in found
    assert "{" not in found


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
