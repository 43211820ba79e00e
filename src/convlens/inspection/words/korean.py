"""Every word in the pictures, in Korean. Must not know fonts or pictures."""

# ruff: noqa: RUF001 -- a reader should see the signs for "times" and "minus"

from typing import Final

__all__ = ["WORDS"]

WORDS: Final[dict[str, str]] = {
    # learning curves
    "epoch": "에포크",
    "accuracy_axis": "정확도 (%)",
    "loss_axis": "손실 (교차 엔트로피)",
    "training_images": "훈련 이미지",
    "test_images": "시험 이미지",
    "first_training_images": "훈련 (처음 {n:,}장)",
    "first_test_images": "시험 (처음 {n:,}장)",
    "all_test_images": "시험 이미지 전체 {n:,}장",
    "head_test_images": "시험 이미지 중 처음 {n:,}장",
    "thin_and_thick": "가는 선: 시드별, 굵은 선: 시드 평균",
    "onset": "여기부터 훈련만 나아짐: 오버피팅",
    "curves_alt_onset": "{group}: 에포크 {epoch} 이후에 오버피팅이 일어난다.",
    "last_epoch": "마지막 에포크, {seeds}:",
    "ends_at": "훈련 {train}, 시험 {test}",
    "ends_over_all": "시험 전체 {n:,}장: {test}",
    "seeds_1": "시드 1개",
    "seeds_n": "시드 {n}개 평균",
    "epochs_1": "1 에포크",
    "epochs_n": "{n} 에포크",
    "filters_1": "필터 1개",
    "filters_n": "필터 {n}개",
    "curves_alt": "학습 곡선: 에포크에 따른 정확도를 {low}부터 100 %까지의 축에 나타냈다.",
    "curves_alt_panel": (
        "{group}: {epochs}, {seeds}. 마지막 에포크의 정확도는 훈련 이미지에서 {train}, 시험 이미지에서 "
        "{test}이다."
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
    "dead": "† 시험 이미지 처음 {n:,}장에 한 번도 반응하지 않음: {numbers}",
    "twins": "{letter}: 쌍둥이 필터 (가중치의 코사인 0.95 이상): {numbers}",
    "weight_scale_runs": "가중치 (모든 학습에 같은 색 척도)",
    "side_by_side_alt": "학습된 필터를 {limit:.3g}까지의 대칭인 같은 색 척도로 나란히 나타냈다: {runs}.",
    "forming_title": "{network}: {layer} 계층의 필터가 만들어지는 과정 (변화가 큰 순서)",
    "filter_and_channel": "{filter}, 채널 {channel}",
    "forming_alt": (
        "{network}({setting})의 {layer} 계층에서 가장 많이 변한 필터({filters})를 에포크 {epochs}에 걸쳐 "
        "같은 색 척도로 나타냈다. 가중치 절댓값의 평균은 {first:.3g}에서 {last:.3g}까지 커지고, 에포크 "
        "{half}에서 그 절반에 이른다."
    ),
    "filters_alt": (
        "{network}({setting})의 {layer} 계층 필터({filters})를 학습 전, 학습 후, 변화량의 순으로 "
        "−{limit:.3g}부터 {limit:.3g}까지의 대칭인 같은 색 척도로 나타냈다. 가중치 절댓값의 최대는 학습 전 "
        "{before:.3g}, 학습 후 {after:.3g}이고, 변화량의 최대는 {change:.3g}이다."
    ),
    # filters applied to a picture, feature maps
    "classes_title": "{network}: 클래스별 시험 이미지에 적용한 {layer} 계층의 필터",
    "classes_raw": "필터별 출력값",
    "classes_active": "{activation} 적용 후, 필터별",
    "classes_alt": (
        "모든 클래스의 시험 이미지 {n}장과, {network}({setting})의 {layer} 계층에서 가장 많이 변한 "
        "필터({filters})를 적용한 결과를 각각 같은 척도로 나타냈다. 출력값은 {low:.3g}부터 "
        "{high:.3g}까지이다."
    ),
    "excitement_title": "{network}: {layer} 계층의 필터가 가장 크게 반응하는 부분",
    "excitement_beside": "필터와, 그 필터가 시험 이미지 {n:,}장에서 가장 크게 반응하는 {size} 조각 9개",
    "excitement_deep": "필터마다 시험 이미지 {n:,}장에서 가장 크게 반응하는 {size} 조각 9개",
    "excitement_alt": (
        "{network}({setting})의 {layer} 계층 필터({filters})마다, 시험 이미지 {n:,}장 중 서로 다른 "
        "이미지에서 가장 크게 반응하는 {size} 픽셀 조각 9개. 필터별 최대 출력값은 {low:.3g}부터 "
        "{high:.3g}까지이다."
    ),
    "input_picture": "입력 이미지 ({h}×{w})",
    "learned_filters": "학습된 필터 ({parameter})",
    "learned_deep_filters": "학습된 필터 ({parameter})\n열은 필터, 행은 입력 채널",
    "raw_response": "필터 적용 결과: w∗x + b, 필터마다 하나 ({h}×{w})",
    "after_activation": "{activation} 적용 후 ({h}×{w})",
    "weight": "가중치",
    "response": "출력값",
    "applied_title": "{network}: {layer} 계층의 필터를 적용한 이미지",
    "applied_alt": (
        "{h}×{w} 픽셀의 이미지와, 그 이미지에 {network}({setting})의 {layer} 계층 필터({filters})를 적용한 "
        "결과. 출력값은 {low:.3g}부터 {high:.3g}까지이고 그중 {share}가 양수이다."
    ),
    "maps_title": "{network}: {layer} 계층의 특징 맵 ({count}@{h}×{w})",
    "maps_alt": (
        "{ph}×{pw} 픽셀의 이미지와, {network}({setting})의 {layer} 계층이 만든 {h}×{w} 특징 맵 {count}개. "
        "값은 {low:.3g}부터 {high:.3g}까지이다."
    ),
    # mistakes
    "answer": "신경망의 답",
    "right_answer": "정답",
    "confusion_title": "{network}: 혼동 행렬 (시험 이미지 {n:,}장)",
    "confused": "정답 {right}, 답 {given} ({n:,}번)",
    "confusion_alt": ("{network}({setting})의 혼동 행렬. 시험 이미지 {n:,}장 중 {wrong:,}장을 틀렸다."),
    "confusion_alt_most": "가장 잦은 실수: {pairs}.",
    "class_accuracy_title": "{network}: 클래스별 정확도",
    "of_images": "{name} ({n:,}장)",
    "of_class": "클래스별 정확도",
    "interval_of_class": "95 % 신뢰구간 (윌슨)",
    "accuracy_of_all": "전체 정확도: {accuracy}",
    "class_accuracy_alt": (
        "{network}({setting})의 클래스별 시험 정확도를 95 % 신뢰구간과 함께 나타냈다. {classes}."
    ),
    "mistakes_title": "{network}: 가장 확신하면서 틀린 이미지 (시험 이미지 {n:,}장 중 오답 {wrong:,}장)",
    "mistake": "정답 {right}\n답 {given}",
    "sure": "확신도 {sure}\n이미지 {index}번",
    "mistakes_alt": (
        "{network}({setting})에서 가장 확신하면서 틀린 시험 이미지. 시험 이미지 {n:,}장 중 {wrong:,}장을 "
        "틀렸다. 가장 확신한 것부터: {listed}."
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
    "prediction": "이미지 {n:,}장으로 평가한 한 번의 학습에서 나올 수 있는 범위 (95 %)",
    "comparison_alt": "시험 이미지 전체에 대한 각 학습의 정확도.",
    "comparison_alt_group": "{group}, {seeds}: 정확도 {accuracy}.",
    "rates_alt": (
        "학습률에 따른 시험 정확도. 시험 이미지 전체 {n_all:,}장과 처음 {n_head:,}장에 대한 값이다."
    ),
    "rates_alt_group": "학습률 {lr:g}, {seeds}: {all}와 {head}.",
    "rates_alt_reported": "보고서의 값: {figures}.",
}
