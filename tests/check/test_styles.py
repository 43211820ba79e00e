"""Layers, networks and rules in the many styles in which people write them: what is right is let alone."""

from pathlib import Path

import pytest

from convlens.check.submission import examined

STYLES = Path(__file__).parent / "styles"
COUNTS = {
    "columns_and_channels_last": 6,
    "conventions": 9,
    "course_functions": 13,
    "hidden_singles": 13,
    "layers": 12,
    "lists_of_parameters": 7,
    "networks": 4,
    "odd_forms": 18,
    "other_forms": 9,
}
"""File → how many things in it can be checked."""


def test_every_file_is_looked_at():
    """The table holds each file of styles."""
    assert {path.stem for path in STYLES.glob("*.py")} == set(COUNTS)


@pytest.mark.parametrize("style", COUNTS)
def test_what_is_right_in_another_style_is_let_alone(style):
    """Functions in pairs, lists, columns, channels last, other names: all are made, none is accused."""
    found = examined(STYLES / f"{style}.py", None, {})
    assert {
        one.name: [finding.check for finding in one.findings] for one in found.outcomes if not one.ok
    } == {}
    assert dict(found.not_made) == {}
    assert len(found.outcomes) == COUNTS[style]


FAULTS = (
    ("course_functions", "affine_forward", "db = dout.sum(axis=0)", "db = dout.sum(axis=1)", ("shapes", ())),
    ("course_functions", "affine_forward", "dx = dout.dot(w.T)", "dx = -dout.dot(w.T)",
     ("gradient", ("sign",))),
    ("course_functions", "conv_forward_naive", "return dxp[:,:,p:p+H,p:p+W], dw", "return dxp, dw",
     ("shapes", ("padding",))),
    ("course_functions", "max_pool_forward_naive", "j*s+v] += dout", "j*s+v] = dout",
     ("gradient", ("overwritten",))),
    ("course_functions", "softmax_loss", "dx /= N", "pass", ("gradient", ("mean",))),
    ("course_functions", "sgd_momentum", "next_w = w + v", "next_w = w - v", ("steps", ("sign",))),
    ("columns_and_channels_last", "conv_forward", "dZ.sum(axis=(0,1,2)).reshape(b.shape)",
     "dZ.mean(axis=(0,1,2)).reshape(b.shape)", ("gradient", ("mean",))),
    ("lists_of_parameters", "MatMul", "self.grads[0][...] = np.dot(self.x.T, dout)",
     "self.grads[0][...] += np.dot(self.x.T, dout)", ("state", ("added_up",))),
    ("networks", "Net1", "d /= len(y)", "pass", ("gradient", ("batch",))),
    ("other_forms", "relu_grad", "x > 0", "x < 0", ("gradient", ("mask_inverted",))),
    ("other_forms", "sigmoid_prime", "y * (1 - y)", "y * (1 + y)", ("gradient", ("sign",))),
    ("other_forms", "mse_backward", "-dout * error", "dout * error", ("gradient", ("sign",))),
    ("other_forms", "softmax_loss_vectorized", "X.T @ p / len(y)", "X.T @ p", ("gradient", ())),
    ("other_forms", "Sonshitsu", "/ len(self.seikai)", "", ("gradient", ("mean",))),
    ("other_forms", "SGD", "p -= self", "p += self", ("steps", ("sign",))),
    ("other_forms", "Momentum", "v *= self.momentum", "v *= 0", ("steps", ("memory_lost",))),
    ("other_forms", "Netz", '"b1": e.sum(0)', '"b1": d.sum(0)', ("shapes", ("wrong_parameter",))),
    ("odd_forms", "Signal", '+= np.einsum("nf,fck', '= np.einsum("nf,fck', ("gradient", ())),
    ("conventions", "FlippedConv", "turned[:, :, ::-1, ::-1]", "turned", ("gradient", ("flipped",))),
    ("conventions", "binary_cross_entropy", "- t) / len(t)", "- t)", ("gradient", ("mean",))),
    ("conventions", "LogisticRegression", "- t) / len(t)", "- t)", ("gradient", ("batch",))),
    ("conventions", "OneNumber", "return np.mean(",
     "self.n = getattr(self, 'n', 0) + 1\n        return self.n + np.mean(", ("state", ())),
    ("networks", "MLP", "gb.append(d.sum(0))", "gb.append(0 * d.sum(0))", ("gradient", ("bias_still",))),
)  # fmt: skip


@pytest.mark.parametrize("row", range(len(FAULTS)), ids=lambda row: f"{FAULTS[row][1]}-{row}")
def test_a_fault_in_another_style_is_found(tmp_path, row):
    """What is wrong in a function, a list or a network of another form is found and named."""
    style, name, old, new, (check, causes) = FAULTS[row]
    source = (STYLES / f"{style}.py").read_text(encoding="utf-8")
    start = source.index(f"def {name}(" if f"def {name}(" in source else f"class {name}")
    assert old in source[start:]
    path = tmp_path / "mine.py"
    path.write_text(source[:start] + source[start:].replace(old, new, 1), encoding="utf-8")
    found = examined(path, None if style == "other_forms" else name, {})  # some are made of two functions
    outcome = next(one for one in found.outcomes if not one.ok)
    assert outcome.findings[0].check == check
    assert set(causes) <= set(outcome.causes)
