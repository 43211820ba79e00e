"""SimpleConvNet and LeNet in JAX with Optax's Adam, one jitted step; driven by run.py as worker.py is.

python bench/peers/jax_worker.py jax NETWORK BATCH THREADS
"""

import os
import sys
import time

_, name, batch, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"

import jax
import jax.numpy as jnp
import numpy as np
import optax

from convlens.data import load_mnist
from networks import SPECS

(x, t), _ = load_mnist(flatten=False)
pictures, labels = jnp.asarray(x), jnp.asarray(t.astype(np.int32))
table = SPECS[name]().table
rng = np.random.default_rng(0)
params = {
    parameter.name: jnp.asarray(rng.standard_normal(parameter.shape).astype(np.float32) * 0.05)
    for row in table
    for parameter in row.parameters
}


def forward(params, x):
    for row in table:
        kind, keys = row.layer.kind, [parameter.name for parameter in row.parameters]
        if kind == "convolution":
            pads = [(p, p) for p in row.layer.pad]
            x = (
                jax.lax.conv_general_dilated(x, params[keys[0]], (1, 1), pads)
                + params[keys[1]][:, None, None]
            )
        elif kind == "relu":
            x = jax.nn.relu(x)
        elif kind == "pooling":
            x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
        else:
            x = x.reshape(len(x), -1) @ params[keys[0]] + params[keys[1]]
    return x


adam = optax.adam(1e-3)
state = adam.init(params)


@jax.jit
def step(params, state, index):
    def loss(params):  # noqa: ANN202 (jitted)
        logits = forward(params, pictures[index])
        return optax.softmax_cross_entropy_with_integer_labels(logits, labels[index]).mean()

    value, grads = jax.value_and_grad(loss)(params)
    updates, state = adam.update(grads, state)
    return optax.apply_updates(params, updates), state, value


def run(steps):
    global params, state
    batches = [rng.integers(0, len(x), batch) for _ in range(steps)]
    start = time.perf_counter()
    for index in batches:
        params, state, value = step(params, state, index)
    float(value)  # waits for what is still under way
    return (time.perf_counter() - start) / steps * 1e3


run(10)
print("ready", flush=True)
for line in sys.stdin:
    print(run(int(line)), flush=True)
