"""Photographs and drawings of digits, made from MNIST's own, for tests of what takes them."""

from functools import cache

import numpy as np

from convlens.data import bundled_mnist
from convlens.data.handwriting.sampling import box_mean, interpolated

PLACES = {"0": 3, "1": 2, "2": 1, "3": 18, "4": 4, "5": 15, "7": 0, "9": 7}
"""Test images that are easy to read, by what they show."""


@cache
def digit(name):
    """Return one of MNIST's test images, uint8 (28, 28)."""
    return bundled_mnist().test.images[PLACES[name], 0]


def ink(name, size, shape=None, corner=None):
    """Return a digit enlarged to `size` pixels for MNIST's 28, its edges sharp again, on a sheet."""
    large = interpolated(digit(name) / 255.0, size, size)
    large = box_mean(np.clip(4.0 * (large - 0.5) + 0.5, 0.0, 1.0), 1)
    sheet = np.zeros(shape or (size, size))
    row, column = corner or ((sheet.shape[0] - size) // 2, (sheet.shape[1] - size) // 2)
    sheet[row : row + size, column : column + size] = large
    return sheet


def light(shape, falls=0.3):
    """Return paper under a lamp in a corner, float64."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] / max(shape)
    return 0.85 - falls * (0.7 * rows + columns)


def noisy(grey, amount=0.02):
    """Return a picture with a camera's noise, in 255ths as a file has them."""
    noise = np.random.default_rng(0).normal(0.0, amount, grey.shape)
    return np.round(np.clip(grey + noise, 0.0, 1.0) * 255.0) / 255.0


def ruled(shape, step, falls=0.0):
    """Return the lines of a sheet, 1 where there is one."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return ((rows + falls * columns) % step < 2).astype(np.float64)


def likeness(prepared, name):
    """Return how like a prepared picture is to the digit that it was made from: their correlation."""
    return float(np.corrcoef(prepared.values.ravel(), digit(name).ravel())[0, 1])
