# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the tree that Ansible needs from what `ansible-galaxy collection build` would ship.

usage: stage.py DIRECTORY    (makes DIRECTORY/ansible_collections/onfon/sms when a source has changed)
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_SHIPPED = ("__pycache__", "benchmarks", "demo", "tools")


def fingerprint() -> str:
    """What the build reads, in short: the name, size and time of every file outside the hidden folders."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in NOT_SHIPPED)
        for name in sorted(names):
            path = Path(folder, name)
            stat = path.lstat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def build(output: Path) -> Path:
    """Have ansible-galaxy build the artifact, and return its path."""
    shutil.rmtree(output, ignore_errors=True)
    galaxy = Path(sys.executable).with_name("ansible-galaxy")
    command = [str(galaxy), "collection", "build", str(ROOT), "--output-path", str(output)]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The collection cannot be built: {done.stderr or done.stdout}")
    return next(output.glob("*.tar.gz"))


def unpack(archive: Path, tree: Path) -> None:
    """Put the content of the artifact in the place of the tree."""
    fresh = tree.with_name("sms.new")
    shutil.rmtree(fresh, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.0 to 3.11.3 has no filters
        tar.extractall(fresh)
    # ansible-test asks git for the files: without a repository of its own it asks the checkout's, which ignores .venv.
    subprocess.run(["git", "init", "--quiet", str(fresh)], check=True, stdin=subprocess.DEVNULL)
    shutil.rmtree(tree, ignore_errors=True)
    fresh.rename(tree)


def main() -> None:
    collections = Path(sys.argv[1])
    tree = collections / "ansible_collections" / "onfon" / "sms"
    stamp = collections / "fingerprint"
    now = fingerprint()
    if tree.is_dir() and stamp.is_file() and stamp.read_text() == now:
        return
    unpack(build(collections / "dist"), tree)
    stamp.write_text(now)
    print(f"Built {os.path.relpath(tree, ROOT)}")


if __name__ == "__main__":
    main()
