"""Ctrl-C where Python loses it: remembered, and raised where somebody asks."""

import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
import time
import weakref

import pytest

from convlens import interrupts
from convlens.errors import ConvlensError
from convlens.interrupts import heard, heed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture(autouse=True)
def _own_handlers():
    """Where the tests run in a shell's background, Ctrl-C is ignored; a script's user has it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press(number=signal.SIGINT):
    os.kill(os.getpid(), number)


class Presses:
    """Presses Ctrl-C when it is thrown away."""

    def __del__(self):
        press()


def in_a_finalizer():
    Presses()
    gc.collect()


def in_a_weakref_callback():
    class Thing:
        pass

    thing = Thing()
    reference = weakref.ref(thing, lambda _: press())
    del thing
    assert reference() is None


def in_a_callback_from_c():
    ctypes.CFUNCTYPE(None)(press)()


def in_a_numba_callback():
    import numba

    @numba.njit
    def kernel():
        with numba.objmode():
            press()

    kernel()


def where_everything_is_caught():
    try:
        press()
        time.sleep(0)
    except BaseException:  # noqa: BLE001, S110 (some callbacks do so)
        pass


def where_it_is_turned_into_another_error():
    try:
        press()
    except KeyboardInterrupt:
        raise ConvlensError("what a library says instead") from None


def while_it_is_suppressed():
    with contextlib.suppress(KeyboardInterrupt):
        press()


def raised_by_a_callback_itself():
    def raises():
        raise KeyboardInterrupt

    ctypes.CFUNCTYPE(None)(raises)()


def anywhere():
    press()


PLACES = [
    in_a_finalizer,
    in_a_weakref_callback,
    in_a_callback_from_c,
    in_a_numba_callback,
    where_everything_is_caught,
    where_it_is_turned_into_another_error,
    while_it_is_suppressed,
    raised_by_a_callback_itself,
    anywhere,
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_wherever_it_falls_it_is_raised_by_the_next_heed(place, number, monkeypatch, capsys):
    """Swallowed in a finalizer, a callback or an `except`, Ctrl-C is raised where the program asks for it."""
    monkeypatch.setattr(f"{__name__}.press", lambda: os.kill(os.getpid(), number))
    with heard() as signals:
        place()
        for _ in range(3):  # and whoever swallows this, too, meets it again
            with pytest.raises(KeyboardInterrupt):
                heed()
    assert signals.pressed == [signal.SIGINT if place is raised_by_a_callback_itself else number]
    assert capsys.readouterr().err == ""


def test_without_a_signal_nothing_is_raised():
    """`heed` lets a program go on, before, in and after `heard`, and one signal is not taken for two."""
    heed()
    with heard():
        heed()
        press()
    heed()
    with heard() as again:
        heed()
    assert again.pressed == []


@pytest.mark.parametrize("error", [None, ZeroDivisionError, KeyboardInterrupt])
def test_afterwards_everything_is_as_it_was(error):
    """The handlers, the hook for what cannot be raised, and the wakeup descriptor are put back."""
    before = [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), sys.unraisablehook]
    with pytest.raises(error) if error else contextlib.nullcontext(), heard():
        assert signal.getsignal(signal.SIGINT) != before[0]
        if error:
            raise error
    assert [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), sys.unraisablehook] == before
    assert signal.set_wakeup_fd(-1) == -1
    with pytest.raises(KeyboardInterrupt):  # Python's own way again
        press()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_was_ignored_is_heard(number):
    """A shell's script starts what runs in the background with Ctrl-C ignored; asked to end, it ends."""
    before = signal.signal(number, signal.SIG_IGN)
    with heard() as signals:
        press(number)
    assert signals.pressed == [number]
    assert signal.signal(number, before) == signal.SIG_IGN


def test_in_another_thread_nothing_is_installed():
    """Only the main thread can hear signals; elsewhere `heard` does nothing, and does no harm."""
    found = []

    def work():
        with heard() as signals:
            found.append((signal.getsignal(signal.SIGINT), signals.pressed))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [(signal.default_int_handler, [])]


def test_one_inside_another_changes_nothing():
    """Of two, the outer one hears."""
    with heard() as outer:
        with heard() as inner:
            press()
        with pytest.raises(KeyboardInterrupt):
            heed()
    assert (outer.pressed, inner.pressed) == ([signal.SIGINT], [])


def test_a_second_one_is_raised_at_once():
    """Without anybody to stop the process, the second Ctrl-C is raised where the program stands."""
    with heard():
        press()
        with pytest.raises(KeyboardInterrupt):
            press()


def waits_for_a_byte():
    reading, writing = os.pipe()
    try:
        os.read(reading, 1)
    finally:
        os.close(reading)
        os.close(writing)


def computes_for_ever():
    while True:
        gc.isenabled()


def waits_for_a_lock():
    threading.Event().wait()


def sleeps():
    time.sleep(10_000)


@pytest.mark.parametrize("waits", [sleeps, waits_for_a_byte, waits_for_a_lock, computes_for_ever])
def test_what_does_not_ask_is_stopped_where_it_stands(waits, monkeypatch):
    """A sleep, a read, a lock or a loop that asks nobody ends all the same."""
    monkeypatch.setattr(interrupts, "_PATIENCE", (0.05, 1000, 1000))
    with heard():
        press()
        with pytest.raises(KeyboardInterrupt):
            waits()


def test_who_swallows_it_for_ever_is_stopped_by_what_was_given(monkeypatch):
    """When nothing else helps, `stop` is called with the signal's number, in a thread of its own."""
    monkeypatch.setattr(interrupts, "_PATIENCE", (0.01, 0.02, 0.03))
    stopped = []
    with heard(stopped.append):
        press()
        while not stopped:
            with contextlib.suppress(KeyboardInterrupt):
                time.sleep(0.01)
    assert stopped == [signal.SIGINT]
