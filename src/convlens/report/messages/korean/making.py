"""How this was made, in Korean."""

from typing import Final

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    "making.title": "만든 방법",
    "making.again": "이 문서를 다시 만드는 명령:",
    "making.runs": "학습 {n}회. 학습과 평가에 모두 {total} 걸렸다",
    "making.run": "학습",
    "making.seed": "시드",
    "making.id": "실행 id",
    "making.time": "시간",
    "making.step": "갱신당 밀리초",
    "making.run_id": (
        "실행 id는 시드를 포함해 결과를 정하는 모든 설정으로부터 계산한다. 명령을 다시 실행해 비교해 보면 "
        "된다. id가 같으면 같은 실험이다."
    ),
    "making.verify": "이 문서를 믿지 않고 직접 확인하려면:",
    "making.verify_scores": (
        "저장된 가중치에서 읽기 쉬운 계층으로 점수를 다시 계산해, 학습 폴더에 적힌 점수, 정확도, 데이터의 "
        "SHA-256과 비교한다."
    ),
    "making.verify_training": (
        "학습도 다시 한다. 프로세서와 버전이 같으면 가중치가 비트까지 같아야 하고, 다르면 반올림만큼 다를 수 "
        "있다."
    ),
    "making.machine": "버전과 컴퓨터",
    "making.system": "시스템",
    "making.threads": "BLAS 스레드 수",
    "making.seeds": "시드",
    "making.data": "데이터",
    "making.digests": "{data}. 각 파일의 압축을 푼 내용의 SHA-256:",
    "making.cpu": "프로세서",
    "making.folders": (
        "학습마다 폴더에 가중치, 모든 시험 이미지에 대한 점수, 갱신마다의 손실이 들어 있으며 convlens 없이도 "
        "읽을 수 있다."
    ),
    "commands.title": "실험별 명령",
    "commands.each": "시드 0으로 실행한다. 다른 시드로 하려면 시드 번호와 폴더 이름을 바꾼다.",
}
