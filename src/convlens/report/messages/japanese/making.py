"""How this was made, in Japanese."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "making.title": "作り方",
    "making.again": "このページをもう一度作るコマンド:",
    "making.runs": "学習{n}回。学習と評価に合わせて{total}かかった",
    "making.run": "学習",
    "making.seed": "シード",
    "making.id": "実行ID",
    "making.time": "時間",
    "making.step": "更新1回のミリ秒",
    "making.run_id": (
        "実行IDは、シードを含めて結果を決めるすべての設定から計算される。コマンドをもう一度実行して比べるとよ"
        "い。IDが同じなら同じ実験である。"
    ),
    "making.verify": "このページを信用せずに、自分で確かめるには:",
    "making.verify_scores": (
        "保存された重みから読みやすい層でスコアを計算し直し、学習のフォルダにあるスコア、正解率、データのSHA-"
        "256と比べる。"
    ),
    "making.verify_training": (
        "学習ももう一度行う。プロセッサとバージョンが同じなら重みはビット単位で一致するはずで、異なれば丸めの"
        "分だけ違うことがある。"
    ),
    "making.machine": "バージョンとコンピュータ",
    "making.system": "システム",
    "making.threads": "BLASのスレッド数",
    "making.seeds": "シード",
    "making.data": "データ",
    "making.digests": "{data}。各ファイルを展開した内容のSHA-256:",
    "making.cpu": "プロセッサ",
    "making.folders": (
        "学習ごとのフォルダには、重み、すべてのテスト画像へのスコア、更新ごとの損失が入っており、convlensがな"
        "くても読める。"
    ),
    "commands.title": "実験ごとのコマンド",
    "commands.each": "シード0での例である。ほかのシードで行うには、番号とフォルダ名を変える。",
}
