"""Pages in the system's Chromium, driven by Playwright: the one place that knows how a browser is started.

A test module says `pytestmark = needs_browser` and asks for the fixture `open_page` (in `conftest.py`).
"""

import shutil
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
ARGUMENTS = [
    "--no-sandbox",  # as root in a container there is none
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no page may depend on the network
]
PATIENCE = 600_000  # milliseconds: a guard against hanging, not a promise of how fast pages are


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Start the browser, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE)
        yield browser
        browser.close()


def opened(browser: "Browser", path: Path, size=(1280, 900), fragment="", **context) -> "Page":
    """Open a file in a window of its own and return the page when it has loaded.

    Args:
        browser: from `chromium`.
        path: an HTML file.
        size: width and height of the window in CSS pixels.
        fragment: what follows the file's address, such as "#minute".
        **context: what else Playwright's `new_context` takes, such as `has_touch=True`.
    """
    width, height = size
    window = browser.new_context(viewport={"width": width, "height": height}, **context)
    window.set_default_timeout(PATIENCE)
    page = window.new_page()
    page.goto(path.resolve().as_uri() + fragment)
    return page


def complaints(page: "Page") -> list[str]:
    """Return the errors and warnings of a page's console, a stopped script or picture among them."""
    told = [message.text for message in page.console_messages() if message.type in {"error", "warning"}]
    return [*told, *map(str, page.page_errors())]


def axe_violations(page: "Page") -> list[tuple[str, str, str]]:
    """Return what axe-core finds: (rule, impact, the first element it concerns), whatever the impact."""
    axe = resources.files("axe_playwright_python") / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))  # past the page's policy, which allows no such script
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [(one["id"], one["impact"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
