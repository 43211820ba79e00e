"""How the command line is read: a usage error is one line, a count has a limit, nothing is empty.

Must not know what the commands do.
"""

import difflib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from convlens.errors import one_line, shown, unencodable
from convlens.runs.settings import SETTINGS

__all__ = ["GROUPS", "LIMITS", "Command", "Commands"]

LIMITS: Mapping[str, tuple[int | None, int]] = {
    **{row.name: (None, row.most) for row in SETTINGS.values() if row.most is not None},
    "seeds": (None, 1_000),
    "most": (1, 1_000),
    "workers": (1, 1_024),
    "seconds": (1, 3_600),
    "memory": (256, 1 << 20),
}
"""The least and the most of each whole number on the command line; None where the command itself says it.

Those of a run stand in the table of settings.
"""

_LARGEST = 2**31 - 1  # of a whole number that is not in the table

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Train": ("reproduce", "train", "data"),
    "Look inside": ("inspect", "report", "explore", "verify", "summary"),
    "Take away": ("predict", "export"),
    "Your own code": ("check",),
    "This machine": ("bench", "warmup", "doctor"),
}
"""The commands as the help shows them."""


class Command(TyperCommand):
    """A command whose words are checked before it runs.

    In the help of an argument or option, {networks} stands for the names of the networks: their table is read
    when the help is asked for, not before.
    """

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the help, with the names that there are."""
        for param in self.params:
            if getattr(param, "help", None):
                param.help = _named(param.help)  # type: ignore[attr-defined]
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (Click's, or Typer's own copy)
        """Read the words; whatever is wrong becomes one sentence with the option, the rule and the value."""
        words = list(args)
        _require_filled(ctx, words)
        _require_encodable(ctx, words)
        try:
            rest = super().parse_args(ctx, args)
        except Exception as error:
            if getattr(error, "param", None) is None:
                raise
            ctx.fail(_sentence(error, words))
        for name, value in ctx.params.items():
            _require_in_limits(ctx, name, value)
        out = ctx.params.get("out")
        if isinstance(out, Path) and not out.name and out.is_absolute():
            ctx.fail(f"`--out` must not be the root of the file system. Got {shown(out)}.")
        return rest


class Commands(TyperGroup):
    """All commands under one name: errors are one line, and the help shows the commands in groups."""

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401
        """Run the command line, and end with an exit code."""
        standalone = extra.pop("standalone_mode", True)
        extra["standalone_mode"] = False
        if not standalone:
            return super().main(*args, **extra)
        try:
            code = super().main(*args, **extra)
        except Exception as error:
            if not hasattr(error, "format_message"):  # what `main` has words for, or nobody
                raise
            code = _told(error)
        sys.exit(code if isinstance(code, int) else 0)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write the commands in their groups."""
        grouped = [name for names in GROUPS.values() for name in names]
        rest = tuple(name for name in self.commands if name not in grouped)
        for title, names in {**GROUPS, **({"More": rest} if rest else {})}.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(n, c.get_short_help_str(200)) for n, c in commands if c is not None])


def _named(text: str) -> str:
    """Put the networks' names into a text."""
    if "{networks}" not in text:
        return text
    from convlens.spec import NETWORKS  # noqa: PLC0415 (lazy: only a command's own help needs it)

    return text.replace("{networks}", ", ".join(NETWORKS))


def _told(error: Any) -> int:  # noqa: ANN401
    """Say a usage error in one line; return the exit code."""
    ctx = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return int(error.exit_code)
    command = "" if ctx is None or ctx.parent is None else f" {ctx.info_name}"
    typer.echo(f"convlens{command}: {one_line(_said(error, ctx))}", err=True)
    return int(getattr(error, "exit_code", 2))


def _said(error: Any, ctx: Any) -> str:  # noqa: ANN401
    """Return what is wrong, in the house's words."""
    command = "convlens" if ctx is None or ctx.parent is None else f"convlens {ctx.info_name}"
    if (option := getattr(error, "option_name", None)) is not None:
        if type(error).__name__ != "NoSuchOption":
            return (
                str(error.message).replace("Option ", "").replace("'", "`").replace("an argument", "a value")
            )
        near = _near(option, [name for param in ctx.command.params for name in param.opts])
        return f"there is no option {shown(option)}. {near}`{command} --help` lists them."
    message = str(error.message)
    if message.startswith("No such command"):
        wrong = message.removeprefix("No such command '").split("'. Did", maxsplit=1)[0].rstrip(".'")
        known = list(ctx.command.commands)
        near = _near(wrong, known) or f"There are: {', '.join(known)}."
        return f"there is no command {shown(wrong)}. {near.rstrip()}"
    if message.startswith("Got unexpected extra argument"):
        rest = message.rpartition(" (")[2].removesuffix(")")
        return f"no more arguments are expected. Got {rest}."
    return message[:1].lower() + message[1:] if message.startswith("Missing command") else message


def _near(wrong: str, known: list[str]) -> str:
    """Suggest what may have been meant."""
    found = difflib.get_close_matches(wrong[:100].lower(), known, n=1)
    return f"Did you mean {found[0]}? " if found else ""


def _sentence(error: Any, words: list[str]) -> str:  # noqa: ANN401
    """Return the sentence of a value that an option or argument does not take, or that is missing."""
    param = error.param
    if type(error).__name__ == "MissingParameter":
        told = _named(getattr(param, "help", None) or "give it")
        return f"{param.name.upper()} is missing: {told.rstrip('.')}."
    name, message = max(param.opts, key=len), str(error.message)
    kinds = {"integer": "a whole number", "number": "a number", "float": "a number", "bool": "true or false"}
    rule = next((kind for word, kind in kinds.items() if word in message), "of another kind")
    least, most = getattr(param, "min", None), getattr(param, "max", None)
    if ("equal" in message or "range" in message) and (least, most) != (None, None):
        rule = f"{least:,} or more" if most is None else f"{least or 0:,} to {most:,}"
    return f"`{name}` must be {rule}. Got {shown(_given(param.opts, words))}."


def _given(names: list[str], words: list[str]) -> str:
    """Return the value that follows an option's name: of several the last, which is the one that counts."""
    found = "nothing"
    options = words[: words.index("--")] if "--" in words else words
    for word, following in zip(options, [*words[1:], ""], strict=False):
        name, equals, value = word.partition("=")
        if word in names:
            found = following
        elif equals and name in names:
            found = value
        elif word[:2] in names:
            found = word[2:]
    return found


def _require_filled(ctx: Any, words: list[str]) -> None:  # noqa: ANN401
    """Refuse empty words: an empty path would be the current folder."""
    for before, word in zip(["", *words], words, strict=False):
        name, equals, value = word.partition("=")
        if not word.strip():
            what = f"`{before}`" if before.startswith("-") and "=" not in before else "an argument"
            ctx.fail(f"{what} must not be empty. Got {shown(word)}.")
        if name.startswith("--") and equals and not value.strip():
            ctx.fail(f"`{name}` must not be empty. Got {shown(value)}.")


def _require_encodable(ctx: Any, words: list[str]) -> None:  # noqa: ANN401
    """Refuse words that no file could be called under this locale: only a program can give them."""
    for word in words:
        try:
            os.fsencode(word)
        except UnicodeEncodeError as error:
            ctx.fail(f"{shown(word)} cannot be a name: {unencodable(error)}.")


def _require_in_limits(ctx: Any, name: str, value: object) -> None:  # noqa: ANN401
    """Refuse a count beyond all sense before anything is computed with it."""
    if not isinstance(value, int) or isinstance(value, bool):
        return
    least, most = LIMITS.get(name, (None, _LARGEST))
    if value > most or (least is not None and value < least):
        rule = f"at most {most:,}" if least is None else f"{least:,} to {most:,}"
        ctx.fail(f"`--{name.replace('_', '-')}` must be {rule}. Got {shown(value)}.")
