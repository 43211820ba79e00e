"""In one minute, results at a glance, and what these cannot tell, in Korean."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "minute.title": "1분 요약",
    "minute.what": (
        "학습한 신경망: {networks}. 훈련 데이터: {data} 훈련 이미지 중 처음 {images} (클래스 {classes}). "
        "평가: 학습에 쓰지 않은 시험 이미지 {tests}장."
    ),
    "minute.result_one": (
        "{network} (학습률 {lr}): 시험 이미지 중 처음 {head}장에서 {wrong}장, 전체 {tests}장에서 "
        "{wrong_all}장을 틀렸다 (시드 1개)."
    ),
    "minute.result": (
        "{network} (학습률 {lr}): 시험 이미지 중 처음 {head}장에서 평균 {wrong}장({span}장), 전체 "
        "{tests}장에서 평균 {wrong_all}장({span_all}장)을 틀렸다. 시드 {seeds}개의 평균이며, 괄호 안은 가장 "
        "좋은 시드부터 가장 나쁜 시드까지의 값이다."
    ),
    "minute.more_data_helped": (
        "{network}: 데이터를 {factor}배({images}장)로 늘리자 시험 이미지 {tests}장 중 틀린 것이 "
        "{before}장에서 {after}장으로 줄었다. 오답 10개 중 약 {tenths}개가 사라진 셈이다."
    ),
    "minute.more_data_alike": (
        "{network}: 데이터를 {factor}배({images}장)로 늘렸지만 뚜렷한 개선은 없었다. 시험 이미지 {tests}장 "
        "중 틀린 것은 {after}장이고, 늘리기 전에는 {before}장이었다."
    ),
    "minute.memorising": (
        "{network}, 훈련 이미지 {images}장: 에포크 {epoch} 이후에 훈련 이미지에서는 계속 좋아지지만(손실 "
        "{train} → {train_last}) 시험 이미지에서는 거의 나아지지 않는다(손실 {test} → {test_last}). 훈련 "
        "이미지를 외우고 있는 것이다(오버피팅)."
    ),
    "minute.memorising_worse": (
        "{network}, 훈련 이미지 {images}장: 에포크 {epoch} 이후에도 훈련 이미지에서는 계속 좋아지지만(손실 "
        "{train} → {train_last}) 시험 이미지에서는 나빠진다(손실 {test} → {test_last}). 훈련 이미지를 외우고 "
        "있는 것이다(오버피팅)."
    ),
    "minute.gap": (
        "{network}: 훈련 정확도에서 시험 정확도를 뺀 값이 에포크 {early}의 {before}%p에서 에포크 {epochs}의 "
        "{after}%p로 커졌다. 훈련 이미지에만 통하는 것을 점점 더 배우고 있다."
    ),
    "minute.rates_one_seed": (
        "학습률 {n}가지를 시드 하나씩으로 학습해 보았다. 어떤 값이 나올 수 있는지는 알 수 있지만, 어느 "
        "학습률이 가장 좋은지는 알 수 없다."
    ),
    "minute.rates_differ": (
        "시드 {seeds}개로 보아 우연이라고 하기 어려운 차이가 있다. 정확도가 학습률 {base}일 때보다 "
        "{told}이다."
    ),
    "minute.rates_better": "높은 학습률은 {rates}",
    "minute.rates_worse": "낮은 학습률은 {rates}",
    "minute.rates_both": "{better}이고, {worse}",
    "minute.rates_alike": (
        "시드 {seeds}개의 결과로는 어떤 학습률도 {base}보다 낫다거나 못하다고 말할 수 없다."
    ),
    "minute.report_agrees": (
        "보고서에 적힌 {network}의 정확도 {reported}는 이미지 {n_images}장으로 평가한 한 번의 학습 결과이다. "
        "같은 종류의 다른 이미지로 평가했다면 똑같은 신경망이라도 {span} 사이의 어떤 값이든 나올 수 "
        "있었다(시드에 따른 차이까지 더하면 범위는 더 넓다). 이번에 얻은 {ours}는 이 범위 안에 있다."
    ),
    "minute.report_differs": (
        "보고서에 적힌 {network}의 정확도 {reported}는 이미지 {n_images}장으로 평가한 한 번의 학습 결과이다. "
        "같은 종류의 다른 이미지로 평가했다면 똑같은 신경망이라도 {span} 사이의 어떤 값이든 나올 수 "
        "있었다(시드에 따른 차이까지 더하면 범위는 더 넓다). 이번에 얻은 {ours}는 이 범위 밖에 있다."
    ),
    "minute.silent": (
        "{network}, 훈련 이미지 {train}장: {layer}의 필터 {all}개 중 {n}개는 시험 이미지 처음 {images}장 중 "
        "어느 것에도 반응하지 않는다."
    ),
    "minute.twins": (
        "{network}, 훈련 이미지 {train}장: {layer}의 필터 {all}개 중 {n}개는 다른 필터와 같은 것을 찾는 "
        "쌍둥이 필터이다."
    ),
    "minute.none_odd": (
        "{network}, 훈련 이미지 {train}장: 모든 필터가 시험 이미지 처음 {images}장 중 일부에 반응하고, 서로 "
        "같은 것을 찾는 필터는 없다."
    ),
    "minute.confused": (
        "{network}, 훈련 이미지 {images}장: 가장 잦은 실수는 정답이 {right}인데 신경망의 답은 {given}인 "
        "경우로, {n}번 있었다."
    ),
    "minute.confused.one": (
        "{network}, 훈련 이미지 {images}장: 두 번 나온 실수는 없다. 한 예로, 정답이 {right}인데 신경망의 "
        "답은 {given}인 경우가 있었다."
    ),
    "results.title": "한눈에 보는 결과",
    "results.caption": "시험 정확도: 이번 결과와 보고서의 값",
    "results.caption_ours": "시험 정확도",
    "results.network": "신경망",
    "results.images": "훈련 이미지",
    "results.epochs": "에포크",
    "results.lr": "학습률",
    "results.head": "이번 결과, 시험 이미지 처음 {n}장",
    "results.all": "이번 결과, 시험 이미지 전체 {n}장",
    "results.head_alone": "시험 이미지 처음 {n}장",
    "results.all_alone": "시험 이미지 전체 {n}장",
    "results.seeds": "시드\N{NO-BREAK SPACE}수",
    "results.reported": "보고서",
    "results.seeds_in": "{all}개 중 {n}개",
    "results.not_in": "아직 없음",
    "results.single": "각 수치는 시드 하나로 한 번 학습한 결과이다. 시드가 달라지면 수치도 달라진다.",
    "results.several": "시드가 여러 개이면 평균을 적고, 그 아래에 최솟값과 최댓값을 적었다.",
    "results.reported_note": (
        "보고서의 값은 시험 이미지 중 처음 {head}장으로 평가한, 한 번의 학습 결과이다. 보고서에 값이 없으면 "
        "—로 표시했다."
    ),
    "limits.title": "이 결과로 알 수 없는 것",
    "limits.quick": "빠른 미리 보기이므로 결론을 내리기에는 이미지와 에포크가 너무 적다.",
    "limits.one_seed": "시드가 달라지면 얼마나 달라지는가: 시드가 하나뿐인 실험에서는 알 수 없다.",
    "limits.seeds": "작은 차이: 시드 {n}개로 우연의 크기는 알 수 있지만 그보다 작은 차이는 거의 알 수 없다.",
    "limits.test_images": (
        "같은 종류의 다른 이미지에서는 어떠한가: {network}의 첫 번째 학습은 이미지 {head}장에서 "
        "{accuracy}이지만 {span}일 수 있고(윌슨의 95 % 신뢰구간), 전체 {tests}장으로 평가해도 {span_all} "
        "사이의 어떤 값이든 될 수 있다."
    ),
    "limits.choice": (
        "보고서에서 고른 학습률이 실제로 얼마나 좋은가: 학습률 {rates}가지를 시험 이미지로 비교해 골랐는데, "
        "여러 값 중 가장 높은 값은 실제보다 조금 높기 마련이다. 여기에서는 따로 남겨 둔 훈련 이미지로 고른다."
    ),
    "limits.more_updates": (
        "데이터가 많아서인가, 오래 학습해서인가: 전체 데이터셋에서는 갱신 횟수도 많다 ({updates})."
    ),
    "limits.updates": "{network}: {small}번이 아니라 {full}번",
    "limits.protocol": (
        "보고서의 수치가 똑같이 다시 나오는가: 보고서가 쓴 책의 코드는 미니배치를 중복을 허용해 무작위로 "
        "뽑지만, 여기에서는 에포크마다 전체를 한 번씩 섞어서 쓴다. 비슷한 값은 나와도 같은 값이 나오지는 "
        "않는다."
    ),
    "limits.data": "다른 데이터에서는 어떠한가: 여기에서 쓴 이미지는 모두 {data}의 것이다.",
    "limits.filters": (
        "왜 그렇게 판단하는가: 필터 그림은 무엇이 있는지 보여 줄 뿐, 판단의 이유를 설명하지는 않는다."
    ),
}
