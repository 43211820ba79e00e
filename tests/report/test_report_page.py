"""The page: self-contained, well-formed, accessible, and equal to the runs."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from itertools import pairwise
from statistics import fmean

import pytest
from PIL import Image
from small_pages import COMMAND, REPORTED, SIMPLE, experiments, train, write

from convlens import explorer
from convlens.errors import RunError
from convlens.report import write_report
from convlens.runs import train_run
from convlens.study import Design, Study


@pytest.fixture(params=["english", "korean", "japanese"])
def page(request):
    """The finished study's page in each language."""
    return request.getfixturevalue(request.param)


def test_a_page_is_well_formed(page):
    """Every tag closes as it opened (the parser checks that), and there is one page in it."""
    assert page.source.lstrip().startswith("<!DOCTYPE html>")
    assert [len(page.all(tag)) for tag in ("html", "head", "title", "body", "main", "h1")] == [1] * 6
    assert page.all("html")[0].attributes["lang"] in {"en", "ko", "ja"}


def test_a_page_needs_nothing_else(page):
    """No address outside the page occurs in any attribute, and no style fetches anything."""
    for element in page.elements:
        for name in ("src", "href", "action", "srcset", "poster", "data", "xlink:href"):
            value = element.attributes.get(name, "#")
            assert value.startswith(("#", "data:image/")), (element.tag, name, value[:80])
    assert len(page.all("script")) == 1
    assert not page.all("script")[0].attributes
    assert not page.all("link", "object", "embed", "base", "form")
    assert [sorted(frame.attributes) for frame in page.all("iframe")] == [["loading", "srcdoc", "title"]]
    source = page.source.replace(page.all("script")[0].texts[0], "")
    source = re.sub(r'srcdoc="[^"]*"', "", source)  # the explorer, which has tests of its own
    outside = re.sub(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+", "", source)
    outside = re.sub(r"url\(#[\w.-]+\)", "", outside)
    assert not re.search(r"https?:|url\(|@import|//[a-z0-9]", outside)


def test_the_policy_allows_its_own_styles_and_scripts_and_embedded_images(page):
    """The Content-Security-Policy names the hashes of the page's and the explorer's; no element has any."""
    policies = [m for m in page.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    rules = dict(rule.strip().split(" ", 1) for rule in policies[0].attributes["content"].split(";"))
    allowed = {"style": explorer.style(), "script": explorer.script()}
    digests = {
        tag: " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in (page.all(tag)[0].texts[0], allowed[tag])
        )
        for tag in ("style", "script")
    }
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": digests["style"],
        "script-src": digests["script"],
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not [e for e in page.elements if any(n == "style" or n.startswith("on") for n in e.attributes)]


def test_every_picture_says_what_it_shows(page):
    """All images have an alternative text, figures a caption."""
    images = page.all("img")
    assert len(images) > 20
    assert all(image.attributes["alt"].strip() for image in images)
    figures = page.all("figure")
    assert len(figures) == len(page.all("figcaption"))
    assert all(caption.text for caption in page.all("figcaption"))


def test_headings_go_down_one_level_at_a_time(page):
    """A heading is at most one level deeper than the one before it."""
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_links_lead_somewhere(page):
    """Anchors are unique, and each link's anchor is there."""
    anchors = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(set(anchors)) == len(anchors)
    assert {link.attributes["href"] for link in page.all("a")} <= {f"#{anchor}" for anchor in anchors}


def test_tables_can_be_read_aloud(page):
    """Each has a caption, its headings a scope, and a heading for each row."""
    assert len(page.all("table")) == len(page.all("caption"))
    assert {heading.attributes.get("scope") for heading in page.all("th")} == {"col", "row"}


def test_curves_tell_shares_as_the_page_writes_them(page):
    """What the script puts a value of the curves into has no space where the language writes none."""
    lang = page.all("html")[0].attributes["lang"]
    charts = [figure for figure in page.all("figure") if "data-curves" in figure.attributes]
    assert charts
    for chart in charts:
        percent = json.loads(chart.attributes["data-curves"])["words"]["percent"]
        assert percent == ("%s\N{NO-BREAK SPACE}%" if lang == "en" else "%s%")


def test_the_table_is_what_the_runs_measured(page, study):
    """Mean, lowest and highest of each experiment by network and rate, the report's figure beside them."""
    rows = _rows(page)
    ordered = sorted(
        study.design.experiments,
        key=lambda e: (e.config.network != SIMPLE, e.config.train_size, e.config.lr),
    )
    for row, experiment in zip(rows, ordered, strict=True):
        runs = study.runs(experiment)
        network, head, reported, everything, seeds, images, epochs, lr = row
        assert network.startswith(experiment.config.network.name)
        assert network.endswith(experiment.name)
        assert (int(images), int(epochs)) == (experiment.config.train_size, experiment.config.epochs)
        assert float(lr) == experiment.config.lr
        assert int(seeds) == 3
        for text, key in ((head, "test_accuracy_head"), (everything, "test_accuracy")):
            values = [run.results[key] for run in runs]
            found = [float(number) for number in re.findall(r"\d+\.\d+", text)]
            wanted = [100 * fmean(values), 100 * min(values), 100 * max(values)]
            assert found == pytest.approx(wanted, abs=0.0501), text
        stated = REPORTED.get(experiment.name)
        unit = " %" if page.all("html")[0].attributes["lang"] == "en" else "%"
        assert reported == ("—" if stated is None else f"{100 * stated:.1f}{unit}")


def test_every_experiment_has_its_command(page, study):
    """Each can be copied, and so can the command of the whole page."""
    commands = [" ".join(block.text.split()) for block in page.all("pre")]
    assert COMMAND in commands
    first = study.run(next(study.planned()))
    assert f"convlens verify {first.folder.relative_to(study.folder.parent)}" in commands
    for planned in study.planned():
        if planned.config.seed == 0:
            assert planned.command.replace(f"{study.folder.parent}/", "") in commands


def test_no_folder_of_this_machine_is_named(page, study, data):
    """Neither where the study lies nor where its data do: a page is handed on."""
    assert str(study.folder.parent) not in page.source
    assert str(data.parent) not in page.source


def test_every_run_is_accounted_for(page, study):
    """Each run's id and each file's SHA-256 stand on the page."""
    for planned in study.planned():
        run = study.run(planned)
        assert run.run_id in page.text
        assert all(digest in page.text for digest in run.about["data"]["sha256"].values())


def test_every_picture_lies_beside_the_page_as_png(study, english):
    """Under names that say what they are; those of lines as SVG, too, what is large as WebP; nothing else.

    What is for phones only is there as SVG alone.
    """
    names = {path.name for path in (study.folder / "figures").iterdir()} - {"made-from.json"}
    assert {"simple-a-curves.svg", "simple-a-filters-w1.png", "learning-rate-filters-w1.png"} <= names
    assert {name.rsplit(".", 1)[1] for name in names} <= {"png", "svg", "webp"}
    narrow = {name for name in names if name.endswith("-narrow.svg")}
    assert narrow
    assert {name for name in names if "-narrow." in name} == narrow
    for name in names - narrow:
        with Image.open(study.folder / "figures" / f"{name.rsplit('.', 1)[0]}.png") as picture:
            picture.load()
    assert "simple-a-filters-w1.svg" not in names


@pytest.mark.usefixtures("undrawn")
def test_three_seeds_get_a_verdict_and_one_does_not(english, data, tmp_path):
    """With one seed the page says so instead of judging."""
    verdicts = {"better", "worse", "too few seeds to say"}
    cells = {small.text for small in english.all("small")}
    assert cells & verdicts
    assert "one seed: no verdict" not in cells
    one = train(Study(Design("tiny", experiments(data)), tmp_path, 1))
    page = write(one)
    cells = {small.text for small in page.all("small")}
    assert not cells & verdicts
    assert "one seed: no verdict" in cells
    assert "(one seed, 0)" in page.text


@pytest.mark.usefixtures("undrawn")
def test_missing_runs_are_said_to_be_missing(data, tmp_path):
    """A page of an unfinished study counts what is in, shows it, and claims nothing of the rest."""
    study = Study(Design("tiny", experiments(data)), tmp_path, 1)
    train(study, but={"lenet-a", "full-a", "rate-c"})
    page = write(study)
    assert "2 of 5 runs are in; the rest follow." in page.text
    assert "No run of this network is in yet." in page.text
    assert "The full training set belongs to this study, too; its run is not in yet." in page.text
    absent = [row for row in _rows(page) if row[1] == "not in yet"]
    assert [row[0].split()[-1] for row in absent] == ["rate-c", "full-a", "lenet-a"]
    assert not re.search(r"times the data", page.text)
    train(study)
    page = write(study)
    assert "runs are in" not in page.text
    assert "times the data" in page.text


@pytest.mark.usefixtures("undrawn")
def test_there_is_a_page_from_the_first_run_on(data, tmp_path):
    """Whatever is in, and in whatever order it comes, the page is whole and every claim has its run."""
    study = Study(Design("tiny", experiments(data)), tmp_path, 2)
    plans = list(study.planned())
    for number, plan in enumerate([*plans[4::-1], *plans[:4:-1]], 1):
        train_run(plan.config, plan.folder, plan.command)
        page = write(study)
        said = f"{number} of 10 runs {'are' if number > 1 else 'is'} in"
        assert (said in page.text) is (number < 10)
        anchors = {f"#{e.attributes['id']}" for e in page.elements if "id" in e.attributes}
        assert {link.attributes["href"] for link in page.all("a")} <= anchors


@pytest.mark.usefixtures("undrawn")
def test_the_base_may_be_missing_while_others_are_in(data, tmp_path):
    """Runs may finish in any order."""
    study = Study(Design("tiny", experiments(data)), tmp_path, 1)
    train(study, but={"simple-a"})
    page = write(study)
    assert "4 of 5 runs are in" in page.text


def test_without_any_run_there_is_no_page(data, tmp_path):
    """One line, and nothing is written."""
    study = Study(Design("tiny", experiments(data)), tmp_path / "empty", 1)
    with pytest.raises(RunError, match="no finished run yet") as caught:
        write_report(study, lang="en", command=COMMAND)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "empty").exists()


@pytest.mark.usefixtures("undrawn")
def test_a_quick_look_is_called_one(data, tmp_path):
    """It says that its figures must not be compared, and does not compare them itself."""
    study = train(Study(Design("tiny", experiments(data)[:1]), tmp_path, 1, quick=True))
    page = write(study)
    assert "This is a quick look" in page.text
    assert "95.7" not in page.text
    minute = page.text[page.text.index("In one minute") : page.text.index("What this cannot")]
    assert "SimpleConvNet has made 24 updates only" in minute


@pytest.mark.usefixtures("undrawn")
def test_a_page_is_written_again_without_drawing_again(data, tmp_path):
    """Pictures are drawn when their runs or the language change, and only then."""
    study = train(Study(Design("tiny", experiments(data)), tmp_path, 1), but={"rate-b"})
    path = write_report(study, lang="en", command=COMMAND)
    before = path.read_bytes()
    made = {p: p.stat().st_mtime_ns for p in (tmp_path / "figures").iterdir()}
    assert write_report(study, lang="en", command=COMMAND).read_bytes() == before
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "figures").iterdir()} == made
    train(study)
    write_report(study, lang="en", command=COMMAND)
    changed = {p.stem for p, time in made.items() if p.stat().st_mtime_ns != time}
    rates = {"", "-applied-w1", "-curves", "-curves-narrow", "-filters-w1"}
    assert changed == {"made-from", *(f"learning-rate{name}" for name in rates)}
    write_report(study, lang="ko", command=COMMAND)
    assert "simple-a-filters-w1" in {p.stem for p, time in made.items() if p.stat().st_mtime_ns != time}


@pytest.mark.usefixtures("undrawn")
def test_a_damaged_memory_of_pictures_does_no_harm(data, tmp_path):
    """Pictures are drawn again, and no file outside the folder is touched."""
    study = train(Study(Design("tiny", experiments(data)[:1]), tmp_path, 1))
    write_report(study, lang="en", command=COMMAND)
    (tmp_path / "victim.png").write_bytes(b"keep me")
    index = tmp_path / "figures" / "made-from.json"
    entry = '{"made_from": "x", "alt": "y", "width": 1, "height": 1, "shown": "png"}'
    strange = entry.replace("png", "exe")
    pictures = [f'{{"../victim": {entry}}}', f'{{"learning-rate": {strange}}}', '{"learning-rate": {}}']
    listed = [f'{{"format": {version}, "pictures": {held}}}' for held in pictures for version in (1, 2)]
    for content in ("{", "[]", '{"format": 2}', *listed):
        index.write_text(content, encoding="utf-8")
        write_report(study, lang="en", command=COMMAND)
    assert (tmp_path / "victim.png").read_bytes() == b"keep me"


@pytest.mark.usefixtures("undrawn")
def test_pictures_that_the_page_no_longer_shows_are_removed(data, tmp_path):
    """The folder holds the page's pictures."""
    everything = experiments(data)
    train(Study(Design("tiny", everything), tmp_path, 1))
    write_report(Study(Design("tiny", everything), tmp_path, 1), lang="en", command=COMMAND)
    write_report(Study(Design("tiny", everything[:1]), tmp_path, 1), lang="en", command=COMMAND)
    names = {path.stem for path in (tmp_path / "figures").iterdir()}
    assert not {name for name in names if name.startswith(("lenet", "rate", "full", "learning-rate"))}


HOSTILE = "</script><script>alert(1)</script>"
QUOTED = "\"'><img src=x onerror=alert(1)>"


def test_names_do_nothing(data, tmp_path):
    """A network, an experiment and classes with hostile names are shown as text."""
    named = experiments(data, replace(SIMPLE, name=f"{HOSTILE.replace('/', '')}{QUOTED}{{n}}{{{{7*7}}}}"))
    design = Design(QUOTED, tuple(replace(e, name=f"{e.name} {QUOTED[:24]}") for e in named[0:3:2]))
    study = train(Study(design, tmp_path, 1))
    for planned in study.planned():
        path = planned.folder / "run.json"
        text = path.read_text(encoding="utf-8")
        for digit in "0123456789":
            text = text.replace(f'   "{digit}"', f'   "</style>{digit}<b>"')
        path.write_text(text, encoding="utf-8")
    fresh = Study(design, tmp_path, 1)
    page = write(fresh, command=f"convlens reproduce {HOSTILE}")
    assert len(page.all("script")) == 1
    assert "alert" not in page.all("script")[0].text
    assert not page.all("b")
    assert all(image.attributes["src"].startswith("data:image/") for image in page.all("img"))
    assert HOSTILE in page.text
    assert "</style>7<b>" in page.text
    assert "{n}{{7*7}}" in page.text


def test_a_page_is_small(study, english):
    """Five experiments with three seeds stay far below 5 MB."""
    assert (study.folder / "report.html").stat().st_size < 3_000_000


def _rows(page):
    """Return the rows of the results table, cell by cell."""
    start = next(i for i, e in enumerate(page.elements) if e.tag == "table")
    end = next(i for i, e in enumerate(page.elements) if e.tag == "table" and i > start)
    cells = [
        e for e in page.elements[start:end] if e.tag in {"th", "td"} and e.attributes.get("scope") != "col"
    ]
    return [[cell.text for cell in cells[i : i + 8]] for i in range(0, len(cells), 8)]
