# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives up the superuser's privileges for a while: in a container, tests often run as root."""

from __future__ import annotations

import contextlib
import os
import typing as t


@contextlib.contextmanager
def without_privileges() -> t.Iterator[None]:
    """Permissions hold for the superuser too."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
