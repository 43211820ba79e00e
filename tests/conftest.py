"""Settings of all tests, their order, and the browser that the tests of pages share."""

from functools import partial

import pytest
from hypothesis import settings

import browser
from convlens import notices
from convlens.words.languages import speak

settings.register_profile("convlens", deadline=None)  # a busy machine is not a fault
settings.load_profile("convlens")


def pytest_addoption(parser):
    """Let a second walk be a short one."""
    parser.addoption("--first-cases", action="store_true", help="run the first case of each test only")


def pytest_collection_modifyitems(config, items):
    """Put files with slow tests, or a browser's, first: one that starts last keeps all others waiting."""
    if config.getoption("first_cases", default=False):
        items[:] = first_cases(items)
    long = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "browser")))}
    items.sort(key=lambda item: item.path not in long)


def first_cases(items):
    """Return one item of each test function: that of the values that stand first in its tables."""
    firsts = {}
    for item in sorted(items, key=place_in_tables):
        firsts.setdefault(item.nodeid.split("[")[0], item)
    return list(firsts.values())


def place_in_tables(item):
    """Return how many values stand before those of a test, in all its tables."""
    case = getattr(item, "callspec", None)
    return sum(case.indices.values()) if case else 0


@pytest.fixture(scope="session")
def started_browser():
    """Start Chromium once for all tests."""
    with browser.chromium() as started:
        yield started


@pytest.fixture
def open_page(started_browser):
    """Open pages as `browser.opened` does, and close them after the test."""
    yield partial(browser.opened, started_browser)
    for context in started_browser.contexts:
        context.close()


@pytest.fixture(autouse=True)
def in_english():
    """What a command that ran in this process spoke is not spoken by the next test."""
    yield
    speak("en")
    notices.say_in(notices.TEXTS)
