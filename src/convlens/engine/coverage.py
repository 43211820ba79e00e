"""Which layers run on kernels: the consumer table `kernels`. Must not know the plan.

A layer that is not in the table needs no line here: it runs its own NumPy code inside the plan.
"""

from convlens.arguments import as_annotated
from convlens.spec import Missing

__all__ = ["KERNELS", "kernels_of"]

KERNELS: dict[str, str] = {
    "convolution": "with the ReLU and the 2x2 max-pooling behind it; depthwise, with the ReLU",
    "pooling": "within the convolution or the normalisation, or with the ReLU behind it",
    "average_pooling": "before the convolution in front of it, or with the ReLU behind it",
    "global_average_pooling": "before the convolution in front of it, or with the ReLU behind it",
    "relu": "within the layer before it, or number by number",
    "affine": "with the ReLU behind it",
    **dict.fromkeys(("sigmoid", "tanh", "leaky_relu", "gelu", "dropout"), "number by number"),
    "batch_normalization": (
        "with the ReLU and the 2x2 max-pooling behind it; when predicting, in the weights before it"
    ),
    "residual": "over what its layers end in, with the ReLU behind it",
}
"""Kind of a layer → how kernels run it."""


@as_annotated
def kernels_of(kind: str) -> str | Missing:
    """Return how kernels run a kind of layer, or why they do not."""
    return KERNELS.get(kind, Missing("runs its NumPy code"))
