# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the change at hand: ruff and mypy if Python files have changed, and the unit tests of what has changed.

usage: quick.py [BASE]    (a change is what differs from BASE, which is main, and what git does not know yet)

tests/unit mirrors plugins/, so the path of a plugin names its tests. A changed test runs itself, unless it starts
ansible-playbook: those need `make integration`. Without a change, the quick half of the unit tests runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNIT = Path("tests/unit")
COLLECTIONS = Path(".venv/collections")
PLUGINS = COLLECTIONS / "ansible_collections/onfon/sms/plugins"
# What a file is about that has no tests of its own name, and what runs when nothing has changed.
COMMON = [UNIT / "consistency"]
NO_CHANGE = [UNIT / name for name in ("account", "filter", "gateway", "plugin_utils", "reading", "sending", "sms")]


def mirrored(path: Path) -> Path | None:
    """The folder or file in tests/unit that has the tests of a file, whether it exists or not."""
    parts = path.parts
    if parts[:2] == ("plugins", "module_utils") or parts[:2] == ("plugins", "plugin_utils"):
        folder = UNIT if parts[1] == "module_utils" else UNIT / "plugin_utils"
        return folder.joinpath(*(part.lstrip("_") for part in parts[2:]))
    if parts[:2] in {("plugins", "modules"), ("plugins", "action")}:
        return UNIT / "operations" / parts[-1]
    if parts[:2] == ("plugins", "filter"):
        return UNIT / "filter" / parts[-1]
    if parts[:2] == ("roles", "sandbox"):
        return UNIT / "sandbox" / parts[-1]
    return UNIT / "tools" / parts[-1] if parts[0] == "tools" else None


def for_file(path: Path, root: Path = ROOT) -> list[Path]:
    """The unit tests for a changed file."""
    if path.parts[0] == "tests":
        return for_test_file(path, root)
    where = mirrored(path)
    if where is None:
        return COMMON
    # test_plan.py, and test_plan_batches.py: one aspect of it.
    found = sorted((root / where.parent).glob(f"test_{where.stem.lstrip('_')}.py"))
    found += sorted((root / where.parent).glob(f"test_{where.stem.lstrip('_')}_*.py"))
    if found:
        return [test.relative_to(root) for test in found]
    if where.parent == UNIT:
        # What all parts share is tested by theirs.
        return NO_CHANGE
    # Without tests of its own it is tested by its neighbours.
    return [where.parent] if (root / where.parent).is_dir() else COMMON


def for_test_file(path: Path, root: Path) -> list[Path]:
    """The unit tests for a changed file of tests/."""
    if path.parts[1] == "support":
        return NO_CHANGE
    own = path if path.name.startswith("test_") else path.parent
    return [own] if path.parts[1] == "unit" and (root / own).exists() else []


def selected(changed: Iterable[Path], root: Path = ROOT) -> list[Path]:
    """The tests to run, without those that are in a chosen folder already."""
    found = {test for path in changed for test in for_file(path, root)} or set(NO_CHANGE)
    return sorted(test for test in found if not found & set(test.parents))


def git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
    return done.stdout.split("\0") if done.returncode == 0 else []


def changed_files(base: str) -> list[Path]:
    """What differs from the base, committed or not, and what is not tracked yet; deleted files too."""
    common = "".join(git("merge-base", base, "HEAD")).strip() or "HEAD"
    names = {*git("diff", "--name-only", "-z", common), *git("ls-files", "--others", "--exclude-standard", "-z")}
    return sorted(Path(name) for name in names if name)


def main() -> None:
    changed = changed_files(sys.argv[1] if len(sys.argv) > 1 else "main")
    python = [str(path) for path in changed if path.suffix == ".py" and (ROOT / path).is_file()]
    tests = [str(path) for path in selected(changed)]
    commands = [["-m", "pytest", "-q", "-n", "2", *tests]]
    if python:
        commands[:0] = [["-m", "ruff", "check", "--quiet", *python], ["-m", "ruff", "format", "--check", *python]]
    if any(path.startswith("plugins/") for path in python):
        commands.insert(0, ["-m", "mypy", str(PLUGINS)])
    print(f"{len(changed)} changed files; tests: {' '.join(tests)}", flush=True)
    environment = {**os.environ, "MYPYPATH": str(COLLECTIONS)}
    codes = [
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=False).returncode
        for command in commands
    ]
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
