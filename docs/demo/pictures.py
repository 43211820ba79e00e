"""Take the README's pictures of the demo: 1280 x 720 pixels, one unit open. Needs Playwright and Chromium.

python docs/demo/pictures.py
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from browser import chromium, opened  # noqa: E402 (the tests' way to start the browser)

with chromium() as browser:
    for lang, name in (("en", "explorer.png"), ("ko", "explorer.ko.png"), ("ja", "explorer.ja.png")):
        page = opened(browser, HERE / f"{lang}.html", (1280, 720), "#unit=4.13.10")
        page.locator("#accuracy", has_not_text="…").wait_for()
        page.screenshot(path=HERE / name)
