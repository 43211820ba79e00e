"""The battery that every layer of the table in `cases.py` must pass."""

import numpy as np
import pytest

from cases import (
    LAYER_CASES,
    N_SAMPLES,
    built,
    case_id,
    central_difference,
    inputs,
    network_of,
    output_gradient,
    parameters,
    small_integers,
)
from convlens import spec
from convlens.errors import OrderError
from convlens.layers import LAYERS, build

every_case = pytest.mark.parametrize("case", LAYER_CASES, ids=case_id)
both_dtypes = pytest.mark.parametrize("dtype", ["float32", "float64"])


def relative_difference(found, expected):
    """The largest difference, measured by the largest expected value."""
    return np.abs(found - expected).max() / np.abs(expected).max()


def with_grads(layer):
    """The layer's derivatives, which must be there for each parameter and for nothing else."""
    assert list(layer.grads) == list(layer.trained_params)
    return layer.grads


def test_the_table_covers_every_layer():
    """Each layer that is computed has a case, and the cases' names are unique."""
    assert set(LAYERS) - {case.layer.kind for case in LAYER_CASES} == set(), "rows missing in tests/cases.py"
    assert len({case.name for case in LAYER_CASES}) == len(LAYER_CASES)


@every_case
def test_input_gradient(case):
    """backward(dout) is the derivative of sum(forward(x) · dout) by x, to 1e-6."""
    layer, x, dout = built(case), inputs(case), output_gradient(case)
    expected = central_difference(lambda: np.sum(layer.forward(x) * dout), x)
    layer.forward(x)
    found = layer.backward(dout)
    assert found.shape == x.shape
    assert np.abs(expected).max() > 0
    assert relative_difference(found, expected) <= 1e-6


@every_case
def test_parameter_gradients(case):
    """Backward leaves the derivative by every parameter in `grads`, under its name, to 1e-6."""
    layer, x, dout = built(case), inputs(case), output_gradient(case)
    assert {name: value.shape for name, value in layer.params.items()} == case.parameter_shapes
    expected = {
        name: central_difference(lambda: np.sum(layer.forward(x) * dout), value)
        for name, value in layer.trained_params.items()
    }
    layer.forward(x)
    layer.backward(dout)
    for name, found in with_grads(layer).items():
        assert relative_difference(found, expected[name]) <= 1e-6


@every_case
@both_dtypes
def test_dtype_is_kept(case, dtype):
    """What goes in as float32 or float64 comes out as that, forward, backward and in the gradients."""
    layer = built(case, dtype)
    assert layer.forward(inputs(case, dtype)).dtype == dtype
    assert layer.backward(output_gradient(case, dtype)).dtype == dtype
    assert all(grad.dtype == dtype for grad in with_grads(layer).values())


@every_case
def test_float32_agrees_with_float64(case):
    """The float32 results are the float64 ones up to rounding."""
    results = []
    for dtype in ("float32", "float64"):
        layer = built(case, dtype)
        out = layer.forward(inputs(case, dtype))
        dx = layer.backward(output_gradient(case, dtype))
        results.append([out, dx, *with_grads(layer).values()])
    for narrow, wide in zip(*results, strict=True):
        assert relative_difference(narrow, wide) <= 1e-5


@every_case
def test_nothing_given_is_changed(case):
    """Inputs, dout and what is trained are, bit for bit, what they were; they may even be read-only."""
    x, dout, params = inputs(case), output_gradient(case), parameters(case)
    trained = build(case.layer, **params).trained_params
    given = [x, dout, *trained.values()]
    kept = [array.copy() for array in given]
    for array in given:
        array.setflags(write=False)
    layer = build(case.layer, **params)
    layer.forward(x, train=True)
    layer.backward(dout)
    for array, copy in zip(given, kept, strict=True):
        np.testing.assert_array_equal(array, copy)


@every_case
@pytest.mark.parametrize("n_samples", [1, 2, 5])
def test_output_shape_is_inferred(case, n_samples):
    """The spec says the output's shape before anything is computed, for any batch, one sample too."""
    out = built(case).forward(inputs(case, n_samples=n_samples))
    assert out.shape == (n_samples, *case.output_shape)


@every_case
def test_spec_round_trip(case):
    """A network that holds the layer comes back from TOML as it was, name and all."""
    described = network_of(case)
    assert spec.from_toml(spec.to_toml(described)) == described


@every_case
def test_forward_is_pure(case):
    """The same input gives the same bits again, also after other inputs and a backward."""
    layer, x = built(case), inputs(case)
    first = layer.forward(x).copy()
    layer.backward(output_gradient(case))
    layer.forward(inputs(case, n_samples=2, seed=9))
    np.testing.assert_array_equal(layer.forward(x), first)


@every_case
def test_backward_belongs_to_the_latest_forward(case):
    """Backward gives what it gives on a fresh layer, whatever the layer was used for before."""
    used, fresh, x, dout = built(case), built(case), inputs(case), output_gradient(case)
    used.forward(inputs(case, n_samples=2, seed=9))
    used.backward(output_gradient(case, n_samples=2))
    results = []
    for layer in (used, fresh):
        layer.forward(x)
        results.append([layer.backward(dout), *with_grads(layer).values()])
    for found, expected in zip(*results, strict=True):
        np.testing.assert_array_equal(found, expected)


@every_case
def test_backward_needs_a_forward(case):
    """Backward before any forward says what is missing and what to do, in an error of ours."""
    with pytest.raises(
        OrderError, match=r"\w+\.backward needs a forward before it: call its forward first\.$"
    ):
        built(case).backward(output_gradient(case))


@every_case
def test_samples_do_not_mix(case):
    """A batch of one gives what the sample gives in a batch; a parameter's derivative is the sum."""
    layer, x, dout = built(case), inputs(case), output_gradient(case)
    together, dx = layer.forward(x), layer.backward(dout)
    whole = {name: grad.copy() for name, grad in with_grads(layer).items()}
    sums = {name: np.zeros_like(grad) for name, grad in whole.items()}
    for i in range(N_SAMPLES):
        alone = layer.forward(x[i : i + 1])
        np.testing.assert_allclose(alone[0], together[i], rtol=0, atol=1e-12)
        np.testing.assert_allclose(layer.backward(dout[i : i + 1])[0], dx[i], rtol=0, atol=1e-12)
        for name, grad in layer.grads.items():
            sums[name] += grad
    for name, grad in whole.items():
        np.testing.assert_allclose(grad, sums[name], rtol=1e-12, atol=1e-12)


@every_case
def test_an_empty_batch_gives_an_empty_batch(case):
    """No samples in, no samples out, of the right shape."""
    assert built(case).forward(inputs(case, n_samples=0)).shape == (0, *case.output_shape)


@pytest.mark.parametrize("case", [case for case in LAYER_CASES if case.whole], ids=case_id)
def test_small_integers_are_exact(case):
    """With whole numbers float32 gives exactly what float64 gives, ties included."""
    results = []
    for dtype in ("float32", "float64"):
        shapes = case.parameter_shapes
        params = {name: small_integers(shape, dtype, seed=3) for name, shape in shapes.items()}
        layer = build(case.layer, **params)
        out = layer.forward(small_integers((N_SAMPLES, *case.input_shape), dtype))
        dx = layer.backward(small_integers(out.shape, dtype, seed=4))
        results.append([out, dx, *with_grads(layer).values()])
    for narrow, wide in zip(*results, strict=True):
        np.testing.assert_array_equal(narrow, wide)
        np.testing.assert_array_equal(wide, np.round(wide))


def a_seen_pixel(case):
    """Where, in the first sample, the input matters."""
    layer = built(case)
    layer.forward(inputs(case))
    dx = np.abs(layer.backward(output_gradient(case)))[0]
    return np.unravel_index(dx.argmax(), dx.shape)


@every_case
def test_nan_survives_forward(case):
    """A NaN in one sample comes out of that sample, and of no other."""
    layer, x, spoilt = built(case), inputs(case), inputs(case)
    spoilt[(0, *a_seen_pixel(case))] = np.nan
    clean, out = layer.forward(x).copy(), layer.forward(spoilt)
    assert np.isnan(out[0]).any()
    np.testing.assert_array_equal(out[1:], clean[1:])


@pytest.mark.parametrize("case", [case for case in LAYER_CASES if case.has_limit], ids=case_id)
@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_survives_forward(case, value):
    """An infinite input gives the limit of ever larger ones, without an error or a warning."""
    layer, spoilt = built(case), inputs(case)
    pixel = (0, *a_seen_pixel(case))
    spoilt[pixel] = np.sign(value) * 1e300
    limit = layer.forward(spoilt).copy()
    limit[np.abs(limit) > 1e290] *= np.inf
    spoilt[pixel] = value
    np.testing.assert_allclose(layer.forward(spoilt), limit, rtol=1e-12, atol=1e-12)


@every_case
def test_nan_survives_backward(case):
    """A NaN in one sample's dout reaches that sample's dx and the gradients, and no other sample's dx."""
    layer, x, dout = built(case), inputs(case), output_gradient(case)
    layer.forward(x)
    clean = layer.backward(dout).copy()
    dout[0] = np.nan
    dx = layer.backward(dout)
    assert np.isnan(dx[0]).any()
    np.testing.assert_array_equal(dx[1:], clean[1:])
    assert all(np.isnan(grad).any() for grad in with_grads(layer).values())


@every_case
def test_parameters_are_live(case):
    """A layer works on the arrays that it was given: changing one in place changes the next output."""
    params, x = parameters(case), inputs(case)
    layer = build(case.layer, **params)
    for name, value in params.items():
        assert layer.params[name] is value
        before = layer.forward(x).copy()
        np.add(value, 1, out=value)
        assert not np.array_equal(layer.forward(x), before)
    assert list(layer.params) == list(params)
