"""A small network with batch normalisation: it keeps what is not trained."""

from convlens import spec

NETWORK = spec.NetworkSpec(
    "Normed",
    (1, 6, 6),
    (spec.Convolution(2, 3), spec.BatchNormalization(momentum=0.2), spec.Relu(), spec.Affine(10)),
    weight_init_std="he",
)
NAMES = ["W1", "b1", "gamma2", "beta2", "W3", "b3", "running_mean2", "running_var2"]
