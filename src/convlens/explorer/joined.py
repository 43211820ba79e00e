"""The modules of `browser/` as one script, without a build step. Must not know what they do.

Every module becomes a function that is called once and returns what it exports; an import takes from it:

    import { make } from "./elements.js";  →  const { make } = modules["elements.js"];
    export function make() {}              →  function make() {} … return { make };
"""

import re
from functools import cache
from pathlib import Path

__all__ = ["FOLDER", "script", "style"]

FOLDER = Path(__file__).parent / "browser"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


@cache
def script(start: str = "main.js") -> str:
    """Return the module `start` and all that it imports, as one classic script in strict mode."""
    done: dict[str, str] = {}
    _collect(start, done, ())
    body = "\n".join(done.values())
    text = f'"use strict";\n(() => {{\nconst modules = {{}};\n{body}\n}})();\n'
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ValueError("a module contains what would end the script element.")
    return text


@cache
def style() -> str:
    """Return the page's style sheet."""
    return (FOLDER / "style.css").read_text(encoding="utf-8")


def _collect(name: str, done: dict[str, str], path: tuple[str, ...]) -> None:
    """Put a module behind those that it imports."""
    if name in done:
        return
    if name in path:
        raise ValueError(f"modules import each other in a circle: {' → '.join([*path, name])}.")
    source = (FOLDER / name).read_text(encoding="utf-8")
    for _, wanted in _IMPORT.findall(source):
        _collect(wanted, done, (*path, name))
    exported = ", ".join(found for _, found in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r'const {\1} = modules["\2"];', source))
    done[name] = f'modules["{name}"] = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();'
