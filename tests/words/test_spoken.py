"""Languages as users name them, and how each writes numbers."""

import pytest

from convlens.errors import UsageError
from convlens.report.words import words_in
from convlens.words import LANGUAGES, Table, language, words_of


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
    en, ko, ja = words_in("en"), words_in("ko"), words_in("ja")
    assert en.percent(0.957) == "95.7\N{NO-BREAK SPACE}%"
    assert en.percents(0.9426, 0.9679) == "94.3 to 96.8\N{NO-BREAK SPACE}%"
    assert ko.percents(0.9426, 0.9679) == "94.3~96.8%"
    assert ja.percents(0.9426, 0.9679) == "94.3〜96.8%"
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
    assert ja.listing(("a", "b", "c")) == "a、b、c"
    assert [en.duration(s) for s in (1.26, 42.4, 59.7, 200, 3661)] == [
        "1.3 s",
        "42 s",
        "1 min 0 s",
        "3 min 20 s",
        "1 h 1 min",
    ]
    assert [en.accuracy(0.96, n) for n in (1000, 10_000)] == [
        "96.0\N{NO-BREAK SPACE}%",
        "96.00\N{NO-BREAK SPACE}%",
    ]
    assert [ja.confidence(p) for p in (0.957, 0.99996)] == ["95.7%", "> 99.9%"]
    assert [en("gallery.caption", n=n)[:8] for n in (1, 2)] == ["The netw", "The 2 mi"]
    assert ko("gallery.caption", n=1).endswith("1장")


@pytest.fixture
def said(tmp_path):
    """Return a function that says a text in a language."""

    def say(lang, text, **values):
        for code in LANGUAGES:
            (tmp_path / f"{code}.toml").write_text(f'text = "{text}"', encoding="utf-8")
        return words_of(Table("a test", tmp_path), lang)("text", **values)

    return say


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{share}를 맞힌다", "95.7%\N{WORD JOINER}를 맞힌다"),
        ("{share} 신뢰구간", "95.7% 신뢰구간"),
        ("가중치(W1)는", "가중치\N{WORD JOINER}(W1)\N{WORD JOINER}는"),
        ("쌍둥이 (a, b)", "쌍둥이 (a, b)"),
        ("{share}, 1.2%p로", "95.7%, 1.2%p로"),
        ("a[0]의", "a[0]\N{WORD JOINER}의"),
    ],
)
def test_a_korean_word_is_not_broken_at_a_sign(said, text, expected):
    """Where a line may break at a sign though there is no space, the word is held together."""
    assert said("ko", text, share=words_in("ko").percent(0.957)) == expected


@pytest.mark.parametrize(
    ("n", "expected"), [(1, "1つ"), (3, "3つ"), (9, "9つ"), (10, "10個"), (1000, "1,000個")]
)
def test_japanese_counts_with_its_own_word_up_to_nine(said, n, expected):
    """Three seeds are 3つ, ten are 10個: 10つ is no Japanese."""
    assert said("ja", "{n}つのシード", n=n) == f"{expected}のシード"
