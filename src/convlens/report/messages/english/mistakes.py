"""Mistakes, and what excites a filter, in English."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "mistakes.title": "Mistakes",
    "mistakes.intro": (
        "Of each network, the first seed's run with the most training images, on all test images."
    ),
    "mistakes.network": "{network}, {images} training images",
    "mistakes.counted": "Seed {seed}: {wrong} of {tests} test images are wrong.",
    "matrix.caption": "Confusion matrix: the darker, the more frequent the mistake",
    "matrix.corner": "right answer ↓ network's answer →",
    "class.caption": "Accuracy by class; the bars begin at {floor}",
    "class.name": "Class",
    "class.images": "Test images",
    "class.wrong": "Wrong",
    "class.accuracy": "Accuracy",
    "class.interval": "95 % interval (Wilson)",
    "gallery.caption": "The {n} mistakes that the network was surest about",
    "gallery.caption.one": "The network's only mistake",
    "gallery.text": "{right} taken for {given}",
    "gallery.note": "{sure} sure; test image {index}",
    "gallery.alt": "Test image {index}; the right answer is {right}.",
    "excitement.title": "What excites a filter",
    "excitement.intro": (
        "For each filter, the nine places in all test images to which it responds most, at most one from "
        "each image. What these nine have in common is what the filter looks for."
    ),
    "excitement.caption": "{network}: the nine patches that excite each filter of {parameter} most ({run}).",
}
