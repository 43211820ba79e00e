"""The estimator: scikit-learn's protocol before a Trainer. Must not know files or pages."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Self
from warnings import warn

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from convlens._typing import Array, IntArray
from convlens.errors import ShapeError, UsageError, shown
from convlens.layers.functions import softmax
from convlens.networks import Network
from convlens.sklearn.adapted import SMALLEST, adapted, network_of
from convlens.sklearn.pictures import labelled_pictures, picture_shape, pictures_of
from convlens.sklearn.stopping import EnoughError, HeldOut, require_stopping
from convlens.spec import DTYPES, NetworkSpec
from convlens.training import Callback, Trainer
from convlens.training.notes import Note

__all__ = ["ConvNetClassifier"]

_LOOKED_AT = 100  # pictures that the Trainer looks at for signs of failure


class Labelled(NamedTuple):
    """Pictures, their class numbers, and how much each counts."""

    x: Array
    t: IntArray
    weights: Array | None

    def part(self, index: IntArray) -> "Labelled":
        """Return some of them."""
        return Labelled(self.x[index], self.t[index], None if self.weights is None else self.weights[index])


class Warnings(Callback):
    """Passes on what the Trainer notes.

    Args:
        are_pictures: whether large numbers may be bytes that nobody scaled.
    """

    may_change_parameters = False

    def __init__(self, are_pictures: bool) -> None:
        self._are_pictures = are_pictures

    def on_note(self, trainer: Trainer, text: str) -> None:
        del trainer
        about = (
            text.values.get("name") if isinstance(text, Note) else None
        )  # of pictures that look like bytes
        if about is None or (about == "x_train" and self._are_pictures):
            warn(str(text).replace("x_train", "X"), ConvergenceWarning, stacklevel=2)


class ConvNetClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A ConvNet that is trained and asked as every classifier of scikit-learn is.

    `X` are pictures (N, C, H, W) or (N, H, W), or rows of numbers (N, C·H·W), as arrays, lists or data
    frames. Bytes, that is uint8, are scaled from 0…255 to 0…1; numbers of any other type are taken as they
    are: scale them yourself, in a Pipeline. Labels are of any kind that scikit-learn takes: texts, integers,
    bools.

    Args:
        network: "simple", "lenet" or another name, a file in TOML, or a NetworkSpec; its input and its last
            layer are made to fit. None: SimpleConvNet for pictures of 8x8 pixels and more, one hidden layer
            of 100 units for shorter rows of numbers.
        input_shape: (channels, height, width) or (height, width) of a picture. None: as it comes; of rows of
            numbers a square grey picture, or where their length is no square one row.
        epochs: passes over the training pictures.
        batch_size: pictures of one update; at most all.
        optimizer: its name, such as "Adam" or "SGD".
        learning_rate: its learning rate.
        schedule: "constant", "cosine", "step" or "one-cycle".
        optimizer_param: further arguments of the optimizer, such as {"momentum": 0.95}; None for its own.
        weight_decay: how much filters and matrices are pulled towards 0; None for the optimizer's own.
        clip_norm: the most that the norm of all derivatives together may be at an update; 0 for any.
        ema: above 0 and below 1, such as 0.999, for a moving average of the parameters, by which held-out
            pictures are judged, and which `network_` holds at the end; 0 for none.
        warm_up: epochs in which the learning rate rises to what the schedule says; 0 for none.
        label_smoothing: how much of each label is spread evenly over all classes, 0 or more and below 1.
        augment: how pictures are varied, anew in each epoch, such as {"shift": 2}; None: they are not.
        class_weight: how much a class counts, {label: weight}, or "balanced"; None for all alike.
        early_stopping: hold some pictures out, end when they are no longer told apart better, and keep the
            parameters that did it best.
        validation_fraction: the share that is held out.
        n_iter_no_change: epochs without a rise by `tol`, more than which end the training.
        tol: what accuracy on held-out pictures must rise by.
        dtype: "float32", or "float64" without kernels; None for the network's own.
        engine: "fused" for compiled kernels, "layers" for the readable layers; None for what is usual.
        threads: how many the kernels use; results do not depend on it.
        random_state: of the first weights, the pictures' order and what is held out: an int for the same
            results each time, a RandomState, or None.

    Attributes:
        network_: the trained `Network`, which `convlens.interop` exports.
        classes_: the labels, in the order of `predict_proba`.
        input_shape_: (channels, height, width).
        n_features_in_: numbers a picture.
        n_iter_: epochs that were done.
        loss_curve_: the mean loss of each epoch's batches.
        validation_scores_: accuracy on held-out pictures after each epoch; None without early stopping.
        best_validation_score_: the highest of them, or None.
    """

    def __init__(
        self, network: str | NetworkSpec | None = None, *, input_shape: Sequence[int] | None = None,
        epochs: int = 20, batch_size: int = 100, optimizer: str = "Adam", learning_rate: float = 0.001,
        schedule: str = "constant", optimizer_param: Mapping[str, float] | None = None,
        weight_decay: float | None = None, clip_norm: float = 0.0, ema: float = 0.0, warm_up: float = 0.0,
        label_smoothing: float = 0.0,
        augment: Any = None,  # noqa: ANN401
        class_weight: Mapping[Any, float] | str | None = None,
        early_stopping: bool = False, validation_fraction: float = 0.1, n_iter_no_change: int = 10,
        tol: float = 1e-4, dtype: str | None = None, engine: str | None = None, threads: int | None = None,
        random_state: Any = None,  # noqa: ANN401
    ) -> None:  # fmt: skip
        self.network, self.input_shape, self.epochs = network, input_shape, epochs
        self.batch_size, self.optimizer, self.learning_rate = batch_size, optimizer, learning_rate
        self.schedule, self.optimizer_param, self.weight_decay = schedule, optimizer_param, weight_decay
        self.clip_norm, self.ema, self.warm_up = clip_norm, ema, warm_up
        self.label_smoothing, self.augment = label_smoothing, augment
        self.class_weight, self.early_stopping = class_weight, early_stopping
        self.validation_fraction, self.n_iter_no_change, self.tol = validation_fraction, n_iter_no_change, tol
        self.dtype, self.engine, self.threads, self.random_state = dtype, engine, threads, random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: ANN401
        """Train a new network.

        Args:
            X: pictures.
            y: a label each.
            sample_weight: how much each counts, (N,), 0 or more: one of weight 2 as if it came twice.

        Raises:
            UsageError, ValueError: what was given does not fit.
            DivergedError: the loss left all sense; a smaller learning rate usually helps.
        """
        require_stopping(self.early_stopping, self.validation_fraction, self.n_iter_no_change, self.tol)
        described = network_of(self.network)
        dtype = self.dtype or (described.dtype if described else DTYPES[0])
        rows, y, own = labelled_pictures(self, X, y, dtype)
        check_classification_targets(y)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        self.input_shape_ = picture_shape(self.input_shape, own, self.n_features_in_)
        spec = adapted(described, self.input_shape_, len(self.classes_), dtype)
        given = Labelled(rows.reshape(-1, *self.input_shape_), numbers, self._weights(sample_weight, rows, y))
        random = check_random_state(self.random_state)
        seed = int(random.randint(2**31 - 1))
        self.network_ = Network(spec, seed, self.engine)
        self._train(given, random, seed)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: ANN401
        """Return each class's probability, (N, classes), in the order of `classes_`."""
        check_is_fitted(self)
        rows, own = pictures_of(self, X, self.network_.spec.dtype)
        if own not in {None, self.input_shape_}:
            raise ShapeError(f"`X` must be pictures of {self.input_shape_}, as at `fit`. Got {own}.")
        return softmax(self.network_.predict(rows.reshape(-1, *self.input_shape_)).astype(np.float64))

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: ANN401
        """Return the most probable label of each picture, (N,)."""
        numbers = self.predict_proba(X).argmax(axis=1)  # refuses where nothing has been fitted
        return self.classes_[numbers]

    def _weights(self, sample_weight: Any, rows: Array, y: Array) -> Array | None:  # noqa: ANN401
        """Return how much each picture counts by its own weight and its class's; None for all alike."""
        if sample_weight is None and self.class_weight is None:
            return None
        weights = _check_sample_weight(sample_weight, rows, dtype=np.float64)
        if self.class_weight is not None:
            weights = weights * compute_sample_weight(self.class_weight, y)
        if not weights.min() >= 0 or not weights.max() > 0:
            rule = "0 or more, and not all zero"
            found = f"{weights.min():g} to {weights.max():g}"
            raise UsageError(f"`sample_weight` of ConvNetClassifier must be {rule}. Got {found}.")
        return weights

    def _train(self, given: Labelled, random: np.random.RandomState, seed: int) -> None:
        """Train `network_`, and say how it went."""
        held_out = None
        if self.early_stopping:
            given, rest = _split(given, self.validation_fraction, random)
            held_out = HeldOut(*rest, self.tol, self.n_iter_no_change)
        notes = Warnings(min(self.input_shape_[1:]) >= SMALLEST)
        size, some = self.batch_size, slice(_LOOKED_AT)
        param = {"lr": self.learning_rate, **_further(self.optimizer_param)}
        trainer = Trainer(
            self.network_, given.x, given.t, given.x[some], given.t[some], self.epochs,
            min(size, len(given.x)) if isinstance(size, int | np.integer) else size,
            self.optimizer, param, evaluate_sample_num_per_epoch=1, verbose=False,
            seed=seed, callbacks=[notes, *([held_out] if held_out else [])], schedule=self.schedule,
            engine=self.engine, threads=self.threads, sample_weights=given.weights, augment=self.augment,
            weight_decay=self.weight_decay, clip_norm=self.clip_norm, ema=self.ema, warm_up=self.warm_up,
            label_smoothing=self.label_smoothing,
        )  # fmt: skip
        with suppress(EnoughError):
            trainer.train()
        self.n_iter_ = trainer.current_epoch
        losses = np.reshape(trainer.train_loss_list, (-1, int(trainer.iter_per_epoch)))
        self.loss_curve_ = losses.mean(axis=1).tolist()
        self.validation_scores_ = held_out.scores if held_out else None
        self.best_validation_score_ = max(held_out.scores) if held_out else None
        if held_out:
            self.network_.params.vector[...] = held_out.best

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags


def _further(param: Any) -> dict[str, float]:  # noqa: ANN401
    """Return further arguments of the optimizer; the learning rate is an argument of the estimator."""
    if not isinstance(param, Mapping | None) or "lr" in (param or {}):
        rule = "numbers by name, such as {'momentum': 0.95}, or None; the learning rate is `learning_rate`"
        raise UsageError(f"`optimizer_param` of ConvNetClassifier must be {rule}. Got {shown(param)}.")
    return dict(param or {})


def _split(
    given: Labelled,
    fraction: float,
    random: np.random.RandomState,
) -> tuple[Labelled, Labelled]:
    """Return what is trained on and what is held out, of each class as large a share."""
    everything = np.arange(len(given.x))
    kept, out = train_test_split(everything, test_size=fraction, stratify=given.t, random_state=random)
    for part in (given.part(kept), given.part(out)):
        if part.weights is not None and not part.weights.any():
            rule = "be above zero for pictures on both sides of the split of `early_stopping`"
            raise UsageError(f"`sample_weight` of ConvNetClassifier must {rule}.")
    return given.part(kept), given.part(out)
