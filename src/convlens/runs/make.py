"""From a config to a finished run folder. Must not know figures."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from threadpoolctl import threadpool_limits

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import DivergedError, RunError, ShapeError, UsageError, shown
from convlens.files import explained, write_text
from convlens.networks import Network, write_arrays
from convlens.networks.engines import engine_for, require_kernels
from convlens.runs.config import RunConfig
from convlens.runs.data import RunData, open_data
from convlens.runs.folder import Run
from convlens.runs.networks import begun
from convlens.runs.place import Place
from convlens.runs.reading import reading
from convlens.runs.recorder import Recorder
from convlens.runs.stamps import stamp
from convlens.runs.told import BLAS_THREADS, told
from convlens.runs.unlike import unlike
from convlens.spec import NetworkSpec
from convlens.training.callbacks import Callback
from convlens.training.trainer import Trainer

__all__ = ["finished_run", "train_run"]


def finished_run(config: RunConfig, out: Path) -> Run | None:
    """Return the run that is already in `out`, or None if nothing is there.

    Raises:
        UsageError: something else is there, or no run could be.
        RunError: a damaged run is there.
    """
    if not isinstance(config, RunConfig):
        raise UsageError(f"`config` of a run must be a RunConfig. Got {shown(config)}.")
    place = Place(out)
    out = place.out
    if place.is_free:
        return None
    try:
        run = Run(out)
    except RunError:
        if (out / "run.json").is_file():
            raise
        raise UsageError(f"{out} exists and is not a run of convlens: choose another --out.") from None
    if run.run_id != config.run_id:
        told = "; ".join(unlike(config, run.config)) or f"{run.run_id}, not {config.run_id}"
        raise UsageError(f"{out} holds another run ({told}): choose another --out.")
    if run.data_source != config.data_source:
        data = open_data(config.data, config.train_size, config.size)
        if data.sha256 != run.sha256:
            raise UsageError(f"{out} holds a run on other data, {run.data_source}: choose another --out.")
    run.require_whole()
    place.clear()
    return run


@as_annotated
def train_run(
    config: RunConfig,
    out: Path,
    command: str,
    callbacks: Sequence[Callback] = (),
    clock: Callable[[], float] = time.perf_counter,
    threads: int | None = None,
    data: RunData | None = None,
) -> Run:
    """Train what `config` describes and leave a run folder.

    An interrupted run goes on; a finished one is returned as it is.

    Args:
        config: what to train.
        out: the run's folder; made if it is not there.
        command: what repeats this run.
        callbacks: who else hears what happens.
        clock: seconds since some moment.
        threads: of the kernels; None for as many as are fastest. The results do not depend on it.
        data: where they are open already; None to open what `config` names.

    Raises:
        UsageError: `out` cannot be this run's, or the data do not fit the network.
        DataError, MissingEngineError: the data cannot be read; there are no kernels, which `config` wants.
        RunError: another process is at work there (TakenError), or what is there cannot be used or named.
        DivergedError: the loss became NaN or infinite, or grew beyond any sense; nothing of the run is kept.
    """
    if (done := finished_run(config, out)) is not None:
        return done
    data, place = data or _opened(config), Place(out)
    _require_possible(config, data)
    with place.taken():
        if (done := finished_run(config, out)) is not None:  # by another, since the first look
            return done
        aside = place.aside(_mark(config, data))
        if not _is_whole(aside):
            _make(config, data, aside, command, callbacks, clock, threads)
        place.commit(aside)
    return Run(out)


def _make(
    config: RunConfig,
    data: RunData,
    aside: Path,
    command: str,
    callbacks: Sequence[Callback],
    clock: Callable[[], float],
    threads: int | None,
) -> None:
    """Train, and leave everything that belongs to the run in the folder `aside`."""
    recorder = Recorder(aside, clock)
    with begun(config.network, config.seed, config.engine) as network:
        trainer = _trainer(config, data, network, [recorder, *callbacks], threads)
        scores = _trained(trainer, data, aside)
    predictions = aside / "predictions.safetensors"
    write_arrays(predictions, scores)
    with explained("read", predictions):
        files = {**recorder.files, predictions.name: stamp(predictions)}
    about = told(config, data, network, scores, command, files)
    write_text(aside / "run.json", json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    Run(aside).require_whole()


def _opened(config: RunConfig) -> RunData:
    """Open the data, and meanwhile import what computes the network: both take some tenths of a second."""
    with reading(partial(open_data, config.data, config.train_size, config.size)) as data:
        if engine_for(config.engine, config.network) == "fused":
            import_module("convlens.engine")
        return data()


def _is_whole(aside: Path) -> bool:
    """Say whether an earlier attempt has done everything but give the folder its name."""
    try:
        Run(aside).require_whole()
    except RunError:
        return False
    return True


def _mark(config: RunConfig, data: RunData) -> str:
    """Return what an interrupted attempt is found by: the same config on the same data."""
    text = json.dumps([config.run_id, data.sha256], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _trained(trainer: Trainer, data: RunData, aside: Path) -> dict[str, Array]:
    """Train, and return the scores of all test and validation images."""
    network = trainer.network
    with threadpool_limits(BLAS_THREADS, "blas"):  # the same bits on any number of cores
        try:
            trainer.train()
        except DivergedError:  # to go on would only diverge again
            shutil.rmtree(aside, ignore_errors=True)
            raise
        scores = {"test": network.predict(data.test.x)}
        if data.validation is not None:
            scores["validation"] = network.predict(data.validation.x)
    return scores


def _trainer(
    config: RunConfig, data: RunData, network: Network, callbacks: list[Callback], threads: int | None
) -> Trainer:
    head = config.evaluate_samples
    held_out = None if data.validation is None else data.validation.head(head)
    return Trainer(
        network,
        data.train.x,
        data.train.t,
        data.test.x,
        data.test.t,
        epochs=config.epochs,
        mini_batch_size=config.batch_size,
        optimizer=config.optimizer,
        optimizer_param=config.optimizer_param,
        evaluate_sample_num_per_epoch=head,
        verbose=False,
        seed=config.seed,
        validation=None if held_out is None else (held_out.x, held_out.t),
        callbacks=callbacks,
        schedule=config.schedule,
        warm_up=config.warm_up,
        weight_decay=config.weight_decay,
        clip_norm=config.clip_norm,
        ema=config.ema,
        augment=config.augment,
        label_smoothing=config.label_smoothing,
        engine=config.engine,
        threads=threads,
    )


def _require_possible(config: RunConfig, data: RunData) -> None:
    """Refuse kernels that cannot run, and data that do not fit the network, before anything lies there."""
    if config.engine == "fused":
        require_kernels()
    _require_fit(data, config.network)


def _require_fit(data: RunData, described: NetworkSpec) -> None:
    """Refuse data of another picture size or with more classes than the network has."""
    if data.train.x.shape[1:] != described.input_shape:
        found = " x ".join(map(str, data.train.x.shape[1:]))
        wanted = " x ".join(map(str, described.input_shape))
        raise ShapeError(f"{described.name} takes pictures of {wanted}. {data.name} has {found}.")
    largest = max(int(part.t.max()) for part in (data.train, data.validation, data.test) if part)
    if largest >= described.n_classes:
        labels = f"labels up to {largest}, which are {largest + 1} classes"
        raise UsageError(f"{data.name} has {labels}; {described.name} knows {described.n_classes}.")
