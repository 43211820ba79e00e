"""How this was made: every run with its seed, time and command, and the versions, the machine, the data."""

from convlens.files import command_line
from convlens.report.blocks import Block, Cell, Command, Facts, Paragraph, Section, Table
from convlens.report.edition import Edition
from convlens.runs import Run

__all__ = ["making"]


def making(edition: Edition) -> Section:
    """Return all that someone needs who wants to make this page again."""
    say, folder = edition.say, str(edition.material.all_runs[0].folder)
    blocks: tuple[Block, ...] = (
        Paragraph(say("making.again")),
        Command(edition.command),
        _commands(edition),
        _runs(edition),
        Paragraph(say("making.run_id"), "note"),
        Paragraph(say("making.verify")),
        Command(command_line(["convlens", "verify", folder]), say("making.verify_scores")),
        Command(command_line(["convlens", "verify", "--retrain", folder]), say("making.verify_training")),
        Paragraph(say("making.folders"), "note"),
        Section("machine", say("making.machine"), (Facts(_machine(edition)),)),
        Section("data", say("making.data"), _data(edition)),
    )
    return Section("making", say("making.title"), blocks)


def _commands(edition: Edition) -> Section:
    say = edition.say
    commands = (Command(entry.command, entry.name) for entry in edition.material.entries)
    return Section("commands", say("commands.title"), (Paragraph(say("commands.each")), *commands))


def _runs(edition: Edition) -> Table:
    say, runs = edition.say, edition.material.all_runs
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
        rows=tuple(_run(edition, run) for run in runs),
    )


def _run(edition: Edition, run: Run) -> tuple[Cell, ...]:
    return (
        Cell(run.name),
        Cell(f"{run.seed}", number=True),
        Cell(run.run_id, number=True),
        Cell(edition.say.duration(run.seconds), number=True),
        Cell(f"{run.milliseconds_per_step:.2f}", number=True),
    )


def _machine(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Return versions and threads; where runs differ, all that there were."""
    say, runs = edition.say, edition.material.all_runs
    names = list(dict.fromkeys(name for run in runs for name in run.about["versions"]))
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
        (labels[name], _all([run.about["versions"].get(name, "—") for run in runs]))
        for name in names
        if name in labels
    ]
    seeds = ", ".join(map(str, sorted({run.seed for run in runs})))
    return (
        *facts,
        (say("making.threads"), _all([run.about["threads"] for run in runs])),
        (say("making.seeds"), seeds),
    )


def _all(values: list[object]) -> str:
    return ", ".join(dict.fromkeys(map(str, values)))


def _data(edition: Edition) -> tuple[Block, ...]:
    say = edition.say
    known: dict[tuple[str, str], None] = {}
    for run in edition.material.all_runs:
        known |= dict.fromkeys(run.about["data"]["sha256"].items())
    name = _all([run.about["data"]["name"] for run in edition.material.all_runs])
    return Paragraph(say("making.digests", data=name)), Facts(tuple(known))
