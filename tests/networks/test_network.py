"""Networks: one vector, honest copies, right gradients, scores of all samples, clear errors."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.special import logsumexp

from convlens import LeNet, SimpleConvNet, spec
from convlens.errors import ShapeError, UsageError
from convlens.networks import Network
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Sigmoid
from strategies import network_specs

CONV = {"filter_num": 3, "filter_size": 3, "pad": 0, "stride": 1}
RNG = np.random.default_rng(0)
X = RNG.random((7, 1, 8, 8))
T = RNG.integers(0, 4, 7)


def tiny(**start):
    """A SimpleConvNet on pictures of 8x8 with 4 classes."""
    return SimpleConvNet((1, 8, 8), CONV, hidden_size=5, output_size=4, **{"weight_init_std": 0.3, **start})


def perfect():
    """A network that answers rightly on pictures of one bright pixel, whose place is the class."""
    network = Network(NetworkSpec("perfect", (1, 1, 4), (Affine(4),)))
    network.params["W1"] = np.eye(4)
    return network


def bright(labels):
    """Pictures for `perfect`."""
    return np.eye(4, dtype=np.float32)[labels][:, None, None, :]


def test_parameters_are_views_of_one_vector():
    """The layers' W and b, `params` and the vector are one memory, in the book's layout."""
    network = tiny()
    assert network.params.vector.flags.c_contiguous
    flat = np.concatenate([value.ravel() for value in network.params.values()])
    np.testing.assert_array_equal(flat, network.params.vector)
    for name, layer in (("1", "Conv1"), ("2", "Affine1"), ("3", "Affine2")):
        assert network.layers[layer].W is network.params[f"W{name}"]
        assert network.layers[layer].b is network.params[f"b{name}"]
    assert {name: value.shape for name, value in network.params.items()} == network.spec.parameter_shapes


def test_assignment_reaches_the_layers():
    """`params["W1"] = new`, the book's trap, changes what the network predicts."""
    network, other = tiny(), tiny(seed=1)
    for name in network.params:
        network.params[name] = other.params[name]
    np.testing.assert_array_equal(network.predict(X), other.predict(X))
    with pytest.raises(ShapeError, match=r"`W1` must be \(3, 1, 3, 3\)"):
        network.params["W1"] = np.zeros((3, 3))


@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, copy.copy, lambda n: pickle.loads(pickle.dumps(n))],  # noqa: S301
    ids=["deep", "copy", "pickle"],
)
@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_copies_stand_alone(copied, protocol):
    """A copy predicts the same, shares nothing with the original, and is one memory in itself."""
    network = tiny(protocol=protocol)
    network.params["b1"] = [1, 2, 3]  # not what any seed gives
    before = np.random.get_state()[1:]
    twin = copied(network)
    assert all(np.array_equal(a, b) for a, b in zip(before, np.random.get_state()[1:], strict=True))
    assert type(twin) is SimpleConvNet
    assert twin.spec == network.spec
    assert type(twin.last_layer) is type(network.last_layer)
    np.testing.assert_array_equal(twin.predict(X), network.predict(X))
    assert twin.loss(X, T) == network.loss(X, T)
    assert not np.shares_memory(twin.params.vector, network.params.vector)
    assert twin.layers["Conv1"].W is twin.params["W1"]
    twin.params.vector[:] = 0
    assert network.params.vector.any()
    assert not twin.predict(X).any()


def test_gradient_gives_copies():
    """A second call to `gradient` leaves the first one's arrays as they were."""
    network = tiny()
    first = network.gradient(X, T)
    kept = {name: grad.copy() for name, grad in first.items()}
    network.gradient(1 - X, T)
    assert list(first) == list(network.params)
    for name, grad in first.items():
        np.testing.assert_array_equal(grad, kept[name])
        assert not np.shares_memory(grad, network.grads.vector)


def test_gradients_are_views_of_one_vector():
    """`grads` lie in a vector as the parameters do, and the layers' dW and db show them."""
    network = tiny()
    network.loss_and_gradient(X, T)
    assert network.layers["Affine2"].dW is network.grads["W3"]
    assert network.layers["Conv1"].db is network.grads["b1"]
    assert np.shares_memory(network.grads["W3"], network.grads.vector)
    assert network.grads.vector.any()


@pytest.mark.parametrize("layers", [
    (Convolution(2, 3, pad=1), Relu(), Pooling(2), Affine(4)),
    (Convolution(2, (2, 3), stride=2), Sigmoid(), Affine(3), Relu(), Affine(4)),
    (Pooling(3, stride=2), Convolution(2, 2), Relu(), Convolution(2, 2), Affine(4)),
])  # fmt: skip
def test_gradient_agrees_with_numerical_gradient(layers):
    """Backward through the whole network is the derivative found by trying, for every parameter."""
    network = Network(NetworkSpec("n", (1, 8, 8), layers, weight_init_std=0.5, dtype="float64"), seed=3)
    found, expected = network.gradient(X, T), network.numerical_gradient(X, T)
    for name, grad in found.items():
        assert np.abs(grad - expected[name]).max() <= 1e-6 * np.abs(expected[name]).max()


@pytest.mark.parametrize("protocol", ["standard", "book"])
def test_numerical_gradient_changes_nothing(protocol):
    """It works on a float64 copy: a float32 network gets it to float64's precision and stays as it was."""
    np.random.seed(0)
    network = tiny(protocol=protocol)
    vector, state = network.params.vector.copy(), np.random.get_state()
    found = network.numerical_gradient(X[:2], T[:2])
    assert all(np.array_equal(a, b) for a, b in zip(state, np.random.get_state(), strict=True))
    np.testing.assert_array_equal(network.params.vector, vector)
    wide = tiny(dtype="float64")
    wide.params.update(network.params)
    expected = wide.gradient(X[:2].astype(network.spec.dtype), T[:2])
    for name, grad in found.items():
        assert grad.dtype == np.float64
        np.testing.assert_allclose(grad, expected[name], rtol=0, atol=1e-4 if protocol == "book" else 1e-7)


def test_loss_is_that_of_the_gradient_pass():
    """`loss`, `loss_and_gradient` and `evaluate` give one number, SciPy's, before any update."""
    network = tiny(dtype="float64")
    scores = network.predict(X)
    expected = np.mean(logsumexp(scores, axis=1) - scores[np.arange(7), T])
    assert network.loss(X, T) == pytest.approx(expected, rel=1e-13)
    assert network.loss_and_gradient(X, T) == network.loss(X, T) == network.evaluate(X, T).loss


def test_loss_and_gradient_of_an_index():
    """The batch `x[index]` counts, and only it, in any order and with repeats."""
    network, index = tiny(dtype="float64"), np.array([3, 0, 3])
    loss = network.loss_and_gradient(X, T, index)
    found = network.grads.vector.copy()
    assert loss == network.loss_and_gradient(X[index], T[index])
    np.testing.assert_array_equal(network.grads.vector, found)


@pytest.mark.parametrize("n", [1, 250, 251, 600])
def test_predicting_in_chunks(n):
    """Many pictures are predicted in chunks, which give what each picture gives alone."""
    network = tiny(dtype="float64")
    x = np.random.default_rng(1).random((n, 1, 8, 8))
    scores = network.predict(x)
    assert scores.shape == (n, 4)
    for i in {0, n // 2, n - 1}:
        np.testing.assert_allclose(scores[i], network.predict(x[i : i + 1])[0], rtol=0, atol=1e-13)


def test_bytes_are_scaled():
    """uint8 pictures are float / 255, in predictions and gradients."""
    network = tiny()
    pictures = RNG.integers(0, 256, (5, 1, 8, 8), dtype=np.uint8)
    floats = pictures.astype(np.float32) / np.float32(255)
    np.testing.assert_allclose(network.predict(pictures), network.predict(floats), rtol=1e-5, atol=1e-6)
    network.loss_and_gradient(pictures, T[:5])
    from_bytes = network.grads.vector.copy()
    network.loss_and_gradient(floats, T[:5])
    np.testing.assert_allclose(from_bytes, network.grads.vector, rtol=1e-5, atol=1e-7)
    assert network.predict(floats.astype(np.float64)).dtype == np.float32


def test_the_books_protocol_does_not_scale():
    """Under the book's protocol bytes are the numbers 0 to 255, as in the book."""
    network = tiny(protocol="book")
    pictures = RNG.integers(0, 256, (5, 1, 8, 8), dtype=np.uint8)
    np.testing.assert_array_equal(network.predict(pictures), network.predict(pictures.astype(float)))


@pytest.mark.parametrize("n", [1, 20, 50, 99, 100, 101, 250])
@pytest.mark.parametrize("batch_size", [1, 7, 100, 1000])
def test_accuracy_counts_every_picture(n, batch_size):
    """Perfect answers are 1.0 for any number of pictures: the book drops the last, smaller batch."""
    labels = np.arange(n) % 4
    assert perfect().accuracy(bright(labels), labels, batch_size) == 1.0


def test_accuracy_counts_errors():
    """Three wrong answers among 250 are three, wherever they stand."""
    labels = np.arange(250) % 4
    wrong = labels.copy()
    wrong[[0, 120, 249]] = (wrong[[0, 120, 249]] + 1) % 4
    assert perfect().accuracy(bright(labels), wrong) == pytest.approx(247 / 250, abs=1e-15)


def test_labels_in_any_form():
    """Class numbers, a column of them and one-hot rows give one loss, gradient and accuracy."""
    network, results = tiny(dtype="float64"), []
    for t in (T, T.astype(np.uint8), T[:, None], np.eye(4)[T]):
        loss = network.loss_and_gradient(X, t)
        results.append((loss, network.loss(X, t), network.accuracy(X, t), network.grads.vector.tolist()))
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize(
    ("x", "t", "error", "words"),
    [
        (
            X.reshape(7, 64),
            T,
            ShapeError,
            r"`x` of SimpleConvNet must be \(N, 1, 8, 8\). Got \(7, 64\). load_mnist",
        ),
        (X[0], T[:1], ShapeError, r"Got \(1, 8, 8\). For one picture use x\[None\]"),
        (np.zeros((7, 3, 8, 8)), T, ShapeError, r"must be \(N, 1, 8, 8\). Got \(7, 3, 8, 8\)"),
        (np.zeros((7, 1, 9, 8)), T, ShapeError, r"Got \(7, 1, 9, 8\)"),
        (X, T + 1, UsageError, r"labels must be class numbers 0 to 3. Got 1 to 4"),
        (X, T - 1, UsageError, r"Got -1 to"),
        (X, T.astype(float), UsageError, r"labels must be integers or one-hot rows. Got float64"),
        (X, np.full((7, 4), 0.25), UsageError, r"one-hot labels must have one 1 a row"),
        (X, T[:3], ShapeError, r"labels must be \(7,\) or one-hot \(7, 4\) for 7 samples. Got \(3,\)"),
    ],
)
@pytest.mark.parametrize("method", ["loss", "gradient", "accuracy", "evaluate", "numerical_gradient"])
def test_wrong_pictures_and_labels(x, t, error, words, method):
    """Each method says in one line what pictures or labels must be, and what they are."""
    with pytest.raises(error, match=words) as raised:
        getattr(tiny(), method)(x, t)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("method", ["accuracy", "evaluate"])
def test_no_pictures_cannot_be_judged(method):
    """An accuracy of nothing is refused instead of being NaN."""
    with pytest.raises(ShapeError, match=r"can only be judged on one picture or more. Got none"):
        getattr(tiny(), method)(X[:0], T[:0])


def test_no_pictures_can_be_predicted():
    """Predicting nothing gives a table of no rows."""
    assert tiny().predict(X[:0]).shape == (0, 4)


def test_same_seed_same_weights():
    """A seed fixes the weights, whatever was drawn before; another seed gives others; biases are zero."""
    first = tiny()
    np.random.seed(5)
    again = tiny()
    np.testing.assert_array_equal(first.params.vector, again.params.vector)
    other = tiny(seed=1)
    for name, value in first.params.items():
        if name.startswith("b"):
            assert not value.any()
        else:
            assert not np.any(value == other.params[name])


def test_adding_a_layer_changes_no_other():
    """Each weight has a stream of its own: a layer more leaves W1 as it was."""
    short = Network(NetworkSpec("s", (1, 8, 8), (Convolution(3, 3), Affine(4))), seed=2)
    long = Network(NetworkSpec("l", (1, 8, 8), (Convolution(3, 3), Affine(9), Relu(), Affine(4))), seed=2)
    np.testing.assert_array_equal(short.params["W1"], long.params["W1"])


def test_weights_of_one_shape_differ():
    """Two layers of one shape start with different weights."""
    network = Network(NetworkSpec("n", (1, 2, 2), (Affine(4), Relu(), Affine(4))))
    assert not np.any(network.params["W1"] == network.params["W2"])


def test_dtypes_start_alike():
    """The float32 network starts with the float64 one's weights, rounded."""
    narrow, wide = tiny(), tiny(dtype="float64")
    np.testing.assert_array_equal(narrow.params.vector, wide.params.vector.astype(np.float32))


@pytest.mark.parametrize(
    ("std", "deviations"),
    [(0.01, (0.01, 0.01)), ("he", ((2 / 75) ** 0.5, (2 / 8640) ** 0.5)), ("xavier", (75**-0.5, 8640**-0.5))],
)
def test_initial_deviation(std, deviations):
    """Weights start with the deviation that was asked for: a number, √(2/fan-in) or √(1/fan-in)."""
    network = Network(NetworkSpec("n", (3, 16, 16), (Convolution(60, 5), Affine(100)), weight_init_std=std))
    network_2 = Network(NetworkSpec("n", (60, 12, 12), (Affine(100),), weight_init_std=std))
    assert network.params["W1"].std() == pytest.approx(deviations[0], rel=0.03)
    assert network_2.params["W1"].std() == pytest.approx(deviations[1], rel=0.03)


def test_the_book_draws_from_the_global_stream():
    """Under the book's protocol np.random.seed decides: W1, W2, W3 one after the other, in float64."""
    np.random.seed(7)
    network = SimpleConvNet((1, 8, 8), CONV, 5, 4, weight_init_std=0.2, protocol="book")
    np.random.seed(7)
    for name in ("W1", "W2", "W3"):
        expected = 0.2 * np.random.randn(*network.params[name].shape)
        np.testing.assert_array_equal(network.params[name], expected)
    assert network.params.vector.dtype == np.float64


@pytest.mark.parametrize("make", [SimpleConvNet, LeNet])
def test_the_report_networks(make):
    """The book's arguments and attributes, float32 by default."""
    network = make()
    assert network.spec in {spec.simple(), spec.lenet()}
    assert network.params.vector.dtype == np.float32
    assert network.predict(np.zeros((2, 1, 28, 28))).shape == (2, 10)
    assert network.layers[next(iter(network.layers))].W is network.params["W1"]
    assert network.last_layer.loss is None


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None])
def test_wrong_seeds(seed):
    """A seed is an int of 0 or more."""
    with pytest.raises(UsageError, match=r"`seed` of SimpleConvNet must be an int ≥ 0"):
        SimpleConvNet(seed=seed)


def test_activations():
    """Every layer's output by name; the last one is what `predict` gives."""
    network = tiny()
    outputs = network.activations(X)
    assert list(outputs) == list(network.layers)
    assert outputs["Pool1"].shape == (7, 3, 3, 3)
    np.testing.assert_array_equal(outputs["Affine2"], network.predict(X))


def test_a_notebook_shows_the_table():
    """As HTML that needs no style, with the numbers of `summary`; a name is text, whatever it contains."""
    page = SimpleConvNet()._repr_html_()
    assert page.count("<tr>") == 2 + len(SimpleConvNet().layers)
    for cell in ("Conv1", "30 x 24 x 24", "433,890"):
        assert f">{cell}<" in page
    name = "<table><script>alert(1)<script>"
    hostile = Network(NetworkSpec(name, (1, 1, 4), (Affine(4, name="<b>"),)))._repr_html_()
    assert "<script>" not in hostile
    assert "<b>" not in hostile
    assert "&lt;script&gt;" in hostile


def test_summary():
    """The table holds shapes, parameters, multiply-adds and receptive fields, and their sums."""
    lines = SimpleConvNet().summary().splitlines()
    assert "1 x 28 x 28 (784 values), float32, standard protocol" in lines[0]
    assert lines[4].split() == ["Conv1", "30", "x", "24", "x", "24", "780", "432,000", "5", "x", "5"]
    assert lines[6].split() == ["Pool1", "30", "x", "12", "x", "12", "0", "0", "6", "x", "6"]
    assert lines[-1].split() == ["total", "433,890", "865,000"]
    assert repr(LeNet()) == "<LeNet: 11 layers, 61,706 parameters>"


@settings(max_examples=50)
@given(network_specs(dtypes=("float64",)))
def test_the_gradient_of_any_network(described):
    """A small step against the gradient lowers the loss by the step times the gradient's square."""
    network, rng = Network(described), np.random.default_rng(2)
    network.params.vector[:] = rng.normal(0, 0.5, network.params.vector.shape)  # no bias at ReLU's kink
    x, t = rng.random((4, *described.input_shape)), rng.integers(0, described.n_classes, 4)
    before = network.loss_and_gradient(x, t)
    square = float(network.grads.vector @ network.grads.vector)
    network.trained_params.vector[:] -= 1e-6 * network.grads.vector
    after = network.loss_and_gradient(x, t)  # of the same step: dropout drops the same
    assert before - after == pytest.approx(1e-6 * square, rel=0.02, abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.dtype("float32"), "float32", None])
@pytest.mark.parametrize("cls", [SimpleConvNet, LeNet])
def test_dtypes_of_numpy(cls, dtype):
    """A dtype may be NumPy's own."""
    assert cls(dtype=dtype).spec.dtype == "float32"


@pytest.mark.parametrize("dtype", [np.float16, np.int32, "float33", "", object()])
def test_other_dtypes(dtype):
    """What no network is made of is refused with the list of what there is."""
    with pytest.raises(UsageError, match=r"`dtype` must be one of float32, float64. Got '"):
        SimpleConvNet(dtype=dtype)
