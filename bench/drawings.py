"""How often networks misread drawn digits: 16 shapes in 10 conditions, fitted as ink and as points.

python bench/drawings.py RUN [RUN ...]

"Ink enlarged" is how the explorer did it before: the ink of a small drawing grew with it, so that its strokes
became blobs. "Points fitted" is `convlens.explorer.drawing`: the points are fitted, then inked with one pen.
The weights are the same, and exact.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from arguments import names

from convlens._typing import Array
from convlens.explorer.drawing import FINE, Stroke, inked, picture
from convlens.networks import Network
from convlens.runs import Run

SIDE = 28


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[tuple[float, float]]:
    """Return points on an ellipse, angles in degrees, clockwise from the right."""
    turns = np.radians(np.linspace(start, end, 24))
    return list(zip(x + rx * np.cos(turns), y + ry * np.sin(turns), strict=True))


SHAPES: dict[str, tuple[int, list[list[tuple[float, float]]]]] = {
    "0": (0, [arc(0.5, 0.5, 0.3, 0.5, -90, 270)]),
    "1": (1, [[(0.5, 0), (0.5, 1)]]),
    "1 with a flag": (1, [[(0.28, 0.25), (0.55, 0), (0.55, 1)]]),
    "1 with a base": (1, [[(0.28, 0.25), (0.5, 0), (0.5, 1)], [(0.2, 1), (0.8, 1)]]),
    "2": (2, [[*arc(0.5, 0.27, 0.3, 0.27, -170, 40), (0.2, 1), (0.85, 1)]]),
    "2 with a loop": (
        2,
        [[*arc(0.5, 0.27, 0.28, 0.27, -170, 50), *arc(0.33, 0.87, 0.14, 0.12, 20, -330), (0.85, 0.97)]],
    ),
    "3": (3, [[*arc(0.48, 0.25, 0.27, 0.25, -150, 90), *arc(0.48, 0.74, 0.32, 0.26, -90, 150)]]),
    "4 open": (4, [[(0.22, 0), (0.18, 0.55), (0.85, 0.55)], [(0.68, 0.05), (0.66, 1)]]),
    "4 closed": (4, [[(0.62, 1), (0.62, 0), (0.12, 0.65), (0.88, 0.65)]]),
    "5": (5, [[(0.8, 0), (0.3, 0), (0.26, 0.42), *arc(0.46, 0.69, 0.32, 0.3, -125, 150)]]),
    "6": (6, [[(0.68, 0), (0.4, 0.25), *arc(0.48, 0.72, 0.27, 0.27, 180, -180)]]),
    "7": (7, [[(0.15, 0), (0.85, 0), (0.4, 1)]]),
    "7 with a bar": (7, [[(0.15, 0), (0.85, 0), (0.4, 1)], [(0.3, 0.5), (0.8, 0.5)]]),
    "8": (8, [[*arc(0.5, 0.25, 0.25, 0.24, 90, 450), *arc(0.5, 0.75, 0.3, 0.26, -90, 270)]]),
    "9": (9, [[*arc(0.5, 0.27, 0.27, 0.27, 0, -360), *arc(0.4, 0.5, 0.36, 0.5, -20, 100)]]),
    "9 straight": (9, [[*arc(0.48, 0.27, 0.27, 0.27, 0, -360), (0.73, 1)]]),
}
"""Name → the digit and its lines, x and y from 0 to 1 downwards."""


def changed(a: float, b: float, c: float, d: float) -> Callable[[Array], Array]:
    """Return what maps places around the middle: x' = ax + by, y' = cx + dy."""
    return lambda at: at @ np.array([[a, c], [b, d]])


def turned(degrees: float) -> Callable[[Array], Array]:
    """Return what turns places around the middle, clockwise as it is seen."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return changed(cos, -sin, sin, cos)


CONDITIONS: dict[str, tuple[float, tuple[float, float], Callable[[Array], Array]]] = {
    "normal": (0.6, (0.5, 0.5), changed(1, 0, 0, 1)),
    "thick": (0.6, (0.5, 0.5), changed(1, 0, 0, 1)),
    "big": (0.9, (0.5, 0.5), changed(1, 0, 0, 1)),
    "small, in a corner": (0.21, (0.2, 0.2), changed(1, 0, 0, 1)),
    "turned +20": (0.6, (0.5, 0.5), turned(20)),
    "turned -20": (0.6, (0.5, 0.5), turned(-20)),
    "slanted right": (0.6, (0.5, 0.5), changed(1, -0.3, 0, 1)),
    "slanted left": (0.6, (0.5, 0.5), changed(1, 0.3, 0, 1)),
    "narrow": (0.6, (0.5, 0.5), changed(0.6, 0, 0, 1)),
    "wide": (0.6, (0.5, 0.5), changed(1.6, 0, 0, 1)),
}
"""Name → the height as a share of the pad, the middle, and what is done to the shape around it."""


def drawn(shape: str, condition: str) -> list[Stroke]:
    """Return a shape as it is drawn; thick: each line three times, side by side, as with a brush."""
    size, middle, change = CONDITIONS[condition]
    offsets = ((-0.03, 0.0), (0.0, 0.0), (0.03, 0.0)) if condition == "thick" else ((0.0, 0.0),)
    strokes = []
    for line in SHAPES[shape][1]:
        for offset in offsets:
            at = change((np.array(line) - 0.5) * size) + middle + offset
            strokes.append(Stroke(np.clip(np.round(at * 255), 0, 255)))
    return strokes


def enlarged(strokes: list[Stroke]) -> Array:
    """Return the picture as the explorer made it before: the ink is fitted, the pen's width with it."""
    ink = inked(strokes, SIDE, SIDE).astype(np.float64)
    rows, columns = np.nonzero(ink >= 0.1)
    scale = 20 / (max(np.ptp(rows), np.ptp(columns)) + 1)
    weights = ink[rows, columns]
    spread = []
    for places in (rows, columns):
        shift = SIDE / 2 - scale * np.average(places + 0.5, weights=weights)
        near = shift + scale * np.arange(SIDE * FINE)
        cells = np.arange(SIDE)[:, None]
        spread.append(np.maximum(np.minimum(near + scale, cells + 1) - np.maximum(near, cells), 0))
    return np.asarray(np.minimum(spread[0] @ ink @ spread[1].T, 1), np.float32)


def fitted(strokes: list[Stroke]) -> Array:
    """Return the picture as the explorer makes it."""
    return picture(strokes, SIDE, SIDE)


METHODS: dict[str, Callable[[list[Stroke]], Array]] = {"ink enlarged": enlarged, "points fitted": fitted}


def misreads(network: Network, method: Callable[[list[Stroke]], Array]) -> dict[str, list[str]]:
    """Return what a network misreads, by condition, as "shape → answer (its share)"."""
    found: dict[str, list[str]] = {}
    for condition in CONDITIONS:
        pictures = np.stack([method(drawn(shape, condition))[None] for shape in SHAPES])
        scores = network.predict(pictures).astype(np.float64)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        found[condition] = [
            f"{shape} → {share.argmax()} ({share.max():.0%})"
            for (shape, (digit, _)), share in zip(SHAPES.items(), shares, strict=True)
            if share.argmax() != digit
        ]
    return found


def main() -> None:
    """Print a table a run: what each method makes the network misread."""
    for name in names(__doc__, "RUN"):
        run = Run(Path(name))
        network = run.network("final")
        told = {method: misreads(network, make) for method, make in METHODS.items()}
        totals = ", ".join(f"{method} {sum(map(len, found.values()))}" for method, found in told.items())
        print(f"{run.name}, {run.spec.name}: of {len(SHAPES) * len(CONDITIONS)} drawings misread: {totals}")
        for condition in CONDITIONS:
            for method, found in told.items():
                print(f"  {condition:20}{method:15}{len(found[condition])}  {'; '.join(found[condition])}")


if __name__ == "__main__":
    main()
