"""How groups of runs, and single runs, are called: by what tells them apart. Must not know pictures."""

from collections.abc import Sequence

from convlens.findings import alike
from convlens.inspection.words import counted, words_in
from convlens.runs import Run, RunConfig

__all__ = ["grouped", "setting"]


def grouped(runs: Sequence[Run], lang: str = "en") -> dict[str, list[Run]]:
    """Put runs that differ in their seed only together, in the order in which they come.

    Returns:
        Groups by what tells them apart ("learning rate 0.002"), or by network, number of training images and
        learning rate where there is only one.
    """
    groups = alike(runs)
    facts = [_facts(members[0], lang) for members in groups]
    telling = [i for i in range(len(facts[0]) if facts else 0) if len({fact[i] for fact in facts}) > 1]
    comma = words_in(lang)["comma"]
    names = [comma.join(fact[i] for i in telling or (0, 1, 2)) for fact in facts]
    if len(set(names)) < len(names):  # they differ in something rarer: the folders or the ids tell them apart
        first = [members[0] for members in groups]
        folders = [run.name for run in first]
        marks = folders if len(set(folders)) == len(folders) else [run.run_id for run in first]
        names = [f"{name} ({mark})" for name, mark in zip(names, marks, strict=True)]
    return dict(zip(names, groups, strict=True))


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
