"""A run of seconds that tests train, interrupt and damage."""

import shutil

from convlens.runs import RunConfig
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from convlens.training import Callback

NETWORK = NetworkSpec(
    "tiny", (1, 6, 6), (Convolution(2, 3), Relu(), Pooling(2), Affine(10)), weight_init_std="he"
)
N_EPOCHS, N_STEPS = 3, 3  # 48 pictures in batches of 20, 20 and 8
ARRAYS = ("initial", "final", "predictions", "epochs/0001", "epochs/0002")
FILES = {*(f"{name}.safetensors" for name in ARRAYS), "run.json", "history.jsonl", "timing.jsonl"}


def config_of(data, **changes):
    """A run of three epochs of three updates on a small set, with 10 pictures held out."""
    fields = {"network": NETWORK, "train_size": 48, "epochs": N_EPOCHS, "batch_size": 20}
    return RunConfig(data=str(data), **{**fields, "optimizer_param": {"lr": 0.01}, **changes})


def contents(folder):
    """The bytes that must not depend on when, where or how often a run was interrupted."""
    names = files_in(folder) - {"run.json", "timing.jsonl"}
    return {name: (folder / name).read_bytes() for name in names}


def files_in(folder):
    """The names of all files in a run's folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def flipped(path, place=0.5):
    """Turn one bit of a file, somewhere from its start, 0, to its end, 1."""
    content = bytearray(path.read_bytes())
    content[int(place * (len(content) - 1))] ^= 4
    path.write_bytes(content)


def cut(path, share=0.5):
    """Leave only the beginning of a file."""
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def copied(run, folder):
    """A copy of a run that may be damaged."""
    return shutil.copytree(run.folder, folder)


class Interrupts(Callback):
    """Presses Ctrl-C at a step, or at an epoch's end."""

    def __init__(self, at_step=None, at_epoch=None, error=KeyboardInterrupt):
        self.at_step, self.at_epoch, self.error = at_step, at_epoch, error

    def on_step(self, trainer, loss):
        if trainer.current_iter + 1 == self.at_step:
            raise self.error

    def on_epoch(self, trainer, scores):
        if scores.epoch == self.at_epoch:
            raise self.error


class Notes(Callback):
    """Keeps what is said."""

    def __init__(self):
        self.texts = []

    def on_note(self, trainer, text):
        self.texts.append(text)


class Untrained(Callback):
    """Fails at the first step: there should be none."""

    def on_step(self, trainer, loss):
        raise AssertionError("a step was made")


class Looks(Callback):
    """Checks at every moment that nothing is at `out` yet."""

    def __init__(self, out):
        self.out, self.moments = out, 0

    def on_step(self, trainer, loss):
        assert not self.out.exists()
        self.moments += 1

    on_epoch = on_step

    def on_end(self, trainer):
        assert not self.out.exists()
