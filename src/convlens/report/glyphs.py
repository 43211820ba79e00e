"""Letters of the page's drawings, each kept once. Must not know what they spell.

Every drawing brings the outlines of its letters along; in Korean and Japanese these are most of its size.
"""

import hashlib
import re

__all__ = ["with_shared_letters"]

_LETTER = re.compile(r'<path id="([^"]+)"((?: (?:d|transform)="[^"]*")+)></path>')
_USE = re.compile(r'(<use [^>]*?href="#)([^"]+)"')
_EMPTY = "<defs></defs>"
_BODY = "<body>\n"


def with_shared_letters(page: str) -> str:
    """Return a page with the letters of all drawings in one place, where they are referred to.

    Args:
        page: HTML with drawings as `inline_svg` writes them; what others write in it is escaped.
    """
    names: dict[str, str] = {}
    outlines: dict[str, str] = {}

    def noted(found: re.Match[str]) -> str:
        name = "letter-" + hashlib.sha256(found[2].encode()).hexdigest()[:12]
        names[found[1]] = name
        outlines[name] = found[2]
        return ""

    def named(found: re.Match[str]) -> str:
        return f'{found[1]}{names.get(found[2], found[2])}"'

    rest = _LETTER.sub(noted, page)
    if not names:
        return page
    rest = _USE.sub(named, rest).replace(_EMPTY, "")
    kept = "".join(f'<path id="{name}"{outline}></path>' for name, outline in outlines.items())
    sheet = f'<svg class="letters" aria-hidden="true" focusable="false"><defs>{kept}</defs></svg>\n'
    return rest.replace(_BODY, _BODY + sheet, 1)
