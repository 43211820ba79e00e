"""The page's part on moved and turned images, and the picture of how training images were varied."""

from dataclasses import replace

import pytest
from small_pages import SIMPLE, parsed

from convlens.report import write_runs_report
from convlens.runs import RunConfig, train_run


@pytest.fixture(scope="module")
def runs(data, tmp_path_factory):
    """One run without augmentation, one with."""
    folder = tmp_path_factory.mktemp("varied")
    plain = RunConfig(SIMPLE, data=str(data), train_size=40, epochs=2, batch_size=10, evaluate_samples=20)
    varied = replace(plain, augment={"shift": 1, "rotate": 10})
    return [train_run(config, folder / name, "c") for name, config in (("plain", plain), ("varied", varied))]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("lang", "title", "head", "row"),
    [
        ("en", "Moved and turned images", "with augmentation", "moved by 3 pixels"),
        ("ko", "옮기고 돌린 이미지", "데이터 증강 있음", "3픽셀 옮김"),
        ("ja", "ずらした画像と回した画像", "データ拡張あり", "3ピクセルずらす"),
    ],
)
def test_the_table_stands_on_the_page(runs, tmp_path, lang, title, head, row):
    """A column for each run, a row for each change, and one picture of the varied images."""
    page = parsed(write_runs_report(runs, tmp_path / "page.html", lang=lang, command="c"))
    assert title in [heading.text for heading in page.all("h2")]
    assert head in [cell.text for cell in page.all("th")]
    assert row in [cell.text for cell in page.all("th")]
    assert len(list((tmp_path / "page-figures").glob("*-augmentation.png"))) == 1


@pytest.mark.usefixtures("undrawn")
def test_without_augmentation_there_is_no_picture_of_it(runs, tmp_path):
    """The table alone says how the network does."""
    page = parsed(write_runs_report(runs[:1], tmp_path / "page.html", lang="en", command="c"))
    assert "Moved and turned images" in [heading.text for heading in page.all("h2")]
    assert "with augmentation" not in page.text
    assert not list((tmp_path / "page-figures").glob("*-augmentation.png"))
