"""The code of a network: its class and the call that trains it, as they were run."""

from convlens.report.blocks import Block, Listing, Paragraph, Section
from convlens.report.context import PageContext
from convlens.report.listing import network_code, training_code
from convlens.report.report_data import ExperimentRuns

__all__ = ["code"]


def code(context: PageContext, base: ExperimentRuns) -> Section:
    """Return the listings of an experiment's first run."""
    say, config = context.say, base.config if not base.runs else base.runs[0].config
    written = network_code(config.network)
    listings: list[Block] = [Listing(say("code.training"), training_code(config))]
    if written is not None:
        listings.insert(0, Listing(say("code.network", network=config.network.name), written))
    intro = Paragraph(say("code.intro" if written is not None else "code.intro_one", seed=config.seed))
    return Section(f"{base.anchor}-code", say("code.title"), (intro, *listings))
