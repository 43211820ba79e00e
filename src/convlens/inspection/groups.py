"""How groups of runs, and single runs, are called: by what tells them apart. Must not know pictures."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from convlens.arguments import as_annotated
from convlens.findings import alike
from convlens.inspection.words import counted, words_in
from convlens.runs import SETTINGS, Run, RunConfig

__all__ = ["grouped", "setting", "told"]

_ALWAYS = ("train_size", "epochs", "lr")


@as_annotated
def grouped(runs: Sequence[Run], lang: str = "en") -> dict[str, list[Run]]:
    """Put runs that differ in their seed only together, in the order in which they come.

    Returns:
        Groups by what tells them apart ("learning rate 0.002"), or by network, number of training images and
        learning rate where there is only one.
    """
    groups = alike(runs)
    facts = [_facts(members[0].config, lang) for members in groups]
    telling = [key for key in (facts[0] if facts else ()) if len({fact[key] for fact in facts}) > 1]
    comma = words_in(lang)["comma"]
    telling = telling or ["network", "train_size", "lr"]
    names = [comma.join(dict.fromkeys(fact[key] for key in telling)) for fact in facts]
    if len(set(names)) < len(names):  # as networks of one name: the folders or the ids tell them apart
        first = [members[0] for members in groups]
        folders = [run.name for run in first]
        marks = folders if len(set(folders)) == len(folders) else [run.run_id for run in first]
        names = [f"{name} ({mark})" for name, mark in zip(names, marks, strict=True)]
    return dict(zip(names, groups, strict=True))


@as_annotated
def setting(run: Run, lang: str = "en") -> str:
    """Say how a run was trained: images, epochs, learning rate, and what else is not as usual.

    A picture says so in its title, so that pictures of different runs can be told apart.
    """
    config = run.config
    others = [name for name in config.unusual if SETTINGS[name].titled and name not in _ALWAYS]
    return words_in(lang)["comma"].join(told(config, [*_ALWAYS, *others], lang))


def told(config: RunConfig, names: Iterable[str], lang: str) -> list[str]:
    """Say settings of a run, each as pictures say it."""
    return [_said(config, name, config.settings[name], lang) for name in names]


def _facts(config: RunConfig, lang: str) -> dict[str, str]:
    """Return what may tell runs apart, in the order in which it is said."""
    settings = {name: value for name, value in config.settings.items() if SETTINGS[name].labels}
    first = ("train_size", "lr", "optimizer")
    facts = {name: _said(config, name, settings[name], lang) for name in (*first, *settings)}
    return {"network": config.network.name, **facts}


def _said(config: RunConfig, name: str, value: Any, lang: str) -> str:  # noqa: ANN401
    words, key = words_in(lang), SETTINGS[name].words
    if name == "augment":
        how = [words[f"augment_{one}"].format(n=f"{strength:g}") for one, strength in value.items()]
        return words[key].format(name=words["comma"].join(how)) if how else words["setting_as_they_are"]
    if name == "optimizer" or value == {}:  # without further numbers it is called by its name
        return config.optimizer_name
    if value == 0 and f"{key}_none" in words:
        return words[f"{key}_none"]
    if isinstance(value, dict):
        return words["comma"].join(f"{one} {number:g}" for one, number in value.items())
    if name == "epochs":
        return counted(words, key, value)
    shown = Path(value).name if name == "data" else value
    return words[key].format(n=shown, lr=shown, name=shown)
