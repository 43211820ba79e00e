"""The explorer as a part of the page: the network runs in a frame, and the page is whole without it."""

import shutil
from html import unescape
from importlib import import_module
from types import SimpleNamespace

import pytest
from small_pages import COMMAND, parsed

from browser import axe_violations, complaints, needs_browser
from convlens.explorer import WORDS, rendered
from convlens.report import page as report_page
from convlens.report import write_report
from convlens.report.blocks import Frame
from convlens.report.sections import explorer
from convlens.study import Study

PAGES = pytest.mark.parametrize("lang", ["english", "korean", "japanese"])


@PAGES
def test_the_frame_holds_the_explorer(request, study, lang):
    """Before how the page was made; the network with the most training images, of equals the smallest."""
    page = request.getfixturevalue(lang)
    anchors = [section.attributes["id"] for section in page.all("section")]
    assert anchors.index("explorer") == anchors.index("making") - 1
    entries = [(-e.config.train_size, e.config.network.n_parameters, e) for e in study.design.experiments]
    chosen = min(entries, key=lambda entry: entry[:2])[2]
    (frame,) = page.all("iframe")
    code = page.all("html")[0].attributes["lang"]
    run = next(iter(study.runs(chosen)))
    assert frame.attributes["srcdoc"] == rendered(run, code, embedded=True)
    assert frame.attributes["title"] == WORDS[code]["page.open"].format(network=chosen.config.network.name)


def test_quoting_loses_nothing():
    """Whatever the page holds, the attribute gives it back, and cannot be left."""
    page = """<p title="a'b">&amp; &quot; < > "</p>"""
    quoted = Frame("open", page, "instead").quoted
    assert '"' not in quoted
    assert unescape(quoted) == page


@pytest.mark.usefixtures("undrawn")
def test_a_page_without_room_says_so(study, monkeypatch, tmp_path):
    """One line; the page is written without the explorer."""
    told = []
    shutil.copytree(study.folder / "runs", tmp_path / "runs")
    monkeypatch.setattr(report_page, "LARGEST", 1_000_000)
    monkeypatch.setattr(report_page, "_FRAME", 950_000)
    copied = Study(study.design, tmp_path, 3)
    page = parsed(write_report(copied, lang="en", command=COMMAND, on_left_out=told.append))
    assert not page.all("iframe")
    (line,) = told
    assert "larger than 1 MB" in line
    assert "convlens explore RUN" in line


def test_the_most_images_then_the_smallest_that_fits(monkeypatch):
    """Where that one does not fit or cannot be computed, the next is taken; where none fits, none."""

    def entry(images, size):
        spec = SimpleNamespace(name=f"{images}/{size}", n_parameters=size)
        return SimpleNamespace(spec=spec, config=SimpleNamespace(train_size=images), runs=[size])

    section = import_module("convlens.report.sections.explorer")
    monkeypatch.setattr(section, "rendered", lambda run, lang, embedded: "x" * run)
    monkeypatch.setattr(section, "strangers", lambda spec: {"Odd": "why"} if spec.n_parameters == 70 else {})
    entries = (entry(10, 10), entry(60, 900), entry(60, 500), entry(30, 50), entry(90, 70))
    context = SimpleNamespace(say=SimpleNamespace(lang="en"), report=SimpleNamespace(finished=entries))
    found = [explorer(context, room) for room in (1000, 500, 499, 10, 9)]
    shown = [found_one and found_one.blocks[1].page for found_one in found]
    assert shown == ["x" * 500, "x" * 500, "x" * 50, "x" * 10, None]


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
        frame.locator("#sentence", has_text="Says").wait_for()
        assert not frame.locator("#link").is_visible()
        frame.locator("#clear").click()
        pad = frame.locator("#pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 5)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=8)
        page.mouse.up()
        frame.locator("#sentence", has_text="Says").wait_for()
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
