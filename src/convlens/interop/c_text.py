"""Words of C: arrays, texts, comments. Must not know layers' loops."""

from collections.abc import Sequence

from convlens.spec import LayerShape

__all__ = ["array", "comment", "literal", "sizes_of"]

PER_LINE = {"float": 8, "int8_t": 24}


def array(name: str, kind: str, values: Sequence[float]) -> str:
    """Return a constant array's definition; nine digits give every float32 back."""
    written = [_float(value) if kind == "float" else str(value) for value in values]
    step = PER_LINE.get(kind, 12)
    lines = (", ".join(written[i : i + step]) for i in range(0, len(written), step))
    return f"static const {kind} {name}[{len(values)}] = {{\n    " + ",\n    ".join(lines) + "\n};"


def _float(value: float) -> str:
    text = f"{value:.9g}"
    return f"{text}f" if any(letter in text for letter in ".e") else f"{text}.0f"


def literal(text: str) -> str:
    r"""Return a text as C writes it, in UTF-8; what is not plain ASCII in octal, which ends by itself.

    >>> literal('a "b"')
    '"a \\042b\\042"'
    """
    letters = (chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in text.encode())
    return f'"{"".join(letters)}"'


def comment(text: str) -> str:
    """Return a text that may stand in a comment."""
    return text.replace("*/", "* /").replace("/*", "/ *").replace("\\", "/").replace("??", "? ?")


def sizes_of(row: LayerShape) -> str:
    """Return what goes into a layer and what comes out, as a comment says it."""
    return " to ".join(" x ".join(map(str, shape)) for shape in (row.input_shape, row.output_shape))
