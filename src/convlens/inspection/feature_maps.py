"""What one layer makes of a picture of the network's own size."""

from matplotlib.figure import Figure

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.findings.responses import as_batch, checked_picture
from convlens.inspection.applied import as_ink
from convlens.inspection.drawing.fonts import drawable_language
from convlens.inspection.drawing.maps import draw_maps, draw_picture
from convlens.inspection.drawing.sheet import MARGIN_CM, Sheet
from convlens.inspection.drawing.style import styled
from convlens.inspection.groups import setting
from convlens.inspection.words import words_in
from convlens.runs import Run

__all__ = ["feature_maps"]

_PICTURE_CM = 3.6


@as_annotated
def feature_maps(run: Run, picture: Array, layer: str, *, lang: str = "en") -> Figure:
    """Draw a picture and the maps that a layer with maps makes of it.

    Args:
        run: a finished run.
        picture: grey (H, W), or with colours (3, H, W), of the network's size, floats from 0 (black) to 1
            (white), or uint8.
        layer: the layer's name, such as "C3" or "Pool1".
        lang: "en", "ko" or "ja".

    Raises:
        UsageError: no layer with maps has that name (a row of units is none), or a value is not from 0 to 1.
        ShapeError: the picture does not have the network's size.
    """
    with_maps = [row.name for row in run.spec.table if len(row.output_shape) == 3]
    if layer not in with_maps:
        listed = ", ".join(with_maps) or "none"
        raise UsageError(
            f"`layer` of {run.spec.name} must be one with feature maps: {listed}. Got {shown(layer)}."
        )
    picture = checked_picture(picture)
    maps = run.network().activations(as_batch(picture, run))[layer][0]
    count, h, w = maps.shape
    known = {"network": run.spec.name, "layer": layer, "count": count, "h": h, "w": w}
    with styled(lang) as words:
        title = words["maps_title"].format(**known)
        sheet = Sheet(f"{title}\n{setting(run, drawable_language(lang))}")
        sheet.head(MARGIN_CM, words["input_picture"].format(h=picture.shape[-2], w=picture.shape[-1]))
        draw_picture(sheet, picture, (MARGIN_CM, sheet.y + 0.5), _PICTURE_CM, ink=as_ink(run, picture))
        sheet.y += _PICTURE_CM + 0.8
        draw_maps(sheet, maps, layer, words)
        alt = words_in(lang)["maps_alt"].format(
            ph=picture.shape[-2],
            pw=picture.shape[-1],
            low=maps.min(),
            high=maps.max(),
            setting=setting(run, lang),
            **known,
        )
        return sheet.finished(lang, alt)
