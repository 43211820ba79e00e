"""SimpleConvNet and LeNet in Keras 3, compiled, train_on_batch; driven by run.py as worker.py is.

python bench/peers/keras_worker.py keras NETWORK BATCH THREADS
"""

import sys
import time

name, batch = sys.argv[2], int(sys.argv[3])

import keras
import numpy as np
from keras import layers

from convlens.data import load_mnist
from networks import SPECS

(x, t), _ = load_mnist(flatten=False)
x = np.ascontiguousarray(x.transpose(0, 2, 3, 1))  # channels last, as Keras likes it
model = keras.Sequential([keras.Input((28, 28, 1))])
for row in SPECS[name]().table:
    kind = row.layer.kind
    if kind == "convolution":
        padding = "same" if row.layer.pad[0] else "valid"
        model.add(layers.Conv2D(row.layer.filters, row.layer.kernel_size, padding=padding))
    elif kind == "relu":
        model.add(layers.ReLU())
    elif kind == "pooling":
        model.add(layers.MaxPooling2D())
    else:
        if len(row.input_shape) == 3:
            model.add(layers.Flatten())
        model.add(layers.Dense(row.layer.units))
model.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
rng = np.random.default_rng(0)


def run(steps):
    batches = [rng.integers(0, len(x), batch) for _ in range(steps)]
    start = time.perf_counter()
    for index in batches:
        model.train_on_batch(x[index], t[index])
    return (time.perf_counter() - start) / steps * 1e3


run(10)
print("ready", flush=True)
for line in sys.stdin:
    print(run(int(line)), flush=True)
