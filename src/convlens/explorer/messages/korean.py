"""What the explorer says, in Korean.

Names and numbers are followed only by particles that do not depend on how they are read.
"""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    # the top
    "top.title": "{network} 들여다보기",
    "top.facts": "{data} 이미지 {images}장으로 학습, 시험 이미지 {tests}장에서 정확도 {accuracy}",
    "top.which": "신경망",
    "top.before": "학습 전",
    "top.after": "학습 후",
    "top.hide": "답 가리기",
    "top.big": "큰 글씨",
    "top.link": "링크 복사",
    "top.copied": "복사했습니다. 링크에 그림과 열어 둔 부분이 담겨 있습니다.",
    "top.not_copied": "주소창의 주소를 복사하세요. 그림과 열어 둔 부분이 담겨 있습니다.",
    "top.noscript": (
        "이 페이지에서는 신경망이 실제로 작동하므로 JavaScript가 필요합니다. 외부에서 불러오는 것은 없습니다."
    ),
    # the frame in the report's page
    "page.title": "직접 써 보기",
    "page.intro": (
        "이미지 {images}장으로 학습한 신경망이 여기서 그대로 작동합니다 ({network}). 숫자를 쓰고, 계층마다 "
        "어떻게 바뀌는지 보고, 한 칸을 눌러 그 값이 나온 과정을 따라가고, 필터를 꺼 보세요."
    ),
    "page.open": "{network} 열기",
    "page.instead": (
        "이 자리에는 그림판과 신경망의 특징 맵과 답이 있습니다. 화면에서 JavaScript를 켜야 볼 수 있습니다."
    ),
    "page.chosen": (
        "이 페이지의 신경망 중 파일에 담을 수 있고 학습 이미지가 가장 많은 것입니다. 여럿이면 그중 가장 "
        "작은 것입니다."
    ),
    "page.alone": "다른 실행은 따로 한 페이지로 만들 수 있고, 그린 그림은 링크로 나눌 수 있습니다.",
    # drawing
    "draw.title": "그리기",
    "draw.pad": "그림판. 키보드에서는 화살표 키로 펜을 옮기고 스페이스 바로 펜을 내리거나 듭니다.",
    "draw.hint": "여기에 숫자를 써 보세요",
    "draw.pen": "펜",
    "draw.cover": "가리개",
    "draw.undo": "되돌리기",
    "draw.clear": "지우기",
    "draw.samples": "시험 숫자",
    "draw.sample": "시험 이미지 가져오기: {name}",
    "draw.received": "신경망이 받는 그림",
    "draw.centred": "MNIST처럼 크기와 위치 맞추기",
    "draw.idle": "시험 이미지는 그대로 씁니다.",
    # maps
    "maps.title": "신경망의 안쪽",
    "maps.layers": "계층",
    "maps.of": "{layer}: 모두 같은 색 눈금",
    "maps.label": "{name}, 가장 큰 반응 {most}",
    "maps.label_off": "{name}, 꺼짐",
    "maps.scale": "모두 같은 색 눈금",
    "maps.all": "{n}개 모두 보기",
    "maps.fewer": "반응이 큰 {n}개만 보기",
    "maps.stranger": (
        "이 페이지는 이 계층이나 그 앞의 계층 하나를 계산할 수 없습니다. 그보다 앞부분은 그대로 작동합니다."
    ),
    # names
    "name.filter": "필터 {n}",
    "name.unit": "뉴런 {n}",
    "name.channel": "채널 {n}",
    "name.class": "{name}의 점수",
    # one unit
    "detail.title": "숫자 하나하나",
    "detail.place": "{layer} · {name} · {row}행 {col}열",
    "detail.off": "끄기",
    "detail.on": "다시 켜기",
    "detail.close": "닫기",
    "detail.map": "특징 맵 전체. 한 칸을 누르거나 화살표 키를 쓰세요.",
    "detail.pixels": "그림",
    "detail.weights": "가중치",
    "detail.products": "곱",
    "detail.subtotals": "채널 {n}개가 각각 더하는 값",
    "detail.inputs": "입력 {n}개가 각각 더하는 값",
    "detail.rest": "나머지 {n}개의 합: {sum}",
    "detail.sum": "합 + 편향",
    "detail.bias": "편향",
    "detail.relu": "{layer}: 0보다 작으면 0",
    "detail.sigmoid": "{layer}: 0과 1 사이로",
    "detail.pooling": "{layer}: 가장 큰 값",
    "detail.window": "가장 큰 값을 고르는 창",
    "detail.passed": "다음으로 넘어갑니다",
    "detail.lost": "이웃 값이 더 큽니다",
    "detail.is_off": "꺼져 있습니다. 합이 얼마이든 0이 넘어갑니다.",
    "detail.field": "{field} 픽셀을 봅니다: 주황색 테두리",
    # the answer
    "answer.title": "답",
    "say.answer": "신경망의 답: {name} ({p}).",
    "say.strongest": "반응이 가장 큰 것: {name}.",
    "say.tap": "아무 칸이나 눌러 보세요.",
    "say.empty": "숫자를 쓰거나 시험 숫자를 골라 보세요.",
    "say.hidden": "신경망의 답은 무엇일까요? R 키를 누르면 보입니다.",
    "say.stranger": (
        "답 없음: 이 페이지는 {layer} 계층을 계산할 수 없습니다. 그 앞의 계층은 그대로 작동합니다."
    ),
    "truth.right": "시험 이미지 {n}번, 정답 {name}: 맞음.",
    "truth.wrong": "시험 이미지 {n}번, 정답 {name}: 틀림.",
    "truth.hidden": "시험 이미지 {n}번.",
    "accuracy.all": "시험 숫자 {n}개 중 {right}개 맞음",
    "accuracy.off": "시험 숫자 {n}개 중 {right}개 맞음 (모두 켜면 {before}개)",
    "accuracy.list": "꺼 둔 것: {names}",
    "accuracy.allon": "모두 켜기",
    "mistakes.title": "틀린 숫자",
    "mistakes.n": "{n}개, 확신이 큰 순",
    "mistakes.previous": "이전 틀린 숫자",
    "mistakes.next": "다음 틀린 숫자",
}
