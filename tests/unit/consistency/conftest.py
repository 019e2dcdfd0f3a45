# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of the collection."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[3]


def plugins(kind: str) -> list[str]:
    """The names of the plugins of a kind."""
    return sorted(path.stem for path in (ROOT / "plugins" / kind).glob("*.py") if not path.stem.startswith("_"))


MODULES = plugins("modules")
