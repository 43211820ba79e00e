"""Checks a run's folder against itself and its data, believing none of it. Must not know figures.

What one file says is computed again from another: the first weights from the seed, scores from the last
weights by the readable layers, accuracies from scores. Only training again shows that these weights come
from this training; then everything that the folder holds is compared.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import ConvlensError, RunError
from convlens.interrupts import heed
from convlens.networks import Network
from convlens.runs.data import Part
from convlens.runs.epochs import FOLDER as EPOCHS
from convlens.runs.folder import Run
from convlens.runs.make import train_run
from convlens.runs.networks import network_of
from convlens.runs.pieces import are_same
from convlens.runs.told import data_reference
from convlens.runs.words import words_in
from convlens.training.callbacks import Callback
from convlens.words import Words

__all__ = ["SAME_ACCURACY", "TOLERANCE", "Check", "verify_run"]

TOLERANCE = 1e-4
"""Scores agree: they differ by at most this share of the largest one, as sums in another order do."""

SAME_ACCURACY = 0.01
"""Other versions or another processor round differently; then test accuracies may differ by so much."""


_ON_THE_EDGE = 1.5  # images that rounding may turn


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what, in a word or two.
        passed: it is as recorded.
        told: what was found, in a sentence.
    """

    name: str
    passed: bool
    told: str


@as_annotated
def verify_run(
    run: Run | str | Path,
    *,
    retrain: bool = False,
    say: Callable[[str], None] = lambda _: None,
    callbacks: Sequence[Callback] = (),
    lang: str = "en",
) -> Iterator[Check]:
    """Yield what each check found, as soon as it is done.

    Args:
        run: the folder, or its path.
        retrain: train again, too, in a temporary folder.
        say: told what is being done where that takes more than a moment.
        callbacks: hear what happens while it is trained again.
        lang: of what is said; errors are said in English.

    Raises:
        UsageError: there is no such language.
    """
    run, words = run if isinstance(run, Run) else Run(run), words_in(lang)
    for name, check in _CHECKS.items():
        heed()
        if name == "predictions":
            say(words("doing.predictions"))
        yield _checked(words(f"check.{name}"), check, run, words)
    if retrain:
        say(words("doing.again"))
        check = partial(_trained_again, callbacks=callbacks)
        yield _checked(words("check.again"), check, run, words)


class _Differs(Exception):  # noqa: N818 (a finding, not an error)
    """Something is not as recorded."""


def _checked(name: str, check: Callable[[Run, Words], str], run: Run, say: Words) -> Check:
    try:
        return Check(name, passed=True, told=check(run, say))
    except (_Differs, ConvlensError) as found:  # what cannot be read has not passed
        return Check(name, passed=False, told=str(found).rstrip("."))
    except (AttributeError, KeyError, TypeError, ValueError) as found:  # nor has what is another thing
        return Check(name, passed=False, told=f"run.json does not say what it should ({found!r})")


def _require(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise _Differs(otherwise)


def _config(run: Run, say: Words) -> str:
    """The run id is the hash of the config that is recorded, and the seeds are the config's."""
    config = replace(run.config, data=run.data_source)
    _require(
        run.run_id == config.run_id, f"the config has the id {config.run_id}, recorded is {run.run_id!r}"
    )
    if run.origin == "trained":
        wanted, found = {"initial weights": run.seed, "order": run.seed}, run.about.get("seeds")
        rule = f"run.json does not say that all seeds are the config's, {run.seed}"
        _require(are_same(found, wanted), rule)
    return say("found.config", run_id=run.run_id)


def _files(run: Run, say: Words) -> str:
    """Every file, and no other, has the size and SHA-256 that run.json says; each epoch is told of."""
    run.require_whole()
    # A run's kinds of files; what else lies there is the user's.
    kinds = ("*.safetensors", "*.jsonl", f"{EPOCHS}/*") if run.files else ()
    there = {path.relative_to(run.folder).as_posix() for kind in kinds for path in run.folder.glob(kind)}
    others = sorted(there - run.files.keys())
    _require(not others, f"run.json does not tell of {others[:1]}, which lies in the folder")
    if run.origin == "imported":
        return say("found.files_imported", n=len(run.files))
    key = "found.files" if run.files else "found.files_format_1"
    return say(key, n=len(run.files), epochs=str(run.config.epochs))


def _data(run: Run, say: Words) -> str:
    """The data have the recorded SHA-256, and are called, cut and scaled as is recorded."""
    data, said = run.data, run.about["data"]
    reference = data_reference(run.config, data)
    wrong = [name for name in ("name", "split", "class_names") if said.get(name) != reference[name]]
    _require(not wrong, f"run.json says another {' and '.join(wrong)} than {data.name} has")
    _require(run.channels == data.channels, f"run.json says other channels than {data.name} has")
    return say("found.data", name=data.name, n=len(data.sha256))


def _first_weights(run: Run, say: Words) -> str:
    """The seed gives the initial weights, bit by bit."""
    if run.origin == "imported":
        return say("found.imported")
    fresh, recorded = network_of(run.spec, run.seed, "layers"), _weights(run, "initial")
    difference = float(np.abs(fresh.params.vector - recorded.params.vector).max())
    _require(
        difference == 0, f"initial.safetensors is not what seed {run.seed} gives: off by {difference:.3g}"
    )
    return say("found.first_weights", seed=str(run.seed))


def _filters(run: Run, say: Words) -> str:
    """The weights of all kept epochs are finite; in format 1 the filters begin and end with the weights'."""
    if run.files:
        for epoch in run.kept_epochs:
            finite = np.isfinite(run.network(epoch).params.vector).all()
            _require(bool(finite), f"the weights of epoch {epoch} are not all finite")
        return say("found.filters", n=len(run.kept_epochs))
    for which, place in (("initial", 0), ("final", -1)):
        params = _weights(run, which).params
        wrong = [
            name for name, stack in run.filters.items() if not np.array_equal(stack[place], params[name])
        ]
        _require(not wrong, f"filters.safetensors and {which}.safetensors differ in {', '.join(wrong)}")
    return say("found.filters_format_1")


def _predictions(run: Run, say: Words) -> str:
    """The last weights give the recorded scores again."""
    network, largest = _weights(run, "final"), 0.0
    for name, part in _parts(run).items():
        recorded = _scores(run, name)
        found = network.predict(part.x)
        off = float(np.abs(found - recorded).max() / max(np.abs(found).max(), 1e-30))
        _require(off <= TOLERANCE, f"the {name} scores are off by {off:.2g} of the largest one")
        largest = max(largest, off)
    return say("found.predictions", off=f"{largest:.1g}", most=f"{TOLERANCE:g}")


def _accuracy(run: Run, say: Words) -> str:
    """The recorded scores give the recorded accuracies."""
    head = run.data.split.test_head
    for name, key, n_key, n in (
        ("test", "test_accuracy", "n_test", None),
        ("test", "test_accuracy_head", "test_head", head),
        ("validation", "validation_accuracy", "n_validation", None),
    ):
        part = _parts(run).get(name)
        if part is None:
            continue
        right = _scores(run, name).argmax(axis=1)[:n] == part.t[:n]
        share, recorded = float(right.mean()), run.results.get(key)
        _require(recorded == share, f"run.json says {key} = {recorded}, the scores say {share}")
        told = run.results.get(n_key)
        _require(told == len(right), f"run.json says {n_key} = {told}, there are {len(right)}")
    train = run.data.train.head(head)
    share, recorded = _weights(run, "final").accuracy(train.x, train.t), run.results["train_accuracy_head"]
    off = abs(share - recorded) * len(train)  # of an image on the edge sums in another order may decide
    _require(off <= _ON_THE_EDGE, f"run.json says train_accuracy_head = {recorded}, the weights say {share}")
    return say("found.accuracy")


def _last_epoch(run: Run, say: Words) -> str:
    """The curves end where the scores are."""
    if run.origin == "imported":
        return say("found.imported")
    for name, part in {"train": run.data.train, **_parts(run)}.items():
        told, judged = run.curve(name).n_samples, min(run.config.evaluate_samples, len(part))
        _require(
            told == judged, f"history.jsonl says {told} {name} images, {judged} were judged at an epoch's end"
        )
    if run.spec.protocol == "book":
        return say("found.last_epoch_book")
    for name, part in _parts(run).items():
        curve, n = run.curve(name), run.config.evaluate_samples
        share = float(np.mean(_scores(run, name).argmax(axis=1)[:n] == part.t[:n]))
        _require(
            curve.accuracy[-1] == share,
            f"history.jsonl ends with {name} accuracy {curve.accuracy[-1]}, the scores say {share}",
        )
    return say("found.last_epoch")


def _trained_again(run: Run, say: Words, callbacks: Sequence[Callback]) -> str:
    """The same training gives the same weights."""
    if run.origin == "imported":
        return say("found.again_imported")
    with tempfile.TemporaryDirectory(prefix="convlens-verify-") as folder:
        config = replace(run.config, data=run.data_source)
        again = train_run(config, Path(folder) / "run", run.command, callbacks, data=run.data)
        fresh, recorded = (_weights(one, "final").params.vector for one in (again, run))
        if np.array_equal(fresh, recorded):
            same = (Path(folder) / "run" / "history.jsonl").read_bytes()
            _require(
                same == (run.folder / "history.jsonl").read_bytes(),
                "the weights are equal, the losses are not",
            )
            return say("found.again")
        off = float(np.abs(fresh - recorded).max())
        ours, theirs = again.results["test_accuracy"], run.results["test_accuracy"]
        others = _other_versions(run, again, say)
    accuracies = {"ours": say.percent(ours, 2), "theirs": say.percent(theirs, 2)}
    found = say("found.weights_differ", off=f"{off:.2g}", **accuracies)
    is_near = bool(others) and abs(ours - theirs) <= SAME_ACCURACY
    _require(is_near, f"{found}{others or say('found.nothing_else')}")
    return say("found.again_near", found=found, others=others)


def _other_versions(run: Run, again: Run, say: Words) -> str:
    """Say what else is different."""
    then, now = run.about.get("versions", {}), again.about["versions"]
    changed = [name for name in now if then.get(name) != now[name]]
    return "".join(
        say("found.version", name=name, then=repr(then.get(name)), now=repr(now[name])) for name in changed
    )


_CHECKS: dict[str, Callable[[Run, Words], str]] = {
    "config": _config,
    "files": _files,
    "data": _data,
    "first_weights": _first_weights,
    "filters": _filters,
    "predictions": _predictions,
    "accuracy": _accuracy,
    "last_epoch": _last_epoch,
}


def _parts(run: Run) -> dict[str, Part]:
    """Return the parts of the data that all scores are recorded of."""
    held_out = {} if run.data.validation is None else {"validation": run.data.validation}
    return {"test": run.data.test, **held_out}


def _scores(run: Run, name: str) -> Array:
    scores, wanted = run.predictions.get(name), (len(_parts(run)[name]), run.spec.n_classes)
    if scores is None or scores.shape != wanted or not np.isfinite(scores).all():
        raise RunError(
            f"predictions.safetensors does not hold {wanted[0]:,} x {wanted[1]} finite {name} scores."
        )
    return scores


def _weights(run: Run, which: str) -> Network:
    """Return the network of readable layers with its "initial" or "final" weights."""
    network = network_of(run.spec, run.seed, "layers")
    network.load_params(run.folder / f"{which}.safetensors")
    return network
