"""What the page says, in Korean.

Names and numbers are followed only by particles that do not depend on how they are read.
"""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # the page
    "page.title": "작은 합성곱 신경망: {data}",
    "page.subtitle_runs": "신경망이 배운 것: {networks}",
    "page.subtitle": "보고서의 실험 다시 해 보기: {networks}",
    "page.skip": "결과로 건너뛰기",
    "page.contents": "차례",
    "page.evidence": "근거 보기",
    "page.evidence_of": "근거 보기: {text}",
    "page.footer": (
        "만든 도구: convlens {version}. 그림은 이 문서 옆의 {folder} 폴더에 PNG와 SVG로 들어 있다."
    ),
    # numbers
    "format.span": "{low}~{high}",
    "format.comma": ", ",
    "format.listing": "{most}, {last}",
    "format.seconds": "{seconds}초",
    "format.minutes": "{minutes}분 {seconds}초",
    "format.hours": "{hours}시간 {minutes}분",
    # what a reader must know before anything else
    "status.quick": (
        "빠른 미리 보기이다. 보고서보다 적은 훈련 이미지와 에포크로 학습했으므로 보고서의 수치와 "
        "비교해서는 안 된다."
    ),
    "status.hardly_begun": (
        "{network}: 갱신을 {updates}번밖에 하지 않아 시험 이미지의 {accuracy}만 맞혔다. 이제 막 배우기 "
        "시작한 것이므로 이 신경망이 나쁘다는 뜻이 아니다."
    ),
    "status.whole": "원래 실험을 하는 명령:",
    "status.missing": "학습 {all}회 중 {n}회가 끝났다. 나머지가 끝나는 대로 이 문서를 새로 쓴다.",
    # in one minute
    "minute.title": "1분 요약",
    "minute.what": (
        "학습: {networks}, {data}의 훈련 이미지 중 처음 {images}장 (클래스 {classes}). 평가: 학습에 쓰지 "
        "않은 시험 이미지 {tests}장."
    ),
    "minute.result_one": (
        "{network} (학습률 {lr}): 시험 이미지 중 처음 {head}장에서 {wrong}장, 전체 {tests}장에서 "
        "{wrong_all}장을 틀렸다 (시드 1개)."
    ),
    "minute.result": (
        "{network} (학습률 {lr}): 시험 이미지 중 처음 {head}장에서 평균 {wrong}장({span}장), 전체 "
        "{tests}장에서 평균 {wrong_all}장({span_all}장)을 틀렸다. 시드 {seeds}개의 평균이며, 괄호 안은 "
        "가장 좋은 시드부터 가장 나쁜 시드까지의 값이다."
    ),
    "minute.more_data_helped": (
        "{network}: 데이터를 {factor}배({images}장)로 늘리자 시험 이미지 {tests}장 중 틀린 것이 "
        "{before}장에서 {after}장으로 줄었다. 오답 10개 중 약 {tenths}개가 사라진 셈이다."
    ),
    "minute.more_data_alike": (
        "{network}: 데이터를 {factor}배({images}장)로 늘렸지만 뚜렷한 개선은 없었다. 시험 이미지 "
        "{tests}장 중 틀린 것은 {after}장이고, 늘리기 전에는 {before}장이었다."
    ),
    "minute.memorising": (
        "{network}, 훈련 이미지 {images}장: 에포크 {epoch} 이후에 훈련 이미지에서는 계속 좋아지지만(손실 "
        "{train} → {train_last}) 시험 이미지에서는 더 나아지지 않는다(손실 {test} → {test_last}). 훈련 "
        "이미지를 외우고 있는 것이다(오버피팅)."
    ),
    "minute.memorising_worse": (
        "{network}, 훈련 이미지 {images}장: 에포크 {epoch} 이후에도 훈련 이미지에서는 계속 "
        "좋아지지만(손실 {train} → {train_last}) 시험 이미지에서는 나빠진다(손실 {test} → {test_last}). "
        "훈련 이미지를 외우고 있는 것이다(오버피팅)."
    ),
    "minute.gap": (
        "{network}: 훈련 정확도에서 시험 정확도를 뺀 값이 에포크 {early}의 {before}%p에서 에포크 "
        "{epochs}의 {after}%p로 커졌다. 훈련 이미지에만 통하는 것을 점점 더 배우고 있다."
    ),
    "minute.rates_one_seed": (
        "학습률 {n}가지를 시드 하나씩으로 학습해 보았다. 어떤 값이 나올 수 있는지는 알 수 있지만, 어느 "
        "학습률이 가장 좋은지는 알 수 없다."
    ),
    "minute.rates_differ": "시드 {seeds}개로 보아 우연이라고 하기 어려운 차이로, 학습률 {base}보다 {told}.",
    "minute.rates_better": "정확도가 높은 학습률은 {rates}",
    "minute.rates_worse": "정확도가 낮은 학습률은 {rates}",
    "minute.rates_alike": (
        "시드 {seeds}개의 결과로는 어떤 학습률도 {base}보다 낫다거나 못하다고 말할 수 없다."
    ),
    "minute.report_agrees": (
        "보고서에 적힌 {network}의 정확도 {reported}는 한 번 학습한 결과이다. 평가 이미지 {n_images}장을 "
        "어떻게 골랐는지만 따져도 {span}의 어느 값일 수 있고, 시드에 따른 우연은 여기에 더해진다. 이번에 "
        "얻은 {ours}는 이 범위 안에 있다."
    ),
    "minute.report_differs": (
        "보고서에 적힌 {network}의 정확도 {reported}는 한 번 학습한 결과이다. 평가 이미지 {n_images}장을 "
        "어떻게 골랐는지만 따져도 {span}의 어느 값일 수 있고, 시드에 따른 우연은 여기에 더해진다. 이번에 "
        "얻은 {ours}는 이 범위 밖에 있다."
    ),
    "minute.silent": (
        "{network}, 훈련 이미지 {train}장: {layer}의 필터 {all}개 중 {n}개는 시험 이미지 중 처음 "
        "{images}장의 어느 것에도 반응하지 않는다."
    ),
    "minute.twins": (
        "{network}, 훈련 이미지 {train}장: {layer}의 필터 {all}개 중 {n}개는 같은 것을 찾는 쌍둥이 필터이다."
    ),
    "minute.none_odd": (
        "{network}, 훈련 이미지 {train}장: 모든 필터가 시험 이미지 중 처음 {images}장의 일부에 반응하며, "
        "같은 것을 찾는 필터는 없다."
    ),
    "minute.confused": (
        "{network}, 훈련 이미지 {images}장: 가장 잦은 실수는 정답 {right}, 신경망의 답 {given}인 "
        "경우이다 ({n}번)."
    ),
    "network.run": "학습률 {lr}, 훈련 이미지 {images}장, 시드 {seed}",
    "network.setting": (
        "{network}: 훈련 이미지 {images}장, {epochs} 에포크, 미니배치 {batch}장, {optimizer}, 학습률 {lr}"
    ),
    # results at a glance
    "results.title": "한눈에 보는 결과",
    "results.caption": "시험 정확도: 이번 결과와 보고서의 값",
    "results.caption_ours": "시험 정확도",
    "results.network": "신경망",
    "results.images": "훈련 이미지",
    "results.epochs": "에포크",
    "results.lr": "학습률",
    "results.head": "이번 결과, 시험 이미지 처음 {n}장",
    "results.all": "이번 결과, 시험 이미지 전체 {n}장",
    "results.seeds": "시드 수",
    "results.reported": "보고서",
    "results.seeds_in": "{all}개 중 {n}개",
    "results.not_in": "학습 전",
    "results.single": "각 수치는 시드 하나로 한 번 학습한 결과이다. 시드가 달라지면 수치도 달라진다.",
    "results.several": "시드가 여러 개이면 평균을 적고, 그 아래에 최솟값과 최댓값을 적었다.",
    "results.reported_note": (
        "보고서의 값은 시험 이미지 중 처음 {head}장으로 평가한, 한 번의 학습 결과이다. 보고서에 값이 "
        "없으면 —로 표시했다."
    ),
    "commands.title": "실험별 명령",
    "commands.each": "시드 0으로 실행한다. 다른 시드로 하려면 시드 번호와 폴더 이름을 바꾼다.",
    # a network
    "network.title": "신경망의 구조",
    "network.architecture": "{network}의 구조. 신경망의 명세로부터 그렸다.",
    "network.small_set": "작은 데이터셋: 필터",
    "network.full_set": "전체 데이터셋: 필터",
    "network.filters": "필터",
    "network.not_in": "이 신경망의 학습은 아직 끝나지 않았다.",
    "layers.caption": (
        "{network}의 계층. 입력은 {input}이다. 곱셈-덧셈은 이미지 한 장의 순전파에 드는 횟수이고, 수용 "
        "영역은 출력 하나가 보는 픽셀의 범위이다."
    ),
    "layers.layer": "계층",
    "layers.output": "출력",
    "layers.parameters": "매개변수",
    "layers.multiply_adds": "곱셈-덧셈",
    "layers.receptive_field": "수용 영역",
    "layers.total": "합계",
    "curves.title": "실행 결과: 학습 곡선",
    "curves.caption": "에포크마다 훈련 이미지와 시험 이미지에서 잰 정확도와 손실.",
    "curves.caption_both": (
        "에포크마다 훈련 이미지와 시험 이미지에서 잰 정확도와 손실. 작은 데이터셋과 전체 데이터셋을 같은 "
        "축 위에 나란히 놓았다."
    ),
    "curves.gap.widens": (
        "훈련 이미지 {images}장: 훈련 정확도에서 시험 정확도를 뺀 값이 에포크 {early}에서 {before}%p, "
        "에포크 {epochs}에서 {after}%p이다 (이미지 {judged}장씩으로 평가). 두 곡선이 점점 벌어진다. 훈련 "
        "이미지에만 통하는 것을 점점 더 배우고 있다는 뜻이다."
    ),
    "curves.gap.stays": (
        "훈련 이미지 {images}장: 훈련 정확도에서 시험 정확도를 뺀 값이 에포크 {early}에서 {before}%p, "
        "에포크 {epochs}에서 {after}%p이다 (이미지 {judged}장씩으로 평가). 아래 기준으로는 두 곡선이 "
        "벌어진다고 할 수 없다."
    ),
    "curves.memorising": (
        "훈련 이미지 {images}장: 에포크 {epoch} 이후에 훈련 손실은 {train}에서 {train_last}까지 줄지만 "
        "시험 손실은 더 줄지 않는다 ({test}에서 {test_last}, 에포크 세 개씩의 평균). 에포크 {epoch} "
        "이후에 오버피팅이 일어난다."
    ),
    "curves.memorising_worse": (
        "훈련 이미지 {images}장: 에포크 {epoch} 이후에 훈련 손실은 {train}에서 {train_last}까지 줄지만 "
        "시험 손실은 {test}에서 {test_last}까지 커진다 (에포크 세 개씩의 평균). 에포크 {epoch} 이후에 "
        "오버피팅이 일어난다."
    ),
    "curves.not_memorising": (
        "훈련 이미지 {images}장: 아래 기준으로는 에포크 {epochs}까지 오버피팅이 시작되지 않는다."
    ),
    "curves.rule": (
        "기준(시드 평균에 적용): 손실을 이웃한 에포크 세 개씩 평균했을 때, 어느 에포크부터 시험 손실은 "
        "많아야 {better} %만 줄고 훈련 손실은 {falls} % 넘게 줄면, 그런 첫 에포크 이후를 오버피팅이라고 "
        "한다. 그 뒤에 에포크가 세 개 이상 있어야 한다. 시험 손실이 마지막에 최솟값보다 {rises} % 넘게 "
        "크면 나빠진다고 한다. 두 정확도의 차이가 전체 에포크의 4분의 1 시점보다 {widens}%p 넘게 커지면 "
        "곡선이 벌어진다고 한다."
    ),
    "chart.epoch": "에포크",
    "chart.train": "훈련",
    "chart.test": "시험",
    "chart.seed": "시드",
    "chart.mean": "평균",
    "chart.show": "표시",
    "full.not_in": "이 실험에는 전체 데이터셋의 학습도 들어 있지만 아직 끝나지 않았다.",
    "full.not_run": (
        "여기에서는 전체 데이터셋으로 학습하지 않았다. 다음 명령을 실행하면 작은 데이터셋 옆에 나란히 나온다."
    ),
    "filters.caption": (
        "임의로 초기화한 가중치, 학습된 가중치, 변화량: {parameter}, 모두 같은 색 척도 ({run})."
    ),
    "filters.forming": (
        "필터가 만들어지는 과정: {parameter}에서 가장 많이 변한 필터를 에포크 순서로 놓았다 ({run})."
    ),
    "filters.rule": (
        "기준: 변화량의 절댓값을 모두 더한 값이 큰 순서로 놓았다. 죽은 필터(†)는 시험 이미지 중 처음 "
        "{n}장의 모든 위치에서 ReLU 적용 후의 값이 0인 필터이고, 쌍둥이 필터(a, b, …)는 세기와 관계없이 "
        "가중치 사이의 코사인이 {cosine} 이상인 필터이다."
    ),
    "applied.classes": (
        "필터를 적용한 이미지: 클래스마다 처음 나오는 시험 이미지와 {parameter}에서 가장 많이 변한 필터 "
        "({run})."
    ),
    "applied.own": "필터를 적용한 이미지: {name}, 필터 {parameter} ({run}).",
    "applied.digit": "필터를 적용한 이미지: 첫 번째 시험 이미지, 필터 {parameter} ({run}).",
    "applied.photograph": "필터를 적용한 이미지: 사진, 필터 {parameter} ({run}).",
    # learning rate
    "rate.title": "학습률",
    "rate.caption": "학습률에 따른 시험 정확도. 점 하나가 한 번의 학습이다.",
    "rate.curves": "학습률마다의 학습 곡선. 모두 같은 축이다.",
    "rate.table": "학습률에 따른 이번 결과",
    "rate.held_out": "따로 남겨 둔 이미지 {n}장에서의 정확도",
    "rate.difference": "학습률 {lr}일 때와의 차이 (%p)",
    "rate.mean_and_interval": "{mean} ({span})",
    "rate.best": (
        "학습률은 이를 위해 따로 남겨 둔 이미지로 골라야 한다. 남겨 둔 훈련 이미지 {n_held_out}장에서는 "
        "학습률 {lr}일 때의 정확도가 {validation}로 가장 높고, 이때 시험 이미지 전체 {n_test}장의 "
        "정확도는 {test}이다."
    ),
    "rate.one_seed_allows": (
        "시드가 하나씩이므로 두 학습률의 차이는 처음 가중치와 이미지 순서의 우연일 수 있다. 어떤 결과가 "
        "나올 수 있는지는 알 수 있지만 학습률의 순위를 매길 수는 없다."
    ),
    "rate.seeds_allow": (
        "시드가 {n}개씩이므로 점들이 퍼진 정도에서 우연의 크기를 알 수 있다. 그보다 훨씬 큰 차이는 "
        "알아볼 수 있지만, 더 작은 차이를 가리려면 시드가 더 많아야 한다."
    ),
    "rate.rule": (
        "판정은 남겨 둔 이미지의 정확도를 같은 시드끼리 뺀 차이로 한다. 차이의 평균과, 괄호 안에 "
        "스튜던트 t의 95 % 신뢰구간을 적었다. 구간이 0의 한쪽에만 있으면 “더 높음” 또는 “더 낮음”, "
        "±{same}%p 안에 모두 들어가면 “사실상 같음”, 그 밖에는 “말할 만큼 실험이 많지 않음”이다. 비교 "
        "횟수에 따른 보정은 하지 않았다."
    ),
    "rate.heading": "lr={lr}",
    "verdict.one_seed": "시드 1개: 판정하지 않음",
    "verdict.better": "더 높음",
    "verdict.worse": "더 낮음",
    "verdict.same": "사실상 같음",
    "verdict.unknown": "말할 만큼 실험이 많지 않음",
    "claim.intro": (
        "보고서는 시험 이미지 {n}장으로 한 번씩 평가한 결과를 비교했다. 학습률 {lr}일 때의 {reported}는 "
        "어떤 이미지로 평가했는지만으로도 {span}의 폭을 가진다(윌슨의 95 % 신뢰구간). 이 안의 값은 "
        "똑같이 좋은 신경망에서도 나올 수 있다."
    ),
    "claim.caption": "보고서의 각 값을 학습률 {lr}일 때의 {reported}와 비교",
    "claim.images": "{n}장 중 더 맞힌 이미지",
    "claim.interval": "차이 (%p, 95 % 신뢰구간)",
    "claim.verdict": "판정",
    "claim.within": "우연의 범위 안",
    "claim.beyond": "우연 이상의 차이",
    "claim.note": (
        "구간은 서로 다른 두 이미지 표본에 대한 뉴컴의 구간이다. 두 결과는 같은 이미지로 평가한 것이므로 "
        "이미지 하나하나의 답을 견주면 더 정밀하게 비교할 수 있지만, 보고서에는 그 답이 없다. 시드에 "
        "따른 우연은 여기에 더해진다."
    ),
    "predict.intro": (
        "보고서의 값은 이미지 {n}장으로 평가한 한 번의 학습 결과이다. 그래서 여기에서 한 번 더 학습해 "
        "이미지 {n}장으로 평가한다면 100번 중 95번은 어떤 범위의 값이 나올지를, 시드의 우연과 이미지의 "
        "우연을 함께 고려해 계산했다."
    ),
    "predict.one_seed": (
        "시드가 하나뿐이면 시드의 우연은 이 구간에 들어 있지 않다. 이미지 수만으로 계산한 것이므로 "
        "실제보다 좁다."
    ),
    "predict.caption": "보고서의 값과, 이미지 {n}장으로 평가한 한 번의 학습에서 나올 수 있는 범위",
    "predict.interval": "이번 설정으로 한 번 학습할 때 (95 %)",
    "predict.verdict": "보고서의 값",
    "predict.inside": "한 번의 학습에서 나올 만한 값",
    "predict.outside": "한 번의 학습에서 나오기 어려운 값",
    "predict.rule": (
        "예측 구간: 평균 ± t √(s²(1 + 1/k) + p(1 - p)/n). s²은 시험 이미지 전체에 대한 시드 k개의 "
        "분산이고, 자유도는 웰치와 새터스웨이트를 따른다. 시드가 하나이면 윌슨의 구간이다."
    ),
    # any runs side by side
    "compare.title": "나란히 비교",
    "compare.caption": "시험 이미지 전체에 대한 정확도. 점 하나가 한 번의 학습이다.",
    "compare.table": "남겨 둔 이미지 {n}장에서 같은 시드끼리 비교",
    "compare.experiment": "실험",
    "compare.difference": "“{first}”와의 차이 (%p)",
    "compare.curves": "학습 곡선. 모두 같은 축이다.",
    "compare.filters": "{network}: 학습된 필터({parameter})를 같은 색 척도로 나란히 놓았다.",
    # what excites a filter
    "excitement.title": "필터는 무엇에 반응하는가",
    "excitement.intro": (
        "필터마다 시험 이미지에서 가장 크게 반응하는 곳을 아홉 군데씩 골랐다. 한 이미지에서는 한 군데만 "
        "골랐다. 이 아홉 조각에 공통된 것이 바로 그 필터가 찾는 것이다."
    ),
    "excitement.caption": "{network}: {parameter}의 각 필터가 가장 크게 반응하는 조각 9개 ({run}).",
    # mistakes
    "mistakes.title": "틀린 이미지",
    "mistakes.intro": (
        "신경망마다 훈련 이미지가 가장 많은 실험의 첫 번째 시드를 시험 이미지 전체로 평가했다."
    ),
    "mistakes.network": "{network}, 훈련 이미지 {images}장",
    "mistakes.counted": "시드 {seed}: 시험 이미지 {tests}장 중 {wrong}장을 틀렸다.",
    "matrix.caption": "혼동 행렬: 색이 진할수록 잦은 실수이다",
    "matrix.corner": "정답 ↓ 신경망의 답 →",
    "class.caption": "클래스별 정확도. 막대는 {floor}부터 시작한다",
    "class.name": "클래스",
    "class.images": "시험 이미지",
    "class.wrong": "오답",
    "class.accuracy": "정확도",
    "class.interval": "95 % 신뢰구간 (윌슨)",
    "gallery.caption": "신경망이 가장 확신하면서 틀린 이미지 {n}장",
    "gallery.text": "정답 {right}, 답 {given}",
    "gallery.note": "확신 {sure}, 시험 이미지 {index}번",
    "gallery.alt": "시험 이미지 {index}번. 정답은 {right}.",
    # limits
    "limits.title": "이 결과로 알 수 없는 것",
    "limits.quick": "빠른 미리 보기이므로 결론을 내리기에는 이미지와 에포크가 너무 적다.",
    "limits.one_seed": "시드가 달라지면 얼마나 달라지는가: 시드가 하나뿐인 실험에서는 알 수 없다.",
    "limits.seeds": (
        "작은 차이: 시드 {n}개로 우연의 크기는 알 수 있지만 그보다 작은 차이는 거의 알 수 없다."
    ),
    "limits.test_images": (
        "같은 종류의 다른 이미지에서는 어떠한가: {network}의 첫 번째 학습은 이미지 {head}장에서 "
        "{accuracy}이지만 {span}일 수 있고(윌슨의 95 % 신뢰구간), 전체 {tests}장으로 평가해도 "
        "{span_all}의 폭이 남는다."
    ),
    "limits.choice": (
        "보고서에서 고른 학습률이 실제로 얼마나 좋은가: 학습률 {rates}가지를 시험 이미지로 비교해 "
        "골랐는데, 여러 값 중 가장 높은 값은 실제보다 조금 높기 마련이다. 여기에서는 따로 남겨 둔 훈련 "
        "이미지로 고른다."
    ),
    "limits.more_updates": (
        "데이터가 많아서인가, 오래 학습해서인가: 전체 데이터셋에서는 {network}의 갱신 횟수도 많다 "
        "({small}번이 아니라 {full}번)."
    ),
    "limits.protocol": (
        "보고서의 수치가 똑같이 다시 나오는가: 보고서가 쓴 책의 코드는 미니배치를 중복을 허용해 무작위로 "
        "뽑지만, 여기에서는 에포크마다 전체를 한 번씩 섞어서 쓴다. 비슷한 값은 나와도 같은 값이 나오지는 "
        "않는다."
    ),
    "limits.data": "다른 데이터에서는 어떠한가: 여기에서 쓴 이미지는 모두 {data}의 것이다.",
    "limits.filters": (
        "왜 그렇게 판단하는가: 필터 그림은 무엇이 있는지 보여 줄 뿐, 판단의 이유를 설명하지는 않는다."
    ),
    # how this was made
    "making.title": "만든 방법",
    "making.again": "이 문서를 다시 만드는 명령:",
    "making.runs": "학습 {n}회. 학습과 평가에 모두 {total} 걸렸다",
    "making.run": "학습",
    "making.seed": "시드",
    "making.id": "실행 id",
    "making.time": "시간",
    "making.step": "갱신당 밀리초",
    "making.run_id": (
        "실행 id는 시드를 포함해 결과를 정하는 모든 설정으로부터 계산한다. 명령을 다시 실행해 비교해 "
        "보면 된다. id가 같으면 같은 실험이다."
    ),
    "making.verify": (
        "결과를 확인하려면 그 명령(또는 위의 전체 명령)을 아무 컴퓨터에서나 다시 실행해 비교한다. 실행 "
        "id는 같아야 하고, 버전이 같으면 수치도 프로세서마다 다르게 반올림하는 끝자리를 빼고는 일치한다. "
        "데이터는 아래의 SHA-256으로 확인한다. 학습마다 폴더에 가중치, 모든 시험 이미지에 대한 답, "
        "갱신마다의 손실이 들어 있으며 convlens 없이도 읽을 수 있다."
    ),
    "making.machine": "버전과 컴퓨터",
    "making.system": "시스템",
    "making.threads": "프로세서 수",
    "making.seeds": "시드",
    "making.data": "데이터",
    "making.digests": "{data}. 각 파일의 압축을 푼 내용의 SHA-256:",
}
