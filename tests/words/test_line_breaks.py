"""Where lines break in Korean and Japanese, in a browser, with the pages' own styles."""

import html

import pytest

from browser import needs_browser
from convlens.report.words import words_in
from tables import SOURCE

pytestmark = needs_browser

STYLES = {
    "report": SOURCE / "report" / "templates" / "style.css",
    "explorer": SOURCE / "explorer" / "browser" / "style.css",
}
TEXTS = {
    "ja": (
        "学習したフィルターとパラメーター（チャンネルごと）を、テスト画像1,000枚の95%信頼区間とともに示す。",  # noqa: RUF001 (these brackets are the language's own)
        "ミニバッチのデータをシャッフルする、エポックごとに「バッチ」を取り出してネットワークへ渡す。",
    ),
    "ko": (
        "테스트 이미지의 {share}를 맞혔다. 가장 큰 것만 답해도 {share}가 되고, {share}에서 {share}로 커진다.",
        "가중치(W1)를 저장한 뒤 죽은 필터(†)는 표시하고 이동(x, y)만큼 옮긴다.",
    ),
}
NEVER_FIRST = "ー、。）」ぁぃぅぇぉっゃゅょァィゥェォッャュョ"  # noqa: RUF001
WHOLE = ("フィルター", "パラメーター", "チャンネル", "シャッフル", "ネットワーク")
LINES = """
() => {
  const node = document.querySelector("p").firstChild, box = document.querySelector("p"), found = [];
  for (let width = 130; width <= 420; width += 12) {
    box.style.width = `${width}px`;
    let top = null, line = "";
    const range = document.createRange();
    for (let at = 0; at < node.length; at += 1) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const [here] = range.getClientRects();
      if (here && here.width && top !== null && here.top > top + 4) {
        found.push(line);
        line = "";
      }
      if (here && here.width) top = here.top;
      line += node.data[at];
    }
    found.push(line);
  }
  return found;
}
"""


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("lang", "at"), [(lang, at) for lang in TEXTS for at in (0, 1)])
def test_lines_begin_where_a_reader_expects(open_page, tmp_path, style, lang, at):
    """At any width, no line begins with what belongs to the line above it, and no word is cut in two."""
    say = words_in(lang)
    text = say.glued(TEXTS[lang][at].replace("{share}", say.percent(0.957)))
    path = tmp_path / "page.html"
    css = STYLES[style].read_text(encoding="utf-8")
    path.write_text(
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><style>{css}</style>'
        f'<body lang="{lang}"><p style="font-size: 16px">{html.escape(text)}</p></body></html>',
        encoding="utf-8",
    )
    lines = open_page(path).evaluate(LINES)
    assert len(lines) > 60
    broken = [line for line in lines if not text.endswith(line)]
    if lang == "ko":
        assert [line for line in broken if not line.endswith(" ")] == []
    else:
        assert [line for line in lines if line[0] in NEVER_FIRST] == []
        assert [
            word for word in WHOLE if sum(line.count(word) for line in lines) != text.count(word) * 25
        ] == []
