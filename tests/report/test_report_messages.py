"""The message tables: complete, used, alike in every language."""

import importlib
import re
import string
from pathlib import Path

import pytest

import convlens.report
from convlens import explorer
from convlens.errors import UsageError
from convlens.report import LANGUAGES, language
from convlens.report.messages import Messages

ROOM = Path(convlens.report.__file__).parent


def _fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_languages_say_the_same_things(lang):
    """The same keys, the same braces, no empty text; ".one" only where a language tells one from many."""
    ours, english = LANGUAGES[lang], LANGUAGES["en"]
    assert {key for key in ours if not key.endswith(".one")} == {k for k in english if not k.endswith(".one")}
    for key, text in ours.items():
        assert text.strip() or key == "format.comma"
        assert _fields(text) - {"n"} == _fields(english[key.removesuffix(".one")]) - {"n"}, key
        assert key.removesuffix(".one") in ours


@pytest.mark.parametrize("name", ["english", "korean", "japanese"])
def test_no_message_stands_in_two_files(name):
    """Each key belongs to one part of the page, the same in every language."""
    parts = {path.stem for path in (ROOM / "messages" / name).glob("[!_]*.py")}
    assert parts == {path.stem for path in (ROOM / "messages" / "english").glob("[!_]*.py")}
    found = [
        key
        for part in parts
        for key in importlib.import_module(f"convlens.report.messages.{name}.{part}").MESSAGES
    ]
    assert len(found) == len(set(found))


def test_every_message_is_used_and_every_used_one_is_there():
    """Keys are written out where they are used, so that a search finds them."""
    files = [path for path in ROOM.rglob("*.py") if "messages" not in path.parts]
    files += [ROOM / "messages" / "__init__.py", *ROOM.rglob("*.j2")]
    written = {
        key
        for path in files
        for key in re.findall(r'"([a-z]+(?:\.[a-z_]+)+)"', path.read_text(encoding="utf-8"))
    }
    keys = {key.removesuffix(".one") for key in LANGUAGES["en"]}
    rooms = {key.split(".")[0] for key in keys}
    assert keys - written == set()
    others = {"report.html", "curves.js", *explorer.LANGUAGES["en"]}  # its frame speaks its own words
    assert {key for key in written if key.split(".")[0] in rooms} - keys - others == set()


@pytest.mark.parametrize("lang", ["korean", "japanese"])
def test_a_page_in_another_language_has_no_english_left(lang, request):
    """No piece of an English message stands on it, except what both languages have in common."""
    page = request.getfixturevalue(lang)
    seen = [page.text, *(element.attributes.get("alt", "") for element in page.elements)]
    seen += [element.attributes.get("aria-label", "") for element in page.elements]
    for key, text in LANGUAGES["en"].items():
        ours = LANGUAGES[page.all("html")[0].attributes["lang"]].get(key, "")
        for piece in re.split(r"\{\w+\}", text):
            words = piece.strip(" .,:;()")
            if len(words) > 4 and words not in ours:
                assert not any(re.search(rf"\b{re.escape(words)}\b", part) for part in seen), (key, words)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("ko", "ko"), ("en", "en"), ("ko_KR.UTF-8", "ko"), ("ko-KR", "ko"), ("EN", "en"), ("ja_JP", "ja")],
)
def test_a_language_that_is_asked_for(given, expected):
    """Its code, however it is written."""
    assert language(given) == expected


@pytest.mark.parametrize("given", ["fr", "korean", ""])
def test_an_unknown_language_gets_the_list(given):
    """The message names what there is."""
    with pytest.raises(UsageError, match="en, ko, ja"):
        language(given)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "", "LC_MESSAGES": "ko_KR"}, "ko"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_locales_language(environment, expected, monkeypatch):
    """It is taken where no language is asked for; English where it is not one of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(None) == expected


def test_numbers_are_written_for_readers():
    """Separators, signs, plurals, times, ranges."""
    en, ko = Messages("en"), Messages("ko")
    assert en.percent(0.957) == "95.7\N{NO-BREAK SPACE}%"
    assert en.percents(0.9426, 0.9679) == "94.3 to 96.8\N{NO-BREAK SPACE}%"
    assert ko.percents(0.9426, 0.9679) == "94.3~96.8\N{NO-BREAK SPACE}%"
    assert [en.points(v) for v in (0.005, -0.012, 0.0001, -0.0001)] == [
        "+0.5",
        "\N{MINUS SIGN}1.2",
        "0.0",
        "0.0",
    ]
    assert [en.counts(v) for v in ((1200, 7), (5, 5))] == ["7 to 1,200", "5"]
    assert [en.listing(v) for v in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert ko.listing(("a", "b")) == "a, b"
    assert Messages("ja").listing(("a", "b", "c")) == "a、bとc"
    assert [en.duration(s) for s in (1.26, 42.4, 59.7, 200, 3661)] == [
        "1.3 s",
        "42 s",
        "1 min 0 s",
        "3 min 20 s",
        "1 h 1 min",
    ]
    assert [en("gallery.caption", n=n)[:8] for n in (1, 2)] == ["The netw", "The 2 mi"]
    assert ko("gallery.caption", n=1).endswith("1장")
