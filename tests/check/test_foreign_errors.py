"""An error that no line of the file took part in is the caller's, and accuses nobody."""

import pytest

from convlens.check import check_file

LEAVES_IT_BEHIND = """
import numpy as np
class SoftmaxLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.output, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.log(self.output[np.arange(len(x)), t]).mean()
    def backward(self, dvalues, t):
        self.dinputs = self.output.copy()
        self.dinputs[np.arange(len(t)), t] -= 1
        self.dinputs /= len(t)
"""
OF_ONE_HOT = """
import numpy as np
class SoftmaxCrossEntropy:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -(t * np.log(self.y)).sum() / len(x)
    def backward(self, dout=1):
        self.dx = (self.y - self.t) / len(self.t)
"""
OF_OUTPUT = """
import numpy as np
class Softmax_Loss:
    def forward(self, inputs, y_true):
        e = np.exp(inputs - inputs.max(axis=1, keepdims=True))
        self.output = e / e.sum(axis=1, keepdims=True)
        return -np.log(self.output[range(len(inputs)), y_true]).mean()
    def backward(self, dvalues, y_true):
        self.dinputs = dvalues.copy()
        self.dinputs[range(len(dvalues)), y_true] -= 1
        self.dinputs = self.dinputs / len(dvalues)
"""


@pytest.mark.parametrize("text", [LEAVES_IT_BEHIND, OF_ONE_HOT, OF_OUTPUT], ids=["loss", "one-hot", "output"])
def test_who_leaves_derivatives_behind_is_not_accused_of_our_call(tmp_path, text):
    """They are not read, which is said; nothing is said to be wrong."""
    path = tmp_path / "loss.py"
    path.write_text(text, encoding="utf-8")
    found = check_file(path)
    assert not any(
        one.check == "raises" and one.line is None for told in found.outcomes for one in told.findings
    )
    assert found.not_made or found.outcomes
