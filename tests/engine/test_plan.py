"""A plan's contract: what it takes, what it refuses, what it says."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from integer_networks import Integers, networks

from convlens import engine
from convlens.errors import ShapeError, UsageError
from convlens.layers import Affine, Batch, Pooling, SoftmaxWithLoss, sample_numbers


@pytest.fixture
def lenet():
    numbers = Integers()
    layers, shape = networks(numbers)["lenet"]
    rng = np.random.default_rng(0)
    for layer in layers:
        for p in layer.params.values():
            p[...] = rng.standard_normal(p.shape) * 0.1
    return layers, shape


@pytest.fixture
def batch():
    rng = np.random.default_rng(1)
    return rng.integers(0, 256, (30, 1, 28, 28), np.uint8), rng.integers(0, 5, 30)


def test_gradients_go_where_they_are_bound(lenet, batch):
    """Arrays given at compile time are the ones that are written."""
    layers, shape = lenet
    bound = [{name: np.zeros_like(p) for name, p in layer.params.items()} for layer in layers]
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30, gradients=bound)
    plan.loss_and_gradient(*batch)
    assert plan.gradients[0]["W"] is bound[0]["W"]
    assert np.abs(bound[0]["W"]).max() > 0


def test_parameters_are_read_at_each_step(lenet, batch):
    """A changed weight, or another array in its place, counts at the next step."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    first = plan.loss_and_gradient(*batch)
    kept = layers[6].W
    layers[6].W = np.zeros_like(kept)
    assert plan.loss_and_gradient(*batch) != first
    layers[6].W = kept
    assert plan.loss_and_gradient(*batch) == first


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64, "every second"])
def test_biases_of_any_kind_are_read_at_each_step(lenet, batch, kind):
    """Another array in a bias' place counts, of whatever numbers, and so does what changes within it."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    size = len(layers[6].b)
    b = np.zeros(2 * size, np.float32)[::2] if kind == "every second" else np.zeros(size, kind)
    layers[6].b = b
    zeros = plan.loss_and_gradient(*batch)
    b += 1
    ones = plan.loss_and_gradient(*batch)
    layers[6].b = np.ones(size, np.float32)
    assert plan.loss_and_gradient(*batch) == ones != zeros


def test_a_profile_of_a_batch_in_pieces(lenet, batch, monkeypatch):
    """Stages are timed on a piece, as large as their memory, and the times are those of the batch."""
    (layers, shape), (x, t) = lenet, batch
    whole = engine.profile(engine.compile(layers, SoftmaxWithLoss(), shape, 30), x, t, 50)
    monkeypatch.setattr("convlens.engine.plan.CACHE", 1)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 4)
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    assert [(p.start, p.stop) for p in plan.pieces(30)] == [(5 * k, 5 * k + 5) for k in range(6)]
    assert [(p.start, p.stop) for p in plan.pieces(5)] == [(0, 5)]
    pieces = engine.profile(plan, x, t, 50)
    assert [time.row for time in pieces] == [time.row for time in whole]
    assert all(time.forward > 0 and time.backward > 0 for time in pieces)


def test_a_frozen_plan_reads_parameters_once(lenet, batch, monkeypatch):
    """Later changes are not seen, whatever the batch and its pieces; another plan sees them."""
    monkeypatch.setattr("convlens.engine.plan.CACHE", 1)
    monkeypatch.setattr("convlens.engine.plan.SMALLEST_PIECE", 4)
    (layers, shape), (x, _) = lenet, batch
    frozen = engine.compile(layers, None, shape, 10, frozen=True)
    before = engine.compile(layers, None, shape, 10).predict(x)
    np.testing.assert_array_equal(frozen.predict(x[:1]), before[:1])
    for layer in layers:
        for p in layer.params.values():
            np.multiply(p, 2, out=p)
    np.testing.assert_array_equal(frozen.predict(x), before)
    assert not np.allclose(engine.compile(layers, None, shape, 10).predict(x), before)


@pytest.mark.parametrize("outputs", [3, 4, 16, 64, 192, 200])
@pytest.mark.parametrize("with_bias", [True, False])
def test_a_frozen_plan_of_any_width(outputs, with_bias):
    """Whether kernels could read the layer's own W or not: what it becomes later is not seen."""
    rng = np.random.default_rng(0)
    w = rng.standard_normal((64, outputs)).astype(np.float32)
    b = np.ones(outputs, np.float32) if with_bias else 0.0
    frozen = engine.compile([Affine(w, b)], None, (64,), 10, frozen=True)
    x = rng.standard_normal((10, 64)).astype(np.float32)
    before = frozen.predict(x)
    w *= 2
    if with_bias:
        b *= 3
    np.testing.assert_array_equal(frozen.predict(x), before)
    np.testing.assert_allclose(frozen.predict(x[:1]), before[:1], rtol=1e-5)


def test_a_frozen_plan_has_no_loss(lenet):
    """It could not be trained."""
    layers, shape = lenet
    with pytest.raises(UsageError, match="frozen plan can only predict"):
        engine.compile(layers, SoftmaxWithLoss(), shape, 10, frozen=True)


def test_a_layers_own_backward_after_a_fused_step_is_an_error(lenet, batch):
    """What any of the layers kept of its own forward is stale, and it says so."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    x, outputs = np.zeros((2, *shape), np.float32), []
    for layer in layers:
        x = layer.forward(x)
        outputs.append(x)
    plan.loss_and_gradient(*batch)
    for layer, out in zip(layers, outputs, strict=True):
        with pytest.raises(RuntimeError, match="needs a forward"):
            layer.backward(np.zeros_like(out))


def test_pictures_of_any_kind_are_taken(lenet, batch):
    """float64 and strided pictures are copied batch by batch."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    x, t = batch
    wanted = plan.loss_and_gradient(x.astype(np.float32) / np.float32(255), t)
    assert plan.loss_and_gradient(x.astype(np.float64) / 255, t) == pytest.approx(wanted, rel=1e-6)
    wide = np.zeros((30, 1, 28, 56), np.uint8)
    wide[..., ::2] = x
    assert plan.loss_and_gradient(wide[..., ::2], t) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("index", [[-1], [30], [0, 99]])
def test_an_index_out_of_range_is_refused(lenet, batch, index):
    """Kernels do not check bounds, so the plan does."""
    plan = engine.compile(*(lenet[0], SoftmaxWithLoss(), lenet[1]), 30)
    with pytest.raises(UsageError, match="`index` must be 0 to 29"):
        plan.loss_and_gradient(*batch, np.array(index))


def test_a_label_out_of_range_is_refused(lenet, batch):
    """The same for labels."""
    plan = engine.compile(*(lenet[0], SoftmaxWithLoss(), lenet[1]), 30)
    with pytest.raises(UsageError, match="labels"):
        plan.loss_and_gradient(batch[0], batch[1] + 3)


def test_sizes_are_checked(lenet, batch):
    """Too large a batch, other pictures, no layers, no capacity, float64 weights: each has its line."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 10)
    with pytest.raises(ShapeError, match="1 to 10 samples"):
        plan.loss_and_gradient(*batch)
    with pytest.raises(ShapeError, match=r"\(N, 1, 28, 28\)"):
        plan.predict(batch[0].reshape(30, -1))
    with pytest.raises(UsageError, match="at least one layer"):
        engine.compile([], None, shape, 1)
    with pytest.raises(UsageError, match="capacity"):
        engine.compile(layers, None, shape, 0)
    with pytest.raises(UsageError, match="without a loss"):
        engine.compile(layers, None, shape, 10).loss_and_gradient(*batch)
    layers[0].W = layers[0].W.astype(np.float64)
    with pytest.raises(UsageError, match="float32"):
        engine.compile(layers, None, shape, 10)


def test_no_pictures_no_scores(lenet):
    """Predicting nothing gives an empty array of the right shape."""
    plan = engine.compile(lenet[0], None, lenet[1], 10)
    assert plan.predict(np.zeros((0, 1, 28, 28), np.uint8)).shape == (0, 5)


def test_describe_names_every_layer_once(lenet):
    """Each layer is in one row; multiply-adds are those of the layers."""
    rows = engine.compile(lenet[0], None, lenet[1], 10).describe()
    assert sorted(i for row in rows for i in row.layers) == list(range(len(lenet[0])))
    assert rows[0].kernel == "convolution + ReLU + max-pooling 2x2; sparse backward"
    assert rows[0].multiply_adds == 28 * 28 * 6 * 25


def test_memory_is_made_once(lenet, batch):
    """A step allocates nothing that grows with the batch."""
    import tracemalloc

    plan = engine.compile(lenet[0], SoftmaxWithLoss(), lenet[1], 30)
    for _ in range(3):
        plan.loss_and_gradient(*batch)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    plan.loss_and_gradient(*batch)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert peak < 20_000


@pytest.mark.parametrize(
    ("t", "words"),
    [
        (np.ones((30, 5), int), "one-hot labels must have one 1 a row"),
        (np.zeros((30, 2), int), r"must be \(30,\)"),
        (np.zeros(0, int), r"must be \(30,\)"),
        (np.zeros(29, int), r"must be \(30,\)"),
        (np.zeros(30), "must be integers"),
        (np.full(30, 5), "class numbers 0 to 4. Got 5"),
        (np.full(30, -1), "class numbers 0 to 4. Got -1"),
    ],
)
def test_labels_that_are_no_class_numbers_are_refused(lenet, batch, t, words):
    """Kernels read labels without looking: each mistake has its line instead of a crash or a wrong loss."""
    plan = engine.compile(lenet[0], SoftmaxWithLoss(), lenet[1], 30)
    with pytest.raises(UsageError, match=words):
        plan.loss_and_gradient(batch[0], t)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"index": np.array([0, 30])}, "`index` must be 0 to 29. Got 0 to 30."),
        ({"t": np.full(30, 5)}, "class numbers 0 to 4. Got 5"),
        ({"t": np.zeros(20, int)}, r"must be \(30,\)"),
    ],
)
def test_a_batch_that_was_written_over_reads_nothing_past_an_end(lenet, batch, change, words):
    """A plan trusts a batch, but not with memory: what is wrong is then said in the batch's own words."""
    plan = engine.compile(lenet[0], SoftmaxWithLoss(), lenet[1], 30)
    with pytest.raises(UsageError, match=words):
        plan.run(replace(Batch(*batch, np.arange(30)), **change))


@pytest.mark.parametrize("index", [np.array([30]), np.array([-1, 2]), np.ones(30, bool)])
def test_an_index_of_a_prediction_is_checked(lenet, batch, index):
    """The same rule as in training."""
    plan = engine.compile(lenet[0], None, lenet[1], 30)
    with pytest.raises(UsageError, match="`index` must be"):
        plan.predict(batch[0], index)


@pytest.mark.parametrize("capacity", [1, 4, 30])
@pytest.mark.parametrize("frozen", [False, True])
def test_an_index_that_another_thread_writes_into(lenet, batch, monkeypatch, capacity, frozen):
    """What was looked through is what is read: a number that came later may lie past the end."""
    plan = engine.compile(lenet[0], None, lenet[1], capacity, frozen=frozen)
    index = np.arange(9, dtype=np.int64)
    wanted = plan.predict(batch[0], index)

    def overtaken(*given):
        found = sample_numbers(*given)
        index[:] = 0  # in the instant after
        return found

    monkeypatch.setattr("convlens.engine.plan.sample_numbers", overtaken)
    np.testing.assert_array_equal(plan.predict(batch[0], index), wanted)


@pytest.mark.parametrize("index", [np.ones(30, bool), np.array([0.5]), np.array([[0, 1]])])
def test_an_index_that_is_no_row_of_numbers_is_refused(lenet, batch, index):
    """A mask would be read as sample 0 and sample 1."""
    plan = engine.compile(lenet[0], SoftmaxWithLoss(), lenet[1], 30)
    with pytest.raises(UsageError, match="a row of sample numbers"):
        plan.loss_and_gradient(*batch, index)


def test_lists_other_byte_orders_and_a_dict_of_layers_are_taken(lenet, batch):
    """What NumPy would take, the plan takes."""
    layers, shape = lenet
    x, t = batch[0].astype(np.float32) / np.float32(255), batch[1]
    plan = engine.compile(dict(enumerate(layers)), SoftmaxWithLoss(), shape, 30)
    wanted = plan.loss_and_gradient(x, t)
    assert plan.loss_and_gradient(x.tolist(), t.tolist(), list(range(30))) == wanted
    assert plan.loss_and_gradient(x.astype(">f4"), t.astype(">i4")) == wanted
    assert plan.loss_and_gradient(x, np.eye(5, dtype=int)[t], np.arange(30, dtype=">i2")) == wanted
    np.testing.assert_array_equal(plan.predict(x, [4, 2]), plan.predict(x)[[4, 2]])
    with pytest.raises(UsageError, match="must be numbers"):
        plan.loss_and_gradient(x.astype(complex), t)


@pytest.mark.parametrize("shape", [(2, 28, 28), (1, 32, 32), (1, 4, 4), (784,)])
def test_layers_that_do_not_fit_the_input_are_refused(lenet, shape):
    """More channels, a larger or a smaller picture: kernels would read past an end."""
    with pytest.raises(ShapeError):
        engine.compile(lenet[0], None, shape, 5)


def test_a_weight_of_another_size_is_refused(lenet, batch):
    """Another array may stand in a weight's place, but not of another shape."""
    layers, shape = lenet
    plan = engine.compile(layers, SoftmaxWithLoss(), shape, 30)
    layers[6].W = layers[6].W[:30]
    with pytest.raises(ShapeError, match="must stay"):
        plan.loss_and_gradient(*batch)


def test_another_loss_is_not_replaced(lenet):
    """The plan computes softmax with cross-entropy, and does not pretend to compute anything else."""
    layers, shape = lenet

    class Doubled(SoftmaxWithLoss):
        def forward(self, x, t):
            return 2 * super().forward(x, t)

    for loss in (Doubled(), SoftmaxWithLoss, "softmax"):
        with pytest.raises(UsageError, match="`loss` of a plan"):
            engine.compile(layers, loss, shape, 5)
    with pytest.raises(ShapeError, match="scores"):
        engine.compile(layers[:3], SoftmaxWithLoss(), shape, 5)


def test_what_is_no_layer_is_refused():
    """An object without forward and backward, or a class where its object is meant."""
    for thing in (object(), Affine):
        with pytest.raises(UsageError, match="must have `forward` and `backward`"):
            engine.compile([thing], None, (4,), 5)


class BookTanh:
    """A layer as in the book: no base class, no `train`, no parameters."""

    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)


def test_a_layer_of_the_books_kind_runs_inside_the_plan():
    """Its NumPy code is called as it is written, between layers on the kernels."""
    numbers = Integers()
    layers = numbers.with_head([numbers.convolution(3, 1, 3), Pooling(2, 2)], (1, 8, 8))
    layers[3:4] = [BookTanh()]
    x, t = numbers.rng.random((6, 1, 8, 8), np.float32), np.zeros(6, int)
    plan = engine.compile(layers, SoftmaxWithLoss(), (1, 8, 8), 6)
    loss = plan.loss_and_gradient(x, t)
    last, out = SoftmaxWithLoss(), x
    for layer in layers:
        out = layer.forward(out)
    assert loss == pytest.approx(last.forward(out, t), rel=1e-5)
    back = last.backward()
    for layer in reversed(layers):
        back = layer.backward(back)
    np.testing.assert_allclose(
        plan.gradients[0]["W"], layers[0].dW, rtol=0, atol=1e-4 * np.abs(layers[0].dW).max()
    )


def test_the_documented_plan_runs():
    """The code on the page "From loops to SIMD" does what it says."""
    page = Path(__file__).parents[2] / "docs" / "from-loops-to-simd.md"
    if not page.exists():
        pytest.skip("the documents are not there")
    scope = {}
    exec(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)[-1], scope)  # noqa: S102
    assert scope["loss"] == pytest.approx(np.log(10), rel=1e-3)
    assert scope["scores"].shape == (100, 10)


@pytest.mark.parametrize("name", ["W", "b"])
def test_a_gradient_that_is_read_only_is_refused(name):
    """Kernels write into it and would not ask: an array over bytes would change what never changes."""
    layer = Affine(np.zeros((3, 2), np.float32), np.zeros(2, np.float32))
    given = {"W": np.zeros((3, 2), np.float32), "b": np.zeros(2, np.float32)}
    given[name].flags.writeable = False
    with pytest.raises(UsageError, match=f"gradient of `{name}` of Affine is written into"):
        engine.compile([layer], SoftmaxWithLoss(), (3,), 4, gradients=[given])
