"""The printed page: at most fifteen sheets of A4, numbered, light enough for a mail."""

import re
from dataclasses import replace

import pytest
from small_pages import COMMAND

from browser import needs_browser
from convlens.report import About, write_report
from convlens.report.paper import running_title
from convlens.runs import train_run
from convlens.study import Study, load_design

MOST_SHEETS = 15
MOST_BYTES = 8_000_000
LANGUAGES = pytest.mark.parametrize("lang", ["en", "ko", "ja"])


def printed(page):
    """Return a page as PDF, with its own margins."""
    return page.pdf(prefer_css_page_size=True)


def sheets(pdf):
    """Return how many sheets a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(
    "text",
    ['a "quoted" title', "</style><script>alert(1)</script>", "back\\slash }", "김민수의 과제", "宿題 6"],
)
def test_the_running_title_is_a_text(text):
    """Whatever it holds, it stays within its quotes, and letters of any language stay as they are."""
    style = running_title(text, [text])
    quoted = re.findall(r'content: "([^"]*)"; font', style)
    assert len(quoted) == 2
    assert not any(set(one) & set("<>{}'\n") for one in quoted)
    unescaped = re.sub(r"\\([0-9a-f]{6}) ", lambda found: chr(int(found[1], 16)), quoted[0])
    assert unescaped == text


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The report's own study with all its networks, rates and seeds, trained on next to nothing.

    It has as many figures, tables and sentences as the real one.
    """
    design = load_design("homework")
    small = tuple(
        replace(
            one,
            config=replace(
                one.config,
                train_size=one.config.train_size // 50,
                epochs=one.config.epochs // 5,
                batch_size=50,
            ),
        )
        for one in design.experiments
    )
    study = Study(replace(design, experiments=small), tmp_path_factory.mktemp("whole"), 3)
    for planned in study.planned():
        train_run(planned.config, planned.folder, planned.command)
    return study


class TestInTheBrowser:
    """What Chromium prints."""

    pytestmark = needs_browser

    @LANGUAGES
    @pytest.mark.slow
    def test_the_whole_report_has_fifteen_sheets(self, whole, open_page, lang):
        """With a title and an author, in every language; and the file is no burden."""
        about = About(
            "Homework 6: convolutional networks", {"author": "Kim Minsu", "course": "Deep Learning"}
        )
        page = open_page(write_report(whole, lang=lang, command=COMMAND, about=about))
        pdf = printed(page)
        assert sheets(pdf) <= MOST_SHEETS
        assert len(pdf) <= MOST_BYTES

    @pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
    def test_a_small_report_has_fewer(self, request, open_page, tmp_path, lang):
        """The fixture's five experiments."""
        path = tmp_path / "page.html"
        path.write_text(request.getfixturevalue(lang).source, encoding="utf-8")
        assert sheets(printed(open_page(path))) <= MOST_SHEETS
