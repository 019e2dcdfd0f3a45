# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dates on the wire are wall-clock times of one zone; inside the gateway a time is seconds since the epoch."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from onfon_sandbox.assumptions import PERIOD_FORMAT, SCHEDULE_FORMATS, TIME_ZONE

ZONE = ZoneInfo(TIME_ZONE)


def text(seconds: float, pattern: str) -> str:
    """Return a time as the wire writes it."""
    return datetime.fromtimestamp(seconds, ZONE).strftime(pattern)


def iso(seconds: float) -> str:
    """Return a time in ISO 8601 with its offset, for the sandbox's own answers."""
    return datetime.fromtimestamp(seconds, ZONE).isoformat(timespec="milliseconds")


def period(first: str, last: str) -> tuple[float, float] | None:
    """Return the seconds from the first day's start up to before the day after the last; None if these are no dates."""
    try:
        since = datetime.strptime(first.strip(), PERIOD_FORMAT).replace(tzinfo=ZONE)
        until = datetime.strptime(last.strip(), PERIOD_FORMAT).replace(tzinfo=ZONE) + timedelta(days=1)
        return since.timestamp(), until.timestamp()
    except (ValueError, OverflowError):
        return None


def schedule(given: str, now: float) -> float | None:
    """Return the time that a ScheduleDateTime says; None if it cannot be read or its minute is over."""
    for pattern in SCHEDULE_FORMATS:
        try:
            seconds = datetime.strptime(given.strip(), pattern).replace(tzinfo=ZONE).timestamp()
        except (ValueError, OverflowError):
            continue
        return seconds if seconds >= now - now % 60 else None
    return None
