# SPDX-License-Identifier: GPL-3.0-or-later
"""Run sanity, the tests of the plugins and the integration tests on the oldest and the newest supported ansible-core.

The oldest comes with the oldest libraries that requirements.txt admits. The slow tests are run on the newest only. The
unit tests of module_utils are run on the oldest Python of the modules, too.

usage: matrix.py TREE
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import interpreters

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# An ansible-core, and the interpreters that can run it and the sandbox (Python 3.11), the preferred one first.
CORES = {"2.16": ("3.11", "3.12"), "2.21": ("3.14", "3.13", "3.12")}
OLDEST = "2.16"
# On a build server a missing interpreter is a failure.
MUST_RUN = bool(os.environ.get("REQUIRE_PYTHONS"))
# The tests of the plugins: not those of the checkout as a whole, of the sandbox and of tools/.
NOT_PLUGINS = ("consistency", "sandbox", "tools")
TESTS = ["tests/integration", "tests/unit", *(f"--ignore=tests/unit/{name}" for name in NOT_PLUGINS)]
# The oldest Python of the modules has neither a supported ansible-core nor the sandbox, and so it gets the tests of
# module_utils, with the last ansible-core and pytest for it; the modules run there in tests/integration.
OLD_PYTHON = "3.9"
OLD_PYTHON_PACKAGES = ("ansible-core~=2.15.0", "hypothesis", "pytest~=8.4", "pytest-xdist", "smsutil")
OLD_PYTHON_PARTS = ("gateway", "sms", "account", "reading", "sending", "operations")
OLD_PYTHON_TESTS = [
    *(f"tests/unit/{part}" for part in OLD_PYTHON_PARTS),
    *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/unit/test_*.py")),
]


def prepare(core: str, python: Path) -> Path:
    """Return the interpreter of a virtual environment with this ansible-core."""
    requirements = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
    words = [f"ansible-core~={core}.0", *(word for path in requirements for word in ("-r", str(path)))]
    if core == OLDEST:
        lines = requirements[0].read_text().splitlines()
        words += [line.replace(">=", "==") + ".*" for line in lines if ">=" in line]
    files = [*requirements, ROOT / "roles" / "sandbox" / "files" / "requirements.txt"]
    return interpreters.environment(VENV / "matrix" / core, python, *words, files=files)


def prepare_old_python(python: Path) -> Path:
    """Return the interpreter of a virtual environment that can run the unit tests of module_utils."""
    requirements = ROOT / "requirements.txt"
    words = ["-r", str(requirements), *OLD_PYTHON_PACKAGES]
    return interpreters.environment(VENV / "matrix" / OLD_PYTHON, python, *words, files=[requirements])


def test(python: Path, log: Path, tests: Sequence[str], *, slow: bool) -> bool:
    """Run tests, with the output on the screen and in a file. slow: those too that take minutes together."""
    scope = [] if slow else ["-m", "not slow"]
    command = [str(python), "-m", "pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", *scope, *tests]
    environment = {**os.environ, "PATH": os.pathsep.join([str(python.parent), *os.get_exec_path()])}
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            file.write(line)
    return process.returncode == 0


def main() -> None:
    tree = Path(sys.argv[1]).resolve()
    logs = VENV / "logs"
    logs.mkdir(exist_ok=True)
    good = True
    for core, versions in CORES.items():
        found = next((path for path in map(interpreters.find, versions) if path), None)
        if found is None:
            print(f"== NOT RUN: ansible-core {core}, as there is no Python {' or '.join(versions)} here")
            good = good and not MUST_RUN
            continue
        if core == OLDEST and " " in str(ROOT):
            print(f"== NOT RUN: ansible-core {core}, as it cannot ship modules from a folder with a blank in its name")
            continue
        print(f"== ansible-core {core} on {found}", flush=True)
        python = prepare(core, found)
        sanity = subprocess.run([python, ROOT / "tools" / "sanity.py", tree], check=False)
        good = test(python, logs / f"pytest-{core}.log", TESTS, slow=core != OLDEST) and sanity.returncode == 0 and good
    found = interpreters.find(OLD_PYTHON)
    if found is None:
        print(f"== NOT RUN: the unit tests of module_utils on Python {OLD_PYTHON}, as it is not found here")
        good = good and not MUST_RUN
    else:
        print(f"== module_utils on {found}", flush=True)
        python = prepare_old_python(found)
        good = test(python, logs / f"pytest-python-{OLD_PYTHON}.log", OLD_PYTHON_TESTS, slow=True) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
