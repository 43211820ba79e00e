"""Filters with zeros between: what a dilated one, or one of a group, is to all kernels.

Must not know layers.
"""

from typing import Any

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many

__all__ = ["spread_filters"]


@inner
def spread_share(t, shares, w, wide, back, shape, window, gaps):
    """Do share t of `spread_filters`: some filters."""
    (F, groups, seen, KH, KW), (height, width), (down, right) = shape, window, gaps
    for f in range(t * F // shares, (t + 1) * F // shares):
        first = (f * groups + f // (F // groups)) * seen  # of the channels of its group
        for c in range(seen):
            for u in range(KH):
                p = ((f * seen + c) * KH + u) * KW
                q = ((first + c) * height + u * down) * width
                for v in range(KW):
                    if back:
                        w[p + v] = wide[q + v * right]
                    else:
                        wide[q + v * right] = w[p + v]


@entry
def spread_filters(w: Any, wide: Any, back: Any, shape: Any, window: Any, gaps: Any) -> None:
    """wide[f, g*seen + c, u*down, v*right] = w[f, c, u, v], g the group of f; the other way round if `back`.

    All other numbers of `wide` stay: zeros. shape: (F, groups, seen: channels of one group, KH, KW); window:
    rows and columns of `wide`; gaps: (down, right).
    """
    in_shares(spread_share, min(shape[0], many(w.size)), (w, wide, back, shape, window, gaps))
