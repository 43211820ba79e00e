"""Every layer has its place everywhere: what is missing is named."""

import dataclasses
import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cases import LAYER_CASES, case_id, network_of
from convlens import engine, layers, spec
from convlens.networks import Network
from convlens.spec import KINDS, Affine, Convolution, NetworkSpec, Pooling
from convlens.words import LANGUAGES

MATRIX = Path(__file__).parents[1] / "docs" / "matrix.py"
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def matrix():
    """The script that writes the matrix, as a module."""
    if not MATRIX.exists():
        pytest.skip("the checkout is not there")
    found = importlib.util.spec_from_file_location("matrix", MATRIX)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@every_kind
def test_a_layer_has_its_file_and_its_case(kind):
    """A spec needs the class that computes it, in `layers/`, and a row in `tests/cases.py`."""
    assert kind in layers.LAYERS, f"no file in layers/ has a class with `computes` for `{kind}`"
    assert kind in {case.layer.kind for case in LAYER_CASES}, f"tests/cases.py has no row for `{kind}`"


@pytest.mark.parametrize("case", {case.layer.kind: case for case in LAYER_CASES}.values(), ids=case_id)
def test_a_layer_has_a_name_and_a_way_back(case):
    """A spec takes a name as its last field, in Python and in TOML, and its layer gives the spec again."""
    named = replace(case.layer, name="mine")
    assert dataclasses.fields(named)[-1].name == "name"
    network = network_of(replace(case, layer=named))
    assert network.outer[0].name == "mine"
    assert spec.from_toml(spec.to_toml(network)) == network
    layer = Network(network).layers["mine"]
    assert layer.to_spec("mine") == named
    again = Network.from_layers(Network(network).layers, input_shape=network.input_shape)
    assert again.spec.outer[0].layer == named


def test_a_name_that_no_family_lists():
    """What asks for a layer that is in no `__all__` is told where its name belongs."""
    for room in (spec, spec.layers):
        with pytest.raises(
            AttributeError, match=r"no 'Softplus'.*`__all__` of its family's file in spec/layers"
        ):
            _ = room.Softplus


def test_every_layer_file_has_its_spec():
    """A class that computes a spec which no family lists would never be built."""
    assert set(layers.LAYERS) == set(KINDS)
    named = {made.__name__ for made in layers.LAYERS.values()}
    assert named == {made.__name__ for made in KINDS.values()}
    assert named <= set(layers.__all__)
    assert named <= set(spec.__all__)


def test_no_cell_is_missing(matrix):
    """Each consumer's table says of each layer what takes it, or why nothing does."""
    assert matrix.missing() == []


@pytest.mark.parametrize("consumer", ["layers", "page"])
def test_a_missing_cell_is_named(matrix, monkeypatch, consumer):
    """Leaving a layer out of a table is said with the layer's and the table's name."""
    table = {"layers": matrix.layers.LAYERS, "page": matrix.explorer.PAGE}[consumer]
    monkeypatch.delitem(table, "sigmoid")
    assert f"the layer `sigmoid` has no cell in the table `{consumer}`." in matrix.missing()
    assert "**forgotten**" in matrix.matrix()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_name_is_named(matrix, monkeypatch, lang):
    """A layer that lacks its name in one language has no cell in the table of words."""
    names = {code: dict(matrix.LAYERS[code]) for code in LANGUAGES}
    del names[lang]["pooling"]
    monkeypatch.setattr(matrix, "LAYERS", names)
    assert "the layer `pooling` has no cell in the table `words`." in matrix.missing()


def test_a_reason_is_shown(matrix, monkeypatch):
    """What a consumer leaves out on purpose is no gap: the matrix gives its reason."""
    monkeypatch.setitem(matrix.explorer.PAGE, "sigmoid", spec.Missing("for this test"))
    assert not [sentence for sentence in matrix.missing() if "`sigmoid`" in sentence]
    assert "*for this test*" in matrix.matrix()


def test_the_matrix_in_the_docs_is_current(matrix):
    """docs/architecture.md holds what the tables say; `python docs/matrix.py` writes it anew."""
    assert matrix.page_with(matrix.matrix()) == matrix.PAGE.read_text(encoding="utf-8"), "run docs/matrix.py"


@every_kind
def test_kernels_are_where_the_table_says(kind):
    """Behind a convolution a layer is run by kernels exactly where the table `kernels` has it."""
    case = next(case for case in LAYER_CASES if case.layer.kind == kind)
    layer = Pooling(2) if kind == "pooling" else case.layer
    described = NetworkSpec("n", (1, 12, 12), (Convolution(2, 3), layer, Affine(3)))
    plan = Network(described).compiled(4)
    own_code = any(row.kernel.startswith("NumPy code of") for row in plan.describe())
    assert own_code is isinstance(engine.kernels_of(kind), spec.Missing)


@pytest.mark.parametrize("case", {case.layer.kind: case for case in LAYER_CASES}.values(), ids=case_id)
def test_a_network_with_the_layer_is_one_on_both_engines(case):
    """Loss and gradients of the smallest network with the layer agree to 1e-4 of the largest value."""
    described = replace(network_of(case), weight_init_std="he")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4, *described.input_shape)).astype(np.float32)
    t = np.arange(4) % described.n_classes
    fused, plain = (Network(described, engine=name) for name in ("fused", "layers"))
    assert fused.loss_and_gradient(x, t) == pytest.approx(plain.loss_and_gradient(x, t), rel=1e-4)
    for name, expected in plain.grads.items():
        np.testing.assert_allclose(fused.grads[name], expected, rtol=0, atol=1e-4 * np.abs(expected).max())
