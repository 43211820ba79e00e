"""A ConvNet among scikit-learn's classifiers: pictures, labels, weights, pipelines and copies."""

import importlib
import io
import pickle
import sys

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import joblib
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from convlens import spec
from convlens.errors import DivergedError, MissingExtraError, ShapeError, SpecError, UsageError
from convlens.interop import Exported, export_onnx
from convlens.networks import Network
from convlens.sklearn import ConvNetClassifier
from convlens.training import Trainer

ROWS, DIGITS = (array[:200] for array in load_digits(return_X_y=True))
X = (ROWS / 16).astype(np.float32)
SMALL = spec.NetworkSpec(
    "Small", (1, 8, 8), (spec.Convolution(4, 3), spec.Relu(), spec.Pooling(2), spec.Affine(10)), "he"
)


def small(**changes):
    """A classifier of milliseconds."""
    usual = {"epochs": 3, "learning_rate": 0.01, "engine": "layers", "random_state": 0}
    return ConvNetClassifier(**{"network": SMALL, **usual, **changes})


def test_it_learns():
    """By itself, on the engine: digits of 8x8 pixels, given as rows."""
    model = ConvNetClassifier(epochs=15, learning_rate=0.005, random_state=0).fit(X, DIGITS)
    assert model.score(X, DIGITS) > 0.9
    assert (model.input_shape_, model.n_features_in_, model.n_iter_) == ((1, 8, 8), 64, 15)
    assert model.network_.spec.name == "SimpleConvNet"
    assert model.network_.engine == "fused"
    assert len(model.loss_curve_) == 15
    assert model.loss_curve_[-1] < 0.5 * model.loss_curve_[0]


@pytest.mark.parametrize("shape", [(8, 8), (1, 8, 8), (64,)], ids=str)
@pytest.mark.parametrize("asked", [None, (8, 8), [1, 8, 8]], ids=str)
def test_pictures_of_every_shape(shape, asked):
    """Rows, grey pictures and pictures with channels are the same, whether their shape is told or not."""
    pictures = X.reshape(-1, *shape)
    expected = small().fit(X, DIGITS).predict_proba(X)
    found = small(input_shape=asked).fit(pictures, DIGITS).predict_proba(pictures)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("pictures", "asked", "shape"),
    [
        (X[:, :63], (3, 7, 3), (3, 7, 3)),
        (X[:, :63].reshape(-1, 7, 9), None, (1, 7, 9)),
        (X[:, :48].reshape(-1, 3, 4, 4), None, (3, 4, 4)),
        (X[:, :63], None, (1, 1, 63)),
        (X[:, :49].tolist(), None, (1, 7, 7)),
    ],
    ids=["rows of colour", "not square", "colour", "no picture", "lists"],
)
def test_which_shape_it_is(pictures, asked, shape):
    """The one that is asked for, its own, a square, or a row; small ones have one hidden layer."""
    model = ConvNetClassifier(input_shape=asked, epochs=1, engine="layers").fit(pictures, DIGITS)
    assert model.input_shape_ == shape
    assert model.network_.spec.name == "Perceptron"
    assert model.predict(pictures).shape == DIGITS.shape


@pytest.mark.parametrize(
    "labels",
    [np.array(["영", "one", "two"]), np.array([-5, 7, 100]), np.array([0.0, 1.0, 2.0]), [True, False, True]],
    ids=["texts", "integers", "whole floats", "two"],
)
def test_labels_of_every_kind(labels):
    """They come back as they were given, and `predict_proba` is in the order of `classes_`."""
    y = np.asarray(labels)[DIGITS % 3]
    model = small().fit(X, y)
    assert set(model.predict(X)) <= set(labels)
    assert model.classes_.tolist() == sorted(set(labels))
    np.testing.assert_array_equal(model.classes_[model.predict_proba(X).argmax(axis=1)], model.predict(X))
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)


def test_bytes_are_scaled_and_nothing_else_is():
    """Uint8 is 0 to 255; the same numbers as integers or floats are taken as they are, and looked at."""
    pictures = (X * 255).astype(np.uint8)
    expected = small().fit(pictures.astype(np.float32) / np.float32(255), DIGITS).predict_proba(X)
    np.testing.assert_allclose(small().fit(pictures, DIGITS).predict_proba(X), expected, atol=1e-5)
    for dtype in (np.float64, np.int64):
        with pytest.warns(ConvergenceWarning, match="X holds floats up to 255, .*: X / 255 usually"):
            found = small().fit(pictures.astype(dtype), DIGITS).predict_proba(X)
        assert np.abs(found - expected).max() > 0.01


@pytest.mark.parametrize("network", ["speedrun.toml", "lenet", "simple", SMALL], ids=str)
def test_which_network_it_is(network, tmp_path):
    """A file, a name or a spec, made fit for the pictures and the classes."""
    if network == "speedrun.toml":
        (tmp_path / network).write_text(spec.to_toml(spec.speedrun()), encoding="utf-8")
        network = tmp_path / network
    pictures = np.zeros((6, 3, 28, 14), np.uint8)
    model = ConvNetClassifier(network, epochs=1, engine="layers").fit(pictures, [0, 1, 2] * 2)
    made = model.network_.spec
    assert (made.input_shape, made.n_classes) == ((3, 28, 14), 3)
    assert made.layers[:-1] == (network if network is SMALL else spec.find(network)).layers[:-1]


def test_weights_of_classes_are_weights_of_samples():
    """By label, or "balanced"; both kinds together are multiplied."""
    y, own = np.array(["a", "b"])[(DIGITS > 2).astype(int)], 1 + DIGITS % 2
    by_class = np.where(y == "a", 5.0, 1.0)
    share = np.where(y == "a", (y == "a").mean(), (y == "b").mean())
    for class_weight, weights in (({"a": 5}, by_class), ("balanced", 1 / share)):
        found = small(class_weight=class_weight).fit(X, y, own).predict_proba(X)
        np.testing.assert_allclose(found, small().fit(X, y, own * weights).predict_proba(X), atol=1e-5)
    plain, heavy = (small(class_weight=w).fit(X, y).predict_proba(X)[:, 0].mean() for w in (None, {"a": 50}))
    assert heavy > plain + 0.1


def test_training_ends_when_nothing_gets_better():
    """The parameters are those of the best epoch, and the share that is held out is not trained on."""
    asked = {"early_stopping": True, "validation_fraction": 0.2, "n_iter_no_change": 2, "tol": 0.01}
    model = small(epochs=60, **asked).fit(X, DIGITS)
    scores = model.validation_scores_
    best = int(np.argmax(scores))
    assert model.n_iter_ == len(scores) == len(model.loss_curve_) < 60
    assert model.best_validation_score_ == scores[best]
    assert max(scores[-3:]) < max(scores[:-3]) + 0.01
    again = small(epochs=best + 1, **asked).fit(X, DIGITS)
    np.testing.assert_array_equal(model.network_.params.vector, again.network_.params.vector)
    weights = np.where(DIGITS < 8, 1.0, 0.0)
    weighted = small(**asked).fit(X, DIGITS, weights)
    assert weighted.validation_scores_ != scores[:3]


@pytest.mark.parametrize(
    "kept",
    [
        lambda model: pickle.loads(pickle.dumps(model)),  # noqa: S301 (its own)
        lambda model: (joblib.dump(model, file := io.BytesIO()), file.seek(0), joblib.load(file))[-1],
        lambda model: clone(model).fit(X, DIGITS),
    ],
    ids=["pickle", "joblib", "clone"],
)
def test_a_copy_says_the_same(kept):
    """From a file, or trained again with the same random state."""
    model = small(dtype="float64").fit(X, DIGITS)
    np.testing.assert_array_equal(kept(model).predict_proba(X), model.predict_proba(X))


@pytest.mark.slow
def test_a_grid_over_pipelines_in_two_processes():
    """Scaling before it, settings of it, networks: in processes of their own."""
    grid = {"convnetclassifier__epochs": [1, 8], "convnetclassifier__network": ["simple", SMALL]}
    search = GridSearchCV(make_pipeline(MinMaxScaler(), small()), grid, cv=2, n_jobs=2).fit(ROWS, DIGITS)
    assert search.best_params_["convnetclassifier__epochs"] == 8
    assert search.score(ROWS, DIGITS) > 0.8


def test_what_was_trained_leaves_for_onnx(tmp_path):
    """The network is one of ours, with the labels as names of its classes."""
    runtime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed")
    model = small().fit(X, DIGITS)
    exported = Exported.of(model.network_, [str(label) for label in model.classes_])
    session = runtime.InferenceSession(export_onnx(exported, tmp_path / "m.onnx"))
    scores = session.run(None, {"pictures": X.reshape(-1, 1, 8, 8)})[0]
    np.testing.assert_array_equal(model.classes_[scores.argmax(axis=1)], model.predict(X))


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"network": "lenett"}, SpecError, "no network `lenett`"),
        ({"network": "lenet"}, SpecError, "LeNet, layer C3"),
        ({"input_shape": (4, 4)}, ShapeError, "that of `X`. Got .*64 numbers a picture"),
        ({"input_shape": 8}, ShapeError, "`input_shape` of ConvNetClassifier must be None"),
        ({"epochs": 0}, UsageError, "`epochs` of Trainer"),
        ({"batch_size": "all"}, UsageError, "`mini_batch_size` of Trainer"),
        ({"class_weight": dict.fromkeys(range(10), -1)}, UsageError, "`sample_weight` of ConvNetClassifier"),
        ({"validation_fraction": 2.0}, UsageError, "`validation_fraction` of .* below 1. Got 2.0"),
        ({"validation_fraction": 20}, UsageError, "`validation_fraction` of .* below 1. Got 20"),
        ({"n_iter_no_change": -1}, UsageError, "`n_iter_no_change` of ConvNetClassifier .* Got -1"),
        ({"n_iter_no_change": 2.5}, UsageError, "`n_iter_no_change` of ConvNetClassifier .* Got 2.5"),
        ({"tol": "small"}, UsageError, "`tol` of ConvNetClassifier .* Got 'small'"),
        ({"early_stopping": "no"}, UsageError, "`early_stopping` of .* True or False. Got 'no'"),
        (
            {"optimizer_param": {"lr": 0.1}},
            UsageError,
            "the learning rate is `learning_rate`. Got {'lr'",
        ),
        (
            {"optimizer_param": 0.9},
            UsageError,
            "`optimizer_param` of .* must be numbers by name",
        ),
        ({"optimizer_param": {"beta": 0.9}}, UsageError, "Adam takes lr, beta1.* Got beta"),
        ({"weight_decay": -1}, UsageError, "`weight_decay` of Adam must be 0 or more"),
        ({"clip_norm": -1}, UsageError, "`clip_norm` of Trainer"),
        ({"ema": 1}, UsageError, "`ema` of Trainer must be at least 0 and below 1"),
        ({"warm_up": 9}, UsageError, "`warm_up` of Trainer must be 0 to its epochs, 3"),
        ({"label_smoothing": 1}, UsageError, "`label_smoothing` of Trainer"),
        ({"augment": "shiift"}, UsageError, "shiift"),
        ({"learning_rate": 1e30}, DivergedError, "a smaller learning rate"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_does_not_fit(changes, error, said):
    """One line that names it; only when it is fitted, as scikit-learn wants it."""
    model = small(**changes)
    with pytest.raises(error, match=said):
        model.fit(X, DIGITS)


@pytest.mark.parametrize("kind", [list, tuple, np.ndarray.tolist, np.array], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("shape", [(8, 8), (1, 8, 8), (64,)], ids=str)
def test_pictures_in_lists(kind, shape):
    """A list of pictures is what an array of them is, at `fit` and at `predict`."""
    given = kind(X.reshape(-1, *shape)[:60])
    expected = small(epochs=1).fit(X[:60], DIGITS[:60]).predict(X[:60])
    found = small(epochs=1).fit(given, DIGITS[:60]).predict(given)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("given", [(4, 8, 2), (3, 5)], ids=str)
def test_pictures_of_several_sizes(given):
    """They are refused as scikit-learn refuses rows of several lengths."""
    with pytest.raises(ValueError, match="inhomogeneous"):
        small().fit([np.ones((side, side)) for side in given], range(len(given)))


@pytest.mark.parametrize("last", [(8, 8, 3), (32, 30, 1), (8, 6, 4)], ids=str)
def test_colours_on_the_last_axis(last):
    """Refused: a network that takes rows for channels learns, but badly; who means it can say so."""
    pictures = np.random.default_rng(0).random((20, *last), np.float32)
    with pytest.raises(ShapeError, match=r"must be \(N, C, H, W\), .*Give np.moveaxis\(X, -1, 1\)"):
        small(network=None).fit(pictures, DIGITS[:20])
    perceptron = spec.NetworkSpec("Perceptron", (1, 1, 64), (spec.Affine(10),), "he")
    assert small(network=perceptron, input_shape=last).fit(pictures, DIGITS[:20]).input_shape_ == last
    moved = small(network=perceptron).fit(np.moveaxis(pictures, -1, 1), DIGITS[:20])
    assert moved.input_shape_ == (last[2], *last[:2])


def test_pictures_of_another_shape_than_before():
    """As many numbers are not enough."""
    model = small().fit(X, DIGITS)
    with pytest.raises(ShapeError, match=r"must be pictures of \(1, 8, 8\), as at `fit`. Got \(4, 4, 4\)"):
        model.predict(X.reshape(-1, 4, 4, 4))


def test_without_scikit_learn(monkeypatch):
    """One line says how to get it, and it is an ImportError."""
    for name in [name for name in sys.modules if name.startswith("convlens.sklearn")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match=r'convlens.sklearn needs another .*".\[sklearn\]"') as caught:
        importlib.import_module("convlens.sklearn")
    assert isinstance(caught.value, ImportError)


@pytest.mark.parametrize(
    "given",
    [
        {"optimizer": "Momentum", "optimizer_param": {"momentum": 0.5}},
        {"optimizer": "AdamW", "weight_decay": 0.5},
        {"weight_decay": 0.1},
        {"clip_norm": 0.01},
        {"ema": 0.9},
        {"warm_up": 1.5, "schedule": "cosine"},
        {"label_smoothing": 0.2},
        {"augment": {"shift": 1}},
    ],
    ids=lambda given: next(reversed(given)),
)
def test_it_trains_as_a_trainer_does(given):
    """Whatever a Trainer is given beside pictures, with the same numbers; it matters, and a copy has it."""
    model = small(**given).fit(X, DIGITS)
    network = Network(SMALL, model.network_.seed, "layers")
    told = {"optimizer": "Adam", **given}
    told["optimizer_param"] = {"lr": 0.01, **told.get("optimizer_param", {})}
    few = X[:100].reshape(-1, 1, 8, 8), DIGITS[:100]
    pictures = X.reshape(-1, 1, 8, 8), DIGITS
    Trainer(network, *pictures, *few, 3, 100, seed=network.seed, verbose=False, **told).train()
    np.testing.assert_array_equal(model.network_.params.vector, network.params.vector)
    assert not np.array_equal(model.network_.params.vector, small().fit(X, DIGITS).network_.params.vector)
    assert clone(model).get_params() == model.get_params()


def test_the_average_is_judged_and_kept():
    """With early stopping the best epoch's average, not what was trained."""
    model = small(ema=0.9, early_stopping=True, validation_fraction=0.2).fit(X, DIGITS)
    plain = small(early_stopping=True, validation_fraction=0.2).fit(X, DIGITS)
    assert model.best_validation_score_ == max(model.validation_scores_)
    assert not np.array_equal(model.network_.params.vector, plain.network_.params.vector)
