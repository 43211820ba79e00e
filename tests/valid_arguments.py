"""A value that fits, for each argument of a public name; made of a world of small things."""

import json

import numpy as np

from convlens.data import open_source
from convlens.spec import to_dict, to_toml
from small_sets import SIZE

ELEMENTWISE = ("Relu", "LeakyRelu", "Sigmoid", "Tanh", "Gelu", "Dropout")
"""Layers that give what has the shape of what they get."""


def _run(w):
    return w.runs[0]


def _ones(w):
    return np.ones((2, 3))


def _onsets(w):
    from convlens.findings import onsets

    return onsets(w.runs)


def _sent(w):
    from convlens.runs import SentData

    return SentData.from_home(w.config())


def _files(w):
    from convlens.runs import packed

    return packed(w.runs[0].folder)


def _seen(w):
    return w.classifier.look(w.photo.read_bytes(), w.photo)


def _exported(w):
    from convlens.interop import Exported

    return Exported.of(w.network)


def _quantized(w):
    from convlens.interop import quantize

    return quantize(_exported(w), np.zeros((2, 1, SIZE, SIZE), np.uint8))


def _optimizer():
    from convlens.training.optimizers import Adam

    return Adam()


def _network(world):
    """A network of the book's kind."""
    from types import SimpleNamespace

    from convlens.layers import Affine, SoftmaxWithLoss

    params = {"W": np.ones((SIZE * SIZE, 4)), "b": np.zeros(4)}
    layer, last = Affine(params["W"], params["b"]), SoftmaxWithLoss()
    return SimpleNamespace(
        params=params,
        loss=lambda x, t: last.forward(layer.forward(x), t),
        gradient=lambda x, t: params,
    )


def _about(world):
    """A file with an author's name."""
    path = world.folder / "about.toml"
    path.write_text('author = "Kim"', encoding="utf-8")
    return path


VALID = {
    "Affine.units": lambda w: 3,
    "Affine.b": lambda w: np.zeros(3),
    "Affine.forward.x": lambda w: w.x,
    "Affine.W": lambda w: np.ones((4, 3)),
    **{f"{kind}.forward.y": lambda w: 2 for kind in ("AddLayer", "MulLayer")},
    **{f"{kind}.backward.dout": lambda w: 1.0 for kind in ("AddLayer", "MulLayer")},
    "Batch.checked.x": lambda w: w.x,
    "book.BatchNormalization.beta": lambda w: np.ones(SIZE * SIZE),
    "book.BatchNormalization.gamma": lambda w: np.ones(SIZE * SIZE),
    "book.BatchNormalization.backward.dout": lambda w: w.x,
    "book.Dropout.backward.dout": lambda w: w.x,
    "book.DeepConvNet.loss.x": lambda w: np.ones((4, 1, 8, 8)),
    "book.DeepConvNet.accuracy.x": lambda w: np.ones((4, 1, 8, 8)),
    "Classifier.error_rate": lambda w: 0.05,
    "Classifier.classify_files.paths": lambda w: [w.photo],
    "Classifier.judge.pictures": lambda w: [_seen(w)],
    "Classifier.look.content": lambda w: w.photo.read_bytes(),
    "Classifier.look.name": lambda w: w.photo,
    "Classifier.classify.pictures": lambda w: np.zeros((2, 1, SIZE, SIZE), np.uint8),
    "Convolution.W": lambda w: np.ones((2, 1, 3, 3)),
    "Convolution.groups": lambda w: 1,
    "Convolution.dilation": lambda w: 1,
    "Dataset.class_names": lambda w: ("a", "b"),
    "Dataset.images": lambda w: np.zeros((2, 1, 3, 3), np.uint8),
    "Dataset.labels": lambda w: np.array([0, 1]),
    "Dataset.name": lambda w: "mine",
    "FusedOptimizer.gradient": lambda w: np.zeros(3, np.float32),
    "FusedOptimizer.name": lambda w: "sgd",
    "FusedOptimizer.vector": lambda w: np.zeros(3, np.float32),
    "Measured.of.results": lambda w: [{"a": 1.0, "n": 2}],
    "Measured.of.value": lambda w: "a",
    "Measured.of.n": lambda w: "n",
    "Network.classify.class_names": lambda w: list("abcdefghij"),
    "Network.classify.temperature": lambda w: 2.0,
    "Network.from_layers.given": lambda w: list(w.network.layers.values()),
    "Network.from_layers.input_shape": lambda w: w.x.shape[1:],
    "Network.run.batch": lambda w: w.batch,
    "NetworkSpec.layers": lambda w: w.spec.layers,
    "NetworkSpec.name": lambda w: "Mine",
    "NetworkSpec.behind.name": lambda w: "Conv1",
    "Residual.layers": lambda w: [w.layer("Relu")],
    "Residual.shortcut": lambda w: [],
    "spec.Residual.layers": lambda w: w.spec.layers[1:2],
    "Residual.backward.dout": lambda w: w.x,
    "Optimizer.load_state.state": lambda w: {"iter": np.array(1)},
    "Parameters.update.other": lambda w: {},
    "Plan.batch": lambda w: w.batch,
    "Plan.gradients": lambda w: None,
    "Plan.predict.index": lambda w: None,
    "Plan.run.batch": lambda w: w.batch,
    "RunConfig.command.network": lambda w: "simple",
    "RunConfig.command.out": lambda w: "out",
    "RunConfig.from_dict.data": lambda w: w.config().to_dict(),
    "RunConfig.network": lambda w: w.spec,
    "RunConfig.of.given": lambda w: {"epochs": 2},
    "RunConfig.of.network": lambda w: w.spec,
    "SoftmaxWithLoss.forward.t": lambda w: np.arange(2),
    "SoftmaxWithLoss.forward.x": _ones,
    "Trainer.epochs": lambda w: 1,
    "TwoLayerNet.hidden_size": lambda w: 3,
    "Trainer.load_state.state": lambda w: w.trainer.state(),
    "Trainer.mini_batch_size": lambda w: 2,
    "Trainer.verbose": lambda w: False,
    "accuracies": lambda w: [0.5, 0.6],
    "arrays": lambda w: {"a": np.zeros(2)},
    "at_most": lambda w: 5,
    "b": lambda w: (6, 10),
    "a": lambda w: (5, 10),
    "augment": lambda w: ["shift"],
    "augmented.pictures": lambda w: np.zeros((2, 1, 4, 4), np.uint8),
    "batch": lambda w: w.batch,
    "batch_index.step": lambda w: 0,
    "batch_size": lambda w: 2,
    "call": lambda w: print,
    "capacity": lambda w: 4,
    "check_file.bounds": lambda w: None,
    "check_file.file": lambda w: w.folder / "nothing.py",
    "check_file.only": lambda w: None,
    "Submission.text.hint": lambda w: "short",
    "Submission.text.lang": lambda w: "en",
    "grade_tests.bounds": lambda w: None,
    "grade_tests.file": lambda w: w.folder / "nothing.py",
    "grade_tests.module": lambda w: None,
    "grade_tests.workers": lambda w: 1,
    "Grading.text.lang": lambda w: "en",
    "check_layer.layer": lambda w: w.layer("Affine"),
    "check_layer.names": lambda w: None,
    "check_network.network": _network,
    "check_network.t": lambda w: w.t,
    "check_network.x": lambda w: w.x,
    "check_optimizer.optimizer": lambda w: _optimizer(),
    "check_loss.loss": lambda w: w.loss,
    "check_loss.names": lambda w: None,
    "Outcome.text.hint": lambda w: "short",
    "Outcome.text.lang": lambda w: "en",
    "class_numbers.n_samples": lambda w: 4,
    "col": lambda w: np.ones((4, 9)),
    "col2im.input_shape": lambda w: (1, 1, 4, 4),
    "command": lambda w: "convlens",
    "config": lambda w: w.config(),
    "conv_output_size.filter_size": lambda w: 3,
    "conv_output_size.input_size": lambda w: 6,
    "RunConfig.data": lambda w: str(w.data),
    "RunConfig.size": lambda w: "own",
    "RunConfig.train_size": lambda w: 50,
    "RunConfig.batch_size": lambda w: 25,
    "design": lambda w: w.study.design,
    "dout": _ones,
    "Affine.backward.dout": lambda w: np.ones((4, 3)),
    "BatchNormalization.backward.dout": lambda w: w.x,
    "BatchNormalization.gamma": lambda w: np.ones(2),
    **{f"BatchNormalization.{key}": lambda w: np.zeros(2) for key in ("beta", "running_mean", "running_var")},
    "BatchNormalization.eps": lambda w: 1e-5,
    "BatchNormalization.momentum": lambda w: 0.1,
    "BatchNormalization.variant": lambda w: "book",
    "Convolution.backward.dout": lambda w: np.ones((4, 2, 4, 4)),
    "Pooling.backward.dout": lambda w: np.ones((4, 1, 3, 3)),
    "AveragePooling.backward.dout": lambda w: np.ones((4, 1, 3, 3)),
    "GlobalAveragePooling.backward.dout": lambda w: np.ones((4, 1)),
    **{f"{kind}.backward.dout": lambda w: w.x for kind in ELEMENTWISE},
    "SoftmaxWithLoss.backward.dout": lambda w: 1,
    "dtype": lambda w: "float32",
    "encoded.kind": lambda w: "png",
    "epoch": lambda w: 0,
    "exciting_patches.n_images": lambda w: 5,
    "excitement.n_images": lambda w: 5,
    "experiment": lambda w: w.experiment,
    "exported": _exported,
    "quantized": _quantized,
    "quantize.pictures": lambda w: np.zeros((2, 1, SIZE, SIZE), np.uint8),
    "Quantized.predict.pictures": lambda w: np.zeros((2, 1, SIZE, SIZE), np.uint8),
    "f": lambda w: np.sum,
    "feature_maps.layer": lambda w: "Conv1",
    "figure": lambda w: w.figure,
    "file_name": lambda w: w.weights,
    "file_stem.what": lambda w: "filters",
    "filter_h": lambda w: 3,
    "filter_w": lambda w: 3,
    "filters": lambda w: 3,
    "folder": lambda w: w.data,
    "from_json.text": lambda w: json.dumps(to_dict(w.spec)),
    "from_toml.text": lambda w: to_toml(w.spec),
    "from_dict.data": lambda w: to_dict(w.spec),
    "groups": lambda w: {"a": w.runs},
    "index": lambda w: np.arange(2),
    "hidden_size_list": lambda w: [3],
    "input_data": lambda w: w.x,
    "input_size": lambda w: 6,
    "input_shape": lambda w: (1, SIZE, SIZE),
    "kernel_size": lambda w: 3,
    "kernels_of.kind": lambda w: "relu",
    "labels": lambda w: [0, 1],
    "lang": lambda w: "en",
    "layer": lambda w: None,
    "layers": lambda w: list(w.network.layers.values()),
    "build.layer": lambda w: w.spec.layers[1],
    "Dropout.forward.batch": lambda w: None,
    "learning_curves.loss": lambda w: False,
    "applied_by_rate.groups": lambda w: {0.001: w.runs[:1], 0.002: w.runs[1:]},
    "filters_by_rate.groups": lambda w: {0.001: w.runs[:1], 0.002: w.runs[1:]},
    "learning_rates.groups": lambda w: {0.001: w.runs},
    "load_design.name_or_path": lambda w: "homework",
    "loss": lambda w: None,
    "lr": lambda w: 0.1,
    "make_optimizer.name": lambda w: "adam",
    "most": lambda w: 3,
    "n": lambda w: 4,
    "n_available": lambda w: 60,
    "n_classes": lambda w: 10,
    "n_images": lambda w: 10,
    "n_right": lambda w: 5,
    "n_samples": lambda w: 4,
    "name_or_file": lambda w: "simple",
    "named_network.name": lambda w: "simple",
    "network": lambda w: w.network,
    "number": lambda w: 0,
    "find_data.sent": _sent,
    "missing": lambda w: [w.planned],
    "packed.folder": lambda w: w.runs[0].folder,
    "StopWhen.unwanted": lambda w: lambda: False,
    "unpacked.config": lambda w: w.config(),
    "unpacked.files": _files,
    "unpacked.out": lambda w: w.runs[0].folder,
    "open_data.source": lambda w: str(w.data),
    "open_data.train_size": lambda w: 50,
    "open_data.size": lambda w: "own",
    "open_source.source": lambda w: str(w.data),
    "preview.pair": lambda w: open_source(str(w.data)),
    "network_for.network": lambda w: "simple",
    "network_for.given": lambda w: {"data": str(w.data)},
    "other": lambda w: w.runs,
    "out": lambda w: w.folder / "out",
    "output_size": lambda w: 4,
    "owner": lambda w: "a figure",
    "part": lambda w: "test",
    "path": lambda w: w.folder / "written.safetensors",
    "picture": lambda w: w.picture,
    "pairs": lambda w: [(w.runs, w.runs)],
    "plan": lambda w: w.plan,
    "planned": lambda w: w.planned,
    "pool_h": lambda w: 2,
    "pool_w": lambda w: 2,
    "read_about.path": _about,
    "load_pictures.source": lambda w: w.photo,
    "like": lambda w: "mnist",
    "height": lambda w: 28,
    "width": lambda w: 28,
    "read_picture.path": lambda w: w.photo,
    "side_by_side.runs": lambda w: [w.runs[0], w.other],
    "smooth_curve.x": lambda w: np.arange(20.0),
    "write_explorer.out": lambda w: w.folder / "explorer.html",
    "write_runs_report.path": lambda w: w.folder / "report.html",
    "write_runs_report.picture": lambda w: w.photo,
    "train_run.out": lambda w: w.runs[0].folder,
    "finished_run.out": lambda w: w.runs[0].folder,
    "numerical_gradient.x": lambda w: np.ones(2),
    "read_arrays.path": lambda w: w.weights,
    "read_idx.path": lambda w: w.data / "t10k-labels-idx1-ubyte",
    "read_idx_with_sha256.path": lambda w: w.data / "t10k-labels-idx1-ubyte",
    "reported_in.design": lambda w: "homework",
    "rounds": lambda w: 1,
    "row": lambda w: w.spec.table[0],
    "run": _run,
    "runs": lambda w: w.runs,
    "Run.folder": lambda w: w.runs[0].folder,
    "save.path": lambda w: w.folder / "figure.png",
    "more_data.small": _onsets,
    "more_data.full": _onsets,
    "seed": lambda w: 0,
    "seeds": lambda w: 1,
    "sha256": lambda w: {},
    "shape": lambda w: (1, 6, 6),
    "shapes": lambda w: {"W1": (2, 3)},
    "spec": lambda w: w.spec,
    "study": lambda w: w.study,
    "t": lambda w: w.t,
    "t_test": lambda w: w.t,
    "t_train": lambda w: w.t,
    "threads": lambda w: 1,
    "train_size": lambda w: 50,
    "Optimizer.update.grads": lambda w: {"W1": np.ones(2)},
    "Optimizer.update.params": lambda w: {"W1": np.ones(2)},
    "window": lambda w: 2,
    "W": lambda w: np.ones((4, 3)),
    "X": lambda w: w.x[0, 0],
    "x": lambda w: w.x,
    "x_test": lambda w: w.x,
    "x_train": lambda w: w.x,
    "y": _ones,
    "cross_entropy_error.t": lambda w: np.arange(2),
    "mean_squared_error.t": _ones,
    "softmax_loss.t": lambda w: np.arange(6),
}
"""A value that fits, by the parameter's name or by "function.parameter"; made anew for each call."""
