"""A network: its layers, learning curves, filters, and pictures seen through them, in Korean."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "network.run": "학습률 {lr}, 훈련 이미지 {images}장, 시드 {seed}",
    "network.setting": (
        "{network}: 훈련 이미지 {images}장, {epochs} 에포크, 미니배치 {batch}장, {optimizer}, 학습률 {lr}"
    ),
    "network.title": "신경망의 구조",
    "network.architecture": "{network}의 구조. 신경망의 명세를 그대로 그렸다.",
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
        "에포크마다 훈련 이미지와 시험 이미지에서 잰 정확도와 손실. 작은 데이터셋과 전체 데이터셋을 같은 축 "
        "위에 나란히 놓았다."
    ),
    "curves.gap.widens": (
        "훈련 이미지 {images}장: 훈련 정확도에서 시험 정확도를 뺀 값이 에포크 {early}에서 {before}%p, 에포크 "
        "{epochs}에서 {after}%p이다 (이미지 {judged}장씩으로 평가). 두 곡선이 점점 벌어진다. 훈련 이미지에만 "
        "통하는 것을 점점 더 배우고 있다는 뜻이다."
    ),
    "curves.gap.stays": (
        "훈련 이미지 {images}장: 훈련 정확도에서 시험 정확도를 뺀 값이 에포크 {early}에서 {before}%p, 에포크 "
        "{epochs}에서 {after}%p이다 (이미지 {judged}장씩으로 평가). 아래 기준으로는 두 곡선이 벌어진다고 할 "
        "수 없다."
    ),
    "curves.memorising": (
        "훈련 이미지 {images}장: 에포크 {epoch} 이후에 훈련 손실은 {train}에서 {train_last}까지 줄지만 시험 "
        "손실은 거의 줄지 않는다 ({test}에서 {test_last}, 에포크 세 개의 평균, 마지막은 두 개의 평균). "
        "에포크 {epoch} 이후에 오버피팅이 일어난다."
    ),
    "curves.memorising_worse": (
        "훈련 이미지 {images}장: 에포크 {epoch} 이후에 훈련 손실은 {train}에서 {train_last}까지 줄지만 시험 "
        "손실은 {test}에서 {test_last}까지 커진다 (에포크 세 개의 평균, 마지막은 두 개의 평균). 에포크 "
        "{epoch} 이후에 오버피팅이 일어난다."
    ),
    "curves.not_memorising": (
        "훈련 이미지 {images}장: 아래 기준으로는 에포크 {epochs}까지 오버피팅이 시작되지 않는다."
    ),
    "curves.rule": (
        "기준(시드 평균에 적용): 손실을 이웃한 에포크 세 개씩(처음과 마지막은 두 개씩) 평균했을 때, 어떤 "
        "에포크 뒤로 시험 손실은 "
        "{better} % 이하로만 줄고 훈련 손실은 {falls} % 넘게 줄면, 그런 첫 에포크 이후를 오버피팅으로 본다. "
        "그 뒤에 에포크가 세 개 이상 있어야 한다. 시험 손실이 마지막에 최솟값보다 {rises} % 넘게 크면 "
        "나빠진다고 한다. 두 정확도의 차이가 전체 에포크의 4분의 1 시점보다 {widens}%p 넘게 커지면 곡선이 "
        "벌어진다고 한다."
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
        "무작위로 초기화한 가중치, 학습된 가중치, 변화량: {parameter}, 모두 같은 색 척도 ({run})."
    ),
    "filters.forming": (
        "필터가 만들어지는 과정: {parameter}에서 가장 많이 변한 필터를 에포크 순서로 놓았다 ({run})."
    ),
    "filters.rule": (
        "기준: 변화량의 절댓값을 모두 더한 값이 큰 순서로 놓았다. 죽은 필터(†)는 시험 이미지 처음 {n}장의 "
        "모든 위치에서 ReLU 적용 후의 값이 0인 필터이고, 쌍둥이 필터(a, b, …)는 세기와 관계없이 가중치 "
        "사이의 코사인이 {cosine} 이상인 필터이다."
    ),
    "applied.classes": (
        "필터를 적용한 이미지: 클래스마다 처음 나오는 시험 이미지와 {parameter}에서 가장 많이 변한 필터 "
        "({run})."
    ),
    "applied.own": "필터를 적용한 이미지: {name}, 필터 {parameter} ({run}).",
    "applied.digit": "필터를 적용한 이미지: 첫 번째 시험 이미지, 필터 {parameter} ({run}).",
    "applied.photograph": "필터를 적용한 이미지: 사진, 필터 {parameter} ({run}).",
}
