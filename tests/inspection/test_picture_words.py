"""Words and fonts of the pictures: complete in every language, never boxes."""

from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.text import Text

from convlens import inspection
from convlens.data import TRANSFORMS
from convlens.inspection import WORDS, applied, architecture, filters, learning_curves, learning_rates
from convlens.inspection.drawing import fonts
from convlens.spec import Affine, Convolution, NetworkSpec
from tables import strings_in

ROOM = Path(inspection.__file__).parent


@pytest.fixture
def fresh():
    """Look for fonts anew, and again after the test."""
    fonts.faces_of.cache_clear()
    yield
    fonts.faces_of.cache_clear()


def pictures(run, lang):
    """Yield one figure of each kind."""
    yield learning_curves([run], lang=lang, loss=True)
    yield filters(run, lang=lang)
    yield applied(run, run.data.test.x[0, 0], lang=lang)
    yield architecture(run.spec, lang=lang)
    yield learning_rates({0.001: [run]}, reported={0.001: 0.9}, lang=lang)


def written(figure):
    """Return everything that is written in a figure."""
    return "".join(text.get_text() for text in figure.findobj(Text))


def test_every_word_is_used():
    """No text stays in the tables that no picture shows, and no run setting names."""
    made = {"first_training_images", "first_test_images"}  # "first_" and what is counted
    made |= {f"augment_{name}" for name in TRANSFORMS}
    made |= {
        f"setting_{name}_none" for name in ("warm_up", "weight_decay", "clip_norm", "ema", "label_smoothing")
    }
    assert {key.removesuffix(".one") for key in WORDS["en"]} - made <= strings_in(ROOM, ROOM.parent / "runs")


def own(lang, text):
    """Return the letters of a text that are of the language's own script."""
    first, last = {"ko": ("가", "힣"), "ja": ("ぁ", "鿿")}[lang]
    return [letter for letter in text if first <= letter <= last]


@pytest.mark.parametrize("lang", ["ko", "ja"])
def test_every_text_is_of_its_language(lang):
    """Each but the size of a window and two counts has letters of the language's own script."""
    for name, text in WORDS[lang].items():
        assert own(lang, text) or name in {"window", "preview_class"}, name


@pytest.mark.parametrize("lang", ["en", "ko", "ja"])
def test_no_glyph_is_missing_and_no_font_is_looked_for_in_vain(run, lang, caplog):
    """Every picture in every language draws without a remark from matplotlib (warnings are errors here)."""
    for figure in pictures(run, lang):
        figure.canvas.draw()
    assert not [record for record in caplog.records if record.name.startswith("matplotlib")]


@pytest.mark.parametrize("lang", ["ko", "ja"])
def test_pictures_are_written_in_their_language(run, lang):
    """Where a font has its letters, words are of the language."""
    if fonts.font_of(lang) is None:
        pytest.skip("no installed font has the letters")
    for figure in pictures(run, lang):
        assert own(lang, written(figure))


@pytest.mark.parametrize("lang", ["ko", "ja"])
def test_without_a_font_the_words_are_english(run, no_hangul, lang):
    """Where no font has the letters, words are English, never boxes; what is not drawn stays as asked for."""
    english = list(pictures(run, "en"))
    for figure, same in zip(pictures(run, lang), english, strict=True):
        assert not any(letter >= "ᄀ" for letter in written(figure) if letter.isalpha())
        assert own(lang, inspection.alt_text(figure))
        for name in ("learning rate", "training images"):
            assert name not in inspection.alt_text(figure), name
        assert written(figure) == written(same)
        figure.canvas.draw()


def test_users_names_never_become_boxes(run, no_hangul):
    """Letters of a user's name that no font has are question marks."""
    figure = learning_curves({"작은 set $x$": [run]})
    assert figure.axes[0].get_title(loc="left") == "?? set $x$"
    drawn = architecture(NetworkSpec("나의 \ue000", (1, 8, 8), (Convolution(2, 3, name="층"), Affine(2))))
    assert "?? ?" in written(drawn)


def test_names_of_users_are_not_formulas(run):
    """A dollar sign is a dollar sign."""
    figure = learning_curves({r"$\frac{$ 5$": [run]})
    assert figure.axes[0].get_title(loc="left") == r"$\frac{$ 5$"


def test_a_font_counts_only_if_it_has_the_letters(monkeypatch, fresh):
    """Among fonts without Hangul none is found, whatever their names; boxes of a last resort do not count."""
    ours = [entry for entry in font_manager.fontManager.ttflist if entry.name.startswith("DejaVu")]
    boxes = [entry for entry in font_manager.fontManager.ttflist if entry.name.startswith(("Last", "LastR"))]
    liar = font_manager.FontEntry(fname=ours[0].fname, name="NanumGothic")
    broken = font_manager.FontEntry(fname="/nowhere/Malgun.ttf", name="Malgun Gothic")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [liar, broken, *ours, *boxes])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    assert fonts.font_of("ko") is None
    assert fonts.drawable_language("ko") == "en"
    assert fonts.drawn_with("ko") == ["DejaVu Sans"]


def test_a_font_installed_after_matplotlib_made_its_list_is_found(monkeypatch, fresh, hangul):
    """On a machine where a Hangul font was just installed, one need not delete matplotlib's cache."""
    known = font_manager.fontManager.ttflist
    names = ("nanum", "notosanscjk", "malgun")
    if not any(Path(e.fname).name.lower().replace("-", "").startswith(names) for e in known):
        pytest.skip("the installed Hangul font has another file name")
    fonts.faces_of.cache_clear()
    monkeypatch.setattr(
        font_manager.fontManager, "ttflist", [entry for entry in known if entry.name.startswith("DejaVu")]
    )
    assert fonts.font_of("ko") is not None


def test_the_users_own_settings_neither_matter_nor_change(run):
    """A dark or oversized style of the user's does not reach the pictures, and is still there afterwards."""
    plain = inspection.encoded(filters(run), "png")
    with mpl.rc_context(
        {"font.size": 30, "axes.facecolor": "black", "svg.hashsalt": "x", "text.usetex": True}
    ):
        assert inspection.encoded(filters(run), "png") == plain
        assert mpl.rcParams["font.size"] == 30
