"""The commands under one name. Must not know what they do."""

import logging

import typer

from convlens.cli.bench import bench
from convlens.cli.check import check
from convlens.cli.data import data
from convlens.cli.doctor import doctor
from convlens.cli.exits import exits
from convlens.cli.explore import explore
from convlens.cli.export import export
from convlens.cli.inspect import inspect
from convlens.cli.predict import predict
from convlens.cli.report import report
from convlens.cli.reproduce import reproduce
from convlens.cli.summary import summary
from convlens.cli.train import train
from convlens.cli.usage import Command, Commands
from convlens.cli.verify import verify
from convlens.cli.warmup import warmup

__all__ = ["COMMANDS", "app"]

COMMANDS = (
    reproduce,
    train,
    data,
    inspect,
    report,
    explore,
    predict,
    export,
    verify,
    summary,
    check,
    bench,
    warmup,
    doctor,
)

# What matplotlib logs of fonts and folders is advice to programmers; without a handler Python prints it.
logging.getLogger("matplotlib").addHandler(logging.NullHandler())

app = typer.Typer(
    name="convlens",
    cls=Commands,
    rich_markup_mode=None,  # plain text, and at once
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    app.command(cls=Command)(exits(command))


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 (only who asks needs it)

        typer.echo(f"convlens {version('convlens')}")
        raise typer.Exit


@app.callback()
def about(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Train small ConvNets on a CPU, look inside them, and compare them honestly.

    Exit codes: 0 ok, 1 failed (or the result could not be written), 2 usage, 3 diverged or check failed,
    130 interrupted, 143 terminated.
    """
    del version  # its callback has done it
