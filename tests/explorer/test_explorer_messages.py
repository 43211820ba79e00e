"""The explorer's texts: all of them are used, and English words stand only where they are names."""

import re
from pathlib import Path

import pytest

import convlens.explorer
import convlens.report
from convlens.explorer import WORDS
from convlens.words import LANGUAGES
from tables import strings_in

ROOM = Path(convlens.explorer.__file__).parent
REPORT = Path(convlens.report.__file__).parent


def test_every_text_is_used_and_every_used_one_is_there():
    """Keys are written out where they are used, in the template, the scripts or Python."""
    keys = {key.removesuffix(".one").removesuffix("_digits") for key in WORDS["en"]}
    parts = {key.split(".")[0] for key in keys}
    asked = {key for key in strings_in(ROOM) if re.fullmatch(r"[a-z]+(\.[a-z_]+)+", key)}
    asked = {key for key in asked if key.split(".")[0] in parts and not key.endswith(".js")}
    frame = strings_in(REPORT / "sections") & keys
    assert keys - asked - frame == set(), "nobody says these"
    assert asked - keys == set(), f"add a line for each of these to each file in {ROOM / 'words'}"


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_no_english_is_left(lang):
    """English words only where they are names, or functions in a formula."""
    for key, text in WORDS[lang].items():
        words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}|\w+\(x\)", "", text)))
        assert words <= {"MNIST", "JavaScript", "McNemar"}, key
