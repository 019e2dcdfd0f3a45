# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the Python interpreters of this machine, by version."""

from __future__ import annotations

import os
import subprocess
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
