"""Networks: layers in order over one flat parameter vector. Must not know training."""

from convlens.networks.answers import Answer
from convlens.networks.named import LeNet, SimpleConvNet
from convlens.networks.network import Network
from convlens.networks.parameters import Parameters
from convlens.networks.score import Score
from convlens.networks.summary import summary_rows, summary_table
from convlens.networks.weights import read_arrays, write_arrays

__all__ = [
    "Answer",
    "LeNet",
    "Network",
    "Parameters",
    "Score",
    "SimpleConvNet",
    "read_arrays",
    "summary_rows",
    "summary_table",
    "write_arrays",
]
