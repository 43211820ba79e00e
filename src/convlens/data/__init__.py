"""Bytes become arrays here: bundled MNIST, one's own IDX files and pictures, handwriting, splits, batches.

Must not know networks.
"""

from convlens.data.augmentation import TRANSFORMS, augmented
from convlens.data.batches import batch_index, epoch_order, steps_per_epoch
from convlens.data.dataset import Dataset, DatasetPair
from convlens.data.folder import count_training_images, load_idx_folder
from convlens.data.handwriting import Prepared, prepare
from convlens.data.idx import read_idx, read_idx_with_sha256
from convlens.data.labels import one_hot
from convlens.data.mnist import bundled_mnist, load_mnist
from convlens.data.own_pictures import Pictures, load_pictures
from convlens.data.pictures import photograph, read_picture
from convlens.data.shuffle import shuffle_dataset
from convlens.data.sources import open_source
from convlens.data.splits import Span, Split, largest_train_size, split_for

__all__ = [
    "TRANSFORMS",
    "Dataset",
    "DatasetPair",
    "Pictures",
    "Prepared",
    "Span",
    "Split",
    "augmented",
    "batch_index",
    "bundled_mnist",
    "count_training_images",
    "epoch_order",
    "largest_train_size",
    "load_idx_folder",
    "load_mnist",
    "load_pictures",
    "one_hot",
    "open_source",
    "photograph",
    "prepare",
    "read_idx",
    "read_idx_with_sha256",
    "read_picture",
    "shuffle_dataset",
    "split_for",
    "steps_per_epoch",
]
