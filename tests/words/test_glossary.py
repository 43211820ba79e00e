"""One term for one thing: what the glossary forbids is in no text, on no page and in no README."""

import re
import tomllib
from pathlib import Path

import pytest

from convlens.words import LANGUAGES
from tables import SOURCE, files_of_words

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "translating.md"
PARTS = {"ko": "Korean", "ja": "Japanese"}


def glossary(lang):
    """Return what is said and what is not, a pair of lists for each term."""
    part = GLOSSARY.read_text(encoding="utf-8").split(f"## {PARTS[lang]}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("|")][2:]
    return {term: (said.split(", "), unsaid.split(", ")) for term, said, unsaid in rows}


def offences(lang, text):
    """Return what a text says in words that the glossary forbids, with what stands around them."""
    found = []
    for said, unsaid in glossary(lang).values():
        without = text
        for term in sorted(said, key=len, reverse=True):
            without = without.replace(term, "\N{WHITE SQUARE}" * len(term))
        found += [without[max(0, m.start() - 12) : m.end() + 12] for bad in unsaid
                  for m in re.finditer(re.escape(bad), without)]  # fmt: skip
    return found


def texts_of(path):
    """Return everything that a file of words or a document says."""
    if path.suffix == ".md":
        return re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    flat, stack = [], [tomllib.loads(path.read_text(encoding="utf-8"))]
    while stack:
        for value in stack.pop().values():
            stack.append(value) if isinstance(value, dict) else flat.append(value)
    return "\n".join(flat)


FILES = [(lang, path) for lang in PARTS for path in [*files_of_words(), ROOT / f"README.{lang}.md"]
         if path.name in {f"{lang}.toml", f"README.{lang}.md"}]  # fmt: skip
every_file = pytest.mark.parametrize(
    ("lang", "path"), FILES, ids=["-".join(path.parts[-3:]) for _, path in FILES]
)


@every_file
def test_no_text_calls_a_thing_by_another_name(lang, path):
    """What stands under "not" in the glossary is nowhere; a term that holds such a word is no offence."""
    assert offences(lang, texts_of(path)) == []


@pytest.mark.parametrize(
    ("lang", "text", "wrong"),
    [
        ("ja", "フィルタを適用", True),
        ("ja", "フィルターを適用", False),
        ("ja", "スチューデントのt分布と積和演算", False),
        ("ja", "スチューデントのtと積和", True),
        ("ko", "시험 숫자", True),
        ("ko", "테스트 이미지의 색상 눈금", False),
        ("ko", "가중치 사이의 코사인", True),
    ],
)
def test_the_glossary_tells_a_term_from_its_variants(lang, text, wrong):
    """A forbidden word is found where it stands alone, and not as part of the right one."""
    assert bool(offences(lang, text)) == wrong


@pytest.mark.parametrize("lang", PARTS)
def test_what_is_said_is_not_forbidden(lang):
    """No term of the glossary holds what another row forbids, and each row says both."""
    for said, unsaid in glossary(lang).values():
        assert all(said)
        assert all(unsaid)
        assert offences(lang, ", ".join(said)) == []


@every_file
def test_shares_and_signs_are_written_as_the_language_does(lang, path):
    """No space before %; in Japanese no bracket and no colon of half width beside its own letters."""
    text = texts_of(path)
    assert re.findall(r".{8}\d %", text) == []
    assert re.findall(r".{0,8}} %", text) == []
    if lang == "ja" and path.suffix == ".toml":
        own = "[\u3041-\u30ff\u4e00-\u9fff]"
        assert re.findall(rf".{{0,8}}{own} ?[(:].{{0,8}}", text) == []
        assert re.findall(rf".{{0,8}}[)] ?{own}.{{0,8}}", text) == []


def test_every_language_but_the_first_has_a_glossary():
    """A new language brings its table."""
    assert list(PARTS) == list(LANGUAGES[1:])
    assert SOURCE.is_dir()
