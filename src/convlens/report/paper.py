"""What stands in the margins of the printed page. Must not know what the page holds."""

from collections.abc import Sequence

__all__ = ["running_title"]

_FONT = (
    '8pt "Noto Sans", "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", '
    '"Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif'
)


def running_title(title: str, author: Sequence[str] = ()) -> str:
    """Return the style that prints a title and an author above every sheet but the first.

    Args:
        title: any text.
        author: nothing, or who hands the page in.

    >>> "Kim" in running_title("MNIST", ["Kim"])
    True
    """
    boxes = {"top-left": title, "top-right": ", ".join(author)}
    rules = "".join(f" @{box} {{ content: {_quoted(text)}; font: {_FONT}; }}" for box, text in boxes.items())
    number = f' @bottom-center {{ content: counter(page) " / " counter(pages); font: {_FONT}; }}'
    first = "".join(f" @{box} {{ content: none; }}" for box in boxes)
    return f"@page {{{rules}{number} }}\n@page :first {{{first} }}\n"


def _quoted(text: str) -> str:
    """Return a text as a CSS string that can be left by nothing that stands in it."""
    letters = (one if one.isalnum() else f"\\{ord(one):06x} " for one in text)
    return f'"{"".join(letters)}"'
