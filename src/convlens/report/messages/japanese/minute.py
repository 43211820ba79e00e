"""In one minute, results at a glance, and what these cannot tell, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "minute.title": "1分でわかる結果",
    "minute.what": (
        "学習したネットワーク: {networks}。訓練データ: {data}の訓練画像のうち最初の{images} (クラスは "
        "{classes})。評価: 学習に一切使っていないテスト画像{tests}枚。"
    ),
    "minute.result_one": (
        "{network} (学習率 {lr}) の誤りは、最初のテスト画像{head}枚で{wrong}枚、全{tests}枚で{wrong_all}枚で"
        "ある (シード1個)。"
    ),
    "minute.result": (
        "{network} (学習率 {lr}) の誤りは、最初のテスト画像{head}枚で平均{wrong}枚 ({span}枚)、全{tests}枚で"
        "平均{wrong_all}枚 ({span_all}枚) である。{seeds}個のシードの平均で、括弧の中は最も良いシードから最も"
        "悪いシードまでの値である。"
    ),
    "minute.more_data_helped": (
        "{network}: データを{factor}倍 ({images}枚) にすると、テスト画像{tests}枚での誤りは{before}枚から"
        "{after}枚に減った。誤り10枚のうち約{tenths}枚がなくなったことになる。"
    ),
    "minute.more_data_alike": (
        "{network}: データを{factor}倍 ({images}枚) にしても、はっきりした改善はなかった。テスト画像{tests}枚"
        "での誤りは{after}枚で、増やす前は{before}枚だった。"
    ),
    "minute.memorising": (
        "{network}、訓練画像{images}枚: エポック{epoch}より後、訓練画像では良くなり続けるが (損失 {train} → "
        "{train_last})、テスト画像ではほとんど良くならない (損失 {test} → {test_last})。訓練画像を丸暗記して"
        "いるのである (過学習)。"
    ),
    "minute.memorising_worse": (
        "{network}、訓練画像{images}枚: エポック{epoch}より後も訓練画像では良くなり続けるが (損失 {train} → "
        "{train_last})、テスト画像では悪くなる (損失 {test} → {test_last})。訓練画像を丸暗記しているのである "
        "(過学習)。"
    ),
    "minute.gap": (
        "{network}: 訓練とテストの正解率の差は、エポック{early}の{before}ポイントからエポック{epochs}の"
        "{after}ポイントに広がった。訓練画像にしか通用しないことを、ますます多く学んでいる。"
    ),
    "minute.rates_one_seed": (
        "{n}通りの学習率を、それぞれ1個のシードで試した。どのような値が出うるかはわかるが、どれが最も良いかはわ"
        "からない。"
    ),
    "minute.rates_differ": (
        "{seeds}個のシードで見るかぎり偶然とは言いにくい差がある。学習率 {base} のときと比べて、正解率が"
        "{told}である。"
    ),
    "minute.rates_better": "高い学習率は{rates}",
    "minute.rates_worse": "低い学習率は{rates}",
    "minute.rates_both": "{better}で、{worse}",
    "minute.rates_alike": "{seeds}個のシードでは、{base} より良い、または悪いと言える学習率はない。",
    "minute.report_agrees": (
        "レポートにある{network}の正解率{reported}は、画像{n_images}枚で評価した1回の学習の結果である。同じ種"
        "類の別の画像で評価していれば、同じネットワークでも{span}のどの値にもなりえた (シードによる差も加えれ"
        "ば、範囲はさらに広い)。今回の{ours}はこの範囲に入る。"
    ),
    "minute.report_differs": (
        "レポートにある{network}の正解率{reported}は、画像{n_images}枚で評価した1回の学習の結果である。同じ種"
        "類の別の画像で評価していれば、同じネットワークでも{span}のどの値にもなりえた (シードによる差も加えれ"
        "ば、範囲はさらに広い)。今回の{ours}はこの範囲に入らない。"
    ),
    "minute.silent": (
        "{network}、訓練画像{train}枚: {layer}のフィルタ{all}個のうち{n}個は、最初のテスト画像{images}枚のど"
        "れにも反応しない。"
    ),
    "minute.twins": (
        "{network}、訓練画像{train}枚: {layer}のフィルタ{all}個のうち{n}個は、ほかのフィルタと同じものを探す"
        "双子である。"
    ),
    "minute.none_odd": (
        "{network}、訓練画像{train}枚: どのフィルタも最初のテスト画像{images}枚のどれかに反応し、同じものを探"
        "すフィルタはない。"
    ),
    "minute.confused": (
        "{network}、訓練画像{images}枚: 最も多い誤りは、正解が{right}なのに{given}と答えたもので、{n}回あっ"
        "た。"
    ),
    "minute.confused.one": (
        "{network}、訓練画像{images}枚: 2回起きた誤りはない。一例は、正解が{right}なのに{given}と答えたもので"
        "ある。"
    ),
    "results.title": "結果の一覧",
    "results.caption": "テスト正解率: 今回の結果とレポートの値",
    "results.caption_ours": "テスト正解率",
    "results.network": "ネットワーク",
    "results.images": "訓練画像",
    "results.epochs": "エポック",
    "results.lr": "学習率",
    "results.head": "今回、最初のテスト画像{n}枚",
    "results.all": "今回、テスト画像全{n}枚",
    "results.head_alone": "最初のテスト画像{n}枚",
    "results.all_alone": "テスト画像全{n}枚",
    "results.seeds": "シード数",
    "results.reported": "レポート",
    "results.seeds_in": "{all}個中{n}個",
    "results.not_in": "未完了",
    "results.single": "どの数値も、1個のシードによる1回の学習の結果である。シードが変われば数値も変わる。",
    "results.several": "シードが複数あるものは平均を示し、その下に最小値と最大値を示す。",
    "results.reported_note": (
        "レポートの値は、最初のテスト画像{head}枚で評価した1回の学習の結果である。値の記載がないものは—とし"
        "た。"
    ),
    "limits.title": "この結果からはわからないこと",
    "limits.quick": "簡易版なので、結論を出すには画像もエポックも少なすぎる。",
    "limits.one_seed": "シードが変わるとどれだけ変わるか: シードが1個だけの実験からはわからない。",
    "limits.seeds": "小さな差: {n}個のシードで偶然の大きさはわかるが、それより小さい差はほとんどわからない。",
    "limits.test_images": (
        "同じ種類のほかの画像ではどうか: {network}の最初の学習は画像{head}枚で{accuracy}だが、{span}でありう"
        "る (ウィルソンの95 %信頼区間)。全{tests}枚で評価しても{span_all}の幅が残る。"
    ),
    "limits.choice": (
        "レポートで選んだ学習率が本当はどれだけ良いか: {rates}通りの学習率をテスト画像そのもので比べて選んで"
        "おり、いくつかの値のうち最も高いものは実際より少し高めに出る。ここでは、検証用に分けておいた訓練画像"
        "で選ぶ。"
    ),
    "limits.more_updates": (
        "データが多いからか、長く学習したからか: 全データセットでは、更新回数も多い ({updates})。"
    ),
    "limits.updates": "{network}は{small}回ではなく{full}回",
    "limits.protocol": (
        "レポートの数値がそのまま再現されるか: レポートが使った本のコードはミニバッチを重複ありで無作為に選ぶ"
        "が、ここではエポックごとに全体を一度ずつ混ぜて使う。似た値にはなるが、同じ値にはならない。"
    ),
    "limits.data": "ほかのデータではどうか: ここで使った画像はすべて{data}のものである。",
    "limits.filters": (
        "なぜそう判断したか: フィルタの図は何があるかを示すだけで、判断の理由を説明するものではない。"
    ),
}
