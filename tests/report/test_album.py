"""Pictures that are drawn are kept, whatever stops the page."""

import numpy as np
import pytest
from PIL import Image
from small_pages import COMMAND, experiments, train

from convlens.inspection.drawing.fonts import drawable_language
from convlens.report import write_report, write_runs_report
from convlens.study import Design, Study


@pytest.fixture
def small(data, tmp_path):
    """A study of one experiment, one seed."""
    return train(Study(Design("tiny", experiments(data)[:1]), tmp_path, 1))


def draw(study, lang="en"):
    """Write the page and return the names of the pictures that were drawn for it."""
    drawn = []
    write_report(study, lang=lang, command=COMMAND, on_drawn=drawn.append)
    return drawn


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError, SystemExit])
@pytest.mark.parametrize("after", [0, 1, 4])
def test_who_is_stopped_goes_on(small, stop, after):
    """Of a page that was stopped, no picture is drawn twice, and the page is that of one go."""
    first = []

    def stop_there(name):
        if len(first) == after:
            raise stop
        first.append(name)

    with pytest.raises(stop):
        write_report(small, lang="en", command=COMMAND, on_drawn=stop_there)
    rest = draw(small)
    assert not set(first) & set(rest)
    page = (small.folder / "report.html").read_bytes()
    for path in (small.folder / "figures").iterdir():
        path.unlink()
    assert draw(small) == first + rest
    assert (small.folder / "report.html").read_bytes() == page


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("after", [1, 2, 5])
def test_a_stopped_page_in_another_language_spoils_nothing(small, after):
    """Pictures that were not drawn anew yet are still known by what they show."""
    if drawable_language("ko") == "en":
        pytest.skip("no installed font has Hangul")
    names, korean = draw(small), []

    def stop_there(name):
        if len(korean) == after:
            raise KeyboardInterrupt
        korean.append(name)

    with pytest.raises(KeyboardInterrupt):
        write_report(small, lang="ko", command=COMMAND, on_drawn=stop_there)
    assert draw(small) == korean == names[:after]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("changed", [True, False])
def test_ones_own_picture_is_known_by_its_content(small, tmp_path, changed):
    """Another picture under the same name is drawn; the same one is not drawn again."""
    runs, path = small.runs(small.design.experiments[0]), tmp_path / "mine.png"
    shades = np.arange(300, dtype=np.uint8).reshape(15, 20)
    drawn = []
    for turned in (False, changed):
        Image.fromarray(shades[::-1] if turned else shades).save(path)
        drawn.clear()
        out = tmp_path / "mine.html"
        write_runs_report(runs, out, lang="en", command="", picture=path, on_drawn=drawn.append)
    assert [name for name in drawn if "own-mine" in name] == drawn
    assert bool(drawn) is changed


@pytest.mark.usefixtures("undrawn")
def test_files_of_an_older_album_do_not_stay(small):
    """Pictures that an older version wrote are drawn anew, and what the page no longer shows is removed."""
    draw(small)
    folder = small.folder / "figures"
    index = folder / "made-from.json"
    old = index.read_text(encoding="utf-8").replace('"format": 2', '"format": 1')
    entry = '"gone": {"made_from": "x", "alt": "y", "width": 1, "height": 1},'
    index.write_text(old.replace('"pictures": {', f'"pictures": {{{entry}', 1), encoding="utf-8")
    for name in ("gone.png", "gone.svg"):
        (folder / name).write_bytes(b"old")
    assert draw(small)
    assert not list(folder.glob("gone.*"))
    assert not draw(small)
