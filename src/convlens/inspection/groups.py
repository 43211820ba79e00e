"""Runs that differ in their seed only belong together. Must not know pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from convlens.errors import UsageError, shown
from convlens.inspection.words import counted, words_in
from convlens.runs import Run, RunConfig

__all__ = ["grouped", "require_groups", "setting"]


def grouped(runs: Sequence[Run], lang: str = "en") -> dict[str, list[Run]]:
    """Put runs that differ in their seed only together, in the order in which they come.

    Returns:
        Groups by what tells them apart ("learning rate 0.002"), or by network, number of training images and
        learning rate where there is only one.
    """
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(_but_seed(run), []).append(run)
    facts = [_facts(members[0], lang) for members in groups.values()]
    telling = [i for i in range(len(facts[0]) if facts else 0) if len({fact[i] for fact in facts}) > 1]
    comma = words_in(lang)["comma"]
    names = [comma.join(fact[i] for i in telling or (0, 1, 2)) for fact in facts]
    if len(set(names)) < len(names):  # they differ in something rarer: the folders or the ids tell them apart
        first = [members[0] for members in groups.values()]
        folders = [run.name for run in first]
        marks = folders if len(set(folders)) == len(folders) else [run.run_id for run in first]
        names = [f"{name} ({mark})" for name, mark in zip(names, marks, strict=True)]
    return dict(zip(names, groups.values(), strict=True))


def setting(run: Run, lang: str = "en") -> str:
    """Say how a run was trained: images, epochs, learning rate, and what else is not as usual.

    A picture says so in its title, so that pictures of different runs can be told apart.
    """
    words, config = words_in(lang), run.config
    _, images, rate, optimizer, epochs, batch = _facts(run, lang)
    told = [images, epochs, rate]
    told += [batch] if config.batch_size != RunConfig.batch_size else []
    told += [optimizer] if config.optimizer != RunConfig.optimizer else []
    told += [f"{name} {value:g}" for name, value in config.optimizer_param.items() if name != "lr"]
    if config.schedule != RunConfig.schedule:
        told.append(words["setting_schedule"].format(name=config.schedule))
    if config.seed:
        told.append(words["setting_seed"].format(n=config.seed))
    return words["comma"].join(told)


def require_groups(groups: Mapping[Any, Sequence[Run]], owner: str) -> None:
    """Refuse what cannot be drawn.

    Raises:
        UsageError: there is no run, an empty group, the same run twice in a group, or runs in a group that
            differ in more than their seed: a mean over them would mean nothing.
    """
    if not groups:
        raise UsageError(f"{owner} needs one run or more. Got none.")
    for name, runs in groups.items():
        if not runs:
            raise UsageError(f"group {shown(name)} of {owner} must hold one run or more. Got none.")
        found = [run.run_id for run in runs]
        twice = next((run for run in runs if found.count(run.run_id) > 1), None)
        if twice is not None:
            raise UsageError(
                f"group {shown(name)} of {owner} holds the run {twice.run_id} twice: give it once."
            )
        if len({_but_seed(run) for run in runs}) > 1:
            raise UsageError(f"the runs of group {shown(name)} of {owner} must differ in their seed only.")


def _but_seed(run: Run) -> str:
    """Return an id that runs have in common if they differ in their seed only."""
    return replace(run.config, seed=0).run_id


def _facts(run: Run, lang: str) -> tuple[str, ...]:
    words, config = words_in(lang), run.config
    return (
        config.network.name,
        words["group_train_size"].format(n=config.train_size),
        words["group_lr"].format(lr=config.lr),
        config.optimizer_name,
        counted(words, "epochs", config.epochs),
        words["group_batch_size"].format(n=config.batch_size),
    )
