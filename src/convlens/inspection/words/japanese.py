"""Every word in the pictures, in Japanese. Must not know fonts or pictures."""

# ruff: noqa: RUF001 -- a reader should see the signs for "times" and "minus"

from typing import Final

__all__ = ["WORDS"]

WORDS: Final[dict[str, str]] = {
    # learning curves
    "epoch": "エポック",
    "accuracy_axis": "正解率 (%)",
    "loss_axis": "損失 (交差エントロピー)",
    "training_images": "訓練画像",
    "test_images": "テスト画像",
    "first_training_images": "訓練 (最初の{n:,}枚)",
    "first_test_images": "テスト (最初の{n:,}枚)",
    "all_test_images": "テスト画像 全{n:,}枚",
    "head_test_images": "テスト画像 最初の{n:,}枚",
    "thin_and_thick": "細線: 各シード、太線: シード平均",
    "onset": "ここから訓練だけが良くなる: 過学習",
    "curves_alt_onset": "{group}: エポック{epoch}より後で過学習が起きる。",
    "last_epoch": "最終エポック、{seeds}:",
    "ends_at": "訓練 {train}、テスト {test}",
    "ends_over_all": "テスト全{n:,}枚: {test}",
    "seeds_1": "シード1個",
    "seeds_n": "{n}個のシードの平均",
    "epochs_1": "1エポック",
    "epochs_n": "{n}エポック",
    "filters_1": "フィルタ1個",
    "filters_n": "フィルタ{n}個",
    "curves_alt": "学習曲線。エポックごとの正解率を{low}から100 %までの軸に示す。",
    "curves_alt_panel": (
        "{group}: {epochs}、{seeds}。最終エポックの正解率は訓練画像で{train}、テスト画像で{test}である。"
    ),
    # names of groups of runs
    "comma": "、",
    "group_train_size": "訓練画像{n:,}枚",
    "group_lr": "学習率 {lr:g}",
    "group_batch_size": "ミニバッチ {n}枚",
    "setting_schedule": "学習率スケジュール {name}",
    "setting_seed": "シード {n}",
    # filters
    "filters_title": "{network}: {layer} ({parameter}) の{size} {filters}",
    "before": "学習前",
    "after": "学習後",
    "change": "変化 (学習後 − 学習前)",
    "largest_weight": "最大 |w| = {value:.3g}",
    "largest_change": "最大 |Δw| = {value:.3g}",
    "weight_scale": "重み (三つとも共通のカラースケール)",
    "filter": "フィルタ",
    "input_channel": "入力チャネル",
    "of_channel": "入力チャネル {n}",
    "by_change": "変化の大きい順",
    "dead": "† 最初のテスト画像{n:,}枚に一度も反応しない: {numbers}",
    "twins": "{letter}: 双子のフィルタ (重みのコサインが0.95以上): {numbers}",
    "weight_scale_runs": "重み (すべての学習で共通のカラースケール)",
    "side_by_side_alt": "学習済みフィルタを、{limit:.3g}までの対称な共通のカラースケールで並べた: {runs}。",
    "forming_title": "{network}: {layer}層のフィルタができるまで (変化の大きい順)",
    "filter_and_channel": "{filter}、チャネル{channel}",
    "forming_alt": (
        "{network}({setting})の{layer}層で最も変化したフィルタ({filters})を、エポック{epochs}にわたって共通の"
        "カラースケールで示す。重みの絶対値の平均は{first:.3g}から{last:.3g}まで大きくなり、エポック{half}で"
        "その半分に達する。"
    ),
    "filters_alt": (
        "{network}({setting})の{layer}層のフィルタ({filters})を、学習前、学習後、変化の順に、−{limit:.3g}から"
        "{limit:.3g}までの対称な共通のカラースケールで示す。重みの絶対値の最大は学習前が{before:.3g}、学習後"
        "が{after:.3g}で、変化の最大は{change:.3g}である。"
    ),
    # filters applied to a picture, feature maps
    "classes_title": "{network}: 各クラスのテスト画像に{layer}層のフィルタを適用",
    "classes_raw": "フィルタごとの応答",
    "classes_active": "{activation}適用後、フィルタごと",
    "classes_alt": (
        "全クラスのテスト画像{n}枚と、{network}({setting})の{layer}層で最も変化したフィルタ({filters})の応答"
        "を、それぞれ同じ目盛りで示す。応答は{low:.3g}から{high:.3g}までである。"
    ),
    "excitement_title": "{network}: {layer}層のフィルタが最も強く反応する部分",
    "excitement_beside": "フィルタと、テスト画像{n:,}枚の中でそれが最も強く反応する{size}の断片9個",
    "excitement_deep": "各フィルタがテスト画像{n:,}枚の中で最も強く反応する{size}の断片9個",
    "excitement_alt": (
        "{network}({setting})の{layer}層のフィルタ({filters})ごとに、テスト画像{n:,}枚のうち別々の画像から、"
        "最も強く反応する{size}ピクセルの断片9個。フィルタごとの最大の応答は{low:.3g}から{high:.3g}までであ"
        "る。"
    ),
    "input_picture": "入力画像 ({h}×{w})",
    "learned_filters": "学習済みフィルタ ({parameter})",
    "learned_deep_filters": "学習済みフィルタ ({parameter})\n列がフィルタ、行が入力チャネル",
    "raw_response": "応答: w∗x + b、フィルタごとに一枚 ({h}×{w})",
    "after_activation": "{activation}適用後 ({h}×{w})",
    "weight": "重み",
    "response": "応答",
    "applied_title": "{network}: {layer}層のフィルタを適用した画像",
    "applied_alt": (
        "{h}×{w}ピクセルの画像と、{network}({setting})の{layer}層のフィルタ({filters})を適用した結果。応答は"
        "{low:.3g}から{high:.3g}までで、そのうち{share}が正である。"
    ),
    "maps_title": "{network}: {layer}層の特徴マップ ({count}@{h}×{w})",
    "maps_alt": (
        "{ph}×{pw}ピクセルの画像と、{network}({setting})の{layer}層が作る{h}×{w}の特徴マップ{count}枚。値は"
        "{low:.3g}から{high:.3g}までである。"
    ),
    # mistakes
    "answer": "ネットワークの答え",
    "right_answer": "正解",
    "confusion_title": "{network}: 混同行列 (テスト画像{n:,}枚)",
    "confused": "正解 {right}、答え {given} ({n:,}回)",
    "confusion_alt": "{network}({setting})の混同行列。テスト画像{n:,}枚のうち{wrong:,}枚を間違えた。",
    "confusion_alt_most": "最も多い誤り: {pairs}。",
    "class_accuracy_title": "{network}: クラスごとの正解率",
    "of_images": "{name} ({n:,}枚)",
    "of_class": "クラスごとの正解率",
    "interval_of_class": "95 %信頼区間 (ウィルソン)",
    "accuracy_of_all": "全体の正解率: {accuracy}",
    "class_accuracy_alt": (
        "{network}({setting})のクラスごとのテスト正解率を95 %信頼区間とともに示す。{classes}。"
    ),
    "mistakes_title": "{network}: テスト画像{n:,}枚での誤り{wrong:,}枚のうち、最も自信のあったもの",
    "mistake": "正解 {right}\n答え {given}",
    "sure": "確信度 {sure}\n画像{index}番",
    "mistakes_alt": (
        "{network}({setting})が最も自信をもって間違えたテスト画像。{n:,}枚のうち{wrong:,}枚を間違えた。"
        "自信のあったものから順に: {listed}。"
    ),
    # architecture
    "input": "入力",
    "convolution": "{h}×{w}\n畳み込み",
    "stride": "ストライド {s}",
    "pad": "パディング {p}",
    "max_pooling": "{h}×{w}\n最大プーリング",
    "full_connection": "全\n結合",
    "output": "出力",
    "parameters": "パラメータ {n}個",
    "multiply_adds": "画像1枚あたり積和 {n}回",
    "architecture_alt": "{network}の構造: {chain}。{cost}。",
    # learning rates
    "learning_rate": "学習率",
    "test_accuracy_axis": "テスト正解率 (%)",
    "one_run": "1回の学習",
    "mean": "シード平均",
    "reported": "レポートの値",
    "interval": "テスト画像の枚数だけによる、1回の学習の95 %区間 (ウィルソン)",
    "prediction": "画像{n:,}枚で評価した1回の学習が取りうる範囲 (95 %)",
    "comparison_alt": "全テスト画像での各学習の正解率。",
    "comparison_alt_group": "{group}、{seeds}: 正解率 {accuracy}。",
    "rates_alt": "学習率ごとのテスト正解率。テスト画像全{n_all:,}枚と最初の{n_head:,}枚での値である。",
    "rates_alt_group": "学習率 {lr:g}、{seeds}: {all}と{head}。",
    "rates_alt_reported": "レポートの値: {figures}。",
}
