"""Mistakes, and what excites a filter, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "mistakes.title": "間違えた画像",
    "mistakes.intro": (
        "ネットワークごとに、訓練画像が最も多い実験の最初のシードを、テスト画像すべてで評価した。"
    ),
    "mistakes.network": "{network}、訓練画像{images}枚",
    "mistakes.counted": "シード{seed}: テスト画像{tests}枚中{wrong}枚を間違えた。",
    "matrix.caption": "混同行列: 色が濃いほど多い誤り",
    "matrix.corner": "正解 ↓ ネットワークの答え →",
    "class.caption": "クラスごとの正解率。棒は{floor}から始まる",
    "class.name": "クラス",
    "class.images": "テスト画像",
    "class.wrong": "誤り",
    "class.accuracy": "正解率",
    "class.interval": "95 %信頼区間 (ウィルソン)",
    "gallery.caption": "ネットワークが最も自信をもって間違えた{n}枚",
    "gallery.text": "正解 {right}、答え {given}",
    "gallery.note": "確信度 {sure}、テスト画像{index}番",
    "gallery.alt": "テスト画像{index}番。正解は{right}。",
    "excitement.title": "フィルタは何に反応するか",
    "excitement.intro": (
        "フィルタごとに、全テスト画像の中で最も強く反応する場所を九つ選んだ。1枚の画像からは1か所だけである。"
        "この九つに共通するものが、そのフィルタの探しているものである。"
    ),
    "excitement.caption": "{network}: {parameter}の各フィルタが最も強く反応する断片9個 ({run})。",
}
