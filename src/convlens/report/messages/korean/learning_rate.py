"""Learning rates, verdicts, predictions, and any runs side by side, in Korean."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "rate.title": "학습률",
    "rate.caption": "학습률에 따른 시험 정확도. 점 하나가 한 번의 학습이다.",
    "rate.curves": "학습률별 학습 곡선. 축은 모두 같다.",
    "rate.table": "학습률에 따른 이번 결과",
    "rate.held_out": "따로 남겨 둔 이미지 {n}장에서의 정확도",
    "rate.difference": "학습률 {lr}일 때와의 차이 (%p)",
    "rate.mean_and_interval": "{mean} ({span})",
    "rate.best": (
        "학습률은 이를 위해 따로 남겨 둔 이미지로 골라야 한다. 남겨 둔 훈련 이미지 {n_held_out}장에서는 "
        "학습률 {lr}일 때의 정확도가 {validation}로 가장 높고, 이때 시험 이미지 전체 {n_test}장의 정확도는 "
        "{test}이다."
    ),
    "rate.one_seed_allows": (
        "시드가 하나씩이므로 두 학습률의 차이는 처음 가중치와 이미지 순서의 우연일 수 있다. 어떤 결과가 나올 "
        "수 있는지는 알 수 있지만 학습률의 순위를 매길 수는 없다."
    ),
    "rate.seeds_allow": (
        "시드가 {n}개씩이므로 점들이 퍼진 정도에서 우연의 크기를 알 수 있다. 그보다 훨씬 큰 차이는 알아볼 수 "
        "있지만, 더 작은 차이를 가리려면 시드가 더 많아야 한다."
    ),
    "rate.rule": (
        "판정은 따로 남겨 둔 이미지의 정확도를 같은 시드끼리 뺀 차이로 한다. 차이의 평균과, 괄호 안에 "
        "스튜던트 t의 95 % 신뢰구간을 적었다. 구간이 0의 한쪽에만 있으면 “더 높음” 또는 “더 낮음”, ±{same}%p "
        "안에 모두 들어가면 “사실상 같음”, 그 밖에는 “판단 보류(학습 횟수 부족)”이다. 비교 횟수에 따른 "
        "보정은 하지 않았다."
    ),
    "rate.heading": "lr={lr}",
    "verdict.one_seed": "시드 1개: 판정하지 않음",
    "verdict.better": "더 높음",
    "verdict.worse": "더 낮음",
    "verdict.same": "사실상 같음",
    "verdict.unknown": "판단 보류(학습 횟수 부족)",
    "claim.intro": (
        "보고서는 시험 이미지 {n}장으로 한 번씩 평가한 결과를 비교했다. 학습률 {lr}일 때의 {reported}는 어떤 "
        "이미지로 평가했는지만으로도 {span} 사이에서 달라질 수 있다(윌슨의 95 % 신뢰구간). 이 안의 값은 "
        "성능이 같은 신경망에서도 나올 수 있다."
    ),
    "claim.caption": "보고서의 각 값을 학습률 {lr}일 때의 {reported}와 비교",
    "claim.images": "{n}장 중 더 맞힌 이미지",
    "claim.interval": "차이 (%p, 95 % 신뢰구간)",
    "claim.verdict": "판정",
    "claim.within": "우연의 범위 안",
    "claim.beyond": "우연 이상의 차이",
    "claim.note": (
        "구간은 서로 다른 두 이미지 표본에 대한 뉴컴의 구간이다. 두 결과는 같은 이미지로 평가한 것이므로 "
        "이미지 하나하나의 답을 견주면 더 정밀하게 비교할 수 있지만, 보고서에는 그 답이 없다. 시드에 따른 "
        "우연은 여기에 더해진다."
    ),
    "predict.intro": (
        "보고서의 값은 이미지 {n}장으로 평가한 한 번의 학습 결과이다. 그래서 같은 설정으로 한 번 더 학습해 "
        "이미지 {n}장으로 평가한다면 100번 중 95번은 어떤 범위의 값이 나올지를, 시드의 우연과 이미지의 "
        "우연을 함께 고려해 계산했다."
    ),
    "predict.one_seed": (
        "시드가 하나뿐이면 시드의 우연은 이 구간에 들어 있지 않다. 이미지 수만으로 계산한 것이므로 실제보다 "
        "좁다."
    ),
    "predict.caption": "보고서의 값과, 이미지 {n}장으로 평가한 한 번의 학습에서 나올 수 있는 범위",
    "predict.interval": "이번 설정으로 한 번 학습할 때 (95 %)",
    "predict.verdict": "보고서의 값",
    "predict.inside": "예상 범위 안",
    "predict.outside": "예상 범위 밖",
    "predict.rule": (
        "예측 구간: 평균 ± t √(s²(1 + 1/k) + p(1 - p)/n). s²은 시험 이미지 전체에 대한 시드 k개의 분산이고, "
        "자유도는 웰치와 새터스웨이트를 따른다. 시드가 하나이면 윌슨의 구간이다."
    ),
    "compare.title": "나란히 비교",
    "compare.caption": "시험 이미지 전체에 대한 정확도. 점 하나가 한 번의 학습이다.",
    "compare.table": "따로 남겨 둔 이미지 {n}장에서 같은 시드끼리 비교",
    "compare.experiment": "실험",
    "compare.difference": "“{first}” 대비 차이 (%p)",
    "compare.curves": "학습 곡선. 축은 모두 같다.",
    "compare.filters": "{network}: 학습된 필터({parameter})를 같은 색 척도로 나란히 놓았다.",
}
