"""Data sets small enough to train on in milliseconds, written as IDX folders with MNIST's file names."""

from pathlib import Path

import numpy as np

N_TRAIN, N_TEST, SIZE = 60, 20, 6


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write a uint8 array as a raw IDX file."""
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


def write_small_set(folder: Path, seed: int = 0, size: int = SIZE, n_train: int = N_TRAIN) -> Path:
    """Write pictures of `size` x `size`, 20 of them to test on: ten classes, a bright row or column each."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for part, n in (("train", n_train), ("t10k", N_TEST)):
        labels = np.arange(n) % 10
        images = rng.integers(0, 60, (n, size, size))
        for image, label in zip(images, labels, strict=True):
            if label < 5:
                image[label] = 255
            else:
                image[:, label - 5] = 255
        write_idx(folder / f"{part}-images-idx3-ubyte", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte", labels)
    return folder
