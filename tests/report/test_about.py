"""What the author adds: read closely, shown as text, each thing at its place."""

import shutil
from pathlib import Path

import pytest
from small_pages import COMMAND, experiments, parsed, train

from convlens.errors import UsageError
from convlens.report import read_about, write_report, write_runs_report
from convlens.report.about import About, author_places, require_places
from convlens.report.prose import prose
from convlens.study import Design, Study

WHOLE = """
title = "Homework 6 <b>"
author = "김민수"
number = 20211234
course = "Deep Learning"
date = 2026-11-26

[text]
introduction = "Why *this* network."
simpleconvnet-curves = \"\"\"
They part, see <script>alert(1)</script>.

- `one`
- [two](https://example.org/a?b=1&c=2)\"\"\"
lenet-code = "A **class**."
conclusion = "0.003 it is."
"""


def written(tmp_path, text):
    """Write a file and return what it says."""
    path = tmp_path / "about.toml"
    path.write_text(text, encoding="utf-8")
    return read_about(path)


def test_a_file_says_who_made_the_page(tmp_path):
    """Numbers and dates need no quotes; the order is always the same."""
    about = written(tmp_path, WHOLE)
    assert about.title == "Homework 6 <b>"
    assert list(about.facts.items()) == [
        ("author", "김민수"),
        ("number", "20211234"),
        ("course", "Deep Learning"),
        ("date", "2026-11-26"),
    ]
    assert list(about.texts) == ["introduction", "simpleconvnet-curves", "lenet-code", "conclusion"]


@pytest.mark.parametrize(
    "name",
    [
        "山田\N{IDEOGRAPHIC SPACE}太郎",
        "김\N{NO-BREAK SPACE}민수",
        "👨\N{ZERO WIDTH JOINER}👧",
        "می\N{ZERO WIDTH NON-JOINER}خ",
    ],
)
def test_names_are_written_as_they_are_anywhere(tmp_path, name):
    """With the spaces and joiners of their language."""
    assert written(tmp_path, f'author = "{name}"').facts["author"] == name


@pytest.mark.parametrize("blank", ["", " ", "\\n", "\\t \\n"])
def test_what_is_blank_is_left_out(tmp_path, blank):
    """A form that is filled in only partly leaves no gaps on the page."""
    about = written(
        tmp_path, f'title = "{blank}"\ncourse = "{blank}"\ndate = 2026-11-26\n[text]\nlenet = "{blank}"'
    )
    assert (about.title, dict(about.facts), dict(about.texts)) == ("", {"date": "2026-11-26"}, {})


def test_the_example_is_one():
    """It is read as it stands, and has every place of a page in its list."""
    path = Path(__file__).parents[2] / "examples" / "about.toml"
    about = read_about(path)
    require_places(about, ["SimpleConvNet", "LeNet"])
    assert [about.title, *about.facts] == [about.title, "author", "number", "course", "date"]
    text = path.read_text(encoding="utf-8")
    assert [name for name in author_places(["LeNet"]) if name not in text] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('titel = "x"', "Got 'titel'. Did you mean title?"),
        ('auther = "x"', "Did you mean author?"),
        ('conclusion = "x"', "Paragraphs stand below a line [text]."),
        ('something = "x"', "has the keys title, author, number, course, date, text. Got 'something'."),
        ("title = [1]", '`title` of about.toml must be a text, such as "…". Got [1].'),
        ("author = true", "`author` of about.toml must be a text"),
        ("number = 1.5", "`number` of about.toml must be a text"),
        ('title = "a\\nb"', "one line of at most 200 letters"),
        (f'course = "{"x" * 201}"', "one line of at most 200 letters"),
        ('text = "x"', "`text` of about.toml must be a table"),
        ("[text]\nminute = 1", "`minute` in [text] of about.toml must be a text"),
        ('[text]\nsimple.x = "a"', 'stands between quotes, such as "simple.x"'),
        (f'[text]\nminute = "{"x" * 20_001}"', "at most 20,000 letters. Got 20,001."),
        ("title = x", "about.toml is not TOML: "),
        ('title = "a"\ntitle = "b"', "about.toml is not TOML: "),
        ("a = " + "[" * 5000, "about.toml is not TOML: "),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, message):
    """With the rule, what was given, and what may have been meant; in one line."""
    with pytest.raises(UsageError) as caught:
        written(tmp_path, text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    """Missing, a folder, or no text."""
    (tmp_path / "bytes.toml").write_bytes(b"\xff\x00\xfe")
    for name in ("missing.toml", "", "bytes.toml"):
        with pytest.raises(UsageError, match=r"cannot read|not text in UTF-8"):
            read_about(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("curves", "lenet-curves"),
        ("minutes", "minute"),
        ("lenet-filter", "lenet-filters"),
        ("x", "there are"),
    ],
)
def test_a_place_that_no_page_has_is_refused(name, hint):
    """With the list of those that there are."""
    with pytest.raises(UsageError, match=hint) as caught:
        require_places(About(texts={name: "x"}, source="about.toml"), ["LeNet"])
    assert str(caught.value).startswith(f"`text` of about.toml has no place called '{name}': there are ")


def test_every_network_has_places_of_its_own():
    """Even those of one name, of no letters, or called like a place of the page."""
    names = author_places(["LeNet", "LeNet", "한", "Making", "network"])
    assert len(set(names)) == len(names)
    assert {"lenet-code", "lenet-2-code", "network-3-code", "making-4-code", "network-5-code"} <= set(names)


@pytest.mark.usefixtures("undrawn")
def test_the_page_shows_it_at_its_place(study, tmp_path):
    """The title everywhere, the author below it, and each text first in its section, as text."""
    about = written(tmp_path, WHOLE)
    told = []
    shutil.copytree(study.folder / "runs", tmp_path / "runs")  # the study keeps the pictures of its own page
    copied = Study(study.design, tmp_path, 3)
    path = write_report(copied, lang="en", command=COMMAND, about=about, on_left_out=told.append)
    page = parsed(path)
    assert told == []
    assert page.all("h1")[0].text == page.all("title")[0].text == "Homework 6 <b>"
    assert [span.text for span in page.all("p") if span.attributes.get("class") == "author"] == [
        "김민수20211234Deep Learning2026-11-26"
    ]
    own = [element.text for element in page.all("div") if element.attributes.get("class") == "own"]
    assert own == [
        "Why this network.",
        "They part, see <script>alert(1)</script>. one two",
        "A class.",
        "0.003 it is.",
    ]
    sections = [element.attributes["id"] for element in page.all("section")]
    assert sections.index("introduction") == sections.index("results") - 1
    assert sections.index("conclusion") < sections.index("mistakes")
    hrefs = [link.attributes["href"] for link in page.all("a")]
    assert "https://example.org/a?b=1&c=2" in hrefs
    assert "is the author's own" in page.text


LEFT_OUT = {
    "en": "`learning-rate` in [text] of about.toml is left out: this page has no such section.",
    "ko": "about.toml: [text]의 `learning-rate` 글은 넣지 않았습니다. 이 문서에는 그런 절이 없습니다.",
    "ja": "about.toml\N{FULLWIDTH COLON}[text]の`learning-rate`の文章は入れませんでした。"
    "このページにその節はありません。",
}


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", LEFT_OUT)
def test_a_text_without_its_section_is_named(data, tmp_path, lang):
    """A page that has no such section now says so in one line, in its language, and is written."""
    study = train(Study(Design("tiny", experiments(data)[:1]), tmp_path / "study", 1))
    about = About(texts={"learning-rate": "mine", "minute": "here"}, source="about.toml")
    told = []
    page = parsed(write_report(study, lang=lang, command=COMMAND, about=about, on_left_out=told.append))
    assert [line.replace("\N{WORD JOINER}", "") for line in told] == [LEFT_OUT[lang]]
    assert "here" in [element.text for element in page.all("div") if element.attributes.get("class") == "own"]
    with pytest.raises(UsageError, match="no place called 'lenet'"):
        write_report(
            study, lang="en", command=COMMAND, about=About(texts={"lenet": "x"}, source="about.toml")
        )


@pytest.mark.usefixtures("undrawn")
def test_pages_of_any_runs_have_authors_too(study, tmp_path):
    """And do not speak of a report that their reader does not know."""
    run = study.runs(study.design.experiments[0])[0]
    about = About("Mine", {"author": "Kim"}, {"simpleconvnet": "text"}, "about.toml")
    path = write_runs_report([run], tmp_path / "r.html", lang="en", command="", about=about)
    page = parsed(path)
    assert page.all("h1")[0].text == "Mine"
    assert "Kim" in page.text
    assert "The report" not in page.text
    assert "the report" not in page.text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n\nb", "<p>a</p>\n<p>b</p>\n"),
        ("**a** *b* `<c>`", "<p><strong>a</strong> <em>b</em> <code>&lt;c&gt;</code></p>\n"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        ('[a](https://b.c/?d="e")', '<p><a href="https://b.c/?d=%22e%22">a</a></p>\n'),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](file:///etc/passwd)", "<p>[a](file:///etc/passwd)</p>\n"),
        ("[a](//evil.example)", "<p>[a](//evil.example)</p>\n"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("&#60;b&#62;", "<p>&lt;b&gt;</p>\n"),
        ("# a", "<p># a</p>\n"),
        ("```\n<a>\n```", "<pre><code>&lt;a&gt;\n</code></pre>\n"),
    ],
)
def test_markdown_is_a_small_safe_part_of_it(text, html):
    """What is not in it stays the text that it is."""
    assert str(prose(text)) == html
