# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tour of `make demo`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_tour_ends_well() -> None:
    tour = subprocess.run([sys.executable, "demo/tour.py"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert tour.returncode == 0, tour.stdout + tour.stderr
    assert "Traceback" not in tour.stdout + tour.stderr
