# SPDX-License-Identifier: GPL-3.0-or-later
"""Run sanity, the tests of the plugins and the integration tests on the oldest and the newest supported ansible-core.

The oldest comes with the oldest libraries that requirements.txt admits. The slow tests are run on the newest only.

usage: matrix.py TREE
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import interpreters

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# An ansible-core, and the interpreters that can run it and the sandbox (Python 3.11), the preferred one first.
CORES = {"2.16": ("3.11", "3.12"), "2.21": ("3.14", "3.13", "3.12")}
OLDEST = "2.16"
# The tests of the plugins: not those of the checkout as a whole, of the sandbox and of tools/.
NOT_PLUGINS = ("consistency", "sandbox", "tools")
TESTS = ["tests/integration", "tests/unit", *(f"--ignore=tests/unit/{name}" for name in NOT_PLUGINS)]


def prepare(core: str, python: Path) -> Path:
    """Return the interpreter of a virtual environment with this ansible-core, made when its needs have changed."""
    venv = VENV / "matrix" / core
    requirements = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
    needs = hashlib.sha256(bytes(venv) + b"\0" + bytes(python))
    for path in [*requirements, ROOT / "roles" / "sandbox" / "files" / "requirements.txt"]:
        needs.update(path.read_bytes())
    stamp = venv / "ready"
    if not stamp.is_file() or stamp.read_text() != needs.hexdigest():
        shutil.rmtree(venv, ignore_errors=True)
        subprocess.run([python, "-m", "venv", venv], check=True)
        command: list[str | Path] = [venv / "bin" / "python", "-m", "pip", "install", "--quiet"]
        command += [f"ansible-core~={core}.0", *(word for path in requirements for word in ("-r", path))]
        if core == OLDEST:
            lines = requirements[0].read_text().splitlines()
            command += [line.replace(">=", "==") + ".*" for line in lines if ">=" in line]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        stamp.write_text(needs.hexdigest())
    return venv / "bin" / "python"


def test(python: Path, log: Path, *, slow: bool) -> bool:
    """Run the tests, with the output on the screen and in a file. slow: those too that take minutes together."""
    command = [str(python), "-m", "pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", *TESTS]
    command += [] if slow else ["-m", "not slow"]
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
            continue
        if core == OLDEST and " " in str(ROOT):
            print(f"== NOT RUN: ansible-core {core}, as it cannot ship modules from a folder with a blank in its name")
            continue
        print(f"== ansible-core {core} on {found}", flush=True)
        python = prepare(core, found)
        sanity = subprocess.run([python, ROOT / "tools" / "sanity.py", tree], check=False)
        good = test(python, logs / f"pytest-{core}.log", slow=core != OLDEST) and sanity.returncode == 0 and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
