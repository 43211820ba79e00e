"""What one page is written from, and what all its sections say in the same way. Must not know HTML."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from matplotlib.figure import Figure

from convlens.inspection import learning_curves
from convlens.inspection.groups import told
from convlens.inspection.words import words_in
from convlens.numerals import digits_for
from convlens.report.about import About
from convlens.report.album import Album
from convlens.report.blocks import Chart, Fold, Paragraph
from convlens.report.charts import curve_values
from convlens.report.report_data import ExperimentRuns, ReportData
from convlens.runs import SETTINGS, Run
from convlens.study.stated import Stated
from convlens.study.statistics import Measured
from convlens.words import Words

__all__ = ["Listener", "PageContext", "ignore", "rate", "whole_study"]

Listener: TypeAlias = Callable[[str], None]
"""Is told something in a line: what a page had to leave out, or how far it is."""


def ignore(_line: str) -> None:
    """Hear nothing."""


@dataclass(frozen=True)
class PageContext:
    """One page in one language.

    Attributes:
        report: the experiments and their runs.
        say: the language.
        album: the pictures.
        command: the command that makes this page.
        picture: a picture file of the reader's own, to look at through the filters.
        on_left_out: is told what had to be left out.
        about: what the author adds.
        home: from where the page's commands name folders, where it is not the present one.
    """

    report: ReportData
    say: Words
    album: Album
    command: str
    picture: Path | None = None
    on_left_out: Listener = ignore
    about: About = field(default_factory=About)
    home: Path | None = None

    def percent(self, measured: Measured) -> str:
        """Write the mean of some accuracies with as many digits as the number of pictures carries."""
        return self.say.percent(measured.mean, digits_for(measured.n_images))

    def span(self, measured: Measured) -> str:
        """Write the lowest and the highest of some accuracies."""
        found = measured.range
        return self.say.percents(found.low, found.high, digits_for(measured.n_images))

    def stated(self, accuracy: float) -> str:
        """Write somebody else's accuracy with as many digits as it is stated with."""
        return self.say.percent(accuracy, Stated(accuracy).digits)

    def sentences(self, texts: Sequence[str]) -> str:
        """Write sentences one after the other, as the language does; at least one."""
        first, *others = texts
        for text in others:
            first = self.say("minute.sentences", first=first, then=text)
        return first

    def seeds(self, n: int) -> str:
        """Say how many seeds there are: one seed."""
        return self.say("minute.seeds", n=n)

    def rule(self, text: str) -> Fold:
        """Return how something is judged, for those who ask."""
        return Fold(self.say("fold.rule"), (Paragraph(text, "note"),), is_rule=True)

    def setting(self, experiment: ExperimentRuns) -> str:
        """Say what was trained: network, images, epochs, batches, optimizer, rate, what is unusual."""
        config = experiment.config
        unsaid = [name for name in config.unusual if name != "data" and not SETTINGS[name].always]
        others = told(config, unsaid, self.say.lang)
        sentence = self.say(
            "network.setting",
            network=experiment.spec.name,
            images=config.train_size,
            epochs=config.epochs,
            batch=config.batch_size,
            optimizer=config.optimizer_name,
            lr=rate(config.lr),
        )
        return words_in(self.say.lang)["comma"].join([sentence, *others])

    def run(self, experiment: ExperimentRuns) -> str:
        """Say which run a picture shows: of the first seed, with what tells it from the others."""
        run = experiment.runs[0]
        return self.say("network.run", seed=run.seed, lr=rate(run.config.lr), images=run.config.train_size)

    def curves(self, name: str, runs: Sequence[Run], caption: str, *, loss: bool = True) -> Chart:
        """Return learning curves in which the page's script finds the values."""
        say, album = self.say, self.album

        def draw(narrow: bool) -> Figure:
            return learning_curves(runs, lang=say.lang, loss=loss, narrow=narrow)

        wide = album.picture(name, runs, lambda: draw(False))
        narrow = album.picture(f"{name}-narrow", runs, lambda: draw(True), narrow=True)
        words = {
            "epoch": say("chart.epoch"),
            "train": say("chart.train"),
            "test": say("chart.test"),
            "seed": say("chart.seed"),
            "mean": say("chart.mean"),
            "show": say("chart.show"),
            "percent": say.glued(say["percent"]).format(number="%s"),
        }
        values = {"panels": curve_values(runs, say.lang), "words": words}
        written = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return Chart(wide.name, album.inline(wide), album.inline(narrow), caption, written)


def whole_study(context: PageContext) -> str:
    """Return the command that makes the whole study's page, in this page's language."""
    return f"convlens reproduce --lang {context.say.lang}"


def rate(lr: float) -> str:
    """Write a learning rate."""
    return f"{lr:g}"
