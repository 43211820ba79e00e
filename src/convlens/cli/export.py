"""`convlens export`: a finished run's network as a file of somebody else's."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from convlens.interop import Exported
    from convlens.runs import Run

__all__ = ["export"]

_SUFFIXES = (".onnx", ".py", ".h")


def export(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    out: Annotated[Path, typer.Argument(help="The file, a new one: .onnx, .py (PyTorch) or .h (C99).")],
    torch: Annotated[
        bool, typer.Option("--torch", help="A PyTorch module and its weights: what .py means.")
    ] = False,
    from_bytes: Annotated[
        bool, typer.Option("--bytes", help="With .onnx: pictures go in as bytes and are scaled inside.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the files as JSON.")] = False,
) -> None:
    """Write a trained network for ONNX, PyTorch or C; none of them is needed to write it, but for .onnx.

    C: one file without malloc and without a library. ONNX needs the extra `onnx`.
    """
    from convlens.errors import UsageError, shown  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.files import require_place  # noqa: PLC0415
    from convlens.interop import Exported  # noqa: PLC0415
    from convlens.runs import Run  # noqa: PLC0415

    suffix = out.suffix.lower()
    if suffix not in _SUFFIXES:
        raise UsageError(f"the file of export must end in {', '.join(_SUFFIXES)}. Got {shown(out.name)}.")
    if torch and suffix != ".py":
        raise UsageError(f"`--torch` of export writes a .py file. Got {shown(out.name)}.")
    if from_bytes and suffix != ".onnx":
        raise UsageError(f"`--bytes` of export is for .onnx files. Got {shown(out.name)}.")
    for place in (out, out.with_suffix(".safetensors")) if suffix == ".py" else (out,):
        require_place(place)
        if place.exists():
            raise UsageError(f"{place} exists and is not overwritten: choose another name.")
    found = Run(run)
    exported = Exported.of(found.network(), found.class_names, _origin(found))
    files = _written(exported, out, from_bytes)
    if as_json:
        told = [{"file": str(file), "bytes": file.stat().st_size} for file in files]
        typer.echo(json.dumps({"format": 1, "files": told}))
    else:
        for file in files:
            typer.echo(file)


def _written(exported: "Exported", out: Path, from_bytes: bool) -> tuple[Path, ...]:
    """Write the files that the name asks for, and return them."""
    from convlens.interop import export_c, export_onnx, export_torch  # noqa: PLC0415 (lazy)

    if out.suffix.lower() == ".onnx":
        return (export_onnx(exported, out, from_bytes),)
    return export_torch(exported, out) if out.suffix.lower() == ".py" else (export_c(exported, out),)


def _origin(run: "Run") -> str:
    """Return where a run's network comes from, as one line."""
    training = f"{run.config.train_size:,} images, {run.config.epochs} epochs, seed {run.seed}"
    return f"Trained by convlens: {training}; run {run.run_id}."
