"""What the explorer says, in English. A key with ".one" is taken where {n} is 1."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # the top
    "top.title": "{network}: the explorer",
    "top.facts": "trained on {images} images of {data}; {accuracy} of {tests} test images right",
    "top.which": "Network",
    "top.before": "Before training",
    "top.after": "After training",
    "top.hide": "Hide answer",
    "top.big": "Large type",
    "top.link": "Copy link",
    "top.copied": "Copied: the link holds your drawing and what is open.",
    "top.not_copied": "Copy the address of this page: it holds your drawing and what is open.",
    "top.noscript": "This page is a running network: it needs JavaScript. It loads nothing from anywhere.",
    # the frame in the report's page
    "page.title": "Try the network yourself",
    "page.intro": (
        "Here {network} itself runs, trained on {images} images: draw a digit, see what each layer makes of "
        "it, tap a square to see how its number comes about, switch filters off."
    ),
    "page.open": "Open {network}",
    "page.instead": (
        "In this place there is a drawing pad with the network's maps and answers; it needs a screen and "
        "JavaScript."
    ),
    "page.chosen": (
        "Of the networks on this page it is the one with the most training images that fits into the file; "
        "of several, the smallest."
    ),
    "page.alone": "Any run as a page of its own, with a link that shares what you drew:",
    # drawing
    "draw.title": "Draw",
    "draw.pad": (
        "Drawing pad. With the keyboard: arrow keys move the pen, the space bar puts it down and lifts it."
    ),
    "draw.hint": "Draw a digit here",
    "draw.pen": "Pen",
    "draw.cover": "Cover",
    "draw.undo": "Undo",
    "draw.clear": "Clear",
    "draw.samples": "Test digits",
    "draw.sample": "Take a test image: {name}",
    "draw.received": "What the network receives",
    "draw.centred": "Size and centre it as in MNIST",
    "draw.idle": "A test image is used as it is.",
    # maps
    "maps.title": "Inside the network",
    "maps.layers": "Layer",
    "maps.of": "{layer}: all on one colour scale",
    "maps.label": "{name}, strongest reaction {most}",
    "maps.label_off": "{name}, switched off",
    "maps.scale": "One scale for all",
    "maps.all": "Show all {n}",
    "maps.fewer": "Show the {n} strongest",
    "maps.stranger": (
        "This page cannot compute this layer, or one before it. What comes before works as usual."
    ),
    # names
    "name.filter": "Filter {n}",
    "name.unit": "Unit {n}",
    "name.channel": "Channel {n}",
    "name.class": "Score of {name}",
    # one unit
    "detail.title": "Number by number",
    "detail.place": "{layer} · {name} · row {row}, column {col}",
    "detail.off": "Switch off",
    "detail.on": "Switch on again",
    "detail.close": "Close",
    "detail.map": "The whole map: tap a square, or use the arrow keys.",
    "detail.pixels": "Picture",
    "detail.weights": "Weights",
    "detail.products": "Products",
    "detail.subtotals": "What each of the {n} channels adds",
    "detail.inputs": "What each of the {n} inputs adds",
    "detail.rest": "The other {n} together: {sum}",
    "detail.rest.one": "The last one: {sum}",
    "detail.sum": "Sum + bias",
    "detail.bias": "Bias",
    "detail.relu": "{layer}: below 0 becomes 0",
    "detail.sigmoid": "{layer}: between 0 and 1",
    "detail.pooling": "{layer}: the largest",
    "detail.window": "The window that the largest number is taken from",
    "detail.passed": "it goes on",
    "detail.lost": "a neighbour is larger",
    "detail.is_off": "This one is switched off: whatever the sum, 0 goes on.",
    "detail.field": "sees {field} pixels: the orange frame",
    # the answer
    "answer.title": "Answer",
    "say.answer": "Says {name} ({p}).",
    "say.strongest": "{name} reacts most.",
    "say.tap": "Tap any square.",
    "say.empty": "Draw a digit, or take a test digit.",
    "say.hidden": "What does the network say? Press R.",
    "say.stranger": "No answer: this page cannot compute the layer {layer}. What comes before it works.",
    "truth.right": "Test image {n} is a {name}: right.",
    "truth.wrong": "Test image {n} is a {name}: wrong.",
    "truth.hidden": "Test image {n}.",
    "accuracy.all": "{right} of {n} test digits right",
    "accuracy.off": "{right} of {n} test digits right; {before} with all filters",
    "accuracy.list": "Switched off: {names}",
    "accuracy.allon": "Switch all on",
    "mistakes.title": "Its mistakes",
    "mistakes.n": "{n}, the surest first",
    "mistakes.previous": "Previous mistake",
    "mistakes.next": "Next mistake",
}
