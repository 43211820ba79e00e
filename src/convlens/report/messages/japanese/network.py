"""A network: its layers, learning curves, filters, and pictures seen through them, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "network.run": "学習率 {lr}、訓練画像{images}枚、シード{seed}",
    "network.setting": (
        "{network}: 訓練画像{images}枚、{epochs}エポック、ミニバッチ{batch}枚、{optimizer}、学習率 {lr}"
    ),
    "network.title": "ネットワークの構造",
    "network.architecture": "{network}の構造。ネットワークの定義から描いた。",
    "network.small_set": "小さいデータセット: フィルタ",
    "network.full_set": "全データセット: フィルタ",
    "network.filters": "フィルタ",
    "network.not_in": "このネットワークの学習はまだ終わっていない。",
    "layers.caption": (
        "{network}の層。入力は{input}である。積和は画像1枚の順伝播での回数、受容野は出力一つが見るピクセルの"
        "範囲である。"
    ),
    "layers.layer": "層",
    "layers.output": "出力",
    "layers.parameters": "パラメータ",
    "layers.multiply_adds": "積和",
    "layers.receptive_field": "受容野",
    "layers.total": "合計",
    "curves.title": "実行結果: 学習曲線",
    "curves.caption": "各エポックの後に、訓練画像とテスト画像で測った正解率と損失。",
    "curves.caption_both": (
        "各エポックの後に、訓練画像とテスト画像で測った正解率と損失。小さいデータセットと全データセットを同じ"
        "軸で並べた。"
    ),
    "curves.gap.widens": (
        "訓練画像{images}枚: 訓練とテストの正解率の差は、エポック{early}で{before}ポイント、エポック{epochs}"
        "で{after}ポイントである (それぞれ画像{judged}枚で評価)。二つの曲線は離れていく。訓練画像にしか通用し"
        "ないことを、ますます多く学んでいるということである。"
    ),
    "curves.gap.stays": (
        "訓練画像{images}枚: 訓練とテストの正解率の差は、エポック{early}で{before}ポイント、エポック{epochs}"
        "で{after}ポイントである (それぞれ画像{judged}枚で評価)。下の基準では、曲線が離れていくとは言えない。"
    ),
    "curves.memorising": (
        "訓練画像{images}枚: エポック{epoch}より後、訓練の損失は{train}から{train_last}まで下がるが、テストの"
        "損失はほとんど変わらない ({test}から{test_last}、3エポックの平均、最後は2エポックの平均)。"
        "エポック{epoch}より後で過学習が起きている。"
    ),
    "curves.memorising_worse": (
        "訓練画像{images}枚: エポック{epoch}より後、訓練の損失は{train}から{train_last}まで下がるが、テストの"
        "損失は{test}から{test_last}まで大きくなる (3エポックの平均、最後は2エポックの平均)。"
        "エポック{epoch}より後で過学習が起きている。"
    ),
    "curves.not_memorising": "訓練画像{images}枚: 下の基準では、エポック{epochs}まで過学習は始まらない。",
    "curves.rule": (
        "基準 (シード平均に適用)。損失を隣り合う3エポック (両端では2エポック) で平均したとき、"
        "それより後はテストの損失が{better} %"
        "以下しか下がらず、訓練の損失は{falls} %を超えて下がるような最初のエポックから後を過学習とする。その"
        "後に少なくとも3エポックが必要である。最後のテストの損失が最小値より{rises} %を超えて大きければ、悪く"
        "なるとする。正解率の差が、全エポックの4分の1の時点より{widens}ポイントを超えて広がれば、曲線が離れて"
        "いくとする。"
    ),
    "chart.epoch": "エポック",
    "chart.train": "訓練",
    "chart.test": "テスト",
    "chart.seed": "シード",
    "chart.mean": "平均",
    "chart.show": "表示",
    "full.not_in": "この実験には全データセットでの学習も含まれるが、まだ終わっていない。",
    "full.not_run": (
        "ここでは全データセットでは学習していない。次のコマンドで学習すると、小さいデータセットの隣に並ぶ。"
    ),
    "filters.caption": (
        "ランダムに初期化した重み、学習後の重み、その変化: {parameter}、共通のカラースケール ({run})。"
    ),
    "filters.forming": (
        "フィルタができるまで: {parameter}で最も変化したフィルタをエポックの順に並べた ({run})。"
    ),
    "filters.rule": (
        "基準: 変化の絶対値をすべて足した値の大きい順に並べた。死んだフィルタ (†) は、最初のテスト画像{n}枚の"
        "どの位置でもReLU適用後の値が0のもの。双子 (a, b, …) は、強さに関わらず、重みどうしのコサインが"
        "{cosine}以上のもの。"
    ),
    "applied.classes": (
        "フィルタを適用した画像: 各クラスの最初のテスト画像と、{parameter}で最も変化したフィルタ ({run})。"
    ),
    "applied.own": "フィルタを適用した画像: {name}、フィルタ {parameter} ({run})。",
    "applied.digit": "フィルタを適用した画像: 最初のテスト画像、フィルタ {parameter} ({run})。",
    "applied.photograph": "フィルタを適用した画像: 写真、フィルタ {parameter} ({run})。",
}
