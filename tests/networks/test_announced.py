"""What is said before kernels are compiled: once, and in the language of the command."""

import pytest

from convlens.kernels.runtime import cache
from convlens.networks import engines
from convlens.words import LANGUAGES
from convlens.words.languages import speak, spoken_language
from convlens.words.shared import COMPILING


@pytest.fixture
def saying():
    """Have kernels that are not there announced anew; the language is put back."""
    before = spoken_language()
    engines.announce_compiling.__wrapped__()
    yield
    cache.on_compile.clear()
    speak(before)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("unwritable", "key"), [("", "first"), ("disk full", "always")])
def test_compiling_is_announced_in_the_language_of_the_command(
    saying, capsys, monkeypatch, lang, unwritable, key
):
    """One line on stderr for all that follows: for the first run only, or why it is so at each start."""
    monkeypatch.setattr(cache, "unwritable", lambda: unwritable)
    speak(lang)
    cache._announce()
    cache._announce()
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", COMPILING[lang][f"compiling.{key}"] + "\n")


def test_each_language_says_it_in_its_own_words():
    """No English is left in the others."""
    assert len({COMPILING[lang]["compiling.first"] for lang in LANGUAGES}) == len(LANGUAGES)
