"""Data sets of few classes, or with far more images of one than of others, in milliseconds."""

import numpy as np

from small_sets import write_idx


def write_lopsided_set(folder, counts, size=12, seed=0):
    """Write `counts[label]` test images and twice as many training images of each, a bright row each."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for part, times in (("train", 2), ("t10k", 1)):
        labels = rng.permutation(np.repeat(np.arange(len(counts)), np.array(counts) * times))
        images = rng.integers(0, 60, (len(labels), size, size))
        images[np.arange(len(labels)), labels] = 255
        write_idx(folder / f"{part}-images-idx3-ubyte", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte", labels)
    return folder
