"""All tables of words in the house, found and not listed, and which texts the code asks for."""

import importlib
import re
from pathlib import Path

import convlens
from convlens.words import LANGUAGES, Table

SOURCE = Path(convlens.__file__).parent
CODE = {".py", ".js", ".j2"}


def tables():
    """Return every table that a module named `words`, or one in the room `words`, holds."""
    folders = [SOURCE / "words", *SOURCE.glob("*/words")]
    paths = sorted(path for folder in folders for path in folder.glob("*.py"))
    found = {}
    for path in paths:
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
        found |= {value.owner: value for value in vars(module).values() if isinstance(value, Table)}
    return found


def files_of_words():
    """Return every file under the package that is named by a language."""
    return sorted(path for lang in LANGUAGES for path in SOURCE.rglob(f"{lang}.toml"))


def strings_in(*folders):
    """Return everything that stands in quotes in a room's Python, scripts and templates."""
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in CODE]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r"[\"'`]([\w.-]+)[\"'`]", code))
