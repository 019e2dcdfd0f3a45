# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Dates and times as the platform writes them: in several spellings, and hardly ever with a time zone.

Nothing here uses strptime: its names of months are those of the process's locale.
"""

from __future__ import annotations

import datetime
import re
import typing as t

# East Africa Time has no daylight saving. That the platform's times are in it is assumed: Onfon does not say.
EAT: t.Final = datetime.timezone(datetime.timedelta(hours=3), "EAT")

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ZONES = {"z": datetime.timezone.utc, "utc": datetime.timezone.utc, "gmt": datetime.timezone.utc, "eat": EAT}

# Other centuries are no timestamps: the empty date of .NET is in the year 1, that of SQL in 1900.
_YEAR = r"(?P<year>20\d\d)"
_DATES = (
    rf"{_YEAR}[-/](?P<month>\d\d?)[-/](?P<day>\d\d?)",  # 2026-04-08
    rf"(?P<day>\d\d?)[-/.](?P<month>\d\d?)[-/.]{_YEAR}",  # 19/03/2018
    rf"(?P<day>\d\d?)[- ](?P<name>[a-z]{{3,9}})[- ]{_YEAR}",  # 08-Aug-2025
    rf"(?P<name>[a-z]{{3,9}}) (?P<day>\d\d?)(?:, ?| ){_YEAR}",  # Mar 19, 2018
)
_TIME = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?(?: ?(?P<half>[ap])m)?"
_ZONE = r"(?P<zone>z|utc|gmt|eat|(?P<sign>[+-])(?P<hours>\d\d)(?::?(?P<minutes>\d\d))?)"
_SPELLINGS = tuple(re.compile(rf"{date}(?:(?:t|,? ){_TIME}(?: ?{_ZONE})?)?", re.ASCII) for date in _DATES)
# The quick way for nearly every row. Python 3.14 would take 24:00.
_USUAL = re.compile(r"20\d\d-\d\d-\d\d[ T](?:[01]\d|2[0-3]):\d\d(?::\d\d)?", re.ASCII)
_MILLISECONDS = re.compile(r"/date\((\d{12,13})(?:[+-]\d{4})?\)/", re.ASCII)


def parse_timestamp(text: str) -> datetime.datetime | None:
    """The time that a text of the platform stands for, aware; None where it stands for none.

    A zone in the text counts, otherwise it is East Africa Time. A date without a time is its first minute.
    """
    try:
        if _USUAL.fullmatch(text):
            return datetime.datetime.fromisoformat(text).replace(tzinfo=EAT)
        return _parse_any(" ".join(text.lower().split()))
    except ValueError:  # a thirteenth month, a 24th hour
        return None


def to_nairobi(text: str | None) -> str | None:
    """The time that a text of the platform stands for, in ISO 8601 with Nairobi's offset; None where it is none."""
    time = parse_timestamp(text) if text else None
    return time.astimezone(EAT).isoformat() if time else None


def _parse_any(text: str) -> datetime.datetime | None:
    """The time in a text of small letters and single spaces. Raises ValueError for the 30th of February."""
    milliseconds = _MILLISECONDS.fullmatch(text)
    if milliseconds:
        time = (_EPOCH + datetime.timedelta(milliseconds=int(milliseconds[1]))).astimezone(EAT)
        return time if 2000 <= time.year < 2100 else None
    for spelling in _SPELLINGS:
        found = spelling.fullmatch(text)
        if found:
            return _time(found.groupdict())
    return None


def _time(parts: t.Mapping[str, str | None]) -> datetime.datetime:
    """The time of what a spelling found. Raises ValueError where a part is out of its range."""
    return datetime.datetime(
        int(parts["year"] or 0),
        _month(parts),
        int(parts["day"] or 0),
        _hour(parts),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        int((parts["fraction"] or "").ljust(6, "0")[:6]),
        tzinfo=_zone(parts),
    )


def _month(parts: t.Mapping[str, str | None]) -> int:
    """The month's number; names may be cut after three letters or later."""
    name = parts.get("name")
    if name is None:
        return int(parts["month"] or 0)
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)


def _hour(parts: t.Mapping[str, str | None]) -> int:
    """The hour of the day, 0 where there is no time."""
    hour = int(parts["hour"] or 0)
    if parts["half"] is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if parts["half"] == "p" else 0)


def _zone(parts: t.Mapping[str, str | None]) -> datetime.tzinfo:
    """The zone of the text, East Africa's where it names none."""
    if parts["sign"] is None:
        return _ZONES[parts["zone"] or "eat"]
    offset = datetime.timedelta(hours=int(parts["hours"] or 0), minutes=int(parts["minutes"] or 0))
    return datetime.timezone(-offset if parts["sign"] == "-" else offset)
