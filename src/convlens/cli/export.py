"""`convlens export`: a finished run's network as a file of somebody else's."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.words import spoken

if TYPE_CHECKING:
    from convlens.interop import Exported
    from convlens.runs import Run

__all__ = ["export"]

_SUFFIXES = (".onnx", ".py", ".h")
_OPTIONS = {"--torch": ".py", "--bytes": ".onnx", "--int8": ".h"}
_CALIBRATION = 500  # training images: they show how large activations become


def export(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    out: Annotated[Path, typer.Argument(help="The file, a new one: .onnx, .py (PyTorch) or .h (C99).")],
    torch: Annotated[
        bool, typer.Option("--torch", help="A PyTorch module and its weights: what .py means.")
    ] = False,
    from_bytes: Annotated[
        bool, typer.Option("--bytes", help="With .onnx: pictures go in as bytes and are scaled inside.")
    ] = False,
    int8: Annotated[
        bool, typer.Option("--int8", help="With .h: whole numbers, no floats, a quarter of the size.")
    ] = False,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the files as JSON.")] = False,
) -> None:
    """Write a trained network for ONNX, PyTorch or C; none of them is needed to write it, but for .onnx.

    C: one file without malloc and without a library; with --int8 its head says how often it is right, beside
    the float one. ONNX needs the extra `onnx`.
    """
    from convlens.interop import Exported  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.runs import Run  # noqa: PLC0415

    _require_new(out, {"--torch": torch, "--bytes": from_bytes, "--int8": int8})
    found, accuracy = Run(run), dict[str, float]()
    exported = Exported.of(found.network(), found.class_names, _origin(found))
    if int8:
        files, accuracy = _in_whole_numbers(found, exported, out)
    else:
        files = _written(exported, out, from_bytes)
    if as_json:
        told = [{"file": str(file), "bytes": file.stat().st_size} for file in files]
        typer.echo(json.dumps({"format": 1, "files": told, **accuracy}))
    else:
        for file in files:
            typer.echo(file)
        if accuracy:
            say = spoken(lang)
            int8_right, float_right = (say.percent(one, 2) for one in accuracy.values())
            typer.echo(say("export.accuracy", int8=int8_right, float=float_right))


def _require_new(out: Path, given: dict[str, bool]) -> None:
    """Refuse a file that is there, one that nothing can be written to, and options of other formats."""
    from convlens.errors import UsageError, shown  # noqa: PLC0415 (lazy)
    from convlens.files import require_place  # noqa: PLC0415

    suffix = out.suffix.lower()
    if suffix not in _SUFFIXES:
        raise UsageError(f"the file of export must end in {', '.join(_SUFFIXES)}. Got {shown(out.name)}.")
    for option, is_given in given.items():
        if is_given and suffix != _OPTIONS[option]:
            raise UsageError(f"`{option}` of export is for {_OPTIONS[option]} files. Got {shown(out.name)}.")
    for place in (out, out.with_suffix(".safetensors")) if suffix == ".py" else (out,):
        require_place(place)
        if place.exists():
            raise UsageError(f"{place} exists and is not overwritten: choose another name.")


def _written(exported: "Exported", out: Path, from_bytes: bool) -> tuple[Path, ...]:
    """Write the files that the name asks for, and return them."""
    from convlens.interop import export_c, export_onnx, export_torch  # noqa: PLC0415 (lazy)

    if out.suffix.lower() == ".onnx":
        return (export_onnx(exported, out, from_bytes),)
    return export_torch(exported, out) if out.suffix.lower() == ".py" else (export_c(exported, out),)


def _in_whole_numbers(
    run: "Run", exported: "Exported", out: Path
) -> tuple[tuple[Path, ...], dict[str, float]]:
    """Write a network without floats; return the file, and how often each of the two is right."""
    from convlens.interop import export_c_int8, quantize  # noqa: PLC0415 (lazy)

    data = run.data
    quantized = quantize(exported, data.train.x[:_CALIBRATION])
    found = {
        "accuracy_int8": (quantized.predict(data.test.x).argmax(axis=1) == data.test.t).mean(),
        "accuracy_float": (run.network().predict(data.test.x).argmax(axis=1) == data.test.t).mean(),
    }
    right = {key: float(value) for key, value in found.items()}
    told = f"{right['accuracy_int8']:.2%} (in floats {right['accuracy_float']:.2%})"
    sentence = f"Right on {told} of {len(data.test):,} test images."
    return (export_c_int8(quantized, out, sentence),), right


def _origin(run: "Run") -> str:
    """Return where a run's network comes from, as one line."""
    training = f"{run.config.train_size:,} images, {run.config.epochs} epochs, seed {run.seed}"
    return f"Trained by convlens: {training}; run {run.run_id}."
