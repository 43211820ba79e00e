"""What pictures are of: digits only where the classes are "0" to "9" and they were made as MNIST's."""

import numpy as np
import pytest

from convlens.data import load_mnist
from convlens.runs import RunConfig, is_made_like_mnist, speaks_of_digits, train_run
from convlens.spec import Affine, NetworkSpec, Pooling
from small_sets import write_idx


def shirts(pictures):
    """Return pictures that fill their frame, as Fashion-MNIST's do."""
    return np.clip(pictures.repeat(2, axis=1)[:, 14:42].repeat(2, axis=2)[:, :, 14:42], 0, 255)


MADE = {
    "as they are": (lambda x: x, True),
    "fainter": (lambda x: x // 2, True),
    "ink on paper": (lambda x: 255 - x, False),
    "in a corner": (lambda x: np.roll(x, (-6, 5), (1, 2)), False),
    "filling the frame": (shirts, False),
    "smaller pictures": (lambda x: x[:, 2:26, 2:26], False),
    "black": (np.zeros_like, False),
}


def run_on(pictures, labels, folder):
    """Return a run on a folder of these pictures, of one epoch."""
    data = folder / "set"
    data.mkdir()
    for part in ("train", "t10k"):
        write_idx(data / f"{part}-images-idx3-ubyte", pictures)
        write_idx(data / f"{part}-labels-idx1-ubyte", labels)
    size = (1, *pictures.shape[1:])
    spec = NetworkSpec("Tiny", size, (Pooling(4), Affine(int(max(9, labels.max())) + 1)))
    config = RunConfig(
        spec, str(data), train_size=50, epochs=1, batch_size=10, evaluate_samples=10, engine="layers"
    )
    return train_run(config, folder / "run", "convlens train")


@pytest.mark.parametrize("made", MADE)
def test_digits_are_spoken_of_where_the_pictures_are_made_so(made, tmp_path):
    """A folder of pictures without names of classes has "0" to "9": only what looks like MNIST is digits."""
    change, are_digits = MADE[made]
    (x, t), _ = load_mnist(normalize=False, flatten=False)
    run = run_on(change(x[:60, 0]), t[:60], tmp_path)
    assert speaks_of_digits(run) is is_made_like_mnist(run) is are_digits


def test_letters_made_like_mnist_are_no_digits(tmp_path):
    """Eleven classes, in pictures that were made as MNIST's."""
    (x, t), _ = load_mnist(normalize=False, flatten=False)
    labels = t[:60].copy()
    labels[:6] = 10
    run = run_on(x[:60, 0], labels, tmp_path)
    assert is_made_like_mnist(run)
    assert not speaks_of_digits(run)
