"""The process in which a teacher's tests run: started by its path, its task on stdin.

It bounds itself before it looks at them, and imports nothing of this package, so that it starts at once.
Must not know who asked.
"""

import json
import os
import sys
import threading
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

__all__ = ["main"]


def _worker() -> Any:  # noqa: ANN401
    """Return the module that bounds a process, without its package."""
    spec = spec_from_file_location("_bounds", Path(__file__).with_name("worker.py"))
    assert spec is not None  # noqa: S101 (it lies beside this one)
    assert spec.loader is not None  # noqa: S101
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Run the tests, and end with pytest's exit code."""
    task, worker = json.loads(sys.stdin.read()), _worker()
    worker.bound(int(task["mebibytes"]), int(task["seconds"]))
    threading.Thread(target=worker.end_with, args=(os.getppid(),), daemon=True).start()
    import pytest  # noqa: PLC0415 (bounded before it is loaded)

    sys.path.insert(0, str(Path.cwd()))
    quiet = ["-q", "-x", "-p", "no:cacheprovider", "--tb=short", "-c", os.devnull]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    code = pytest.main([*quiet, "--rootdir", ".", task["file"]])
    sys.stdout.flush()
    os._exit(int(code))  # without what the tests may have left to be done at the end


if __name__ == "__main__":
    main()
