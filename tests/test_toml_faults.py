"""What is said of a TOML file that was written by hand: the right line, and the right remedy."""

import tomllib

import pytest

from convlens.errors import UsageError
from convlens.report import read_about
from convlens.spec import find
from convlens.study import load_design
from convlens.toml_faults import toml_fault

CASES = [
    ("title = My report", 1, 'a text stands between quotes: title = "My report"'),
    ('a = "x"\n\nnetwork = simple # the usual', 3, 'a text stands between quotes: network = "simple"'),
    ("number = 2023 1234", 1, 'a text stands between quotes: number = "2023 1234"'),
    ("date = Nov 26", 1, 'a text stands between quotes: date = "Nov 26"'),
    ("title = “My report”", 1, 'quotes are straight: title = "My report"'),
    ("title = 「題」", 1, 'quotes are straight: title = "題"'),
    ("quick = True", 1, "it is written quick = true"),
    ("lr = 0,001", 1, "a number has a point: lr = 0.001"),
    ("lr = .001", 1, "a number has digits on both sides of its point"),
    ("title =", 1, "nothing stands behind ="),
    ('title = "He said "no""', 1, 'a " within a text is written \\"'),
    ('x = 1\ntitle = "C:\\new\\data"', 2, "a \\ in a text is written"),
    ('title = "C:\\users"', 1, "a \\ in a text is written"),
    ('title = "C:\\data"', 1, "a \\ in a text is written \\\\"),
    ('[text]\nconclusion = "first\nsecond"', 2, 'one of several lines has """ around it'),
    ('[text]\na = "x"\nconclusion = """first\nsecond\n', 3, 'one of several lines has """ around it'),
    ('a = """Hello\nb = """Bye"""\n', 2, "here ends the text that begins in line 1: it has no"),
    (
        "learning rate = 0.1",
        1,
        'a name has no spaces and no signs, or stands between quotes: "learning rate"',
    ),
    ("학습률 = 0.1", 1, 'a name has no spaces and no signs, or stands between quotes: "학습률"'),
    ("just words", 1, "a line is a name, =, and a value, or a heading such as [text]"),
    ("a = 1\nunits = [1, 2\n", 2, "what begins there with [ or { has no end"),
    ('title = "a"\ntitle = "b"', 2, "each name comes once, and title is there already"),
]


@pytest.mark.parametrize(("text", "line", "remedy"), CASES, ids=[str(n) for n in range(len(CASES))])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_the_line_and_the_remedy_are_the_right_ones(text, line, remedy, ends):
    """As it stands, and what to write instead; however lines end."""
    text = text.replace("\n", ends)
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    found = toml_fault(text, caught.value)
    assert found.startswith(f"line {line}, `{text.split(ends)[line - 1].strip()}`: ")
    assert remedy in found
    assert not found.endswith(".")


@pytest.mark.parametrize(
    ("read", "before"),
    [(read_about, ""), (load_design, "format = 1\n"), (find, "format = 1\n")],
    ids=["about", "design", "network"],
)
def test_every_file_that_people_write_is_told_so(tmp_path, read, before):
    """What the author adds, a design of experiments, a network."""
    path = tmp_path / "mine.toml"
    path.write_text(f"{before}name = My own", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    line = before.count("\n") + 1
    assert str(caught.value).endswith(
        f'is not TOML: line {line}, `name = My own`: a text stands between quotes: name = "My own".'
    )


@pytest.mark.parametrize("letter", ["x", "\u201c", "1,", "y\\"])
def test_a_long_line_is_no_long_sentence(letter):
    """Its beginning is enough to find it."""
    text = f"title = {100_000 * letter}"
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert len(toml_fault(text, caught.value)) < 400
