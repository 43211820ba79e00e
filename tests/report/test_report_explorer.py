"""The explorer as a part of the page: the network runs in a frame, and the page is whole without it."""

import shutil
from html import unescape
from importlib import import_module
from types import SimpleNamespace

import pytest
from small_pages import COMMAND, parsed

from browser import axe_violations, complaints, needs_browser
from convlens.explorer import rendered, words_in
from convlens.report import page as report_page
from convlens.report import write_report, write_runs_report
from convlens.report.about import About
from convlens.report.blocks import Frame
from convlens.report.sections import explorer
from convlens.study import Study

PAGES = pytest.mark.parametrize("lang", ["english", "korean", "japanese"])


@PAGES
def test_the_frame_holds_the_explorer(request, study, lang):
    """Before how the page was made; of each network the run with the most training images."""
    page = request.getfixturevalue(lang)
    anchors = [section.attributes["id"] for section in page.all("section")]
    assert anchors.index("explorer") == anchors.index("making") - 1
    experiments = {}
    for one in sorted(study.design.experiments, key=lambda entry: -entry.config.train_size):
        experiments.setdefault(one.config.network.name, one)
    chosen = [one for one in study.design.experiments if one in experiments.values()]
    runs = [next(iter(study.runs(one))) for one in chosen]
    (frame,) = page.all("iframe")
    code = page.all("html")[0].attributes["lang"]
    assert frame.attributes["srcdoc"] == rendered(runs, code, embedded=True)
    title = words_in(code)("page.open", networks=words_in(code).listing([run.spec.name for run in runs]))
    assert frame.attributes["title"] == title


def test_quoting_loses_nothing():
    """Whatever the page holds, the attribute gives it back, and cannot be left."""
    page = """<p title="a'b">&amp; &quot; < > "</p>"""
    quoted = Frame("open", page, "instead").quoted
    assert '"' not in quoted
    assert unescape(quoted) == page


NO_ROOM = {"en": "larger than 1 MB", "ko": "1 MB보다 커집니다", "ja": "1 MBを超えます"}


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", NO_ROOM)
def test_a_page_without_room_says_so(study, monkeypatch, tmp_path, lang):
    """One line in the page's language; the page is written without the explorer."""
    told = []
    shutil.copytree(study.folder / "runs", tmp_path / "runs")
    monkeypatch.setattr(report_page, "LARGEST", 1_000_000)
    monkeypatch.setattr(report_page, "_FRAME", 950_000)
    copied = Study(study.design, tmp_path, 3)
    page = parsed(write_report(copied, lang=lang, command=COMMAND, on_left_out=told.append))
    assert not page.all("iframe")
    (line,) = told
    assert NO_ROOM[lang] in line
    assert "convlens explore RUN" in line


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("text", ['"' * 20_000, "<" * 20_000, "&" * 20_000])
def test_the_authors_texts_count_as_they_are_written(study, monkeypatch, tmp_path, text):
    """A letter may take six in HTML: the page stays within its size, without the explorer if need be."""
    page = tmp_path / "r.html"
    runs = [study.runs(study.design.experiments[0])[0]]
    size = write_runs_report(runs, page, lang="en", command="").stat().st_size
    most = size + report_page._FRAME + 50_000
    monkeypatch.setattr(report_page, "LARGEST", most)
    about = About(texts={"minute": text}, source="about.toml")
    written = write_runs_report(runs, page, lang="en", command="", about=about)
    assert written.stat().st_size <= most


def test_each_network_with_most_images_while_they_fit(monkeypatch):
    """One that cannot be computed, or is of other data, is left out; then the one with the fewest images."""

    def entry(name, images, size, data="a"):
        spec = SimpleNamespace(name=name, n_parameters=size)
        run = SimpleNamespace(size=size, data=data)
        return SimpleNamespace(spec=spec, config=SimpleNamespace(train_size=images), runs=[run])

    section = import_module("convlens.report.sections.explorer")

    def page(runs, lang, *, embedded, room):
        return "+".join(str(run.size) for run in runs).ljust(sum(run.size for run in runs))

    monkeypatch.setattr(section, "rendered", page)
    monkeypatch.setattr(section, "subject", lambda run: run.data)
    monkeypatch.setattr(section, "speaks_of_digits", lambda _: True)
    monkeypatch.setattr(section, "strangers", lambda spec: {"Odd": "why"} if spec.name == "odd" else {})
    entries = [
        entry("large", 5, 501), entry("large", 60, 500), entry("small", 60, 90), entry("few", 30, 40),
        entry("odd", 90, 70), entry("other", 10, 10, "b"),
    ]  # fmt: skip
    report = SimpleNamespace(finished=entries)
    context = SimpleNamespace(say=SimpleNamespace(lang="en"), report=report)
    found = [explorer(context, room) for room in (1000, 630, 629, 590, 589, 90, 89)]
    shown = [found_one and found_one.blocks[1].page.strip() for found_one in found]
    assert shown == ["500+90+40", "500+90+40", "500+90", "500+90", "90", "90", None]


@pytest.fixture
def path(english, tmp_path):
    """The English page as a file."""
    path = tmp_path / "page.html"
    path.write_text(english.source, encoding="utf-8")
    return path


class TestInTheBrowser:
    """From a file, under the page's own policy."""

    pytestmark = needs_browser

    @pytest.mark.parametrize("width", [360, 1280])
    def test_it_opens_and_runs(self, open_page, path, width):
        """The network answers to what is drawn with a real mouse; the page keeps its width."""
        page = open_page(path, (width, 800))
        frame = page.frame_locator("details.frame iframe")
        assert not frame.locator("#sentence").is_visible()
        page.locator("details.frame summary").click()
        frame.locator("#sentence", has_text="%").wait_for()
        assert not frame.locator("#link").is_visible()
        frame.locator("#clear").click()
        pad = frame.locator("#pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 5)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=8)
        page.mouse.up()
        frame.locator("#sentence", has_text="%").wait_for()
        assert frame.locator("#pad").evaluate("() => explorer.state.strokes.length") == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints(page) == []
        assert axe_violations(page) == []

    def test_without_scripts_a_sentence_stands_there(self, open_page, path):
        """No button that does nothing."""
        page = open_page(path, java_script_enabled=False)
        assert not page.locator("details.frame").is_visible()
        assert page.locator("#explorer noscript p").is_visible()
        assert not page.locator("#explorer .paper").is_visible()

    def test_on_paper_a_sentence_stands_there(self, open_page, path):
        """The same one, once."""
        page = open_page(path)
        page.emulate_media(media="print")
        assert not page.locator("details.frame").is_visible()
        assert page.locator("#explorer .paper").is_visible()
