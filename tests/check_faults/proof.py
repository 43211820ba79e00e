"""Proves, with NumPy alone, that each file under correct/ is right and each under faulty/ wrong as it says.

Run as `python tests/check_faults/proof.py [NAME ...]`. The references below are written for
clearness and share nothing with convlens; gradients are central differences of them in float64.
"""

import importlib.util
import sys
import tomllib
import warnings
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
STEP = 1e-5


def convolution(x, W, b, stride, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    kh, kw = W.shape[2:]
    rows = range(0, x.shape[2] - kh + 1, stride)
    columns = range(0, x.shape[3] - kw + 1, stride)
    flat = W.reshape(len(W), -1).T
    out = [[x[:, :, i : i + kh, j : j + kw].reshape(len(x), -1) @ flat + b for j in columns] for i in rows]
    return np.array(out).transpose(2, 3, 0, 1)


def pooled(x, size, stride, reduce):
    rows = range(0, x.shape[2] - size + 1, stride)
    columns = range(0, x.shape[3] - size + 1, stride)
    out = [[reduce(x[:, :, i : i + size, j : j + size], axis=(2, 3)) for j in columns] for i in rows]
    return np.array(out).transpose(2, 3, 0, 1)


def max_pool(x, size, stride, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=-np.inf)
    return pooled(x, size, stride, np.max)


def average_pool(x, size, stride):
    return pooled(x, size, stride, np.mean)


def affine(x, W, b):
    return x.reshape(len(x), -1) @ W + b


def relu(x):
    return np.where(x > 0, x, 0.0)


def log_softmax(x):
    x = x - x.max(axis=1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


def softmax(x):
    return np.exp(log_softmax(x))


def cross_entropy(x, labels):
    return -log_softmax(x)[np.arange(len(x)), labels].mean()


def hinge(x, labels):
    right = x[np.arange(len(x)), labels][:, None]
    return (np.maximum(0, x - right + 1).sum() - len(x)) / len(x)


def sgd(lr, decay=0.0):
    return lambda p, g, state: p * (1 - lr * decay) - lr * g


def momentum(lr, share):
    def step(p, g, state):
        state["v"] = share * state.get("v", 0) + g
        return p - lr * state["v"]

    return step


def adagrad(lr):
    def step(p, g, state):
        state["h"] = state.get("h", 0) + g**2
        return p - lr * g / (np.sqrt(state["h"]) + 1e-7)

    return step


def rmsprop(lr, share):
    def step(p, g, state):
        state["h"] = share * state.get("h", 0) + (1 - share) * g**2
        return p - lr * g / (np.sqrt(state["h"]) + 1e-7)

    return step


def adam(lr, one=0.9, two=0.999):
    def step(p, g, state):
        state["t"] = t = state.get("t", 0) + 1
        state["m"] = one * state.get("m", 0) + (1 - one) * g
        state["v"] = two * state.get("v", 0) + (1 - two) * g**2
        return p - lr * (state["m"] / (1 - one**t)) / (np.sqrt(state["v"] / (1 - two**t)) + 1e-8)

    return step


REFERENCES = {name: value for name, value in globals().items() if callable(value)} | {"np": np}


def load(path):
    """The file as a module of its own, registered so that dataclasses find it."""
    spec = importlib.util.spec_from_file_location(f"proved_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def differ(got, expected, tolerance):
    """Whether `got` is not `expected`: another shape, not finite, or too far away relative to its size."""
    got, expected = np.asarray(got, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if got.shape != expected.shape or not np.all(np.isfinite(got)):
        return True
    return bool(np.abs(got - expected).max() > tolerance * max(np.abs(expected).max(), 1e-3))


def numerical(function, array):
    """The gradient of the number `function()` with respect to `array`, by central differences."""
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + STEP
        above = function()
        array[index] = kept - STEP
        gradient[index] = (above - function()) / (2 * STEP)
        array[index] = kept
    return gradient


class Proof:
    """One layer, loss or network against its reference."""

    def __init__(self, case, module):
        self.case = case
        self.rng = np.random.default_rng(20)
        self.tolerance = 1e-2 if case.get("float32") else 1e-6
        self.space = {"np": np, "normal": lambda *shape: self.rng.standard_normal(shape), "rng": self.rng}
        self.space["layer"] = eval(case["make"], vars(module) | self.space)

    def reference(self, values):
        return np.asarray(eval(self.case["reference"], REFERENCES | values))

    def once(self, scale=1.0):
        """The parts that come out wrong in one forward and backward pass over fresh numbers."""
        case, space = self.case, self.space
        space["x"] = eval(case["x"], space) * np.float32(scale)
        space["t"] = eval(case.get("t", "None"), space)
        values = {"x": np.array(space["x"], dtype=np.float64), "t": space["t"]}
        for name, (read, _) in case["parameters"].items():
            values[name] = np.array(eval(read, space), dtype=np.float64)
        expected = self.reference(values)
        out = eval(case.get("forward", "layer.forward(x)"), space)
        wrong = {"forward"} if differ(out, expected, self.tolerance) else set()
        if scale != 1.0:  # a loss may clip its logarithm there; it must not overflow
            return set() if np.all(np.isfinite(out)) else {"forward"}
        if np.shape(out) != expected.shape:
            return wrong
        upstream = self.rng.standard_normal(expected.shape) if expected.ndim else np.float64(1)
        space["dout"] = upstream.astype(np.asarray(out).dtype)
        before = space["dout"].copy()
        space["result"] = eval(case.get("backward", "layer.backward(dout)"), space)
        if np.any(before != space["dout"]):
            wrong.add("upstream changed")
        if differ(space["x"], values["x"], 1e-12):
            wrong.add("x changed")
        return wrong | self.gradients(values, upstream)

    def gradients(self, values, upstream):
        reads = {name: got for name, (_, got) in self.case["parameters"].items()}
        if self.case.get("dx", "result"):
            reads["x"] = self.case.get("dx", "result")
        wrong = set()
        for name, read in reads.items():
            number = numerical(lambda: float(np.sum(self.reference(values) * upstream)), values[name])
            try:
                got = eval(read, self.space)
            except AttributeError:
                got = None  # never computed
            if got is None or differ(got, number, self.tolerance):
                wrong.add(name)
        return wrong

    def outcome(self):
        """What is wrong: at the first pass, at a second one, and with large scores."""
        first = self.once()
        wrong = first | {f"second {part}" for part in self.once() - first}
        if self.case.get("large") and not first:
            wrong |= {f"large {part}" for part in self.once(1000.0)}
        return wrong


def optimizer_outcome(case, module):
    """What is wrong with an optimizer's parameters after the first and the third step."""
    rng = np.random.default_rng(3)
    layer = eval(case["make"], vars(module))
    step = eval(case["optimizer"], REFERENCES)
    params = {"W": rng.standard_normal((3, 2)), "b": rng.standard_normal(2)}
    expected = {name: value.copy() for name, value in params.items()}
    states = {name: {} for name in params}
    wrong = set()
    for number in range(1, 4):
        grads = {name: rng.standard_normal(value.shape) for name, value in params.items()}
        given = {name: value.copy() for name, value in grads.items()}
        exec(case["step"], {"layer": layer, "params": params, "grads": given})
        for name in params:
            expected[name] = step(expected[name], grads[name], states[name])
            if differ(params[name], expected[name], 1e-6):
                wrong.add(f"{name} after step {number}" if number == 1 else f"{name} later")
    early = {part.split()[0] for part in wrong if part.endswith("step 1")}
    return {f"{name} after step 1" for name in early} | {
        part for part in wrong if part.endswith("later") and part.split()[0] not in early
    }


def prove(folder, name, case):
    """A complaint about the file, or None where it is as `case` says."""
    module = load(HERE / folder / f"{name}.py")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = optimizer_outcome(case, module) if "optimizer" in case else Proof(case, module).outcome()
    said = set(case.get("wrong", []))
    if found == said:
        return None
    return f"{folder}/{name}.py: said {sorted(said)}, found {sorted(found)}"


def main(names):
    expected = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))
    complaints = []
    for folder in ("correct", "faulty"):
        files = {path.stem for path in (HERE / folder).glob("*.py")}
        complaints += [f"{folder}/{name}: file or entry missing" for name in files ^ set(expected[folder])]
        for name, case in expected[folder].items():
            if names and name not in names:
                continue
            try:
                complaints.append(prove(folder, name, case))
            except Exception as error:
                complaints.append(f"{folder}/{name}.py: {type(error).__name__}: {error}")
    complaints = [complaint for complaint in complaints if complaint]
    print("\n".join(complaints) or f"{len(expected['correct'])} right, {len(expected['faulty'])} wrong as said")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
