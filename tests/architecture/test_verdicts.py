"""A refusal that is asked for in the wrong way is named before it can let something pass."""

import subprocess
import sys
import tomllib
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ASKED = """
from register.access.permission import Refused
from register.workflow.transitions import Allowed
from register.workflow.transitions import Refused as Hindered


def as_truth(refused: Refused | None) -> bool:
    if refused:
        return False
    return True


def as_absence(refused: Refused | None) -> bool:
    if not refused:
        return True
    return False


def as_verdict(decision: Allowed | Hindered) -> bool:
    if decision:
        return True
    return False
"""
NAMED = [(9, "unreachable"), (16, "unreachable"), (20, "truthy-bool")]


def test_the_types_name_whoever_asks_a_refusal_by_its_truth(tmp_path: Path) -> None:
    """With the rules of ``make check``; without its plugins and the rest of the register, which take half a minute."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    asked, said = tmp_path / "asked.py", tmp_path / "mypy.ini"
    asked.write_text(ASKED)
    said.write_text(
        f"[mypy]\nwarn_unreachable = {rules['warn_unreachable']}\n"
        f"enable_error_code = {', '.join(rules['enable_error_code'])}\nfollow_imports = silent\n"
        "ignore_missing_imports = True\nshow_error_codes = True\n"
    )
    modules = [ROOT / "register/access/permission.py", ROOT / "register/workflow/transitions.py"]
    command = [sys.executable, "-m", "mypy", "--follow-imports=skip", "--config-file", said, "--cache-dir", tmp_path]
    done = subprocess.run([*command, asked, *modules], cwd=ROOT, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith(str(asked)) and ": error:" in line]
    assert [(int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]")) for line in told] == NAMED, done.stdout
