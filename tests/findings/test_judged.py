"""Answers of a run's network, and what its held-out images say of them."""

import json
import shutil

import numpy as np
import pytest

from convlens import Network, Run
from convlens.data.seen import Doubt
from convlens.errors import RunError, ShapeError, UsageError
from convlens.findings import Classifier, Lacking
from convlens.networks import read_arrays, write_arrays
from looked_into import FLAT, SMALL, trained
from small_sets import write_small_set


@pytest.fixture(scope="module")
def run(folder):
    """A run that is right three times out of four, with 10,000 images held out."""
    return trained(folder, SMALL, batch_size=10, epochs=3)


@pytest.fixture(scope="module")
def classifier(run):
    """It makes a rough promise."""
    return Classifier(run, 0.2)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A run of one's own data: 50 pictures, 10 held out."""
    from convlens.runs import RunConfig, train_run
    from convlens.spec import Affine, NetworkSpec

    folder = tmp_path_factory.mktemp("own")
    network = NetworkSpec("own", (1, 6, 6), (Affine(10),))
    config = RunConfig(network, str(write_small_set(folder / "data")), train_size=40, epochs=1, batch_size=20)
    return train_run(config, folder / "run", "convlens")


def test_an_answer_is_the_networks_with_probabilities_that_are_true(run, classifier):
    """The class is the network's own; called so and so sure, it is right about as often."""
    test = run.data.test
    judged = classifier.classify(test.x[:5000])
    numbers = np.array([one.answer.number for one in judged])
    assert (numbers == run.network().predict(test.x[:5000]).argmax(axis=1)).all()
    sure = np.array([one.answer.probability for one in judged])
    right = numbers == test.t[:5000]
    assert abs(sure.mean() - right.mean()) < 0.05
    assert {one.answer.name for one in judged} <= set("0123456789")


def test_what_is_not_called_unsure_is_as_right_as_promised(run, classifier):
    """On the test images, which nothing was chosen on; and some are unsure.

    MNIST's even images are of other hands than its odd ones: halves that took turns would promise too much.
    """
    test = run.data.test
    judged = classifier.classify(test.x)
    given = [(one.answer.number == t) for one, t in zip(judged, test.t, strict=True) if not one.is_unsure]
    assert 0 < len(given) < len(judged)
    assert np.mean(given) >= 0.8


@pytest.mark.parametrize("kind", ["noise", "inverted", "white"])
def test_what_is_no_digit_is_unlike(run, classifier, kind):
    """And of the test images hardly one is."""
    digits = run.data.test.x[:500]
    noise = np.random.default_rng(0).integers(0, 256, digits.shape).astype(np.uint8)
    pictures = {"noise": noise, "inverted": 255 - digits, "white": np.full_like(digits, 255)}[kind]
    assert all(one.doubts == (Doubt.UNLIKE,) for one in classifier.classify(pictures))
    assert sum(one.is_strange for one in classifier.classify(digits)) <= 5


def test_without_held_out_images_nothing_is_promised(folder):
    """Where every image was trained on: the plain softmax, no word of unsure; unlike is told all the same."""
    run = trained(folder, FLAT, train_size=60_000, epochs=1, batch_size=5_000)
    classifier = Classifier(run)
    (judged,) = classifier.classify(run.data.test.x[:1])
    assert (classifier.lacking, classifier.temperature) == (Lacking.HELD_OUT, 1.0)
    assert (judged.is_unsure, judged.doubts) == (None, ())
    powers = np.exp(run.network().predict(run.data.test.x[:1])[0].astype(float))
    assert judged.answer.probabilities == pytest.approx(powers / powers.sum())


def test_where_the_data_are_gone_the_network_still_answers(small, tmp_path):
    """A run that was sent without its data."""
    folder = shutil.copytree(small.folder, tmp_path / "sent")
    told = json.loads((folder / "run.json").read_text())
    told["data"]["source"] = str(tmp_path / "nowhere")
    (folder / "run.json").write_text(json.dumps(told))
    classifier = Classifier(Run(folder))
    (judged,) = classifier.classify(np.zeros((1, 1, 6, 6), np.uint8))
    assert classifier.lacking is Lacking.DATA
    assert (judged.is_unsure, judged.doubts) == (None, ())


def test_ten_held_out_images_are_too_few(small):
    """Nothing is learned from them, and nothing is promised."""
    classifier = Classifier(small)
    assert (classifier.lacking, classifier.promise) == (Lacking.HELD_OUT, None)


def test_scores_of_other_images_are_noticed(run, tmp_path):
    """A folder whose scores are cut says so, in one line."""
    folder = shutil.copytree(run.folder, tmp_path / "cut")
    scores = read_arrays(folder / "predictions.safetensors")
    write_arrays(folder / "predictions.safetensors", {**scores, "validation": scores["validation"][:-1]})
    with pytest.raises(RunError, match="does not hold each held-out image's scores"):
        Classifier(Run(folder)).classify(np.zeros((1, 1, 28, 28), np.uint8))


def test_an_imported_run_without_such_scores_promises_nothing(run, tmp_path):
    """Weights that somebody else trained: nobody kept what they say of held-out images."""
    folder = shutil.copytree(run.folder, tmp_path / "imported")
    scores = read_arrays(folder / "predictions.safetensors")
    write_arrays(folder / "predictions.safetensors", {"test": scores["test"]})
    classifier = Classifier(Run(folder))
    (judged,) = classifier.classify(np.zeros((1, 1, 28, 28), np.uint8))
    assert (classifier.lacking, classifier.temperature) == (Lacking.HELD_OUT, 1.0)
    assert judged.is_unsure is None


@pytest.mark.parametrize(
    ("pictures", "error"),
    [
        (np.zeros((1, 1, 28, 27), np.uint8), ShapeError),
        (np.zeros((1, 1, 28, 28), np.float32), UsageError),
        (np.full((1, 1, 28, 28), 256), UsageError),
        (np.zeros((28, 28), np.uint8), ShapeError),
    ],
)
def test_what_cannot_be_classified(classifier, pictures, error):
    """Bytes of the network's shape, and nothing else."""
    with pytest.raises(error):
        classifier.classify(pictures)


def test_no_pictures_make_no_answers(classifier):
    """An empty batch is none too few."""
    assert classifier.classify(np.zeros((0, 1, 28, 28), np.uint8)) == []


def test_a_runs_weights_open_as_the_network_that_they_are(run):
    """`Network.load` needs nothing but the file: the spec is in it; classes have their numbers."""
    pictures = run.data.test.x[:20]
    loaded = Network.load(run.folder / "final.safetensors")
    assert (loaded.predict(pictures) == run.network().predict(pictures)).all()
    first = loaded.classify(pictures)[0]
    assert (first.name, first.best(2)[0]) == (str(first.number), first.number)
    assert first.probabilities.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"temperature": 0}, "`temperature` of classify must be from 0.001 to 1,000. Got 0."),
        ({"temperature": "hot"}, "`temperature` of classify must be"),
        ({"class_names": ["a"]}, "`class_names` of classify must be 10 texts"),
        ({"class_names": "abcdefghij"}, "`class_names` of classify must be 10 texts"),
    ],
)
def test_nonsense_is_refused(run, given, said):
    """In one line that names the argument."""
    with pytest.raises(UsageError, match=said):
        run.network().classify(run.data.test.x[:1], **given)


def test_a_hotter_network_is_less_sure_of_the_same(run):
    """A temperature changes no answer."""
    network, pictures = run.network(), run.data.test.x[:50]
    cold, hot = (network.classify(pictures, temperature=heat) for heat in (1, 3))
    assert [one.number for one in cold] == [one.number for one in hot]
    assert all(a.probability > b.probability for a, b in zip(cold, hot, strict=True))
