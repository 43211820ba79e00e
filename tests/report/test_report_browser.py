"""The page in a real browser: it fits a phone and a desk, and asks for nothing."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
AXE = next(
    (
        found
        for folder in Path(__file__).parents
        if (found := folder / "node_modules" / "axe-core" / "axe.min.js").exists()
    ),
    None,
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

LOOK = """<!DOCTYPE html><title>waiting</title><iframe src="{page}" width="{width}" height="900"></iframe>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const page = frame.contentDocument, root = page.documentElement;
  const wide = [...page.querySelectorAll("body *")].filter(e =>
    !e.closest(".scroll") && !e.closest(".skip") && e.getBoundingClientRect().right > {width} + 0.5);
  const blank = [...page.images].filter(image => !image.complete || !image.naturalWidth);
  const styled = getComputedStyle(page.body).maxWidth !== "none";
  const found = [root.scrollWidth, wide.length, blank.length, page.images.length, styled];
  document.title = ["seen", ...found].join(" ");
}};
</script>"""


def browse(page: Path, folder: Path):
    """Return a page's DOM and what the browser complains about."""
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--allow-file-access-from-files"]
    command += ["--enable-logging=stderr", "--v=0", f"--user-data-dir={folder / 'profile'}"]
    command += ["--virtual-time-budget=10000", "--window-size=1400,1000", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
def test_a_page_fits_its_window(request, tmp_path, lang, width):
    """Nothing but tables and pictures in their own containers reaches beyond the window's right edge."""
    page = tmp_path / "page.html"
    page.write_text(request.getfixturevalue(lang).source, encoding="utf-8")
    look = tmp_path / "look.html"
    look.write_text(LOOK.format(page=page.as_uri(), width=width), encoding="utf-8")
    seen, complaints = browse(look, tmp_path)
    title = re.search(r"<title>(.*?)</title>", seen).group(1).split()
    assert title[0] == "seen"
    scroll_width, n_wide, n_blank, n_images = map(int, title[1:5])
    assert scroll_width <= width
    assert n_wide == 0
    assert n_blank == 0
    assert n_images > 10
    assert title[5] == "true"
    assert complaints == []


def test_the_policy_stops_what_gets_in(english, tmp_path):
    """A script, a style and a picture from elsewhere do nothing, and the browser says so."""
    injected = '<script>document.title = "owned"</script><img src="https://example.org/x.png" alt="x">'
    page = tmp_path / "page.html"
    page.write_text(english.source.replace("<main>", f"{injected}<main>"), encoding="utf-8")
    seen, complaints = browse(page, tmp_path)
    assert "<title>owned</title>" not in seen
    assert len(complaints) >= 2


POINT = """<!DOCTYPE html><title>waiting</title><iframe src="{page}" width="1280" height="900"></iframe>
<script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const page = frame.contentDocument, figure = page.querySelector("figure.chart");
  figure.scrollIntoView();
  const svg = figure.querySelector(".wide svg");
  const box = svg.querySelector('[id$="--accuracy-0-axes"]').getBoundingClientRect();
  const at = {{ clientX: box.right - 2, clientY: box.top + 5, bubbles: true }};
  svg.dispatchEvent(new frame.contentWindow.PointerEvent("pointermove", at));
  const tip = figure.querySelector(".tip").textContent.replaceAll("\\n", "; ");
  const input = [...figure.querySelectorAll("input")][1];
  input.click();
  const hidden = [...figure.querySelectorAll('[id$="-seed-0"]')].map(line => getComputedStyle(line).display);
  document.title = ["seen", tip, hidden.join(" ")].join(" | ");
}};
</script>"""


def test_curves_tell_their_values_and_seeds_can_be_hidden(english, study, tmp_path):
    """Under the pointer stand the last epoch's means; a box that is unticked hides a seed's lines."""
    page = tmp_path / "page.html"
    page.write_text(english.source, encoding="utf-8")
    look = tmp_path / "look.html"
    look.write_text(POINT.format(page=page.as_uri()), encoding="utf-8")
    seen, complaints = browse(look, tmp_path)
    title = unescape(re.search(r"<title>(.*?)</title>", seen, re.DOTALL).group(1)).replace("\xa0", " ")
    state, tip, hidden = title.split(" | ")
    assert state == "seen"
    runs = study.runs(study.design.experiments[0])
    assert "epoch 6" in tip
    for part in ("train", "test"):
        last = [100 * run.curve(part).accuracy[-1] for run in runs]
        name = "training" if part == "train" else "test"
        listed = ", ".join(f"{value:.1f} %" for value in last)
        assert f"{name} {sum(last) / 3:.1f} % ({listed})" in tip
    assert set(hidden.split()) == {"none"}
    assert complaints == []


@pytest.mark.skipif(AXE is None, reason="axe-core is not installed (npm install --no-save axe-core)")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("lang", ["english", "korean", "japanese"])
def test_axe_finds_nothing(request, tmp_path, lang, width):
    """No violation of any impact, with the page's own script and at both widths."""
    source = request.getfixturevalue(lang).source
    policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>', source).group(0)
    page = tmp_path / "page.html"
    axe = AXE.read_text(encoding="utf-8")
    run = (
        "axe.run().then(found => { parent.document.title = 'axe ' + JSON.stringify("
        "found.violations.map(v => [v.id, v.impact, v.nodes[0].html.slice(0, 200)])); })"
    )
    tested = f"<script>{axe}</script><script>addEventListener('load', () => {run});</script></body>"
    page.write_text(source.replace(policy, "").replace("</body>", tested), encoding="utf-8")
    look = tmp_path / "look.html"
    frame = f'<iframe src="{page.as_uri()}" width="{width}" height="900"></iframe>'
    look.write_text(f"<!DOCTYPE html><title>waiting</title>{frame}", encoding="utf-8")
    seen, _ = browse(look, tmp_path)
    title = unescape(re.search(r"<title>(.*?)</title>", seen, re.DOTALL).group(1))
    assert title == "axe []"
