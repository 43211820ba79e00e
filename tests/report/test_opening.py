"""The first screen: five sentences and two pictures."""

import pytest

from browser import needs_browser
from convlens.report.blocks import Paragraph
from convlens.report.glyphs import with_shared_letters
from convlens.report.sections.weights import Weight, first_and_more


@pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
def test_five_sentences_come_first(request, lang):
    """The others are one tap away, and none is said twice."""
    page = request.getfixturevalue(lang)
    start = next(i for i, e in enumerate(page.elements) if e.attributes.get("id") == "minute")
    end = next(i for i, e in enumerate(page.elements) if e.attributes.get("id") == "limits")
    seen, folded = (
        [e for e in page.elements[start:end] if e.attributes.get("class") == name]
        for name in ("opening", "fold")
    )
    assert (len(seen), len(folded)) == (1, 1)
    sentences = [e.text for e in page.elements[start:end] if e.tag == "li"]
    first = [text for text in sentences if text in seen[0].text]
    assert len(first) == 5
    assert all(text in folded[0].text for text in sentences[5:])
    assert len(set(sentences)) == len(sentences) > 6


def test_what_matters_most_comes_first():
    """A warning before a result, a result before what can be read later; the order of the page stays."""
    weights = [Weight.FRAME, *[Weight.RESULT] * 2, Weight.WARNING, Weight.DATA, Weight.RATES, Weight.REST]
    sentences = [(weight, Paragraph(f"{place}")) for place, weight in enumerate(weights)]
    lead, more = first_and_more(sentences)
    assert [item.text for item in lead.items] == ["1", "2", "3", "4", "5"]
    assert [item.text for item in more.items] == ["0", "6"]
    few, rest = first_and_more(sentences[:3])
    assert [item.text for item in few.items] == ["0", "1", "2"]
    assert rest.items == ()


LETTER = '<path id="{}" d="M 0 0 L 1 1" transform="scale(0.1)"></path>'
DRAWING = '<svg><defs>{}</defs><use x="1" href="#{}"></use><path d="M 1 1"></path></svg>'


def test_letters_are_kept_once():
    """Drawings that share a letter refer to one outline; what is no letter stays where it is."""
    drawings = [DRAWING.format(LETTER.format(name), name) for name in ("a--x", "b--x")]
    other = '<svg><defs><path id="c--m" d="M 2 2" stroke="#000"></path></defs><use href="#c--m"></use></svg>'
    page = with_shared_letters(f"<body>\n{''.join(drawings)}{other}")
    assert page.count("M 0 0 L 1 1") == 1
    assert page.count("scale(0.1)") == 1
    assert page.count('<use x="1" href="#letter-') == 2
    assert page.endswith(other)
    assert with_shared_letters("<body>\n<p>none</p>") == "<body>\n<p>none</p>"


@pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
def test_every_letter_is_there(request, lang):
    """Each reference within the page's drawings has its outline, and no outline comes twice."""
    page = request.getfixturevalue(lang)
    names = [e.attributes["id"] for e in page.all("path") if e.attributes.get("id", "").startswith("letter-")]
    assert len(set(names)) == len(names) > 20
    assert {e.attributes["href"] for e in page.all("use")} <= {
        f"#{e.attributes['id']}" for e in page.elements if "id" in e.attributes
    }


class TestInTheBrowser:
    """At 1280 x 800."""

    pytestmark = needs_browser

    @pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
    def test_the_first_screen_holds_them(self, request, open_page, tmp_path, lang):
        """Five sentences and two pictures, whole, before anybody scrolls."""
        path = tmp_path / "page.html"
        path.write_text(request.getfixturevalue(lang).source, encoding="utf-8")
        page = open_page(path, (1280, 800))
        whole = """all => all.filter((e) => {
            const box = e.getBoundingClientRect();
            return box.width > 100 && box.top >= 0 && box.bottom <= innerHeight;
        }).length"""
        assert page.locator(".opening li").evaluate_all(whole) == 5
        assert page.locator(".opening .large :is(img, svg)").evaluate_all(whole) == 2
