"""Long titles and names in pictures: broken into lines, and nothing of them is lost."""

# ruff: noqa: RUF001 -- Japanese has brackets and stops of its own

from itertools import combinations, pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from convlens.inspection import class_accuracy, comparison, confusion
from convlens.inspection.drawing.lines import wrapped

LONG = {
    "numbers": "訓練画像1,500枚、8エポック、学習率0.001、重みの移動平均0.99、ラベル平滑化0.1",
    "brackets": "勾配クリッピング（ノルム1以下）、学習率のウォームアップ（「1エポック」）、荷重減衰",
    "katakana": "スケジュール：コサイン。ウォームアップのエポックはラベルごとにデータセットから",
    "one word": "ア" * 40 + "b" * 40,
    "hangul": "훈련 이미지 1,500장, 8에포크, 학습률 0.001, 가중치 이동 평균 0.99",
    "latin": "1,500 training images, 8 epochs, learning rate 0.001, moving average of weights 0.99",
}


@pytest.mark.parametrize("letters", [12, 20, 33, 50])
@pytest.mark.parametrize("name", LONG)
def test_texts_are_broken_where_one_may(name, letters):
    """No letter is lost, no line too long, no number or word of Katakana cut, no line begins with a stop."""
    text = LONG[name]
    lines = wrapped(text, letters).splitlines()
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) + 0.7 * sum(one >= "\u1100" for one in line) <= letters + 4 for line in lines)
    for one, other in pairwise(lines):
        before, behind = one[-1], other[0]
        assert behind not in "、。：）」ーッォァ"
        assert before not in "（「"
        if name != "one word" and letters > 20:
            assert not (before.isascii() and behind.isascii()) or name == "latin"
            assert not ("\u30a0" < before < "\u30ff" and "\u30a0" < behind < "\u30ff")


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
@pytest.mark.parametrize("picture", [confusion, class_accuracy], ids=lambda one: one.__name__)
def test_a_title_that_says_much_stays_in_its_picture(picture, lang, told_run):
    """However many settings are not as usual."""
    figure = picture(told_run, lang=lang)
    box = figure._suptitle.get_window_extent(FigureCanvasAgg(figure).get_renderer())
    assert figure.bbox.contains(box.x0, box.y0)
    assert figure.bbox.contains(box.x1, box.y1)
    assert len(figure._suptitle.get_text().splitlines()) > 2


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_names_that_say_much_do_not_overlap(lang, told_run, run, slow_run):
    """Of groups that differ in many settings."""
    figure = comparison([told_run, run, slow_run], lang=lang)
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [name.get_window_extent(renderer) for name in figure.axes[0].get_yticklabels()]
    assert len(boxes) == 3
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
