# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python onfon_sandbox` (the folder) and `python -m onfon_sandbox` (the package) start the same program."""

from __future__ import annotations

import sys
from pathlib import Path


def run() -> int:
    """Start the program; as a folder, its parent takes the folder's place on the import path."""
    if not __package__:
        sys.path[0] = str(Path(__file__).resolve().parent.parent)
    from onfon_sandbox.cli import main  # noqa: PLC0415

    return main()


if __name__ == "__main__":
    sys.exit(run())
