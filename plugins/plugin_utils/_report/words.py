# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Numbers, days and durations in words that need no explanation, without the names of the process's locale."""

from __future__ import annotations

import datetime
import typing as t
import unicodedata

from ...module_utils._progress import format_duration

NOT_REPORTED: t.Final = "not reported"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def number(value: float | None) -> str:
    """2000 as "2,000", 0.8 as "0.80"."""
    if value is None:
        return NOT_REPORTED
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def count(value: int, what: str) -> str:
    """A number and a noun: "1 message", "2,000 messages"."""
    return f"{value:,} {what}{'' if value == 1 else 's'}"


def percent(part: float, whole: float) -> str:
    """The share in percent with one decimal, and a dash where the whole is zero. 0 and 100 are never rounded to."""
    if not whole:
        return "\u2013"
    share = 100 * part / whole
    if 0 < share < 100:
        share = min(max(share, 0.1), 99.9)
    return f"{share:.1f}\u00a0%"


def short_day(day: datetime.date) -> str:
    """A day without its year: "22 Nov"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def whole_day(day: datetime.date) -> str:
    """A day with its weekday and year: "Sun 22 Nov 2026"."""
    return f"{_WEEKDAYS[day.weekday()]} {short_day(day)} {day.year}"


def moment(iso: str | None) -> str:
    """A timestamp in ISO 8601 as "22 Nov 2026, 08:00"."""
    if not iso:
        return NOT_REPORTED
    at = datetime.datetime.fromisoformat(iso)
    return f"{short_day(at)} {at.year}, {at:%H:%M}"


def span(first: datetime.date, last: datetime.date) -> str:
    """A period as "16 to 22 Nov 2026", without repeating a year or month that both days share."""
    if first == last:
        return f"{short_day(last)} {last.year}"
    year = "" if first.year == last.year else f" {first.year}"
    begin = str(first.day) if (first.year, first.month) == (last.year, last.month) else short_day(first)
    return f"{begin}{year} to {short_day(last)} {last.year}"


def duration(seconds: float) -> str:
    """A duration in its two largest units: "4 s", "2 min 5 s", "1 h 2 min", "3 days 4 h"."""
    left = round(seconds)
    if left < 86400:
        return format_duration(seconds)
    return f"{count(left // 86400, 'day')} {left % 86400 // 3600} h"


def masked(msisdn: str | None) -> str:
    """254700000001 as "254700***001"; of a shorter one, the same number of digits is hidden."""
    if not msisdn:
        return NOT_REPORTED
    hidden = len(msisdn) - 3
    return f"{msisdn[: max(0, min(6, hidden - 3))]}***{msisdn[hidden:] if hidden >= 3 else ''}"


def shown(text: str | None) -> str:
    """A text of the account without what no page may hold, such as line ends that break a name in two."""
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in text or "").strip()
    return plain or NOT_REPORTED
