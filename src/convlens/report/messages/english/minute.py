"""In one minute, results at a glance, and what these cannot tell, in English."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "minute.title": "In one minute",
    "minute.what": (
        "Trained: {networks}, on the first {images} training images of {data} (classes {classes}). Examined: "
        "on {tests} test images that nothing was trained on."
    ),
    "minute.result_one": (
        "{network} at learning rate {lr} is wrong on {wrong} of the first {head} test images and on "
        "{wrong_all} of all {tests} (one seed)."
    ),
    "minute.result": (
        "{network} at learning rate {lr} is wrong on {wrong} of the first {head} test images ({span}) and on "
        "{wrong_all} of all {tests} ({span_all}): means over {seeds} seeds, in brackets from the best to the "
        "worst."
    ),
    "minute.more_data_helped": (
        "{factor} times the data ({images} images) brought {network} from {before} mistakes on the {tests} "
        "test images down to {after}: about {tenths} of 10 mistakes are gone."
    ),
    "minute.more_data_alike": (
        "{factor} times the data ({images} images) brought {network} no clear gain: {after} mistakes on the "
        "{tests} test images, {before} before."
    ),
    "minute.memorising": (
        "After epoch {epoch}, {network} on {images} images still improves on its training images (loss "
        "{train} to {train_last}) but hardly on the test images (loss {test} to {test_last}): it is "
        "memorising (overfitting)."
    ),
    "minute.memorising_worse": (
        "After epoch {epoch}, {network} on {images} images still improves on its training images (loss "
        "{train} to {train_last}) while it gets worse on the test images (loss {test} to {test_last}): it is "
        "memorising (overfitting)."
    ),
    "minute.gap": (
        "{network}: training accuracy minus test accuracy grew from {before} points after epoch {early} to "
        "{after} after epoch {epochs}. More and more of what it learns holds for its training images only."
    ),
    "minute.rates_one_seed": (
        "{n} learning rates were tried with one seed each. That shows what can come out, not which one is "
        "best."
    ),
    "minute.rates_differ": (
        "Learning rates: {told} than {base}, by more than the luck of {seeds} seeds explains."
    ),
    "minute.rates_better": "{rates} did better",
    "minute.rates_worse": "{rates} did worse",
    "minute.rates_both": "{better} and {worse}",
    "minute.rates_alike": (
        "Learning rates: with {seeds} seeds, none can be called better or worse than {base}."
    ),
    "minute.report_agrees": (
        "The report's {reported} for {network} comes from one run, judged on {n_images} images. On other "
        "images of the same kind, the same network might have scored anything from {span} (the luck of the "
        "seed widens this). Our {ours} lies within that."
    ),
    "minute.report_differs": (
        "The report's {reported} for {network} comes from one run, judged on {n_images} images. On other "
        "images of the same kind, the same network might have scored anything from {span} (the luck of the "
        "seed widens this). Our {ours} lies outside that."
    ),
    "minute.silent": (
        "{network}, {train} training images: {n} of the {all} filters in {layer} react to none of the first "
        "{images} test images."
    ),
    "minute.silent.one": (
        "{network}, {train} training images: one of the {all} filters in {layer} reacts to none of the first "
        "{images} test images."
    ),
    "minute.twins": (
        "{network}, {train} training images: {n} of the {all} filters in {layer} have a twin, a filter "
        "that looks for the same thing."
    ),
    "minute.none_odd": (
        "{network}, {train} training images: every filter reacts to some of the first {images} test images, "
        "and no two look for the same thing."
    ),
    "minute.confused": (
        "{network}, {images} training images: the most frequent mistake is {right} taken for {given}, {n} "
        "times."
    ),
    "minute.confused.one": (
        "{network}, {images} training images: no mistake comes twice; one is {right} taken for {given}."
    ),
    "results.title": "Results at a glance",
    "results.caption": "Test accuracy: ours, and the report's beside it",
    "results.caption_ours": "Test accuracy",
    "results.network": "Network",
    "results.images": "Training images",
    "results.epochs": "Epochs",
    "results.lr": "Learning rate",
    "results.head": "Ours, first {n} test images",
    "results.all": "Ours, all {n} test images",
    "results.head_alone": "First {n} test images",
    "results.all_alone": "All {n} test images",
    "results.seeds": "Seeds",
    "results.reported": "The report",
    "results.seeds_in": "{n} of {all}",
    "results.not_in": "not in yet",
    "results.single": "Each figure is one run with one seed: another seed would give another figure.",
    "results.several": "Where there are several seeds: their mean, and below it the lowest and the highest.",
    "results.reported_note": (
        "The report's figures are single runs, judged on the first {head} test images; — where it states "
        "none."
    ),
    "limits.title": "What this cannot tell you",
    "limits.quick": "These runs are a quick look: too few images and epochs for any conclusion.",
    "limits.one_seed": "How much another seed would change: where there is one seed, nothing here shows it.",
    "limits.seeds": "Small differences: {n} seeds show how large luck is, but hardly what lies below it.",
    "limits.test_images": (
        "How it would be on other images of the same kind: {accuracy} on {head} images leaves {span} open "
        "(Wilson's 95 % interval of {network}'s first run), all {tests} images still {span_all}."
    ),
    "limits.choice": (
        "How good the report's chosen learning rate really is: {rates} learning rates were compared on the "
        "test images themselves, and the best of several figures is a little too good. Here, choices are "
        "made on held-out training images."
    ),
    "limits.more_updates": (
        "Whether more data or more training did it: the full set also brings more updates, {updates}."
    ),
    "limits.updates": "{full} instead of {small} for {network}",
    "limits.protocol": (
        "Whether the report's own figures would come again: the book's code, which it uses, draws its "
        "batches at random with repeats; here every epoch is one shuffled pass. Expect similar figures, not "
        "equal ones."
    ),
    "limits.data": "How these networks do on anything else: all images here are from {data}.",
    "limits.filters": (
        "Why a network decides as it does: pictures of filters show what is there, they do not explain a "
        "decision."
    ),
}
