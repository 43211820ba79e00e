"""The author's own texts at their places on the page. Must not know files or HTML."""

from collections.abc import Mapping
from dataclasses import replace

from convlens.report.about import PARTS, author_places, network_stems
from convlens.report.blocks import Block, Fold, Prose, Section
from convlens.report.context import PageContext
from convlens.report.prose import prose

__all__ = ["own_section", "with_own_texts"]


def own_section(context: PageContext, name: str, title: str) -> list[Section]:
    """Return a section that has nothing but the author's text, if there is one."""
    return [Section(name, title, ())] if name in context.about.texts else []


def with_own_texts(context: PageContext, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the sections with the author's texts below their headings.

    A text whose section is not on the page now, such as that of a run that is missing, is named to the
    page's listener.
    """
    about, anchors = context.about, _anchors(context)
    waiting = {anchors[name]: name for name in about.texts}
    placed = tuple(_placed(section, waiting, about.texts) for section in sections)
    for name in waiting.values():
        context.on_left_out(context.say("left_out.text", name=name, file=str(about.source)))
    return placed


def _anchors(context: PageContext) -> dict[str, str]:
    """Return the address of each place."""
    report = context.report
    bases = list(report.bases())
    anchors = {name: name for name in author_places(())}
    for stem, base in zip(network_stems(base.spec.name for base in bases), bases, strict=True):
        anchors |= {stem + part: base.anchor + part for part in PARTS}
        full = report.full_of(base)
        if full is not None:
            anchors[f"{stem}-full-filters"] = f"{full.anchor}-filters"
    return anchors


def _placed(section: Section, waiting: dict[str, str], texts: Mapping[str, str]) -> Section:
    """Return a section with the texts of itself and of those within it; they wait no longer."""
    own = waiting.pop(section.anchor, None)
    blocks = tuple(_within(block, waiting, texts) for block in section.blocks)
    return replace(section, blocks=blocks if own is None else (Prose(prose(texts[own])), *blocks))


def _within(block: Block, waiting: dict[str, str], texts: Mapping[str, str]) -> Block:
    if isinstance(block, Section):
        return _placed(block, waiting, texts)
    if isinstance(block, Fold):
        return replace(block, blocks=tuple(_within(inner, waiting, texts) for inner in block.blocks))
    return block
