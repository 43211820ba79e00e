"""An SVG file of ours as a part of the page: the policy's friend. Must not know what it shows.

Only known elements and attributes come through, ids get a prefix that makes them unique on the page, and
styles become attributes, which the page's policy allows.
"""

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree as ET

from markupsafe import Markup

from convlens.errors import RunError

__all__ = ["inline_svg"]

_ELEMENTS = {"clipPath", "defs", "g", "line", "path", "rect", "svg", "use"}
_ATTRIBUTES = {
    "clip-path",
    "d",
    "fill",
    "fill-opacity",
    "fill-rule",
    "height",
    "id",
    "opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "transform",
    "viewBox",
    "width",
    "x",
    "y",
}
_NAMED = re.compile(r"-(mean|axes|onset|seed-\d+)$")
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"


def inline_svg(svg: bytes, prefix: str, alt: str) -> Markup:
    """Return an SVG as markup for HTML.

    Args:
        svg: the file's content.
        prefix: of all ids in it.
        alt: what it shows, in words.

    Raises:
        RunError: it is not an SVG.
    """
    try:
        root = ET.fromstring(svg)  # noqa: S314 (our own file; expat expands no outside entities)
    except ET.ParseError as error:
        raise RunError(
            f"the picture {prefix}.svg is damaged ({error}): remove it to draw it again."
        ) from None
    usual = {"role": "img", "aria-label": alt, "stroke-linejoin": "round", "stroke-linecap": "butt"}
    return Markup("".join(_markup(root, prefix, usual)))  # noqa: S704 (all that is in it was quoted)


def _markup(element: ET.Element, prefix: str, extra: dict[str, str]) -> Iterator[str]:
    tag = str(element.tag).removeprefix(_SVG)
    if tag not in _ELEMENTS:
        return
    attributes = {**extra, **_attributes(element, prefix)}
    if tag == "svg":
        attributes = {name: value for name, value in attributes.items() if name not in {"width", "height"}}
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    yield f"<{tag}{written}>"
    for inner in element:
        yield from _markup(inner, prefix, {})
    yield f"</{tag}>"


def _attributes(element: ET.Element, prefix: str) -> dict[str, str]:
    found = dict(element.attrib)
    for rule in found.pop("style", "").split(";"):
        name, _, value = rule.partition(":")
        found[name.strip()] = value.strip()
    kept = {name: value for name, value in found.items() if name in _ATTRIBUTES}
    if "id" in kept:
        kept["id"] = f"{prefix}--{kept['id']}"
    if element.tag == f"{_SVG}g" and not _NAMED.search(kept.get("id", "")):
        kept.pop("id", None)
    for name, value in kept.items():
        if value.startswith("url(#"):
            kept[name] = f"url(#{prefix}--{value.removeprefix('url(#')}"
        elif "url(" in value:
            kept[name] = "none"
    target = found.get(_HREF, found.get("href", ""))
    return {**kept, "href": f"#{prefix}--{target[1:]}"} if target.startswith("#") else kept
