"""What is measured, and what has a name, runs on kernels alone."""

import pytest

from convlens import spec
from convlens.networks import Network


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32)], ids=["28 pixels", "32 pixels in colours"])
@pytest.mark.parametrize("name", spec.NETWORKS)
def test_named_networks_run_on_kernels(name, shape):
    """No stage of a named network calls a layer's NumPy code."""
    described = spec.NETWORKS[name](input_dim=shape)
    rows = Network(described, seed=0, engine="fused").compiled(10).describe()
    assert rows
    assert [row.kernel for row in rows if "NumPy" in row.kernel] == []
