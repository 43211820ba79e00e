"""The page in a real browser: it fits a phone and a desk, and asks for nothing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
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
    assert n_images > 20
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
