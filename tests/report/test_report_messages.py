"""The report's texts: all of them are used, and none is left in English."""

import re
from pathlib import Path

import pytest

import convlens.report
from convlens import explorer
from convlens.report.words import WORDS
from tables import strings_in

ROOM = Path(convlens.report.__file__).parent


def test_every_text_is_used_and_every_used_one_is_there():
    """Keys are written out where they are used, so that a search finds them."""
    written = {key for key in strings_in(ROOM) if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", key)}
    keys = {key.removesuffix(".one") for key in WORDS["en"]}
    parts = {key.split(".")[0] for key in keys}
    assert keys - written == set()
    others = {
        "report.html",
        "results.json",
        "curves.js",
        *explorer.WORDS["en"],
    }  # its frame speaks its own words
    assert {key for key in written if key.split(".")[0] in parts} - keys - others == set()


@pytest.mark.parametrize("lang", ["korean", "japanese"])
def test_a_page_in_another_language_has_no_english_left(lang, request):
    """No piece of an English message stands on it, except what both languages have in common."""
    page = request.getfixturevalue(lang)
    text = page.text
    for code in page.all("pre"):  # which is the same in every language
        text = text.replace(code.text, " ")
    seen = [text, *(element.attributes.get("alt", "") for element in page.elements)]
    seen += [element.attributes.get("aria-label", "") for element in page.elements]
    seen = sorted(set(seen) - {""})
    for key, text in WORDS["en"].items():
        ours = WORDS[page.all("html")[0].attributes["lang"]].get(key, "")
        for piece in re.split(r"\{\w+\}", text):
            words = piece.strip(" .,:;()")
            if len(words) > 4 and words not in ours:
                assert not any(re.search(rf"\b{re.escape(words)}\b", part) for part in seen), (key, words)
