"""Which face of which font the pictures are drawn in, whatever is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.ttCollection import TTCollection
from matplotlib import font_manager

from convlens.inspection import WORDS, alt_text, architecture
from convlens.inspection.drawing import fonts
from convlens.words import LANGUAGES
from looked_into import FLAT

LETTERS = {
    lang: sorted(
        {c for text in WORDS[lang].values() for c in text if c != "\n"} | set(map(chr, range(32, 127)))
    )
    for lang in LANGUAGES
}
LETTERS["all"] = sorted(set().union(*LETTERS.values()))
FACE = {"Regular": 400, "Bold": 700, "DemiBold": 600, "Light": 300}


def face(lang, name, style):
    """Return a font with the letters of a language, an empty glyph each."""
    builder = FontBuilder(1000)
    glyphs = [".notdef", *(f"u{ord(c):04X}" for c in LETTERS[lang])]
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(c): f"u{ord(c):04X}" for c in LETTERS[lang]})
    builder.setupGlyf(dict.fromkeys(glyphs, Glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": style})
    builder.setupOS2(usWeightClass=FACE[style], sTypoAscender=800)
    builder.setupPost()
    builder.font["head"].macStyle = int(style == "Bold")
    return builder.font


def install(folder, lang, files):
    """Write font files: one font each, or a collection of several."""
    paths = []
    for name, faces in files.items():
        path = folder / name
        made = [face(lang, *one) for one in faces]
        if path.suffix == ".ttc":
            collection = TTCollection()
            collection.fonts = made
            collection.save(path)
        else:
            made[0].save(path)
        paths.append(str(path))
    return paths


def collection(style):
    """Return what is in Debian's collection of a weight: proportional faces, then those of one width."""
    return [(f"Noto Sans {kind}CJK {place}", style) for kind in ("", "Mono ") for place in ("JP", "KR", "HK")]


NOTO = {"NotoSansCJK-Bold.ttc": collection("Bold"), "NotoSansCJK-Regular.ttc": collection("Regular")}
NANUM = {
    "NanumGothic.ttf": [("NanumGothic", "Regular")],
    "NanumGothicBold.ttf": [("NanumGothic", "DemiBold")],
}
INSTALLED = [
    ("ko", NOTO, "Noto Sans CJK KR", 400),
    ("ja", NOTO, "Noto Sans CJK JP", 400),
    ("ko", {**NOTO, **NANUM}, "NanumGothic", 400),
    ("ko", {"NanumGothicBold.ttf": [("NanumGothic", "DemiBold")], **NOTO}, "Noto Sans CJK KR", 400),
    ("ja", {"NotoSansCJK-Bold.ttc": collection("Bold")}, "Noto Sans CJK JP", 700),
    ("ko", {"NanumGothic.ttf": [("NanumGothic", "Light")]}, "NanumGothic", 300),
    ("ja", {"hiragino.ttf": [("Hiragino Sans", "Regular")]}, "Hiragino Sans", 400),
    ("ja", {}, None, None),
]


@pytest.fixture(params=["known", "new"])
def machine(request, monkeypatch, tmp_path):
    """Return a function that makes a machine with these fonts, listed by matplotlib or newly installed."""
    latin = [entry for entry in font_manager.fontManager.ttflist if entry.name.startswith("DejaVu")]

    def make(lang, files):
        paths = install(tmp_path, lang, files)
        monkeypatch.setattr(font_manager.fontManager, "ttflist", list(latin))
        monkeypatch.setattr(font_manager, "findSystemFonts", lambda: list(paths))
        fonts.faces_of.cache_clear()
        if request.param == "known":
            for path in paths:
                font_manager.fontManager.addfont(path)

    yield make
    fonts.faces_of.cache_clear()


@pytest.mark.parametrize(("lang", "files", "name", "weight"), INSTALLED)
def test_the_face_of_the_language_is_taken(machine, lang, files, name, weight):
    """Upright, proportional, of the language and of normal weight, as far as there is such a one."""
    machine(lang, files)
    assert fonts.font_of(lang) == name
    if name is not None:
        faces = fonts.faces_of(lang)
        assert faces.normal.weight == weight
        assert (faces.normal.name, faces.bold.name) == (name, name)


@pytest.mark.parametrize("asked", ["the language", "en"])
@pytest.mark.parametrize(("lang", "files"), [case[:2] for case in INSTALLED])
def test_matplotlib_has_no_remark(machine, lang, files, asked, caplog):
    """Whatever is installed, in this language and in English, no font or weight is looked for in vain."""
    machine(lang, files)
    figure = architecture(FLAT, lang=lang if asked == "the language" else asked)
    figure.canvas.draw()
    assert alt_text(figure)
    assert [r.message for r in caplog.records if r.name.startswith("matplotlib")] == []


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(("lang", "files", "name", "weight"), [case for case in INSTALLED if case[2]])
def test_matplotlib_draws_with_that_face(machine, lang, files, name, weight, bold):
    """The names that a figure gets lead to the very face, where a collection holds several."""
    machine(lang, files)
    faces = fonts.faces_of(lang)
    wanted = faces.bold if bold else faces.normal
    first = fonts.family(lang)[0]
    found = font_manager.findfont(font_manager.FontProperties(family=first, weight="bold" if bold else 400))
    assert str(found) == wanted.fname
    assert getattr(found, "face_index", 0) == getattr(wanted, "index", 0)


ORDERS = [("ko", "ja"), ("ja", "ko"), ("en", "ko", "ja")]
REAL = {
    "Noto": (("NotoSansCJK",), {"ko": "Noto Sans CJK KR", "ja": "Noto Sans CJK JP"}),
    "Nanum and Noto": (("NotoSansCJK", "Nanum"), {"ko": "NanumGothic", "ja": "Noto Sans CJK JP"}),
    "serifs, too": (("Noto", "Nanum"), {"ko": "NanumGothic", "ja": "Noto Sans CJK JP"}),
}


def asked_in(order, wanted):
    """Ask for the faces of each language in turn; return what is not as wanted."""
    fonts.faces_of.cache_clear()
    wrong = []
    for lang in order:
        faces = fonts.faces_of(lang)
        name = wanted.get(lang, "DejaVu Sans")
        weights = (faces.normal.weight, faces.bold.weight >= FACE["DemiBold"])
        if (faces.name, faces.normal.name, faces.bold.name, *weights) != (name, name, name, 400, True):
            wrong.append((lang, faces))
    return wrong


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
def test_each_language_gets_its_own_region(machine, order):
    """Whichever is asked first, out of collections with faces for all regions and of one width."""
    machine("all", NOTO)
    assert asked_in(order, {"ko": "Noto Sans CJK KR", "ja": "Noto Sans CJK JP"}) == []


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
@pytest.mark.parametrize("installed", REAL)
def test_the_fonts_of_this_machine_as_if_newly_installed(monkeypatch, installed, order):
    """Debian's own collections and Nanum: the region's face, 400 and a real bold, never Mono or Hong Kong."""
    stems, wanted = REAL[installed]
    here = [path for path in font_manager.findSystemFonts() if Path(path).name.startswith(stems)]
    if not {"NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"} <= {Path(path).name for path in here}:
        pytest.skip("needs fonts-noto-cjk")
    if "Nanum" in stems and not any(Path(path).name == "NanumGothicBold.ttf" for path in here):
        pytest.skip("needs fonts-nanum")
    latin = [entry for entry in font_manager.fontManager.ttflist if entry.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: list(here))
    try:
        assert asked_in(order, wanted) == []
    finally:
        fonts.faces_of.cache_clear()


@pytest.mark.parametrize("home", ["home", "missing/home", "file"])
def test_commands_are_silent_about_fonts_and_folders(run, tmp_path, home):
    """Where matplotlib has no folder for its list of fonts, or makes it first, no line of its own comes."""
    (tmp_path / "home").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("XDG", "MPL"))}
    out = str(tmp_path / "a.png")
    words = ["inspect", str(run.folder), "--what", "architecture", "--lang", "ko", "--out", out]
    done = subprocess.run(
        [sys.executable, "-m", "convlens", *words],
        env={**clean, "HOME": str(tmp_path / home)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.strip() == out
