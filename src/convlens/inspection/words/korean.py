"""Every word in the pictures, in Korean. Must not know fonts or pictures."""

# ruff: noqa: RUF001 -- a reader should see the signs for "times" and "minus"

from typing import Final

__all__ = ["WORDS"]

WORDS: Final[dict[str, str]] = {
    # learning curves
    "epoch": "에포크",
    "accuracy_axis": "정확도 (%)",
    "loss_axis": "손실 (교차 엔트로피, 나트)",
    "training_images": "훈련 이미지",
    "test_images": "시험 이미지",
    "first_training_images": "훈련 (처음 {n:,}장)",
    "first_test_images": "시험 (처음 {n:,}장)",
    "all_test_images": "시험 이미지 전체 {n:,}장",
    "head_test_images": "시험 이미지 중 처음 {n:,}장",
    "thin_and_thick": "가는 선: 시드별, 굵은 선: 시드 평균",
    "last_epoch": "마지막 에포크, {seeds}:",
    "ends_at": "훈련 {train:.1f} %, 시험 {test:.1f} %",
    "ends_over_all": "시험 전체 {n:,}장: {test:.2f} %",
    "seeds_1": "시드 1개",
    "seeds_n": "시드 {n}개 평균",
    "epochs_1": "1 에포크",
    "epochs_n": "{n} 에포크",
    "filters_1": "필터 1개",
    "filters_n": "필터 {n}개",
    "curves_alt": "학습 곡선: 에포크에 따른 정확도를 {low:.0f} %부터 100 %까지의 축에 나타냈다.",
    "curves_alt_panel": (
        "{group}: {epochs}, {seeds}. 마지막 에포크의 정확도는 훈련 이미지에서 {train:.1f} %, 시험 "
        "이미지에서 {test:.1f} %이다."
    ),
    # names of groups of runs
    "comma": ", ",
    "group_train_size": "훈련 이미지 {n:,}장",
    "group_lr": "학습률 {lr:g}",
    "group_batch_size": "미니배치 {n}",
    "setting_schedule": "학습률 스케줄 {name}",
    "setting_seed": "시드 {n}",
    # filters
    "filters_title": "{network}: {layer}({parameter})의 {size} {filters}",
    "before": "학습 전",
    "after": "학습 후",
    "change": "변화량 (학습 후 − 학습 전)",
    "largest_weight": "최대 |w| = {value:.3g}",
    "largest_change": "최대 |Δw| = {value:.3g}",
    "weight_scale": "가중치 (세 그림 모두 같은 색 척도)",
    "filter": "필터",
    "input_channel": "입력 채널",
    "of_channel": "입력 채널 {n}",
    "by_change": "변화가 큰 순서",
    "filters_alt": (
        "{network}({setting})의 {layer} 계층 필터({filters})를 학습 전, 학습 후, 변화량의 순으로 "
        "−{limit:.3g}부터 {limit:.3g}까지의 대칭인 같은 색 척도로 나타냈다. 가중치 절댓값의 최대는 학습 "
        "전 {before:.3g}, 학습 후 {after:.3g}이고, 변화량의 최대는 {change:.3g}이다."
    ),
    # filters applied to a picture, feature maps
    "input_picture": "입력 이미지 ({h}×{w})",
    "learned_filters": "학습된 필터 ({parameter})",
    "learned_deep_filters": "학습된 필터 ({parameter})\n열은 필터, 행은 입력 채널",
    "raw_response": "필터 적용 결과: w∗x + b, 필터마다 하나 ({h}×{w})",
    "after_activation": "{activation} 적용 후 ({h}×{w})",
    "weight": "가중치",
    "response": "출력값",
    "applied_title": "{network}: {layer} 계층의 필터를 적용한 이미지",
    "applied_alt": (
        "{h}×{w} 픽셀의 이미지와, 그 이미지에 {network}({setting})의 {layer} 계층 필터({filters})를 "
        "적용한 결과. 출력값은 {low:.3g}부터 {high:.3g}까지이고 그중 {share:.0f} %가 양수이다."
    ),
    "maps_title": "{network}: {layer} 계층의 특징 맵 ({count}@{h}×{w})",
    "maps_alt": (
        "{ph}×{pw} 픽셀의 이미지와, {network}({setting})의 {layer} 계층이 만든 {h}×{w} 특징 맵 "
        "{count}개. 값은 {low:.3g}부터 {high:.3g}까지이다."
    ),
    # architecture
    "input": "입력",
    "convolution": "{h}×{w}\n합성곱",
    "stride": "스트라이드 {s}",
    "pad": "패딩 {p}",
    "max_pooling": "{h}×{w}\n최대 풀링",
    "full_connection": "완전\n연결",
    "output": "출력",
    "parameters": "매개변수 {n}개",
    "multiply_adds": "이미지 한 장에 곱셈-덧셈 {n}번",
    "architecture_alt": "{network}의 구조: {chain}. {cost}.",
    # learning rates
    "learning_rate": "학습률",
    "test_accuracy_axis": "시험 정확도 (%)",
    "one_run": "한 번의 학습",
    "mean": "시드 평균",
    "reported": "보고서의 값",
    "interval": "시험 이미지 수에 따른 한 번의 학습의 95 % 구간 (윌슨)",
    "rates_alt": (
        "학습률에 따른 시험 정확도. 시험 이미지 전체 {n_all:,}장과 처음 {n_head:,}장에 대한 값이다."
    ),
    "rates_alt_group": "학습률 {lr:g}, {seeds}: {all:.2f} %와 {head:.1f} %.",
    "rates_alt_reported": "보고서의 값: {figures}.",
}
