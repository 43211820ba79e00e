"""How this was made: every run with its seed, time and command, and the versions, the machine, the data."""

from convlens.files import command_line
from convlens.report.blocks import Block, Cell, Command, Facts, Paragraph, Section, Table
from convlens.report.context import PageContext
from convlens.report.places import shareable, shareable_command
from convlens.runs import Run

__all__ = ["making"]


def making(context: PageContext) -> Section:
    """Return all that someone needs who wants to make this page again."""
    say, folder = context.say, shareable(context.report.all_runs[0].folder, context.home)
    blocks: tuple[Block, ...] = (
        Paragraph(say("making.again")),
        Command(context.command),
        Paragraph(say("making.verify")),
        Command(command_line(["convlens", "verify", folder]), say("making.verify_scores")),
        Command(command_line(["convlens", "verify", "--retrain", folder]), say("making.verify_training")),
        Paragraph(say("making.folders"), "note"),
        *([Paragraph(say("about.own"), "note")] if context.about.texts else []),
        Paragraph(say("making.paper"), "paper"),
        _appendix(context),
    )
    return Section("making", say("making.title"), blocks)


def _appendix(context: PageContext) -> Section:
    """Return what only those need who check everything."""
    say = context.say
    blocks = (
        _runs(context),
        Paragraph(say("making.run_id"), "note"),
        _commands(context),
        Section("machine", say("making.machine"), (Facts(_machine(context)),)),
        Section("data", say("making.data"), _data(context)),
    )
    return Section("appendix", say("making.appendix"), blocks, folded=True)


def _commands(context: PageContext) -> Section:
    say = context.say
    commands = (
        Command(shareable_command(experiment.command, context.home), experiment.name)
        for experiment in context.report.experiments
    )
    return Section("commands", say("commands.title"), (Paragraph(say("commands.each")), *commands))


def _runs(context: PageContext) -> Table:
    say, runs = context.say, context.report.all_runs
    heads = (
        say("making.run"),
        say("making.seed"),
        say("making.id"),
        say("making.time"),
        say("making.step"),
    )
    total = say.duration(sum(run.seconds for run in runs))
    return Table(
        caption=say("making.runs", n=len(runs), total=total),
        head=tuple(Cell(text, number=i > 0) for i, text in enumerate(heads)),
        rows=tuple(_run(context, run) for run in runs),
    )


def _run(context: PageContext, run: Run) -> tuple[Cell, ...]:
    return (
        Cell(run.name),
        Cell(f"{run.seed}", number=True),
        Cell(run.run_id, number=True),
        Cell(context.say.duration(run.seconds), number=True),
        Cell(f"{run.milliseconds_per_step:.2f}", number=True),
    )


def _machine(context: PageContext) -> tuple[tuple[str, str], ...]:
    """Return versions and threads; where runs differ, all that there were."""
    say, runs = context.say, context.report.all_runs
    names = list(dict.fromkeys(name for run in runs for name in run.versions))
    labels = {
        "convlens": "convlens",
        "python": "Python",
        "numpy": "NumPy",
        "blas": "BLAS",
        "numba": "Numba",
        "cpu": say("making.cpu"),
        "system": say("making.system"),
    }
    facts = [
        (labels[name], _all([run.versions.get(name, "—") for run in runs]))
        for name in names
        if name in labels
    ]
    seeds = ", ".join(map(str, sorted({run.seed for run in runs})))
    return (
        *facts,
        (say("making.threads"), _all([run.threads for run in runs])),
        (say("making.seeds"), seeds),
    )


def _all(values: list[object]) -> str:
    return ", ".join(dict.fromkeys(map(str, values)))


def _data(context: PageContext) -> tuple[Block, ...]:
    say = context.say
    known: dict[tuple[str, str], None] = {}
    for run in context.report.all_runs:
        known |= dict.fromkeys(run.sha256.items())
    name = _all([run.data_name for run in context.report.all_runs])
    return Paragraph(say("making.digests", data=name)), Facts(tuple(known))
