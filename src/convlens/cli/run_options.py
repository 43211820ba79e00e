"""The options of a command that trains, made from the table of run settings. Must not know commands."""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

from convlens.errors import UsageError, shown
from convlens.runs.settings import SETTINGS, Setting

__all__ = ["given_settings", "takes_settings"]


def takes_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each setting, in the place of its `**given`."""
    found = signature(command, eval_str=True)
    parameters: list[Parameter] = []
    for parameter in found.parameters.values():
        if parameter.kind is Parameter.VAR_KEYWORD:
            continue
        if parameter.kind is Parameter.KEYWORD_ONLY and not any(p.name in SETTINGS for p in parameters):
            parameters += map(_option, SETTINGS.values())
        parameters.append(parameter)
    command.__signature__ = found.replace(parameters=parameters)  # type: ignore[attr-defined]
    return command


def given_settings(given: dict[str, Any]) -> dict[str, Any]:
    """Return what was given, texts of further numbers read, as `RunConfig.of` takes it."""
    return {
        row.name: _numbers(row, given[row.name]) if row.kind is dict else given[row.name]
        for row in SETTINGS.values()
        if row.decides and given.get(row.name) is not None
    }


def _option(row: Setting) -> Parameter:
    """Return one row as Typer understands it; what is left out is None, so that a default can give way."""
    kind: Any = list[str] if row.kind is dict else row.kind
    optional: Any = kind | None
    default = None if row.usual or row.kind is dict else row.default
    option = typer.Option(row.option, help=row.help, show_default=row.usual or default is not None)
    annotation: Any = Annotated[optional if default is None else kind, option]
    return Parameter(row.name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _numbers(row: Setting, words: list[str]) -> dict[str, float | None]:
    """Read NAME=NUMBER words; None stands for the number of a name that stands alone."""
    numbers: dict[str, float | None] = {}
    for word in words:
        name, number = _name_and_number(row, word)
        if name in numbers:
            raise UsageError(f"`{row.option}` must be given once for each name. Got {shown(name)} twice.")
        numbers[name] = number
    return numbers


def _name_and_number(row: Setting, word: str) -> tuple[str, float | None]:
    name, equals, value = word.partition("=")
    if row.bare and not equals:
        return name, None
    if name == "lr":
        raise UsageError(f"`{row.option}` takes no lr: give it as --lr.")
    try:
        return name, float(value)
    except ValueError:
        rule = "NAME or NAME=NUMBER" if row.bare else "NAME=NUMBER"
        raise UsageError(f"`{row.option}` must be {rule}. Got {shown(word)}.") from None
