"""What the page says, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # the page
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
    # numbers
    "format.span": "{low}〜{high}",
    "format.comma": "、",
    "format.listing": "{most}、{last}",
    "format.seconds": "{seconds}秒",
    "format.minutes": "{minutes}分{seconds}秒",
    "format.hours": "{hours}時間{minutes}分",
    # what a reader must know before anything else
    "status.quick": (
        "これは試し見である。レポートより少ない訓練画像とエポックで学習したので、レポートの数値と比べては"
        "いけない。"
    ),
    "status.hardly_begun": (
        "{network}: 更新が{updates}回だけで、テスト画像の正解率は{accuracy}にとどまる。学び始めたばかりで"
        "あり、このネットワークが劣っているわけではない。"
    ),
    "status.whole": "本来の実験を行うコマンド:",
    "status.missing": "{all}回の学習のうち{n}回が終わった。残りが終わりしだい、このページは書き直される。",
    # in one minute
    "minute.title": "1分でわかる結果",
    "minute.what": (
        "学習: {networks}、{data}の訓練画像のうち最初の{images}枚 (クラスは {classes})。評価: 学習に一切"
        "使っていないテスト画像{tests}枚。"
    ),
    "minute.result_one": (
        "{network} (学習率 {lr}) の誤りは、最初のテスト画像{head}枚で{wrong}枚、全{tests}枚で"
        "{wrong_all}枚である (シード1個)。"
    ),
    "minute.result": (
        "{network} (学習率 {lr}) の誤りは、最初のテスト画像{head}枚で平均{wrong}枚 ({span}枚)、全"
        "{tests}枚で平均{wrong_all}枚 ({span_all}枚) である。シード{seeds}個の平均で、括弧の中は最も良い"
        "シードから最も悪いシードまでの値である。"
    ),
    "minute.more_data_helped": (
        "{network}: データを{factor}倍 ({images}枚) にすると、テスト画像{tests}枚での誤りは{before}枚から"
        "{after}枚に減った。誤り10枚のうち約{tenths}枚がなくなったことになる。"
    ),
    "minute.more_data_alike": (
        "{network}: データを{factor}倍 ({images}枚) にしても、はっきりした改善はなかった。テスト画像"
        "{tests}枚での誤りは{after}枚で、増やす前は{before}枚だった。"
    ),
    "minute.memorising": (
        "{network}、訓練画像{images}枚: エポック{epoch}より後、訓練画像では良くなり続けるが (損失 "
        "{train} → {train_last})、テスト画像ではそれ以上良くならない (損失 {test} → {test_last})。訓練画"
        "像を丸暗記しているのである (過学習)。"
    ),
    "minute.memorising_worse": (
        "{network}、訓練画像{images}枚: エポック{epoch}より後も訓練画像では良くなり続けるが (損失 "
        "{train} → {train_last})、テスト画像では悪くなる (損失 {test} → {test_last})。訓練画像を丸暗記し"
        "ているのである (過学習)。"
    ),
    "minute.gap": (
        "{network}: 訓練とテストの正解率の差は、エポック{early}の{before}ポイントからエポック{epochs}の"
        "{after}ポイントに広がった。訓練画像にしか通用しないことを、ますます多く学んでいる。"
    ),
    "minute.rates_one_seed": (
        "{n}通りの学習率を、それぞれシード1個で試した。どのような値が出うるかはわかるが、どれが最も良いか"
        "はわからない。"
    ),
    "minute.rates_differ": (
        "シード{seeds}個で見るかぎり偶然とは言いにくい差がある。学習率 {base} より{told}である。"
    ),
    "minute.rates_better": "正解率が高いのは {rates}",
    "minute.rates_worse": "正解率が低いのは {rates}",
    "minute.rates_alike": "シード{seeds}個では、{base} より良い、または悪いと言える学習率はない。",
    "minute.report_agrees": (
        "レポートにある{network}の{reported}は、1回の学習の結果である。評価した画像{n_images}枚の選ばれ方"
        "だけを考えても{span}のどの値でもありうる (シードの偶然はこれに加わる)。今回の{ours}はこの範囲に"
        "入る。"
    ),
    "minute.report_differs": (
        "レポートにある{network}の{reported}は、1回の学習の結果である。評価した画像{n_images}枚の選ばれ方"
        "だけを考えても{span}のどの値でもありうる (シードの偶然はこれに加わる)。今回の{ours}はこの範囲に"
        "入らない。"
    ),
    "minute.silent": (
        "{network}、訓練画像{train}枚: {layer}のフィルタ{all}個のうち{n}個は、最初のテスト画像{images}枚"
        "のどれにも反応しない。"
    ),
    "minute.twins": (
        "{network}、訓練画像{train}枚: {layer}のフィルタ{all}個のうち{n}個は、互いに同じものを探す双子で"
        "ある。"
    ),
    "minute.none_odd": (
        "{network}、訓練画像{train}枚: どのフィルタも最初のテスト画像{images}枚のどれかに反応し、同じもの"
        "を探すフィルタはない。"
    ),
    "minute.confused": (
        "{network}、訓練画像{images}枚: 最も多い誤りは、正解が{right}なのに{given}と答えるもので、{n}回ある。"
    ),
    "network.run": "学習率 {lr}、訓練画像{images}枚、シード{seed}",
    "network.setting": (
        "{network}: 訓練画像{images}枚、{epochs}エポック、ミニバッチ{batch}枚、{optimizer}、学習率 {lr}"
    ),
    # results at a glance
    "results.title": "結果の一覧",
    "results.caption": "テスト正解率: 今回の結果とレポートの値",
    "results.caption_ours": "テスト正解率",
    "results.network": "ネットワーク",
    "results.images": "訓練画像",
    "results.epochs": "エポック",
    "results.lr": "学習率",
    "results.head": "今回、最初のテスト画像{n}枚",
    "results.all": "今回、テスト画像全{n}枚",
    "results.seeds": "シード数",
    "results.reported": "レポート",
    "results.seeds_in": "{all}個中{n}個",
    "results.not_in": "未完了",
    "results.single": "どの数値も、シード1個による1回の学習の結果である。シードが変われば数値も変わる。",
    "results.several": "シードが複数あるものは平均を示し、その下に最小値と最大値を示す。",
    "results.reported_note": (
        "レポートの値は、最初のテスト画像{head}枚で評価した1回の学習の結果である。値の記載がないものは—と"
        "した。"
    ),
    "commands.title": "実験ごとのコマンド",
    "commands.each": "シード0で行う。ほかのシードでは、番号とフォルダ名を変える。",
    # a network
    "network.title": "ネットワークの構造",
    "network.architecture": "{network}の構造。ネットワークの定義から描いた。",
    "network.small_set": "小さいデータセット: フィルタ",
    "network.full_set": "全データセット: フィルタ",
    "network.filters": "フィルタ",
    "network.not_in": "このネットワークの学習はまだ終わっていない。",
    "layers.caption": (
        "{network}の層。入力は{input}である。積和は画像1枚の順伝播での回数、受容野は出力一つが見るピクセ"
        "ルの範囲である。"
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
        "各エポックの後に、訓練画像とテスト画像で測った正解率と損失。小さいデータセットと全データセットを"
        "同じ軸で並べた。"
    ),
    "curves.gap.widens": (
        "訓練画像{images}枚: 訓練とテストの正解率の差は、エポック{early}で{before}ポイント、エポック"
        "{epochs}で{after}ポイントである (それぞれ画像{judged}枚で評価)。二つの曲線は離れていく。訓練画像"
        "にしか通用しないことを、ますます多く学んでいるということである。"
    ),
    "curves.gap.stays": (
        "訓練画像{images}枚: 訓練とテストの正解率の差は、エポック{early}で{before}ポイント、エポック"
        "{epochs}で{after}ポイントである (それぞれ画像{judged}枚で評価)。下の基準では、曲線が離れていくと"
        "は言えない。"
    ),
    "curves.memorising": (
        "訓練画像{images}枚: エポック{epoch}より後、訓練の損失は{train}から{train_last}まで下がるが、テス"
        "トの損失はほとんど変わらない ({test}から{test_last}、3エポックの平均)。エポック{epoch}より後で過"
        "学習が起きている。"
    ),
    "curves.memorising_worse": (
        "訓練画像{images}枚: エポック{epoch}より後、訓練の損失は{train}から{train_last}まで下がるが、テス"
        "トの損失は{test}から{test_last}まで大きくなる (3エポックの平均)。エポック{epoch}より後で過学習が"
        "起きている。"
    ),
    "curves.not_memorising": "訓練画像{images}枚: 下の基準では、エポック{epochs}まで過学習は始まらない。",
    "curves.rule": (
        "基準 (シード平均に適用)。損失を隣り合う3エポックで平均したとき、そこから先はテストの損失が多くて"
        "も{better} %しか下がらず、訓練の損失は{falls} %を超えて下がるような最初のエポックより後を過学習"
        "とする。その後に少なくとも3エポックが必要である。最後のテストの損失が最小値より{rises} %を超えて"
        "大きければ、悪くなるとする。正解率の差が、全エポックの4分の1の時点より{widens}ポイントを超えて広"
        "がれば、曲線が離れていくとする。"
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
        "ランダムに初期化した重み、学習後の重み、その変化: {parameter}、同じ色の目盛り ({run})。"
    ),
    "filters.forming": (
        "フィルタができるまで: {parameter}で最も変化したフィルタをエポックの順に並べた ({run})。"
    ),
    "filters.rule": (
        "基準: 変化の絶対値をすべて足した値の大きい順に並べた。死んだフィルタ (†) は、最初のテスト画像"
        "{n}枚のどの位置でもReLU適用後の値が0のもの。双子 (a, b, …) は、強さに関わらず、重みどうしのコサ"
        "インが{cosine}以上のもの。"
    ),
    "applied.classes": (
        "フィルタを適用した画像: 各クラスの最初のテスト画像と、{parameter}で最も変化したフィルタ ({run})。"
    ),
    "applied.own": "フィルタを適用した画像: {name}、フィルタ {parameter} ({run})。",
    "applied.digit": "フィルタを適用した画像: 最初のテスト画像、フィルタ {parameter} ({run})。",
    "applied.photograph": "フィルタを適用した画像: 写真、フィルタ {parameter} ({run})。",
    # learning rate
    "rate.title": "学習率",
    "rate.caption": "学習率ごとのテスト正解率。点一つが1回の学習である。",
    "rate.curves": "学習率ごとの学習曲線。軸はすべて同じである。",
    "rate.table": "学習率ごとの今回の結果",
    "rate.held_out": "取り置いた画像{n}枚での正解率",
    "rate.difference": "{lr} との差 (ポイント)",
    "rate.mean_and_interval": "{mean} ({span})",
    "rate.best": (
        "学習率は、そのために取り置いた画像で選ぶべきである。取り置いた訓練画像{n_held_out}枚では、{lr} "
        "の正解率{validation}が最も高い。このときテスト画像全{n_test}枚での正解率は{test}である。"
    ),
    "rate.one_seed_allows": (
        "シードが1個ずつなので、二つの学習率の差は、最初の重みと画像の順序の偶然かもしれない。どのような"
        "値が出うるかはわかるが、学習率に順位をつけることはできない。"
    ),
    "rate.seeds_allow": (
        "シードが{n}個ずつあるので、点の散らばりから偶然の大きさがわかる。それよりずっと大きい差なら見分"
        "けられるが、小さい差を見分けるには、もっと多くのシードが要る。"
    ),
    "rate.rule": (
        "判定は、取り置いた画像での正解率を同じシードどうしで引いた差による。差の平均と、括弧の中にスチュ"
        "ーデントのtによる95 %信頼区間を示す。区間が0の片側だけにあれば「高い」または「低い」、±{same}ポ"
        "イントに収まれば「実用上同じ」、それ以外は「回数が足りず言えない」とする。比較の回数による補正は"
        "していない。"
    ),
    "rate.heading": "lr={lr}",
    "verdict.one_seed": "シード1個: 判定なし",
    "verdict.better": "高い",
    "verdict.worse": "低い",
    "verdict.same": "実用上同じ",
    "verdict.unknown": "回数が足りず言えない",
    "claim.intro": (
        "レポートは、テスト画像{n}枚で1回ずつ評価した結果を比べている。学習率 {lr} での{reported}は、どの"
        "画像で評価したかだけでも{span}の幅をもつ (ウィルソンの95 %信頼区間)。この中の値は、同じくらい良"
        "いネットワークからも出うる。"
    ),
    "claim.caption": "レポートの各値と、学習率 {lr} での{reported}との比較",
    "claim.images": "{n}枚中、多く正解した枚数",
    "claim.interval": "差 (ポイント、95 %信頼区間)",
    "claim.verdict": "判定",
    "claim.within": "偶然の範囲内",
    "claim.beyond": "偶然を超える差",
    "claim.note": (
        "区間は、二つの別々の画像標本に対するニューカムの区間である。どちらも同じ画像で評価しているので、"
        "画像一枚ごとの答えを比べればもっと鋭く比較できるが、レポートにはその答えがない。シードの偶然はこ"
        "れに加わる。"
    ),
    "predict.intro": (
        "レポートの値は、画像{n}枚で評価した1回の学習の結果である。そこで、同じ設定でもう1回学習して画像"
        "{n}枚で評価したら、100回のうち95回はどの範囲の値になるかを、シードの偶然と画像の偶然を合わせて計"
        "算した。"
    ),
    "predict.one_seed": (
        "シードが1個だけの場合、シードの偶然はこの区間に含まれない。画像の枚数だけによるもので、実際より"
        "狭い。"
    ),
    "predict.caption": "レポートの値と、画像{n}枚で評価した1回の学習が取りうる範囲",
    "predict.interval": "今回の設定で1回学習した場合 (95 %)",
    "predict.verdict": "レポートの値",
    "predict.inside": "1回の学習で出うる値",
    "predict.outside": "1回の学習では出にくい値",
    "predict.rule": (
        "予測区間: 平均 ± t √(s²(1 + 1/k) + p(1 - p)/n)。s²は全テスト画像でのシードk個の分散、自由度はウ"
        "ェルチとサタスウェイトによる。シードが1個ならウィルソンの区間である。"
    ),
    # any runs side by side
    "compare.title": "並べて比べる",
    "compare.caption": "全テスト画像での正解率。点一つが1回の学習である。",
    "compare.table": "取り置いた画像{n}枚で、同じシードどうしを比較",
    "compare.experiment": "実験",
    "compare.difference": "「{first}」との差 (ポイント)",
    "compare.curves": "学習曲線。軸はすべて同じである。",
    "compare.filters": "{network}: 学習済みフィルタ ({parameter}) を同じ色の目盛りで並べた。",
    # what excites a filter
    "excitement.title": "フィルタは何に反応するか",
    "excitement.intro": (
        "フィルタごとに、テスト画像の中で最も強く反応する場所を九つ選んだ。1枚の画像からは1か所だけであ"
        "る。この九つに共通するものが、そのフィルタの探しているものである。"
    ),
    "excitement.caption": "{network}: {parameter}の各フィルタが最も強く反応する断片九つ ({run})。",
    # mistakes
    "mistakes.title": "間違えた画像",
    "mistakes.intro": (
        "ネットワークごとに、訓練画像が最も多い実験の最初のシードを、テスト画像すべてで評価した。"
    ),
    "mistakes.network": "{network}、訓練画像{images}枚",
    "mistakes.counted": "シード{seed}: テスト画像{tests}枚中{wrong}枚を間違えた。",
    "matrix.caption": "混同行列: 色が濃いほど多い誤り",
    "matrix.corner": "正解 ↓ ネットワークの答え →",
    "class.caption": "クラスごとの正解率。帯は{floor}から始まる",
    "class.name": "クラス",
    "class.images": "テスト画像",
    "class.wrong": "誤り",
    "class.accuracy": "正解率",
    "class.interval": "95 %信頼区間 (ウィルソン)",
    "gallery.caption": "ネットワークが最も自信をもって間違えた{n}枚",
    "gallery.text": "正解 {right}、答え {given}",
    "gallery.note": "確信度 {sure}、テスト画像{index}番",
    "gallery.alt": "テスト画像{index}番。正解は{right}。",
    # limits
    "limits.title": "この結果からはわからないこと",
    "limits.quick": "試し見なので、結論を出すには画像もエポックも少なすぎる。",
    "limits.one_seed": "シードが変わるとどれだけ変わるか: シードが1個だけの実験からはわからない。",
    "limits.seeds": "小さな差: シード{n}個で偶然の大きさはわかるが、それより小さい差はほとんどわからない。",
    "limits.test_images": (
        "同じ種類のほかの画像ではどうか: {network}の最初の学習は画像{head}枚で{accuracy}だが、{span}であ"
        "りうる (ウィルソンの95 %信頼区間)。全{tests}枚で評価しても{span_all}の幅が残る。"
    ),
    "limits.choice": (
        "レポートで選んだ学習率が本当はどれだけ良いか: {rates}通りの学習率をテスト画像そのもので比べて選"
        "んでおり、いくつかの値のうち最も高いものは実際より少し高めに出る。ここでは、取り置いた訓練画像で"
        "選ぶ。"
    ),
    "limits.more_updates": (
        "データが多いからか、長く学習したからか: 全データセットでは、{network}の更新回数も多い ({small}回"
        "ではなく{full}回)。"
    ),
    "limits.protocol": (
        "レポートの数値がそのまま再現されるか: レポートが使った本のコードはミニバッチを重複ありで無作為に"
        "選ぶが、ここではエポックごとに全体を一度ずつ混ぜて使う。似た値にはなるが、同じ値にはならない。"
    ),
    "limits.data": "ほかのデータではどうか: ここで使った画像はすべて{data}のものである。",
    "limits.filters": (
        "なぜそう判断したか: フィルタの図は何があるかを示すだけで、判断の理由を説明するものではない。"
    ),
    # how this was made
    "making.title": "作り方",
    "making.again": "このページをもう一度作るコマンド:",
    "making.runs": "学習{n}回。学習と評価に合わせて{total}かかった",
    "making.run": "学習",
    "making.seed": "シード",
    "making.id": "実行ID",
    "making.time": "時間",
    "making.step": "更新1回のミリ秒",
    "making.run_id": (
        "実行IDは、シードを含めて結果を決めるすべての設定から計算される。コマンドをもう一度実行して比べる"
        "とよい。IDが同じなら同じ実験である。"
    ),
    "making.verify": (
        "結果を確かめるには、そのコマンド (または上のコマンド) を別のコンピュータでもう一度実行して比べ"
        "る。実行IDは同じになるはずで、バージョンが同じなら、数値もプロセッサごとに丸めの異なる末尾の桁を"
        "除いて一致する。データは下のSHA-256で確かめられる。学習ごとのフォルダには、重み、すべてのテスト"
        "画像への答え、更新ごとの損失が入っており、convlensがなくても読める。"
    ),
    "making.machine": "バージョンとコンピュータ",
    "making.system": "システム",
    "making.threads": "プロセッサ数",
    "making.seeds": "シード",
    "making.data": "データ",
    "making.digests": "{data}。各ファイルを展開した内容のSHA-256:",
}
