"""The explorer's file: what is in it, what keeps it closed, and how its script is put together."""

import base64
import hashlib
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from inspect import unwrap
from pathlib import Path

import numpy as np
import pytest
from explorer_pages import REPORT, as_in_page, held, inflated, page_of

from browser import complaints, needs_browser
from convlens import explorer, spec
from convlens.cli.explore import explore
from convlens.errors import ConvlensError, RunError
from convlens.explorer import PAGE, joined, rendered
from convlens.explorer.joined import FOLDER, script, style, twin_names
from convlens.explorer.twins import twin_of
from convlens.explorer.words import words_about
from convlens.networks import read_arrays, write_arrays
from convlens.runs import Run
from convlens.spec import Missing

HOSTILE = '</script><script>document.title="owned"</script><img src=x onerror=alert(1)>\'"&'
MODULES = sorted(FOLDER.rglob("*.js"))
NAME = HOSTILE.replace("/", "")  # a network's or layer's name has no slashes


@pytest.mark.parametrize("name", REPORT)
def test_a_page_holds_everything_and_asks_for_nothing(name, pages):
    """At most 3 MB, no address of anything, and a policy that admits this script and this style alone."""
    source = pages(name).read_text(encoding="utf-8")
    assert len(source.encode()) <= 3_000_000
    without = source.replace(re.search(r'id="content">(.*?)</script>', source, re.DOTALL).group(1), "")
    without = re.sub(r"/\*.*?\*/", "", without, flags=re.DOTALL)
    assert not re.search(r"https?:|@import|url\(|src=|fetch\(|XMLHttp|import\(|eval\(", without)
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', source).group(1)
    found = re.findall(r"<script>(.*?)</script>", source, re.DOTALL)
    assert found == [script()]
    for kind, text in (("script", script()), ("style", style())):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy
    assert not re.search(r"\sstyle=|\son\w+=", re.sub(r"<script.*?</script>", "", source, flags=re.DOTALL))


def test_what_the_page_holds(runs, pages):
    """200 test digits as bytes, samples of every class, mistakes, accuracies that training recorded."""
    run = runs("simple")
    content = held(pages("simple").read_text(encoding="utf-8"))
    places = np.array(content["places"])
    assert inflated(content["pixels"]) == run.data.test.x[places].tobytes()
    assert (places[:200] == np.arange(200)).all()
    assert content["judged"] == 200
    assert [content["labels"][i] for i in content["samples"]] == list(range(10))
    (network,) = content["networks"]
    scores = as_in_page(run, -1).predict(run.data.test.x[places])
    for i in network["mistakes"]:
        assert scores[i].argmax() != content["labels"][i]
    assert len(network["mistakes"]) == 24
    curve = run.curve("test")
    assert network["recorded"] == [None, *curve.accuracy.tolist()]
    assert network["recordedOn"] == curve.n_samples


@pytest.mark.parametrize("kind", spec.KINDS)
def test_every_layer_is_in_the_table(kind):
    """The consumer table `page` has a twin for each layer, or says why not."""
    wanted = f"`{kind}` needs {FOLDER / 'layers' / kind}.js, or its reason in explorer/twins.py"
    assert kind in PAGE, wanted
    cell = PAGE[kind]
    assert cell.reason if isinstance(cell, Missing) else cell in twin_names(), wanted


def test_every_twin_belongs_to_a_layer():
    """No file of `browser/layers/` stays behind when its layer goes, or is called otherwise."""
    assert set(twin_names()) <= set(spec.KINDS)


def test_a_layer_without_a_twin(monkeypatch):
    """A layer that the table leaves out, or gives a reason for, has no twin."""
    monkeypatch.setitem(PAGE, "sigmoid", Missing("for this test"))
    monkeypatch.delitem(PAGE, "relu")
    assert [twin_of(layer()) for layer in (spec.Sigmoid, spec.Relu)] == ["", ""]


@pytest.fixture
def hostile(runs, tmp_path):
    """A run whose every name is an attack."""
    folder = tmp_path / "run"
    shutil.copytree(runs("lenet").folder, folder)
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    about["data"]["class_names"] = [f"{i}{HOSTILE}" for i in range(10)]
    about["data"]["name"] = HOSTILE
    about["config"]["network"]["name"] = NAME
    about["config"]["network"]["layers"][0]["name"] = NAME
    about["versions"]["convlens"] = HOSTILE
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    return Run(folder)


def test_names_cannot_leave_their_place(hostile, tmp_path):
    """The file has no element more than usual, whatever a run, a class or a layer is called."""
    source = page_of(hostile, tmp_path).read_text(encoding="utf-8")
    assert source.count("<script") == 2
    assert source.count("</script") == 2
    assert "<img" not in source
    assert held(source)["networks"][0]["name"] == NAME


@needs_browser[0]
@needs_browser[1]
@pytest.mark.parametrize("fragment", ["", "#layer=10&unit=3.0.0", "#layer=3&unit=3.1.1&off=0.1"])
def test_names_are_text_in_the_browser(hostile, open_page, tmp_path, fragment):
    """Nothing of them runs or becomes an element, in any view; and the page keeps its shape."""
    page = open_page(page_of(hostile, tmp_path), fragment=fragment)
    assert page.title() != "owned"
    counts = "[document.images.length, document.scripts.length, document.documentElement.scrollWidth]"
    assert page.evaluate(counts) == [0, 2, 1280]
    assert complaints(page) == []


@needs_browser[0]
@needs_browser[1]
def test_the_policy_stops_a_script_that_gets_in(pages, open_page, tmp_path):
    """A script that was added to the page does not run, and the browser says so."""
    source = pages("lenet").read_text(encoding="utf-8")
    path = tmp_path / "page.html"
    injected = '<script>document.title = "owned"</script><main>'
    path.write_text(source.replace("<main>", injected), encoding="utf-8")
    page = open_page(path)
    assert page.title() != "owned"
    assert complaints(page)


def test_a_weight_beyond_float32_is_an_error(runs, tmp_path):
    """One line that names the run."""
    folder = tmp_path / "run"
    shutil.copytree(runs("book").folder, folder)
    arrays = dict(read_arrays(folder / "final.safetensors"))
    arrays["b1"] = arrays["b1"] + 1e300
    write_arrays(folder / "final.safetensors", arrays)
    with pytest.raises(RunError, match=r"run: a weight is too large for the page \(1e\+300\)"):
        page_of(Run(folder), tmp_path)


def test_damaged_predictions_are_an_error(runs, tmp_path):
    """One line that names the file, not a page with other mistakes."""
    folder = tmp_path / "run"
    shutil.copytree(runs("one layer").folder, folder)
    arrays = {name: scores[1:] for name, scores in read_arrays(folder / "predictions.safetensors").items()}
    write_arrays(folder / "predictions.safetensors", arrays)
    with pytest.raises(RunError, match=r"is damaged: predictions\.safetensors"):
        page_of(Run(folder), tmp_path)


def test_the_script_is_made_of_all_modules():
    """Every module is in it once, behind those that it imports; nothing of import and export is left."""
    text = script()
    modules = {path.relative_to(FOLDER).as_posix(): path for path in MODULES}
    starts = {name: text.index(f'modules["{name}"] = (') for name in [*modules, "twins.js"]}
    for name, path in modules.items():
        assert text.count(f'modules["{name}"] = (') == 1
        for wanted in re.findall(r'from "(\.[^"]*)"', path.read_text(encoding="utf-8")):
            assert starts[os.path.relpath(path.parent / wanted, FOLDER).replace(os.sep, "/")] < starts[name]
    assert all(starts[f"layers/{name}.js"] < starts["twins.js"] for name in twin_names())
    assert not re.search(r"^\s*(import|export)\b", text, re.MULTILINE)


def test_modules_in_a_circle_are_an_error(tmp_path, monkeypatch):
    """The message names the circle."""
    (tmp_path / "main.js").write_text('import { a } from "./a.js";\n', encoding="utf-8")
    (tmp_path / "a.js").write_text('import { b } from "./main.js";\nexport const a = 1;\n', encoding="utf-8")
    monkeypatch.setattr(joined, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"main\.js → a\.js → main\.js"):
        unwrap(script)()  # not what another test has had it remember


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_modules_are_short(path):
    """No module has more than 400 lines, and each says what it is for."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert text.startswith("/**")


TSC = shutil.which("tsc")


@pytest.mark.skipif(TSC is None, reason="TypeScript is not there (npm install --global typescript)")
def test_the_types_of_the_scripts_agree():
    """`tsc --checkJs` in its strict mode has nothing to say."""
    options = ["--checkJs", "--allowJs", "--noEmit", "--strict", "--target", "es2022", "--module", "es2022"]
    options += ["--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable"]
    files = [str(path) for path in (*MODULES, *FOLDER.glob("*.d.ts"))]
    done = subprocess.run([TSC, *options, *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_the_demo_is_built_as_any_page(runs, tmp_path):
    """`docs/demo/build.py` writes a page a language, of today's scripts and words, small enough to mail."""
    path = Path(__file__).parents[2] / "docs" / "demo" / "build.py"
    if not path.exists():
        pytest.skip("the checkout is not there")
    build = runpy.run_path(str(path))
    pages = build["pages"](runs("lenet"), tmp_path)
    assert [page.name for page in pages] == ["en.html", "ko.html", "ja.html"]
    for page in pages:
        source = page.read_text(encoding="utf-8")
        assert source == rendered(runs("lenet"), page.stem)
        assert len(source.encode()) <= 1_000_000
        assert held(source)["words"] == dict(words_about(page.stem, digits=True))


def convlens(*args, cwd):
    """Start `convlens` as its own process."""
    command = [sys.executable, "-c", "from convlens.cli import main; main()", *map(str, args)]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


def test_the_command(runs, tmp_path):
    """`convlens explore RUN --out PAGE --lang LANG` writes the page and says where; errors are one line."""
    name = os.fsdecode("한글 page.html".encode())  # in any locale
    done = convlens("explore", runs("one layer").folder, "--out", name, "--lang", "ja", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(" page.html\n")
    page = (tmp_path / name).read_text(encoding="utf-8")
    assert '<html lang="ja">' in page
    for args, code, says in (
        (["nowhere"], 1, "nowhere is not a run"),
        ([runs("one layer").folder, "--lang", "tlh"], 2, "en, ko, ja"),
        ([runs("one layer").folder, "--out", "no/such/page.html"], 1, "no/such"),
    ):
        done = convlens("explore", *args, cwd=tmp_path)
        assert done.returncode == code
        assert says in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert issubclass(RunError, ConvlensError)


def test_a_large_page_is_written_and_said_to_be_large(runs, tmp_path, monkeypatch, capsys):
    """Above the limit there is one line on stderr: how large, and what to do."""
    monkeypatch.setattr(explorer, "LARGEST", 10_000)
    page = tmp_path / "page.html"
    explore(runs("one layer").folder, page, "en")
    told = capsys.readouterr()
    assert told.out == f"{page}\n"
    said = rf"{re.escape(str(page))} has 0\.\d MB: above 0\.01 MB .* fewer parameters .*\n"
    assert re.fullmatch(said, told.err)
    assert page.read_text(encoding="utf-8").endswith("</html>")
