"""Mistakes, and what excites a filter, in Korean."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "mistakes.title": "틀린 이미지",
    "mistakes.intro": "신경망마다 훈련 이미지가 가장 많은 실험의 첫 번째 시드를 시험 이미지 전체로 평가했다.",
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
    "gallery.note": "확신도 {sure}, 시험 이미지 {index}번",
    "gallery.alt": "시험 이미지 {index}번. 정답은 {right}.",
    "excitement.title": "필터는 무엇에 반응하는가",
    "excitement.intro": (
        "필터마다 시험 이미지 전체에서 가장 크게 반응하는 곳을 아홉 군데씩 골랐다. 한 이미지에서는 한 군데만 "
        "골랐다. 이 아홉 조각에 공통된 것이 바로 그 필터가 찾는 것이다."
    ),
    "excitement.caption": "{network}: {parameter}의 각 필터가 가장 크게 반응하는 조각 9개 ({run}).",
}
