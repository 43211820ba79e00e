"""Names of files that not every machine's locale can write."""

import sys

import pytest


def require_names(*names):
    """Leave a test out where names of files cannot have these letters (`LC_ALL=C` without UTF-8)."""
    try:
        "".join(names).encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        pytest.skip("no file can have such a name in this locale")
