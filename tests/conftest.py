"""Settings of all tests, and the browser that the tests of pages share."""

from functools import partial

import pytest
from hypothesis import settings

import browser
from convlens import notices
from convlens.words.languages import speak

settings.register_profile("convlens", deadline=None)  # a busy machine is not a fault
settings.load_profile("convlens")


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
