"""The page over a table of submissions: which faults how often, and who is done. Must not know processes."""

import html
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from convlens.check.folder import Row
from convlens.check.words import words_in
from convlens.files import write_text

__all__ = ["write_summary"]

_MARK = '<meta name="generator" content="convlens check">'
_STATES = ("wrong", "stopped", "nothing", "right")
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a202c; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 } th, td { text-align: left; padding: .3rem .8rem;
  border-bottom: 1px solid #cbd5e0; vertical-align: top } td.n { text-align: right }
"""


def write_summary(rows: Sequence[Row], page: Path, lang: str) -> None:
    """Write the page.

    Args:
        rows: of the table.
        page: an HTML file.
        lang: "en", "ko" or "ja".
    """
    say = words_in(lang)
    counts = Counter(row.state for row in rows)
    causes = Counter(key for row in rows for key in row.causes.split())
    told = [[say(f"state.{state}"), str(counts[state])] for state in _STATES if counts[state]]
    faults = [[say(f"cause.{key}"), str(n)] for key, n in causes.most_common()]
    files = [
        [row.file, say(f"state.{row.state}"), " / ".join(say(f"cause.{key}") for key in row.causes.split()),
         row.message]
        for row in sorted(rows, key=lambda row: (_STATES.index(row.state), row.file))
    ]  # fmt: skip
    heads = [say(f"summary.{key}") for key in ("file", "state", "causes", "message")]
    parts = [
        f"<h1>{html.escape(say('summary.title', n=len(rows)))}</h1>",
        _table([], told),
        f"<h2>{html.escape(say('summary.faults'))}</h2>" if faults else "",
        _table([], faults),
        f"<h2>{html.escape(say('summary.files'))}</h2>",
        _table(heads, files),
    ]
    head = f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{_MARK}'
    title = f"<title>{html.escape(say('summary.title', n=len(rows)))}</title><style>{_STYLE}</style></head>"
    write_text(page, f"{head}{title}<body><main>{''.join(parts)}</main></body></html>\n")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    top = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(one)}</td>' for one in row)}</tr>" for row in rows)
    return f"<table>{f'<thead><tr>{top}</tr></thead>' if top else ''}<tbody>{body}</tbody></table>"
