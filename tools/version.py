# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the version of galaxy.yml into the files that repeat it: the plugins and the sandbox cannot read galaxy.yml.

usage: version.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIES = ("plugins/module_utils/_version.py", "roles/sandbox/files/onfon_sandbox/__init__.py")
GALAXY = re.compile(r"^version: (\d+\.\d+\.\d+\S*)$", re.MULTILINE)
COPY = re.compile(r'^(VERSION|__version__) = ".*"$', re.MULTILINE)


def main() -> None:
    found = GALAXY.search((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    if not found:
        sys.exit("galaxy.yml has no line such as version: 1.0.0")
    for copy in COPIES:
        path = ROOT / copy
        text = COPY.sub(rf'\1 = "{found[1]}"', path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        print(f"{copy}: {found[1]}")


if __name__ == "__main__":
    main()
