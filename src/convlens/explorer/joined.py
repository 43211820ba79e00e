"""The modules of `browser/` as one script, without a build step. Must not know what they do.

Every module becomes a function that is called once and returns what it exports; an import takes from it:

    import { make } from "./elements.js";  →  const { make } = modules["elements.js"];
    export function make() {}              →  function make() {} … return { make };

One module is no file: "twins.js" exports `TWINS`, what each file of `browser/layers/` exports as `twin`, by
the file's name. A layer's twin is in the page because its file is there. Comments that stand in lines of
their own stay behind, and indentation: they are a third of it.
"""

import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from convlens.arguments import as_annotated
from convlens.errors import UsageError, did_you_mean, shown

__all__ = ["FOLDER", "script", "style", "twin_names"]

FOLDER = Path(__file__).parent / "browser"

_TWINS = "twins.js"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.\.?/[\w/-]+\.js)";$', re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(/\*\*.*?\*/\n|//[^\n]*\n)|^[ \t]+", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


@as_annotated
@cache
def script(start: str = "main.js") -> str:
    """Return the module `start` and all that it imports, as one classic script in strict mode."""
    if start not in modules():
        rule = f"one of {', '.join(modules())}"
        raise UsageError(
            f"`start` of script must be {rule}. Got {shown(start)}.{did_you_mean(start, modules())}"
        )
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


def modules() -> list[str]:
    """Return the names of the modules in `browser/`, without the layers' folder."""
    return sorted(path.name for path in FOLDER.glob("*.js"))


def twin_names() -> list[str]:
    """Return the kinds of layers that have a file in `browser/layers/`."""
    return sorted(path.stem for path in (FOLDER / "layers").glob("*.js"))


def _collect(name: str, done: dict[str, str], path: tuple[str, ...]) -> None:
    """Put a module behind those that it imports."""
    if name in done:
        return
    if name in path:
        raise ValueError(f"modules import each other in a circle: {' → '.join([*path, name])}.")
    source = _twins() if name == _TWINS else (FOLDER / name).read_text(encoding="utf-8")
    for _, wanted in _IMPORT.findall(source):
        _collect(_resolved(name, wanted), done, (*path, name))
    exported = ", ".join(found for _, found in _EXPORT.findall(source))
    body = _IMPORT.sub(
        lambda found: f'const {{{found[1]}}} = modules["{_resolved(name, found[2])}"];', source
    )
    body = _COMMENT.sub("", _EXPORT.sub(r"\1", body))
    done[name] = f'modules["{name}"] = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();'


def _twins() -> str:
    """Return the module that imports every twin."""
    names = twin_names()
    imports = [f'import {{ twin: twin{i} }} from "./layers/{name}.js";' for i, name in enumerate(names)]
    entries = ", ".join(f'"{name}": twin{i}' for i, name in enumerate(names))
    return "\n".join([*imports, f"export const TWINS = {{ {entries} }};"])


def _resolved(importer: str, wanted: str) -> str:
    """Return a module's name from the way in which another one names it."""
    return normpath(join(dirname(importer), wanted))
