"""What the page says, in English. A key with ".one" is taken where {n} is 1."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # the page
    "page.title": "Small ConvNets on {data}",
    "page.subtitle_runs": "What {networks} learned",
    "page.subtitle": "The report's experiments, run again: {networks}",
    "page.skip": "Skip to the results",
    "page.contents": "Contents",
    "page.evidence": "evidence",
    "page.evidence_of": "evidence for: {text}",
    "page.footer": (
        "Made by convlens {version}. The pictures lie beside this page in the folder “{folder}”, as PNG "
        "and SVG."
    ),
    # numbers
    "format.span": "{low} to {high}",
    "format.comma": ", ",
    "format.listing": "{most} and {last}",
    "format.seconds": "{seconds} s",
    "format.minutes": "{minutes} min {seconds} s",
    "format.hours": "{hours} h {minutes} min",
    # what a reader must know before anything else
    "status.quick": (
        "This is a quick look, with fewer training images and epochs than in the report: its figures "
        "must not be compared with these."
    ),
    "status.hardly_begun": (
        "{network} has made {updates} updates only and is right on {accuracy} of the test images: it has "
        "hardly begun to learn. That says nothing about the network."
    ),
    "status.whole": "The experiments themselves:",
    "status.missing": (
        "{n} of {all} runs are in; the rest follow. This page is written anew as they finish."
    ),
    "status.missing.one": (
        "{n} of {all} runs is in; the rest follow. This page is written anew as they finish."
    ),
    # in one minute
    "minute.title": "In one minute",
    "minute.what": (
        "Trained: {networks}, on the first {images} training images of {data} (classes {classes}). "
        "Examined: on {tests} test images that nothing was trained on."
    ),
    "minute.result_one": (
        "{network} at learning rate {lr} is wrong on {wrong} of the first {head} test images and on "
        "{wrong_all} of all {tests} (one seed)."
    ),
    "minute.result": (
        "{network} at learning rate {lr} is wrong on {wrong} of the first {head} test images ({span}) "
        "and on {wrong_all} of all {tests} ({span_all}): means over {seeds} seeds, in brackets from the "
        "best to the worst."
    ),
    "minute.more_data_helped": (
        "{factor} times the data ({images} images) brought {network} from {before} mistakes on the "
        "{tests} test images down to {after}: about {tenths} of 10 mistakes are gone."
    ),
    "minute.more_data_alike": (
        "{factor} times the data ({images} images) brought {network} no clear gain: {after} mistakes on "
        "the {tests} test images, {before} before."
    ),
    "minute.memorising": (
        "After epoch {epoch}, {network} on {images} images still improves on its training images (loss "
        "{train} to {train_last}) and the test does not (loss {test} to {test_last}): it is memorising "
        "(overfitting)."
    ),
    "minute.memorising_worse": (
        "After epoch {epoch}, {network} on {images} images still improves on its training images (loss "
        "{train} to {train_last}), while the test gets worse (loss {test} to {test_last}): it is "
        "memorising (overfitting)."
    ),
    "minute.gap": (
        "{network}: training accuracy minus test accuracy grew from {before} points after epoch {early} "
        "to {after} after epoch {epochs}. More and more of what it learns holds for its training images "
        "only."
    ),
    "minute.rates_one_seed": (
        "{n} learning rates were tried with one seed each. That shows what can come out, not which one "
        "is best."
    ),
    "minute.rates_differ": (
        "By more than the luck of the seeds, as far as {seeds} seeds tell, {told} than {base}."
    ),
    "minute.rates_better": "{rates} did better",
    "minute.rates_worse": "{rates} did worse",
    "minute.rates_alike": (
        "With {seeds} seeds, no other learning rate can be called better or worse than {base}."
    ),
    "minute.report_agrees": (
        "The report's {reported} for {network} comes from one run. As far as the choice of {n_images} "
        "images can tell, it may stand for anything from {span} (the luck of the seed comes on top). Our "
        "{ours} lies inside."
    ),
    "minute.report_differs": (
        "The report's {reported} for {network} comes from one run. As far as the choice of {n_images} "
        "images can tell, it may stand for anything from {span} (the luck of the seed comes on top). Our "
        "{ours} lies outside."
    ),
    "minute.silent": (
        "{network}, {train} training images: {n} of the {all} filters in {layer} react to none of the "
        "first {images} test images."
    ),
    "minute.silent.one": (
        "{network}, {train} training images: one of the {all} filters in {layer} reacts to none of the "
        "first {images} test images."
    ),
    "minute.twins": (
        "{network}, {train} training images: {n} of the {all} filters in {layer} are twins of another: "
        "they look for the same."
    ),
    "minute.none_odd": (
        "{network}, {train} training images: every filter reacts to some of the first {images} test "
        "images, and no two look for the same."
    ),
    "minute.confused": (
        "{network}, {images} training images: the most frequent mistake is {right} taken for {given}, "
        "{n} times."
    ),
    "minute.confused.one": (
        "{network}, {images} training images: no mistake comes twice; one is {right} taken for {given}."
    ),
    "network.run": "learning rate {lr}, {images} training images, seed {seed}",
    "network.setting": (
        "{network}: {images} training images, {epochs} epochs, batches of {batch}, {optimizer}, learning "
        "rate {lr}"
    ),
    # results at a glance
    "results.title": "Results at a glance",
    "results.caption": "Test accuracy: ours, and the report's beside it",
    "results.caption_ours": "Test accuracy",
    "results.network": "Network",
    "results.images": "Training images",
    "results.epochs": "Epochs",
    "results.lr": "Learning rate",
    "results.head": "Ours, first {n} test images",
    "results.all": "Ours, all {n} test images",
    "results.seeds": "Seeds",
    "results.reported": "The report",
    "results.seeds_in": "{n} of {all}",
    "results.not_in": "not in yet",
    "results.single": "Each figure is one run with one seed: another seed would give another figure.",
    "results.several": (
        "Where there are several seeds: their mean, and below it the lowest and the highest."
    ),
    "results.reported_note": (
        "The report's figures are single runs, judged on the first {head} test images; — where it states "
        "none."
    ),
    "commands.title": "One experiment by itself",
    "commands.each": "With seed 0; for another seed, change the number and the folder.",
    # a network
    "network.title": "The network",
    "network.architecture": "The architecture of {network}, drawn from its description.",
    "network.small_set": "Small dataset: filters",
    "network.full_set": "Full dataset: filters",
    "network.filters": "Filters",
    "network.not_in": "No run of this network is in yet.",
    "layers.caption": (
        "The layers of {network}; its input is {input}. Multiply-adds: for one image, forward. Receptive "
        "field: the pixels that one output sees."
    ),
    "layers.layer": "Layer",
    "layers.output": "Output",
    "layers.parameters": "Parameters",
    "layers.multiply_adds": "Multiply-adds",
    "layers.receptive_field": "Receptive field",
    "layers.total": "Total",
    "curves.title": "Execution result: learning curves",
    "curves.caption": "Accuracy and loss after each epoch, on training images and on test images.",
    "curves.caption_both": (
        "Accuracy and loss after each epoch, on training images and on test images: the small set and "
        "the full set side by side, on the same axes."
    ),
    "curves.gap.widens": (
        "{images} training images: training accuracy minus test accuracy is {before} points after epoch "
        "{early} and {after} after epoch {epochs} (on {judged} images each). The curves part: more and "
        "more of what is learned holds for the training images only."
    ),
    "curves.gap.stays": (
        "{images} training images: training accuracy minus test accuracy is {before} points after epoch "
        "{early} and {after} after epoch {epochs} (on {judged} images each). By the rule below, the "
        "curves do not part."
    ),
    "curves.memorising": (
        "{images} training images: after epoch {epoch} the training loss falls from {train} to "
        "{train_last}, but the test loss hardly changes any more ({test} to {test_last}; means over "
        "three epochs). Overfitting begins after epoch {epoch}."
    ),
    "curves.memorising_worse": (
        "{images} training images: after epoch {epoch} the training loss falls from {train} to "
        "{train_last}, but the test loss rises from {test} to {test_last} (means over three epochs). "
        "Overfitting begins after epoch {epoch}."
    ),
    "curves.not_memorising": (
        "{images} training images: by the rule below, overfitting does not begin up to epoch {epochs}."
    ),
    "curves.rule": (
        "The rules, for the mean over the seeds. Overfitting begins after the first epoch from which on "
        "the test loss falls by at most {better} % while the training loss falls by more than {falls} %, "
        "both averaged over three neighbouring epochs, with at least three epochs to follow; the test "
        "gets worse if its loss ends more than {rises} % above its lowest value. The curves part if the "
        "gap in accuracy grows by more than {widens} points after a quarter of the epochs."
    ),
    "chart.epoch": "epoch",
    "chart.train": "training",
    "chart.test": "test",
    "chart.seed": "seed",
    "chart.mean": "mean",
    "chart.show": "Show",
    "full.not_in": "The full training set belongs to this study, too; its run is not in yet.",
    "full.not_run": (
        "The full training set was not run here. This runs it and puts it beside the small one:"
    ),
    "filters.caption": (
        "Randomly initialized weights, trained weights, and the change: {parameter} on one colour scale "
        "({run})."
    ),
    "filters.forming": (
        "How they formed: the most changed filters of {parameter} through the epochs ({run})."
    ),
    "filters.rule": (
        "The rules. Sorted by the sum of all absolute changes. Dead (†): after the ReLU, zero at every "
        "place of the first {n} test images. Twins (a, b, …): the cosine of the angle between their "
        "weights is {cosine} or more, whatever their strength."
    ),
    "applied.classes": (
        "Filter-applied images: the first test images of every class through the most changed filters of "
        "{parameter} ({run})."
    ),
    "applied.own": "Filter-applied image: {name} through {parameter} ({run}).",
    "applied.digit": "Filter-applied image: the first test image through {parameter} ({run}).",
    "applied.photograph": "Filter-applied image: a photograph through {parameter} ({run}).",
    # learning rate
    "rate.title": "Learning rate",
    "rate.caption": "Test accuracy at each learning rate; one dot is one run.",
    "rate.curves": "Learning curves at each learning rate, on the same axes.",
    "rate.table": "Our runs, by learning rate",
    "rate.held_out": "Accuracy on {n} held-out images",
    "rate.difference": "Difference from {lr}, in points",
    "rate.mean_and_interval": "{mean} ({span})",
    "rate.best": (
        "Choices belong on images that were held out for them: there, on {n_held_out} training images, "
        "{lr} is highest ({validation}). On all {n_test} test images it reaches {test}."
    ),
    "rate.one_seed_allows": (
        "With one seed each, a difference between two learning rates may be the luck of the first "
        "weights and of the order of the images. These runs show what can come out; they put the "
        "learning rates in no order."
    ),
    "rate.seeds_allow": (
        "With {n} seeds each, the spread of the dots shows how large luck is. A difference well above "
        "that spread can be seen; smaller ones need more seeds."
    ),
    "rate.rule": (
        "Verdicts rest on the differences of held-out accuracy, seed by seed: their mean, in brackets "
        "Student's 95 % interval. Better or worse: the interval lies on one side of zero. Same for "
        "practical purposes: it lies within ±{same} points. Otherwise there are not enough runs to say. "
        "Nothing is corrected for the number of comparisons."
    ),
    "rate.heading": "lr={lr}",
    "verdict.one_seed": "one seed: no verdict",
    "verdict.better": "better",
    "verdict.worse": "worse",
    "verdict.same": "same for practical purposes",
    "verdict.unknown": "not enough runs to say",
    "claim.intro": (
        "The report compares single runs on {n} test images. Around its {reported} at learning rate "
        "{lr}, the choice of these images alone leaves {span} (Wilson's 95 % interval): a figure in "
        "there may come from a network that is just as good."
    ),
    "claim.caption": "The report's figures, each against its {reported} at learning rate {lr}",
    "claim.images": "More images right, of {n}",
    "claim.interval": "Difference in points (95 % interval)",
    "claim.verdict": "Verdict",
    "claim.within": "within the noise",
    "claim.beyond": "more than noise",
    "claim.note": (
        "The intervals are Newcombe's, for two separate samples of images. Both runs saw the same "
        "images, so a comparison image by image could be sharper; it needs single answers, which the "
        "report does not give. The luck of the seed comes on top."
    ),
    "predict.intro": (
        "The report's figures are single runs, judged on {n} images. So this is what one more run of "
        "ours, judged on {n} images, would come out as in 95 of 100 cases: the luck of the seed and that "
        "of the images together."
    ),
    "predict.one_seed": (
        "With one seed, the luck of the seed is not in these intervals: they come from the number of "
        "images alone and are too narrow."
    ),
    "predict.caption": "The report's figures, and where one run on {n} images may come out",
    "predict.interval": "One run of ours (95 %)",
    "predict.verdict": "The report's figure",
    "predict.inside": "as expected of one run",
    "predict.outside": "not expected of one run",
    "predict.rule": (
        "Prediction interval: mean ± t √(s²(1 + 1/k) + p(1 - p)/n), with the variance s² of k seeds on "
        "all test images, degrees of freedom after Welch and Satterthwaite; with one seed, Wilson's "
        "interval."
    ),
    # any runs side by side
    "compare.title": "Side by side",
    "compare.caption": "Accuracy on all test images; one dot is one run.",
    "compare.table": "Compared on {n} held-out images, by seed",
    "compare.experiment": "Experiment",
    "compare.difference": "Difference from “{first}”, in points",
    "compare.curves": "Learning curves, all on the same axes.",
    "compare.filters": "{network}: trained filters ({parameter}) side by side, on one colour scale.",
    # what excites a filter
    "excitement.title": "What excites a filter",
    "excitement.intro": (
        "For each filter, the nine places of test images to which it responds most, at most one from "
        "each image. What these nine have in common is what the filter looks for."
    ),
    "excitement.caption": (
        "{network}: the nine patches that excite each filter of {parameter} most ({run})."
    ),
    # mistakes
    "mistakes.title": "Mistakes",
    "mistakes.intro": (
        "Of each network, the first seed's run with the most training images, on all test images."
    ),
    "mistakes.network": "{network}, {images} training images",
    "mistakes.counted": "Seed {seed}: {wrong} of {tests} test images are wrong.",
    "matrix.caption": "Confusion matrix: the darker, the more frequent the mistake",
    "matrix.corner": "right answer ↓ network's answer →",
    "class.caption": "Accuracy by class; the bars begin at {floor}",
    "class.name": "Class",
    "class.images": "Test images",
    "class.wrong": "Wrong",
    "class.accuracy": "Accuracy",
    "class.interval": "95 % interval (Wilson)",
    "gallery.caption": "The {n} mistakes that the network was surest about",
    "gallery.caption.one": "The network's only mistake",
    "gallery.text": "{right} taken for {given}",
    "gallery.note": "{sure} sure; test image {index}",
    "gallery.alt": "Test image {index}; the right answer is {right}.",
    # limits
    "limits.title": "What this cannot tell you",
    "limits.quick": "These runs are a quick look: too few images and epochs for any conclusion.",
    "limits.one_seed": (
        "How much another seed would change: where there is one seed, nothing here shows it."
    ),
    "limits.seeds": "Small differences: {n} seeds show how large luck is, but hardly what lies below it.",
    "limits.test_images": (
        "How it would be on other images of the same kind: {accuracy} on {head} images leaves {span} "
        "open (Wilson's 95 % interval of {network}'s first run), all {tests} images still {span_all}."
    ),
    "limits.choice": (
        "How good the report's chosen learning rate really is: {rates} were compared on the test images "
        "themselves, and the best of several figures is a little too good. Here, choices are made on "
        "held-out training images."
    ),
    "limits.more_updates": (
        "Whether more data or more training did it: on the full set, {network} also makes more updates "
        "({full} instead of {small})."
    ),
    "limits.protocol": (
        "Whether the report's own figures would come again: the book's code, which it uses, draws its "
        "batches at random with repeats; here every epoch is one shuffled pass. Expect similar figures, "
        "not equal ones."
    ),
    "limits.data": "How these networks do on anything else: all images here are from {data}.",
    "limits.filters": (
        "Why a network decides as it does: pictures of filters show what is there, they do not explain a "
        "decision."
    ),
    # how this was made
    "making.title": "How this was made",
    "making.again": "To make this page again:",
    "making.runs": "All {n} runs; training and evaluation took {total} together",
    "making.runs.one": "The one run; training and evaluation took {total}",
    "making.run": "Run",
    "making.seed": "Seed",
    "making.id": "Run id",
    "making.time": "Time",
    "making.step": "ms per update",
    "making.run_id": (
        "The run id is computed from all that decides a run's numbers, its seed included. Run a command "
        "again and compare: the same id is the same experiment."
    ),
    "making.verify": (
        "To verify a result: run its command (or everything above) again on any machine and compare. The "
        "run id must be the same; with the same version, the numbers agree but for the last digits that "
        "processors round differently. The data are checked by the SHA-256 below; each run's folder "
        "holds its weights, its answers to every test image and its loss at every update, readable "
        "without convlens."
    ),
    "making.machine": "Versions and machine",
    "making.system": "System",
    "making.threads": "Processors",
    "making.seeds": "Seeds",
    "making.data": "Data",
    "making.digests": "{data}; SHA-256 of each file's decompressed content:",
}
