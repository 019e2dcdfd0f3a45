# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the Python interpreters of this machine, by version, and make virtual environments of them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROBE = """
import ensurepip, os, sys, venv
print(os.path.realpath(sys.executable))
print("%d.%d" % sys.version_info[:2])
"""


def candidates(version: str) -> list[Path]:
    """Where python3.X may be: on the PATH, or among pyenv's, whose shims refuse versions that are not selected."""
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [Path(folder, name) for folder in os.get_exec_path()]
    found += sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True)
    return [path for path in found if path.is_file()]


def find(version: str) -> Path | None:
    """Return the real binary of an interpreter that runs and can make virtual environments, or None."""
    for path in candidates(version):
        done = subprocess.run([path, "-c", PROBE], check=False, capture_output=True, text=True)
        if done.returncode == 0:
            real, actual = done.stdout.splitlines()
            if actual == version:
                return Path(real)
    return None


def environment(folder: Path, python: Path, *words: str, files: Sequence[Path] = ()) -> Path:
    """Return the interpreter of a virtual environment with what pip installs for these words.

    It is made anew when the interpreter, a word, or the content of a file that the words name has changed.
    """
    needs = hashlib.sha256("\0".join([str(folder), str(python), *words]).encode())
    for path in files:
        needs.update(path.read_bytes())
    stamp = folder / "ready"
    interpreter = folder / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != needs.hexdigest():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", folder], check=True)
        command: list[str | Path] = [interpreter, "-m", "pip", "install", "--quiet", *words]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        stamp.write_text(needs.hexdigest())
    return interpreter
