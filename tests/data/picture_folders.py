"""Folders of tiny pictures, drawn by Pillow: each class has a bright row of its own."""

import numpy as np
from PIL import Image


def picture(label, rng, size=(8, 8), colour=False):
    """One picture as bytes: noise with a bright row, in colours where they are asked for."""
    height, width = size
    pixels = rng.integers(0, 90, (height, width, 3) if colour else (height, width), np.uint8)
    pixels[label % height] = 250
    return pixels


def write_pictures(folder, counts, size=(8, 8), *, colour=False, ending="png", seed=0):
    """Write a folder for each class, with as many pictures as `counts` says."""
    rng = np.random.default_rng(seed)
    for label, (name, n) in enumerate(counts.items()):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for k in range(n):
            path = folder / name / f"{k}.{ending}"
            Image.fromarray(picture(label, rng, size, colour)).save(path)
    return folder
