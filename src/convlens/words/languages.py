"""Which languages there are, and which one a user wants."""

import os
import re
import sys
from typing import Final

from convlens.errors import UsageError, did_you_mean, shown

__all__ = ["LANGUAGES", "checked_language", "language", "speak", "spoken_language"]

LANGUAGES: Final = ("en", "ko", "ja")
"""English, Korean, Japanese; the first one is spoken where no other is asked for."""


def language(lang: str | None = None) -> str:
    """Return the language to speak: the one that is asked for, or the locale's, or English.

    Args:
        lang: such as "ko", "ko-KR" or "ko_KR.UTF-8"; None to ask the locale.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    code = _code(lang if lang is not None else _locale())
    if lang is None:
        return code if code in LANGUAGES else LANGUAGES[0]
    if code not in LANGUAGES:
        raise _unknown(lang)
    return code


_spoken: list[str] = []


def speak(lang: str) -> None:
    """Have this process say in a language what no caller asked for, such as that it compiles.

    A command does so, for the language of the command; in a library nobody is asked, and it is English.
    """
    _spoken[:] = [checked_language(lang)]


def spoken_language() -> str:
    """Return the language of what is said unasked."""
    return _spoken[0] if _spoken else LANGUAGES[0]


def checked_language(lang: str) -> str:
    """Return `lang`, which must be one of `LANGUAGES` as it stands there.

    Raises:
        UsageError: it is not; the message lists those that there are.
    """
    if not isinstance(lang, str) or lang not in LANGUAGES:
        raise _unknown(lang)
    return lang


def _unknown(lang: str) -> UsageError:
    near = did_you_mean(lang, LANGUAGES)
    return UsageError(f"`lang` must be one of {', '.join(LANGUAGES)}. Got {shown(lang)}.{near}")


def _code(name: str) -> str:
    return re.split(r"[-_.@]", name.strip().lower())[0]


def _locale() -> str:
    """Return the name of the user's locale, or "" where there is none."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not named and sys.platform == "win32":
        import ctypes  # noqa: PLC0415 (only there)
        import locale  # noqa: PLC0415

        named = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return named
