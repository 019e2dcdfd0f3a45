# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""A period of whole days in Nairobi: how it is written in options, asked of the gateway, and looked for in rows."""

from __future__ import annotations

import datetime
import re
import typing as t

from .._errors import OptionError
from .timestamps import EAT, parse_timestamp

TODAY, YESTERDAY = "today", "yesterday"
_DAY = datetime.timedelta(days=1)
_DATE = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_DAYS = re.compile(r"([1-9]\d{0,2})d", re.ASCII)


class Period(t.NamedTuple):
    """From the first to the last day, both included."""

    first: datetime.date
    last: datetime.date

    @classmethod
    def read(cls, from_date: str | None, to_date: str | None, now: float) -> Period:
        """The period of two options, today where they are None. Raises OptionError where one is wrong."""
        today = today_at(now)
        first = first_day("from_date", TODAY if from_date is None else from_date, today)
        last = _last_day("to_date", TODAY if to_date is None else to_date, today)
        if first > last:
            raise OptionError(
                f"from_date {first} is after to_date {last}: set from_date to that day or an earlier one."
            )
        return cls(first, last)

    @property
    def widened(self) -> Period:
        """What to ask for: it is not known if the days are Nairobi's or UTC's, and if the last one is included."""
        return Period(self.first - _DAY, self.last + _DAY)

    def includes(self, time: datetime.datetime | None) -> bool:
        """Whether a row of that time is kept. One without a time is: nobody knows that it is not of the period."""
        return time is None or self.first <= time.astimezone(EAT).date() <= self.last


def today_at(now: float) -> datetime.date:
    """The day in Nairobi, so many seconds after the epoch."""
    return datetime.datetime.fromtimestamp(now, EAT).date()


def first_day(option: str, text: str, today: datetime.date) -> datetime.date:
    """The day of "2026-11-22", "today", "yesterday", or "7d", which is the first of the last seven days."""
    days = _DAYS.fullmatch(_plain(text))
    day = today - _DAY * (int(days[1]) - 1) if days else _day(text, today)
    if day is None:
        raise OptionError(f'{option} "{text}" is not a day: write it like {today}, today, yesterday or 7d.')
    if day > today:
        raise OptionError(f"{option} {day} is in the future: today is {today} in Nairobi.")
    return day


def _last_day(option: str, text: str, today: datetime.date) -> datetime.date:
    day = _day(text, today)
    if day is None:
        raise OptionError(f'{option} "{text}" is not a day: write it like {today}, today or yesterday.')
    return day


def _day(text: str, today: datetime.date) -> datetime.date | None:
    """The day of a date or a word, None where it is neither."""
    plain = _plain(text)
    if plain == TODAY:
        return today
    if plain == YESTERDAY:
        return today - _DAY
    # A date in a spelling that other readers take, such as the platform's, might be another day than was meant.
    time = parse_timestamp(plain) if _DATE.fullmatch(plain) else None
    return time.date() if time else None


def _plain(text: str) -> str:
    return text.strip().lower()
