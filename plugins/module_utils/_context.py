# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What the work of a task is given besides its options."""

from __future__ import annotations

import dataclasses
import typing as t

from ._clock import Clock
from ._gateway.client import Client


@dataclasses.dataclass(frozen=True)
class Context:
    """The gateway, and how the task runs.

    client: a client of the account. connect: makes one more, not connected yet. check_mode: nothing may be written.
    notify: shows a line to whoever watches the task, None where nobody can. clock: the time, and how to wait.
    """

    client: Client
    connect: t.Callable[[], Client]
    check_mode: bool
    notify: t.Callable[[str], None] | None
    clock: Clock
