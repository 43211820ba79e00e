"""Learning rates, verdicts, predictions, and any runs side by side, in English."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "rate.title": "Learning rate",
    "rate.caption": "Test accuracy at each learning rate; one dot is one run.",
    "rate.curves": "Learning curves at each learning rate, on the same axes.",
    "rate.table": "Our runs, by learning rate",
    "rate.held_out": "Accuracy on {n} held-out images",
    "rate.difference": "Difference from {lr}, in points",
    "rate.mean_and_interval": "{mean} ({span})",
    "rate.best": (
        "Choices belong on images that were held out for them: there, on {n_held_out} training images, {lr} "
        "is highest ({validation}). On all {n_test} test images it reaches {test}."
    ),
    "rate.one_seed_allows": (
        "With one seed each, a difference between two learning rates may be the luck of the first weights "
        "and of the order of the images. These runs show what can come out; they put the learning rates in "
        "no order."
    ),
    "rate.seeds_allow": (
        "With {n} seeds each, the spread of the dots shows how large luck is. A difference well above that "
        "spread can be seen; smaller ones need more seeds."
    ),
    "rate.rule": (
        "Verdicts rest on the differences of held-out accuracy, seed by seed: their mean, in brackets "
        "Student's 95 % interval. Better or worse: the interval lies on one side of zero. Same for practical "
        "purposes: it lies within ±{same} points. Otherwise there are not enough runs to say. Nothing is "
        "corrected for the number of comparisons."
    ),
    "rate.heading": "lr={lr}",
    "verdict.one_seed": "one seed: no verdict",
    "verdict.better": "better",
    "verdict.worse": "worse",
    "verdict.same": "same for practical purposes",
    "verdict.unknown": "not enough runs to say",
    "claim.intro": (
        "The report compares single runs on {n} test images. Around its {reported} at learning rate {lr}, "
        "the choice of these images alone leaves {span} (Wilson's 95 % interval): a figure in there may come "
        "from a network that is just as good."
    ),
    "claim.caption": "The report's figures, each against its {reported} at learning rate {lr}",
    "claim.images": "More images right, of {n}",
    "claim.interval": "Difference in points (95 % interval)",
    "claim.verdict": "Verdict",
    "claim.within": "within the noise",
    "claim.beyond": "more than noise",
    "claim.note": (
        "The intervals are Newcombe's, for two separate samples of images. Both runs saw the same images, so "
        "a comparison image by image could be sharper; it needs single answers, which the report does not "
        "give. The luck of the seed comes on top."
    ),
    "predict.intro": (
        "The report's figures are single runs, judged on {n} images. The table says where one more run of "
        "ours, judged on {n} images, would come out in 95 of 100 cases: the luck of the seed and that of the "
        "images together."
    ),
    "predict.one_seed": (
        "With one seed, the luck of the seed is not in these intervals: they come from the number of images "
        "alone and are too narrow."
    ),
    "predict.caption": "The report's figures, and where one run on {n} images may come out",
    "predict.interval": "One run of ours (95 %)",
    "predict.verdict": "The report's figure",
    "predict.inside": "as expected of one run",
    "predict.outside": "not expected of one run",
    "predict.rule": (
        "Prediction interval: mean ± t √(s²(1 + 1/k) + p(1 - p)/n), with the variance s² of k seeds on all "
        "test images, degrees of freedom after Welch and Satterthwaite; with one seed, Wilson's interval."
    ),
    "compare.title": "Side by side",
    "compare.caption": "Accuracy on all test images; one dot is one run.",
    "compare.table": "Compared on {n} held-out images, by seed",
    "compare.experiment": "Experiment",
    "compare.difference": "Difference from “{first}”, in points",
    "compare.curves": "Learning curves, all on the same axes.",
    "compare.filters": "{network}: trained filters ({parameter}) side by side, on one colour scale.",
}
