"""The process in which a stranger's file is run: `python -m convlens.check.worker`, its task on stdin.

It bounds itself before it looks at the file: memory, processor time, the size of a file. What the file prints
goes nowhere. Must not know who asked.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

__all__ = ["bound", "end_with", "main"]

_LARGEST_FILE = 64 << 20
_MOST_PROCESSES = 4096  # of this user, all together: what starts itself again and again stops there
_TICK = 0.5


def main() -> None:
    """Do the task, and write what was found into the file that it names."""
    task = json.loads(sys.stdin.read())
    bound(int(task["mebibytes"]), int(task["seconds"]))
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    place = Path(task["result"])
    result = _result(task)
    _keep(place, result)
    os._exit(0)  # without what a stranger may have left to be done at the end


def _keep(place: Path, result: dict[str, Any]) -> None:
    unfinished = place.with_suffix(".part")
    unfinished.write_text(json.dumps(result), encoding="utf-8")
    unfinished.replace(place)


def _result(task: dict[str, Any]) -> dict[str, Any]:
    from convlens.check.submission import Submission, examined  # noqa: PLC0415 (bounded before it is loaded)
    from convlens.check.told import read_told  # noqa: PLC0415
    from convlens.errors import one_line  # noqa: PLC0415

    path = Path(task["file"])
    sys.path[:0] = [str(path.parent), str(path.parent.parent)]
    try:
        return examined(path, task["only"], read_told(Path(task["told"]))).to_dict()
    except MemoryError:
        return Submission(str(path), ended="too_large", values={"n": str(task["mebibytes"])}).to_dict()
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        return Submission(str(path), ended="with_error", values={"error": one_line(error)}).to_dict()


def bound(mebibytes: int, seconds: int) -> None:
    """Bound what this process may use, as far as the system can."""
    try:
        import resource  # noqa: PLC0415 (there is none on Windows)
    except ImportError:
        return
    wanted = (
        (resource.RLIMIT_AS, mebibytes << 20),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, _MOST_PROCESSES),
    )
    for what, most in wanted:
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (least, least))
        except (ValueError, OSError):  # macOS bounds no address space
            continue


def end_with(parent: int) -> None:
    """End when whoever started this process has ended."""
    while os.getppid() == parent:
        time.sleep(_TICK)
    os._exit(1)


if __name__ == "__main__":
    main()
