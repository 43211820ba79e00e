"""The explorer's message tables: complete, used, alike in every language."""

import re
import string
from pathlib import Path

import pytest

import convlens.explorer
from convlens.errors import UsageError
from convlens.explorer import LANGUAGES, language

ROOM = Path(convlens.explorer.__file__).parent
KINDS = {"detail.relu", "detail.sigmoid", "detail.pooling"}  # made from a layer's kind


def _fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_languages_say_the_same_things(lang):
    """The same keys, the same braces, no empty text; ".one" only where a language tells one from many."""
    ours, english = LANGUAGES[lang], LANGUAGES["en"]
    assert {key for key in ours if not key.endswith(".one")} == {k for k in english if not k.endswith(".one")}
    for key, text in ours.items():
        assert text.strip(), key
        assert _fields(text) - {"n"} == _fields(english[key.removesuffix(".one")]) - {"n"}, key
        assert key.removesuffix(".one") in ours
        assert not re.search(r"[<>]", text), "text is never HTML"


def test_every_message_is_used_and_every_used_one_is_there():
    """Keys are written out where they are used, in the template, the scripts or Python."""
    files = [ROOM / "page.py", *ROOM.rglob("*.j2"), *ROOM.rglob("*.js")]
    rooms = {key.split(".")[0] for key in LANGUAGES["en"]}
    written = {
        key
        for path in files
        for key in re.findall(r'"([a-z]+(?:\.[a-z_]+)+)"', path.read_text(encoding="utf-8"))
        if key.split(".")[0] in rooms
    }
    assert written | KINDS == {key.removesuffix(".one") for key in LANGUAGES["en"]}


@pytest.mark.parametrize(
    ("lang", "letters"), [("ko", r"[\u3041-\u30ff\u4e00-\u9fff]"), ("ja", r"[\uac00-\ud7a3]")]
)
def test_no_letters_of_another_language(lang, letters):
    """No kana or kanji in Korean, no Hangul in Japanese; English words only where they are names."""
    for key, text in LANGUAGES[lang].items():
        assert not re.search(letters, text), key
        words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text)))
        assert words <= {"MNIST", "JavaScript"}, key


@pytest.mark.parametrize(
    ("given", "expected"), [("ko", "ko"), ("ja_JP.UTF-8", "ja"), ("en-GB", "en"), ("JA", "ja")]
)
def test_a_language_that_is_asked_for(given, expected):
    """Its code, however it is written."""
    assert language(given) == expected


def test_an_unknown_language_gets_the_list():
    """The message names what there is."""
    with pytest.raises(UsageError, match="en, ko, ja"):
        language("tlh")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_locales_language(environment, expected, monkeypatch):
    """It is taken where no language is asked for; English where it is not one of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(None) == expected
