"""What the explorer says, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # the top
    "top.title": "{network}の中をのぞく",
    "top.facts": "{data}の画像{images}枚で学習、テスト画像{tests}枚で正解率{accuracy}",
    "top.which": "ネットワーク",
    "top.before": "学習前",
    "top.after": "学習後",
    "top.hide": "答えを隠す",
    "top.big": "大きな文字",
    "top.link": "リンクをコピー",
    "top.copied": "コピーしました。リンクには絵と開いている部分が入っています。",
    "top.not_copied": "アドレスバーの文字列をコピーしてください。絵と開いている部分が入っています。",
    "top.noscript": (
        "このページではネットワークが実際に動くため、JavaScriptが必要です。外部からは何も読み込みません。"
    ),
    # the frame in the report's page
    "page.title": "自分で試す",
    "page.intro": (
        "画像{images}枚で学習した{network}が、ここで実際に動きます。数字をかいて各層での変化を見たり、"
        "マスを押して値の求め方を追ったり、フィルターをオフにしたりできます。"
    ),
    "page.open": "{network}を開く",
    "page.instead": (
        "ここには、描画パッドとネットワークの特徴マップと答えがあります。画面上でJavaScriptを有効にすると"
        "表示されます。"
    ),
    "page.chosen": (
        "このページのネットワークのうち、学習画像が最も多く、ファイルに収まるものです。複数あるときは最も"
        "小さいものを選んでいます。"
    ),
    "page.alone": "どの実行も単独のページにできます。かいた絵はリンクで共有できます。",
    # drawing
    "draw.title": "かく",
    "draw.pad": "描画パッド。キーボードでは、矢印キーでペンを動かし、スペースキーでペンを下ろす・上げる。",
    "draw.hint": "ここに数字をかいてください",
    "draw.pen": "ペン",
    "draw.cover": "目隠し",
    "draw.undo": "元に戻す",
    "draw.clear": "消す",
    "draw.samples": "テスト用の数字",
    "draw.sample": "テスト画像を使う: {name}",
    "draw.received": "ネットワークが受け取る画像",
    "draw.centred": "MNISTと同じく大きさと位置をそろえる",
    "draw.idle": "テスト画像はそのまま使います。",
    # maps
    "maps.title": "ネットワークの中",
    "maps.layers": "層",
    "maps.of": "{layer}: すべて同じ色の目盛り",
    "maps.label": "{name}、最大の反応{most}",
    "maps.label_off": "{name}、オフ",
    "maps.scale": "すべて同じ色の目盛り",
    "maps.all": "{n}個すべて表示",
    "maps.fewer": "反応の強い{n}個だけ表示",
    "maps.stranger": (
        "このページは、この層またはその前の層の一つを計算できません。それより前の部分は動きます。"
    ),
    # names
    "name.filter": "フィルター{n}",
    "name.unit": "ニューロン{n}",
    "name.channel": "チャンネル{n}",
    "name.class": "{name}のスコア",
    # one unit
    "detail.title": "数値を一つずつ",
    "detail.place": "{layer} · {name} · {row}行{col}列",
    "detail.off": "オフにする",
    "detail.on": "オンに戻す",
    "detail.close": "閉じる",
    "detail.map": "特徴マップ全体。マスを押すか、矢印キーを使ってください。",
    "detail.pixels": "画像",
    "detail.weights": "重み",
    "detail.products": "積",
    "detail.subtotals": "{n}個のチャンネルがそれぞれ足す値",
    "detail.inputs": "{n}個の入力がそれぞれ足す値",
    "detail.rest": "残り{n}個の合計: {sum}",
    "detail.sum": "合計 + バイアス",
    "detail.bias": "バイアス",
    "detail.relu": "{layer}: 負なら0",
    "detail.sigmoid": "{layer}: 0から1の間へ",
    "detail.pooling": "{layer}: 最大値",
    "detail.window": "最大値を選ぶ窓",
    "detail.passed": "次へ進みます",
    "detail.lost": "隣の値のほうが大きい",
    "detail.is_off": "オフです。合計がいくつでも、0が次へ進みます。",
    "detail.field": "{field}ピクセルを見る: オレンジの枠",
    # the answer
    "answer.title": "答え",
    "say.answer": "答えは{name} ({p})。",
    "say.strongest": "最も強く反応: {name}。",
    "say.tap": "どのマスでも押してみてください。",
    "say.empty": "数字をかくか、テスト用の数字を選んでください。",
    "say.hidden": "ネットワークの答えは何でしょう。Rキーで表示します。",
    "say.stranger": "答えなし: このページは{layer}層を計算できません。その前の層は動きます。",
    "truth.right": "テスト画像{n}番は{name}: 当たり。",
    "truth.wrong": "テスト画像{n}番は{name}: はずれ。",
    "truth.hidden": "テスト画像{n}番。",
    "accuracy.all": "テスト用の数字{n}個のうち{right}個に正解",
    "accuracy.off": "テスト用の数字{n}個のうち{right}個に正解 (すべてオンなら{before}個)",
    "accuracy.list": "オフにしたもの: {names}",
    "accuracy.allon": "すべてオンにする",
    "mistakes.title": "まちがえた数字",
    "mistakes.n": "{n}個、自信のあった順",
    "mistakes.previous": "前のまちがい",
    "mistakes.next": "次のまちがい",
}
