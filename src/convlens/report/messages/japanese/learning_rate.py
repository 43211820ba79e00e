"""Learning rates, verdicts, predictions, and any runs side by side, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "rate.title": "学習率",
    "rate.caption": "学習率ごとのテスト正解率。点一つが1回の学習である。",
    "rate.curves": "学習率ごとの学習曲線。軸はすべて同じである。",
    "rate.table": "学習率ごとの今回の結果",
    "rate.held_out": "検証用に分けておいた画像{n}枚での正解率",
    "rate.difference": "学習率 {lr} との差 (ポイント)",
    "rate.mean_and_interval": "{mean} ({span})",
    "rate.best": (
        "学習率は、検証用に分けておいた画像で選ぶべきである。検証用に分けておいた訓練画像{n_held_out}枚では、"
        "学習率 {lr} の正解率{validation}が最も高い。このときテスト画像全{n_test}枚での正解率は{test}である。"
    ),
    "rate.one_seed_allows": (
        "シードが1個ずつなので、二つの学習率の差は、最初の重みと画像の順序の偶然かもしれない。どのような値が"
        "出うるかはわかるが、学習率に順位をつけることはできない。"
    ),
    "rate.seeds_allow": (
        "シードが{n}個ずつあるので、点の散らばりから偶然の大きさがわかる。それよりずっと大きい差なら見分けら"
        "れるが、小さい差を見分けるには、もっと多くのシードが要る。"
    ),
    "rate.rule": (
        "判定は、検証用に分けておいた画像での正解率を同じシードどうしで引いた差による。差の平均と、括弧の中に"
        "スチューデントのtによる95 %信頼区間を示す。区間が0の片側だけにあれば「高い」または「低い」、±{same}"
        "ポイントに収まれば「実用上同じ」、それ以外は「判定保留 (回数不足)」とする。比較の回数による補正はし"
        "ていない。"
    ),
    "rate.heading": "lr={lr}",
    "verdict.one_seed": "シード1個: 判定なし",
    "verdict.better": "高い",
    "verdict.worse": "低い",
    "verdict.same": "実用上同じ",
    "verdict.unknown": "判定保留 (回数不足)",
    "claim.intro": (
        "レポートは、テスト画像{n}枚で1回ずつ評価した結果を比べている。学習率 {lr} での{reported}は、どの画像"
        "で評価したかだけでも{span}の幅をもつ (ウィルソンの95 %信頼区間)。この中の値は、同じくらい良いネット"
        "ワークからも出うる。"
    ),
    "claim.caption": "レポートの各値と、学習率 {lr} での{reported}との比較",
    "claim.images": "{n}枚中、多く正解した枚数",
    "claim.interval": "差 (ポイント、95 %信頼区間)",
    "claim.verdict": "判定",
    "claim.within": "偶然の範囲内",
    "claim.beyond": "偶然を超える差",
    "claim.note": (
        "区間は、二つの別々の画像標本に対するニューカムの区間である。どちらも同じ画像で評価しているので、画像"
        "一枚ごとの答えを比べればより精密に比較できるが、レポートにはその答えがない。シードの偶然はこれに加わ"
        "る。"
    ),
    "predict.intro": (
        "レポートの値は、画像{n}枚で評価した1回の学習の結果である。そこで、同じ設定でもう1回学習して画像{n}枚"
        "で評価したら、100回のうち95回はどの範囲の値になるかを、シードの偶然と画像の偶然を合わせて計算した。"
    ),
    "predict.one_seed": (
        "シードが1個だけの場合、シードの偶然はこの区間に含まれない。画像の枚数だけによるもので、実際より狭"
        "い。"
    ),
    "predict.caption": "レポートの値と、画像{n}枚で評価した1回の学習が取りうる範囲",
    "predict.interval": "今回の設定で1回学習した場合 (95 %)",
    "predict.verdict": "レポートの値",
    "predict.inside": "予想の範囲内",
    "predict.outside": "予想の範囲外",
    "predict.rule": (
        "予測区間: 平均 ± t √(s²(1 + 1/k) + p(1 - p)/n)。s²は全テスト画像でのシードk個の分散、自由度はウェル"
        "チとサタスウェイトによる。シードが1個ならウィルソンの区間である。"
    ),
    "compare.title": "並べて比べる",
    "compare.caption": "全テスト画像での正解率。点一つが1回の学習である。",
    "compare.table": "検証用に分けておいた画像{n}枚で、同じシードどうしを比較",
    "compare.experiment": "実験",
    "compare.difference": "「{first}」との差 (ポイント)",
    "compare.curves": "学習曲線。軸はすべて同じである。",
    "compare.filters": "{network}: 学習済みフィルタ ({parameter}) を共通のカラースケールで並べた。",
}
