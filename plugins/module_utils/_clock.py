# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Time, as it is passed in: whoever waits or looks at the clock is given one of these, so that no test waits."""

from __future__ import annotations

import datetime
import time
import typing as t


class Clock(t.NamedTuple):
    """now: seconds since the epoch; monotonic: seconds that never go back; sleep: waits so many seconds."""

    now: t.Callable[[], float]
    monotonic: t.Callable[[], float]
    sleep: t.Callable[[float], None]

    def utc(self) -> datetime.datetime:
        """The date and time."""
        return utc(self.now())


def utc(seconds: float) -> datetime.datetime:
    """The date and time, of seconds since the epoch."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


SYSTEM_CLOCK: t.Final = Clock(time.time, time.monotonic, time.sleep)
