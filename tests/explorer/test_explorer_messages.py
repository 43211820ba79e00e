"""The explorer's message tables: complete, used, alike in every language."""

import re
import string
from pathlib import Path

import pytest

import convlens.explorer
import convlens.report
from convlens.explorer import LANGUAGES

ROOM = Path(convlens.explorer.__file__).parent
REPORT = Path(convlens.report.__file__).parent
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
    files = [ROOM / "page.py", REPORT / "sections" / "explorer.py", *ROOM.rglob("*.j2"), *ROOM.rglob("*.js")]
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


def test_the_languages_are_those_of_the_report():
    """A user's `--lang` is read in one place, so both have the same ones."""
    assert set(LANGUAGES) == set(convlens.report.LANGUAGES)
