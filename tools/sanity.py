# SPDX-License-Identifier: GPL-3.0-or-later
"""Run `ansible-test sanity` on the built tree, with a home of its own, so that its environments live in .venv.

usage: sanity.py TREE [--all-pythons] [--quick] [ansible-test's own options]

--quick leaves out what `make lint` checks too; `make test-all` runs everything.
"""

from __future__ import annotations

import ast
import configparser
import importlib.resources
import os
import re
import subprocess
import sys
from pathlib import Path

import interpreters

BIN = Path(sys.executable).parent
HOME = BIN.parent / "home"
# What a module may meet; ansible-core and tests/config.yml decide which of them count.
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

# Style is ruff's, and antsibull-docs renders every page that ansible-doc would show.
CHECKED_BY_LINT = ("ansible-doc", "pep8", "pylint")

# ansible-test fetches such a script from its own server, which not everybody can reach; this one needs only Python and
# an index of packages. It leaves pip as Python brings it: the version does not matter, and a dozen environments ask.
GET_PIP = """\
import subprocess
import sys

subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
packages = [word for word in sys.argv[1:] if not word.startswith(("-", "pip=="))]
if packages:
    subprocess.run([sys.executable, "-m", "pip", "install", *packages], check=True)
"""


def pip(*arguments: str) -> str:
    """Ask pip, and return what it says."""
    return subprocess.run([sys.executable, "-m", "pip", *arguments], check=True, capture_output=True, text=True).stdout


def make_home() -> None:
    """Lay out the home of ansible-test: pip's settings and the bootstrap script."""
    # ansible-test passes HOME on to pip, but no PIP_ variable: so all settings go where pip looks below HOME.
    settings = configparser.RawConfigParser()
    settings.read_dict({"global": {"cache-dir": pip("cache", "dir").strip(), "quiet": "2"}})
    for line in pip("config", "list").splitlines():
        name, _equals, value = line.partition("=")
        section, _dot, key = name.replace(":env:", "global").partition(".")
        settings.read_dict({section: {key: ast.literal_eval(value)}})
    config = HOME / ".config" / "pip" / "pip.conf"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.touch(mode=0o600)  # the address of an index may hold a password
    with config.open("w", encoding="utf-8") as file:
        settings.write(file)
    requirements = importlib.resources.files("ansible_test").joinpath("_internal", "python_requirements.py")
    cache = HOME / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", requirements.read_text(encoding="utf-8")):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(GET_PIP, encoding="utf-8")


def main() -> None:
    tree, *options = sys.argv[1:]
    make_home()
    if "--quick" in options:
        options.remove("--quick")
        options += [word for name in CHECKED_BY_LINT for word in ("--skip-test", name)]
    folders = [str(BIN)]
    if "--all-pythons" in options:
        options.remove("--all-pythons")
        found = {version: interpreters.find(version) for version in PYTHONS}
        folders += [str(path.parent) for path in found.values() if path]
        for version, path in found.items():
            print(f"Python {version}:", path or "NOT CHECKED, as it is not found here", flush=True)
    else:
        options += ["--python", f"{sys.version_info.major}.{sys.version_info.minor}"]
    environment = {**os.environ, "HOME": str(HOME), "PATH": os.pathsep.join([*folders, *os.get_exec_path()])}
    # Started by the interpreter: as a script it cannot be, when the folder has a space in its name.
    command = [sys.executable, str(BIN / "ansible-test"), "sanity", "--color", "no", *options]
    sys.exit(subprocess.run(command, check=False, cwd=tree, env=environment).returncode)


if __name__ == "__main__":
    main()
