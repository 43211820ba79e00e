"""Every word in the pictures, in every language. Must not know fonts or pictures.

A text with {braces} is filled in by the picture that uses it. All languages have the same names and the
same braces; a test compares them.
"""

# ruff: noqa: RUF001 -- a reader should see the signs for "times" and "minus"

from collections.abc import Mapping

from convlens.errors import UsageError

__all__ = ["WORDS", "by", "counted", "words_in"]

_ENGLISH = {
    # learning curves
    "epoch": "epoch",
    "accuracy_axis": "accuracy (%)",
    "loss_axis": "loss (cross-entropy, nats)",
    "training_images": "training images",
    "test_images": "test images",
    "first_training_images": "training (first {n:,} images)",
    "first_test_images": "test (first {n:,} images)",
    "all_test_images": "all {n:,} test images",
    "head_test_images": "first {n:,} test images",
    "thin_and_thick": "thin: single seeds, thick: mean",
    "last_epoch": "last epoch, {seeds}:",
    "ends_at": "training {train:.1f} %, test {test:.1f} %",
    "ends_over_all": "test, all {n:,} images: {test:.2f} %",
    "seeds_1": "1 seed",
    "seeds_n": "mean of {n} seeds",
    "epochs_1": "1 epoch",
    "epochs_n": "{n} epochs",
    "filters_1": "1 filter",
    "filters_n": "{n} filters",
    "curves_alt": "Learning curves: accuracy over epochs, on an axis from {low:.0f} to 100 %.",
    "curves_alt_panel": (
        "{group}: {epochs}, {seeds}; after the last one, accuracy is {train:.1f} % on training images "
        "and {test:.1f} % on test images."
    ),
    # names of groups of runs
    "group_train_size": "{n:,} training images",
    "group_lr": "learning rate {lr:g}",
    "group_batch_size": "batches of {n}",
    # filters
    "filters_title": "{network}: {filters} {size} of {layer} ({parameter}), {epochs}",
    "before": "before training",
    "after": "after training",
    "change": "change (after − before)",
    "largest_weight": "max |w| = {value:.3g}",
    "largest_change": "max |Δw| = {value:.3g}",
    "weight_scale": "weight (one scale for all three)",
    "filter": "filter",
    "input_channel": "input channel",
    "of_channel": "input channel {n}",
    "by_change": "ordered by change",
    "filters_alt": (
        "The filters of {layer} in {network} ({filters}) before training, after training, and the change, on "
        "one symmetric colour scale from −{limit:.3g} to {limit:.3g}. The largest absolute weight is "
        "{before:.3g} before and {after:.3g} after training; the largest change is {change:.3g}."
    ),
    # filters applied to a picture, feature maps
    "input_picture": "picture ({h}×{w})",
    "learned_filters": "learned filters ({parameter})",
    "learned_deep_filters": "learned filters ({parameter})\na column a filter, a row an input channel",
    "raw_response": "response: w∗x + b, one map per filter ({h}×{w})",
    "after_activation": "after {activation} ({h}×{w})",
    "weight": "weight",
    "response": "response",
    "applied_title": "{network}: a picture through the filters of {layer}",
    "applied_alt": (
        "A picture of {h}×{w} pixels and the responses to the filters of {layer} in {network} ({filters}). "
        "Responses range from {low:.3g} to {high:.3g}; {share:.0f} % of them are positive."
    ),
    "maps_title": "{network}: what {layer} makes of a picture ({count}@{h}×{w})",
    "maps_alt": (
        "A picture of {ph}×{pw} pixels and what layer {layer} in {network} makes of it: {count}@{h}×{w}. "
        "Values range from {low:.3g} to {high:.3g}."
    ),
    # architecture
    "input": "input",
    "convolution": "{h}×{w}\nconvolution",
    "stride": "stride {s}",
    "pad": "pad {p}",
    "max_pooling": "{h}×{w}\nmax-pooling",
    "full_connection": "full\nconnection",
    "output": "output",
    "cost": "{parameters} parameters, {multiply_adds} multiply-adds a picture",
    "architecture_alt": "Architecture of {network}: {chain}. {cost}.",
    # learning rates
    "learning_rate": "learning rate",
    "test_accuracy_axis": "test accuracy (%)",
    "one_run": "one run",
    "mean": "mean over seeds",
    "reported": "figure in the report",
    "interval": "95 % interval of one run from the number of test images (Wilson)",
    "rates_alt": "Test accuracy by learning rate, on all {n_all:,} and on the first {n_head:,} test images.",
    "rates_alt_group": "Learning rate {lr:g}, {seeds}: {all:.2f} % and {head:.1f} %.",
    "rates_alt_reported": "The report says: {figures}.",
}

_KOREAN = {
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
        "{group}: {epochs}, {seeds}. 마지막 에포크의 정확도는 훈련 이미지에서 {train:.1f} %, "
        "시험 이미지에서 {test:.1f} %이다."
    ),
    # names of groups of runs
    "group_train_size": "훈련 이미지 {n:,}장",
    "group_lr": "학습률 {lr:g}",
    "group_batch_size": "미니배치 {n}",
    # filters
    "filters_title": "{network}: {layer}({parameter})의 {size} {filters}, {epochs} 학습",
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
        "{network}의 {layer} 계층 필터({filters})를 학습 전, 학습 후, 변화량의 순으로 −{limit:.3g}부터 "
        "{limit:.3g}까지의 대칭인 같은 색 척도로 나타냈다. 가중치 절댓값의 최대는 학습 전 {before:.3g}, "
        "학습 후 {after:.3g}이고, 변화량의 최대는 {change:.3g}이다."
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
        "{h}×{w} 픽셀의 이미지와, 그 이미지에 {network}의 {layer} 계층 필터({filters})를 적용한 결과. "
        "출력값은 {low:.3g}부터 {high:.3g}까지이고 그중 {share:.0f} %가 양수이다."
    ),
    "maps_title": "{network}: {layer} 계층의 특징 맵 ({count}@{h}×{w})",
    "maps_alt": (
        "{ph}×{pw} 픽셀의 이미지와, {network}의 {layer} 계층이 만든 {h}×{w} 특징 맵 {count}개. "
        "값은 {low:.3g}부터 {high:.3g}까지이다."
    ),
    # architecture
    "input": "입력",
    "convolution": "{h}×{w}\n합성곱",
    "stride": "스트라이드 {s}",
    "pad": "패딩 {p}",
    "max_pooling": "{h}×{w}\n최대 풀링",
    "full_connection": "완전\n연결",
    "output": "출력",
    "cost": "매개변수 {parameters}개, 이미지 한 장에 곱셈-덧셈 {multiply_adds}번",
    "architecture_alt": "{network}의 구조: {chain}. {cost}.",
    # learning rates
    "learning_rate": "학습률",
    "test_accuracy_axis": "시험 정확도 (%)",
    "one_run": "한 번의 학습",
    "mean": "시드 평균",
    "reported": "보고서의 값",
    "interval": "시험 이미지 수에 따른 한 번의 학습의 95 % 구간 (윌슨)",
    "rates_alt": "학습률에 따른 시험 정확도. 시험 이미지 전체 {n_all:,}장과 처음 {n_head:,}장에 대한 값이다.",
    "rates_alt_group": "학습률 {lr:g}, {seeds}: {all:.2f} %와 {head:.1f} %.",
    "rates_alt_reported": "보고서의 값: {figures}.",
}

WORDS: dict[str, dict[str, str]] = {"en": _ENGLISH, "ko": _KOREAN}
"""Language → name → text."""


def words_in(lang: str) -> Mapping[str, str]:
    """Return the table of a language.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    if lang not in WORDS:
        raise UsageError(f"`lang` of a picture must be one of {', '.join(WORDS)}. Got {lang!r}.")
    return WORDS[lang]


def counted(words: Mapping[str, str], thing: str, n: int) -> str:
    """Say how many "seeds", "epochs" or "filters" there are: one seed is said as one seed."""
    return words[f"{thing}_1" if n == 1 else f"{thing}_n"].format(n=n)


def by(height: int, width: int) -> str:
    """Write a size as it is written in pictures, height first."""
    return f"{height}×{width}"
