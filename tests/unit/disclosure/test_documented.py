"""The engine is a package of its own: the examples of its page run from a copy of the room, without Django."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import register.disclosure

ROOM = Path(register.disclosure.__file__).parent
PAGE = ROOM.parents[1] / "docs" / "developer" / "disclosure.md"
ALONE = """
import sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("django", "celery", "psycopg", "rest_framework"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refusing())
"""


def test_the_examples_of_the_page_run_from_a_copy_of_the_room_alone(tmp_path: Path) -> None:
    shutil.copytree(ROOM, tmp_path / "register" / "disclosure", ignore=shutil.ignore_patterns("__pycache__"))
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 6
    path = tmp_path / "examples.py"
    path.write_text("\n".join([ALONE, *examples, "import register.disclosure as room; print(room.__file__)"]))
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [sys.executable, path.name], cwd=tmp_path, env=kept, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told = ran.stdout.splitlines()
    assert told[0] == "4 of 15 cells hidden, 3 of them to protect others"
    assert told[1].startswith(str(tmp_path))
