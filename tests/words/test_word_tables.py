"""Every table of words in the house: complete, alike in every language, for a translator to read."""

import re
import unicodedata

import pytest

from convlens import spec
from convlens.errors import ConvlensError, MissingTextError, UsageError
from convlens.words import LANGUAGES, LAYERS, Table, counted, layer_title, placeholders, words_of
from tables import files_of_words, tables

every_table = pytest.mark.parametrize("table", tables().values(), ids=lambda table: table.owner)
# Which of these it is, how the word before is read decides; shares always end with "percent".
KOREAN_BY_SOUND = r"\{(?!(share|accuracy|reported|ours)\})[^}]*\}(은|는|이|가|을|를|과|으로)(?![가-힣])"


def test_all_tables_are_seen():
    """Each file that is named by a language belongs to one table, and each table has all languages."""
    held = [path for table in tables().values() for lang in LANGUAGES for path in table.files(lang)]
    assert sorted(held) == files_of_words()
    assert all(table.files(lang) for table in tables().values() for lang in LANGUAGES)


@every_table
def test_all_languages_say_the_same_things(table):
    """The same keys, the same braces, no empty text; a form for one only beside one for others."""
    assert table.problems() == []


@every_table
@pytest.mark.parametrize(
    ("lang", "letters"), [("ko", r"[\u3041-\u30ff\u4e00-\u9fff]"), ("ja", r"[\uac00-\ud7a3]"),
                          ("en", r"[\u1100-\u11ff\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")],
)  # fmt: skip
def test_no_letters_of_another_language(table, lang, letters):
    """No kana or kanji in Korean, no Hangul in Japanese, neither in English."""
    assert [key for key, text in table[lang].items() if re.search(letters, text)] == []


@every_table
def test_no_text_is_html(table):
    """What becomes of a text is decided where it is shown."""
    for lang in LANGUAGES:
        assert [key for key, text in table[lang].items() if re.search(r"<\w|</|&\w+;", text)] == []


@every_table
def test_korean_particles_do_not_depend_on_a_name(table):
    """Behind a name stands none that changes with the name's last letter."""
    assert [key for key, text in table["ko"].items() if re.search(KOREAN_BY_SOUND, text)] == []


@pytest.mark.parametrize("path", files_of_words(), ids=lambda path: "/".join(path.parts[-3:]))
def test_files_of_words_are_easy_to_read(path):
    """At most 400 lines, none wider than 110 letters (two for a kanji), the first one says what it is."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wide = [sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line) for line in lines]
    assert len(lines) <= 400
    assert max(wide) <= 110
    assert lines[0].startswith("# ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_layers_have_names_in_every_language(lang):
    """What is weighted or pools has a name of the language; what nobody translated is called by its title."""
    for kind, layer in spec.KINDS.items():
        translated = layer.purpose in {spec.Purpose.WEIGHTED, spec.Purpose.POOLING}
        assert not translated or kind in LAYERS[lang], f"add a line for `{kind}` to {LAYERS.files(lang)[0]}"
        said = LAYERS[lang].get(kind, layer.title)
        assert layer_title(kind, layer.title, lang) == said.replace("\N{ZERO WIDTH SPACE}", "")
    assert set(LAYERS[lang]) <= set(spec.KINDS)
    assert layer_title("constructor", "Spectral", lang) == "Spectral"


@pytest.fixture
def small(tmp_path):
    """A table of two parts."""
    for part, lines in (
        ("one", '[seeds]\nof.one = "one seed of {all}"\nof.other = "{n} seeds of {all}"'),
        ("two", 'plain = "text, {value:.2g}"'),
    ):
        (tmp_path / part).mkdir()
        for lang in LANGUAGES:
            (tmp_path / part / f"{lang}.toml").write_text(lines, encoding="utf-8")
    return Table("a test", tmp_path)


def test_a_text_is_found_and_filled_in(small):
    """Parts are one table; there is a form for one; integers get separators, unless a text says how."""
    say = words_of(small, "en")
    assert list(say) == ["seeds.of.one", "seeds.of", "plain"]
    assert [say("seeds.of", n=n, all=n) for n in (1, 2, 1000)] == [
        "one seed of 1", "2 seeds of 2", "1,000 seeds of 1,000",
    ]  # fmt: skip
    assert say("plain", value=0.12345) == "text, 0.12"
    assert counted({"filters": "{n} filters"}, "filters", 1) == "1 filters"
    assert placeholders("{a} {b:.2f} {{c}}") == {"a", "b"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", ["missing", "seeds", "seeds.of.two", "__class__", ""])
def test_a_missing_text_names_room_language_and_file(small, lang, key):
    """One line, for who can mend it."""
    with pytest.raises(MissingTextError) as caught:
        words_of(small, lang)(key)
    told = str(caught.value)
    assert told.startswith(
        f"a test has no text `{key}` in the language {lang}: add it to a file {lang}.toml in "
    )
    assert "\n" not in told
    assert isinstance(caught.value, ConvlensError)


@pytest.mark.parametrize("given", [{}, {"n": 2}, {"every": 3, "n": 1}])
def test_a_missing_value_names_the_text(small, given):
    """Its key and the name in the braces."""
    with pytest.raises(MissingTextError, match=r"`seeds\.of` needs a value for '(all|n)'"):
        words_of(small, "en")("seeds.of", **given)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('a = "{x}"', "`b` is missing"),
        ('a = "{x}"\nb = "b"\nc = "c"', "`c` is not in en"),
        ('a = "{y}"\nb = "b"', "`a` has other {braces} than in en"),
        ('a = "x"\nb = "b"', "`a` has other {braces} than in en"),
        ('a = "{x}"\nb = ""', "`b` is empty"),
        ('a.one = "{x}"\nb = "b"', "`a` has a form for one, but none for others"),
        ('a.one = "{y}"\na.other = "{x}"\nb = "b"', "`a.one` has other {braces} than in en"),
    ],
)
def test_what_is_wrong_with_a_language_is_listed(tmp_path, lines, problem):
    """A line for each fault: whose, in which language, which text."""
    for lang in LANGUAGES:
        text = lines if lang == "ko" else 'a = "{x}"\nb = "b"'
        (tmp_path / f"{lang}.toml").write_text(text, encoding="utf-8")
    assert Table("a test", tmp_path).problems() == [f"a test, ko: {problem}"]


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [('a = "1"', 'a = "2"', "two files"), ('a = "1"', "b = 2", "must be a string"), ("", "b = [1]", "`b`")],
)
def test_files_that_are_no_words_are_refused(tmp_path, first, second, error):
    """The message names the text."""
    for part, text in (("x", first), ("y", second)):
        (tmp_path / part).mkdir()
        (tmp_path / part / "en.toml").write_text(text, encoding="utf-8")
    with pytest.raises((TypeError, ValueError), match=error):
        list(Table("a test", tmp_path)["en"])


@pytest.mark.parametrize("lang", ["de", "", "EN", "english", "__class__"])
def test_an_unknown_language_is_refused(lang):
    """The message lists the languages that there are, whichever room is asked."""
    for table in tables().values():
        with pytest.raises(UsageError, match=rf"must be one of en, ko, ja\. Got '{lang}'"):
            words_of(table, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_remedy_needs_a_package_that_no_index_has(lang):
    """What is installed from a clone is not to be had by its name: only what it needs is."""
    texts = [path.read_text(encoding="utf-8") for path in files_of_words() if path.name == f"{lang}.toml"]
    remedies = re.findall(r"pip install [^`\n]*", "\n".join(texts))
    assert any("numba" in one for one in remedies)
    assert [one for one in remedies if re.search(r"convlens(?!\[)", one)] == []
