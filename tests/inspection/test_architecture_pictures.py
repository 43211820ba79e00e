"""The drawn architecture: any valid spec, everything in the picture, nothing on top of another."""

# ruff: noqa: RUF001 -- pictures have the sign for "times"

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle

from convlens import spec
from convlens.inspection import alt_text, architecture
from convlens.inspection.architecture.drawn_layers import drawn_layers
from convlens.inspection.words import words_in
from convlens.spec import Affine, Convolution, Gelu, NetworkSpec, Pooling, Relu, Residual, Sigmoid

VGG = tuple(
    layer
    for i in range(8)
    for layer in (Convolution(16 * (i + 1), 3, pad=1), Relu(), *([Pooling(2)] if i % 2 else []))
)
SPECS = {
    "simple": spec.simple(),
    "lenet": spec.lenet(),
    "eight convolutions": NetworkSpec("Eight", (3, 64, 64), (*VGG, Affine(256), Sigmoid(), Affine(10))),
    "128 filters": NetworkSpec(
        "Wide",
        (1, 64, 64),
        (Convolution(128, (3, 7), (2, 1), (1, 0), name="a very long name of a layer"), Affine(1000)),
    ),
    "groups": NetworkSpec(
        "Groups",
        (4, 32, 32),
        (
            Convolution(4, (3, 5), 2, 1, groups=4, dilation=(2, 1)),
            Relu(),
            Convolution(8, 3, groups=2),
            Convolution(8, 3, dilation=3),
            Affine(10),
        ),
    ),
    "ways": NetworkSpec(
        "Ways",
        (1, 28, 28),
        (
            Convolution(8, 5, 2),
            Gelu(),
            Residual(
                (Relu(), Convolution(16, 3, pad=1), Residual((Convolution(16, 1), Sigmoid()))),
                (Convolution(16, 1),),
            ),
            Affine(10),
        ),
    ),
    "resnet": spec.named_network("resnet"),
    "affine only": NetworkSpec("Linear", (1, 28, 28), (Affine(10),)),
    "tiny": NetworkSpec("Tiny", (1, 1, 40), (Relu(), Convolution(1, 1), Relu(), Sigmoid(), Affine(1))),
    "windows over everything": NetworkSpec(
        "All", (1, 8, 8), (Convolution(2, 12, pad=2), Pooling(1), Affine(2))
    ),
}


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", SPECS)
def test_nothing_is_cut_and_no_words_overlap(name, lang):
    """Every text lies inside the picture, and no two texts touch."""
    figure = architecture(SPECS[name], lang=lang)
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts if text.get_text()]
    page = figure.bbox.padded(1)
    for box in boxes:
        assert page.contains(box.x0, box.y0)
        assert page.contains(box.x1, box.y1)
    for one, other in combinations(boxes, 2):
        assert not one.padded(-1).overlaps(other.padded(-1))


@pytest.mark.parametrize("name", SPECS)
def test_no_plane_is_cut(name):
    """Every plane, bar and window lies inside the picture."""
    axes = architecture(SPECS[name]).axes[0]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for patch in axes.patches:
        if isinstance(patch, Rectangle):
            assert left <= patch.get_x() <= patch.get_x() + patch.get_width() <= right
            assert bottom <= patch.get_y() <= patch.get_y() + patch.get_height() <= top


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["3×5\nconvolution\nstride 2\npad 1\ngroups 4\ndilation 2×1", "3×3\nconvolution\ngroups 2"]),
        ("ko", ["3×5\n합성곱\n스트라이드 2\n패딩 1\n그룹 4\n팽창 2×1", "3×3\n합성곱\n팽창 3"]),
        ("ja", ["3×5\n畳み込み\nストライド2\nパディング1\nグループ4\n膨張2×1", "3×3\n畳み込み\nグループ2"]),
    ],
)
def test_groups_and_dilations_are_said(lang, said):
    """A filter has the size of its weights; what makes it see less, or further apart, stands below."""
    written = [text.get_text() for text in architecture(SPECS["groups"], lang=lang).axes[0].texts]
    assert set(said) <= set(written)


@pytest.mark.parametrize(
    ("layers", "further"),
    [
        (
            SPECS["ways"].layers,
            {"Residual1": ["Conv3", "Conv2"], "Conv4": ["Conv1"], "Residual2": ["Conv4", "Residual1"]},
        ),
        ((Residual((Convolution(1, 1), Relu())), Affine(2)), {"Residual1": ["Conv1", "input"]}),
        ((Convolution(2, 3), Residual((Relu(),)), Affine(2)), {"Residual1": ["Relu1", "Conv1"]}),
        ((Convolution(2, 3), Relu(), Affine(2)), {}),
    ],
    ids=["nested", "of the picture", "one activation", "none"],
)
def test_ways_are_drawn(layers, further):
    """A line leads to each layer from what it reads further back; others hang on the layer before alone.

    An activation that one of two ways begins with is not written at the layer that both begin at.
    """
    network = NetworkSpec("Ways", (1, 28, 28), layers)
    parts = {part.name: part for part in drawn_layers(network, words_in("en"))}
    names = list(parts)
    found = {}
    for number, part in enumerate(parts.values()):
        if part.reads not in {(), (number - 1,)}:
            found[part.name] = sorted(names[read] for read in part.reads)
    assert found == {name: sorted(read) for name, read in further.items()}
    figure = architecture(network)
    lines = sum(read != number - 1 for number, part in enumerate(parts.values()) for read in part.reads)
    arrows = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None) is not None]
    assert sum(arrow.arrow_patch.get_edgecolor()[2] > 0.6 for arrow in arrows) == lines
    said = alt_text(figure)
    assert all(f"{name} \N{LEFTWARDS ARROW} " in said for name in further)
    legend = [text.get_text() for text in figure.axes[0].texts if text.get_text().startswith("Blue lines")]
    assert len(legend) == bool(further)


def test_lenet_reads_as_in_the_paper():
    """Feature maps are written as in the paper's figure, operations between them, ReLU at its layer."""
    written = [text.get_text() for text in architecture(spec.lenet()).axes[0].texts]
    for title in (
        "input\n1@28×28",
        "C1\n6@28×28",
        "S2\n6@14×14",
        "C3\n16@10×10",
        "S4\n16@5×5",
        "Affine1\n120",
    ):
        assert title in written
    assert "5×5\nconvolution\npad 2" in written
    assert written.count("2×2\nmax-pooling") == 2
    assert written.count("ReLU") == 4
    assert "softmax" in written
    assert "61,706 parameters, 416,520 multiply-adds a picture" in written


def test_planes_are_to_scale_and_as_many_as_maps():
    """A 14 x 14 plane is half as wide as a 28 x 28 one; six maps are six planes."""
    figure = architecture(spec.lenet())
    filled = [
        p for p in figure.axes[0].patches if isinstance(p, Rectangle) and p.get_fill() and p.get_width() > 0.2
    ]
    sides = [round(patch.get_width(), 6) for patch in filled]
    largest = max(sides)
    assert sides.count(largest) == 1 + 6
    assert sides.count(round(largest / 2, 6)) == 6


def test_the_alternative_text_tells_the_chain(hangul):
    """The sentence for those who cannot see the figure names every step."""
    said = alt_text(architecture(spec.simple()))
    assert "input: 1@28×28 → Conv1: 30@24×24 (5×5 convolution) + ReLU → Pool1: 30@12×12" in said
    assert "433,890 parameters" in said
    assert "매개변수 433,890개" in alt_text(architecture(spec.simple(), lang="ko"))
