"""A run of seconds that tests train, interrupt and damage."""

from convlens.runs import RunConfig
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from convlens.training import Callback

NETWORK = NetworkSpec(
    "tiny", (1, 6, 6), (Convolution(2, 3), Relu(), Pooling(2), Affine(10)), weight_init_std="he"
)
N_EPOCHS, N_STEPS = 3, 3  # 48 pictures in batches of 20, 20 and 8
SAME_BYTES = ("initial", "final", "filters", "predictions")
FILES = {*(f"{name}.safetensors" for name in SAME_BYTES), "run.json", "history.jsonl", "timing.jsonl"}


def config_of(data, **changes):
    """A run of three epochs of three updates on a small set, with 10 pictures held out."""
    fields = {"network": NETWORK, "train_size": 48, "epochs": N_EPOCHS, "batch_size": 20}
    return RunConfig(data=str(data), **{**fields, "optimizer_param": {"lr": 0.01}, **changes})


def contents(folder):
    """The bytes that must not depend on when, where or how often a run was interrupted."""
    names = [f"{name}.safetensors" for name in SAME_BYTES]
    return {name: (folder / name).read_bytes() for name in [*names, "history.jsonl"]}


def copied(run, folder):
    """A copy of a run that may be damaged."""
    folder.mkdir()
    for path in run.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


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
