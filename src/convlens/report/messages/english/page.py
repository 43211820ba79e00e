"""The page around its sections, formats of numbers, and warnings, in English."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "page.title": "Small ConvNets on {data}",
    "page.subtitle_runs": "What {networks} learned",
    "page.subtitle": "The report's experiments, run again: {networks}",
    "page.skip": "Skip to the results",
    "page.contents": "Contents",
    "page.evidence": "evidence",
    "page.evidence_of": "evidence for: {text}",
    "page.footer": (
        "Made by convlens {version}. The pictures lie beside this page in the folder “{folder}”, as PNG and "
        "SVG."
    ),
    "format.span": "{low} to {high}",
    "format.comma": ", ",
    "format.listing": "{most} and {last}",
    "format.images": "{n}",
    "format.seconds": "{seconds} s",
    "format.minutes": "{minutes} min {seconds} s",
    "format.hours": "{hours} h {minutes} min",
    "status.quick": (
        "This is a quick look, with fewer training images and epochs than in the report: its figures must "
        "not be compared with these."
    ),
    "status.hardly_begun": (
        "{network} has made {updates} updates only and is right on {accuracy} of the test images: it has "
        "hardly begun to learn. That says nothing about the network."
    ),
    "status.whole": "The experiments themselves:",
    "status.missing": "{n} of {all} runs are in; the rest follow. This page is written anew as they finish.",
    "status.missing.one": (
        "{n} of {all} runs is in; the rest follow. This page is written anew as they finish."
    ),
}
