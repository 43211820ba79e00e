"""The page around its sections, formats of numbers, and warnings, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "page.title": "小さな畳み込みネットワーク: {data}",
    "page.subtitle_runs": "ネットワークが学んだこと: {networks}",
    "page.subtitle": "レポートの実験をもう一度: {networks}",
    "page.skip": "結果へ移動",
    "page.contents": "目次",
    "page.evidence": "根拠を見る",
    "page.evidence_of": "根拠を見る: {text}",
    "page.footer": (
        "作成: convlens {version}。図は、このページと同じ場所の {folder} フォルダに PNG と SVG で入っている。"
    ),
    "format.span": "{low}〜{high}",
    "format.comma": "、",
    "format.listing": "{most}と{last}",
    "format.images": "{n}枚",
    "format.seconds": "{seconds}秒",
    "format.minutes": "{minutes}分{seconds}秒",
    "format.hours": "{hours}時間{minutes}分",
    "status.quick": (
        "これは短時間で行う簡易版である。レポートより少ない訓練画像とエポックで学習したので、レポートの数値と"
        "比べてはいけない。"
    ),
    "status.hardly_begun": (
        "{network}: 更新が{updates}回だけで、テスト画像の正解率は{accuracy}にとどまる。学び始めたばかりであ"
        "り、このネットワークが劣っているわけではない。"
    ),
    "status.whole": "本来の実験を行うコマンド:",
    "status.missing": "{all}回の学習のうち{n}回が終わった。残りが終わりしだい、このページは書き直される。",
}
