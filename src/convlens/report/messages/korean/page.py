"""The page around its sections, formats of numbers, and warnings, in Korean."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
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
    "format.span": "{low}~{high}",
    "format.comma": ", ",
    "format.listing": "{most}, {last}",
    "format.images": "{n}장",
    "format.seconds": "{seconds}초",
    "format.minutes": "{minutes}분 {seconds}초",
    "format.hours": "{hours}시간 {minutes}분",
    "status.quick": (
        "빠른 미리 보기이다. 보고서보다 적은 훈련 이미지와 에포크로 학습했으므로 보고서의 수치와 비교해서는 "
        "안 된다."
    ),
    "status.hardly_begun": (
        "{network}: 갱신을 {updates}번밖에 하지 않아 시험 이미지의 {accuracy}만 맞혔다. 이제 막 배우기 "
        "시작한 것이므로 이 신경망이 나쁘다는 뜻은 아니다."
    ),
    "status.whole": "원래 실험을 하는 명령:",
    "status.missing": "학습 {all}회 중 {n}회가 끝났다. 나머지가 끝나는 대로 이 문서를 새로 쓴다.",
}
