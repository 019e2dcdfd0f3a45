# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""When messages are delivered: schedule_at, quiet hours, and the options that they are written in.

Times of a zone are compared in East Africa Time only: Python compares two times of one zone by their clocks, and an
hour that the clock shows twice would count once.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t
import zoneinfo

from .._errors import OPTION, OnfonError, OptionError
from .._reading.timestamps import EAT

DEFAULT_ZONE = "Africa/Nairobi"
SKIP, SCHEDULE = "skip", "schedule"

_DURATION = re.compile(r"(?:(\d{1,7})d)? ?(?:(\d{1,7})h)? ?(?:(\d{1,7})m)? ?(?:(\d{1,7})s)?", re.ASCII)
_LONGEST = datetime.timedelta(days=31)

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# What each Python reads alike: 3.11 takes more than 3.9, and 3.14 takes 24:00 too.
_DATE_AND_TIME = re.compile(
    rf"{_DATE.pattern}[ T](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{{3}}(?:\d{{3}})?)?)?(?:Z|[+-]\d\d:[0-5]\d)?", re.ASCII
)
_MINUTE = datetime.timedelta(minutes=1)
MARGIN: t.Final = datetime.timedelta(minutes=2)
_YEAR = datetime.timedelta(days=366)

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_MINUTES = re.compile(r"0|[1-9]\d{0,3}", re.ASCII)
_DAY = 24 * 60


class Hold(t.NamedTuple):
    """Quiet hours forbid to send. fact, hint: why, and what to do. skip: the task is to end well without sending."""

    fact: str
    hint: str
    skip: bool

    def error(self) -> OnfonError:
        """The hold as the reason why a task fails."""
        return OnfonError(self.fact, error_class=OPTION, hint=self.hint)


class ScheduleDecision(t.NamedTuple):
    """When a batch that leaves now is delivered. at: None for at once. hold: why it must not leave, None if it may."""

    at: datetime.datetime | None = None
    hold: Hold | None = None


def duration(option: str, text: str) -> datetime.timedelta:
    """The length of "24h", "30m", "90s", "7d" or "1d12h"."""
    found = _DURATION.fullmatch(" ".join(text.lower().split()))
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    length = datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not datetime.timedelta() < length <= _LONGEST:
        raise OptionError(f'{option} "{text}" is no duration from 1s to 31d: write it like 24h, 30m or 1d12h.')
    return length


def zone(option: str, name: str) -> datetime.tzinfo:
    """The time zone of that name. The default needs no time zone data."""
    found = _load(name)
    if found is not None:
        return found
    if name == DEFAULT_ZONE:
        return EAT
    if _load(DEFAULT_ZONE) is None:
        raise OptionError(
            f'{option} "{name}" cannot be looked up, as there is no time zone data where the task runs:'
            " install the Python package tzdata there."
        )
    raise OptionError(f'{option} "{name}" is no time zone: write it like Africa/Nairobi or Europe/London.')


def _load(name: str) -> datetime.tzinfo | None:
    """The zone in the time zone data, None where they have none: a path and a folder of theirs are no zones either."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclasses.dataclass(frozen=True)
class QuietHours:
    """The hours, by the clock of a zone, in which nobody is texted: from start until before end, over midnight too."""

    start: datetime.time
    end: datetime.time
    zone: datetime.tzinfo
    action: str

    @classmethod
    def read(cls, options: t.Mapping[str, t.Any], default_zone: datetime.tzinfo) -> QuietHours:
        """The quiet hours of the option. Raises OptionError where one of its parts is wrong."""
        start = _read_clock("quiet_hours.start", str(options["start"]))
        end = _read_clock("quiet_hours.end", str(options["end"]), last=_DAY)
        if start == end:
            raise OptionError(
                f"quiet_hours.start and quiet_hours.end are both {start:%H:%M}: give two different times."
            )
        name = options.get("timezone")
        return cls(start, end, default_zone if name is None else zone("quiet_hours.timezone", name), options["action"])

    def __str__(self) -> str:
        """The hours for people: "21:00 to 07:00"."""
        return f"{self.start:%H:%M} to {self.end:%H:%M}"

    def include(self, time: datetime.datetime) -> bool:
        """The time is within them."""
        clock = time.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_after(self, time: datetime.datetime) -> datetime.datetime:
        """The first whole minute from that time on that is not within them.

        Minute by minute: when clocks change, the end may come twice in a night, or be left out.
        """
        while self.include(time):
            time += _MINUTE
        return time


@dataclasses.dataclass(frozen=True)
class Schedule:
    """When the messages of a run are delivered. at: not before then, None for at once."""

    at: datetime.datetime | None
    quiet_hours: QuietHours | None

    @classmethod
    def read(
        cls,
        schedule_at: str | None,
        timezone: str,
        quiet_hours: t.Mapping[str, t.Any] | None,
        now: datetime.datetime,
    ) -> Schedule:
        """The schedule of the options. Raises OptionError where one is wrong."""
        local = zone("timezone", timezone)
        return cls(
            None if schedule_at is None else _read_schedule_at(schedule_at, local, now),
            None if quiet_hours is None else QuietHours.read(quiet_hours, local),
        )

    def decide(self, now: datetime.datetime) -> ScheduleDecision:
        """When a batch that leaves now is delivered, if it may leave.

        Ask for each batch: a long run enters and leaves quiet hours.
        """
        later = self.at if self.at is not None and self.at > now else None
        if self.quiet_hours is None or not self.quiet_hours.include(later or now):
            return ScheduleDecision(later)
        if self.quiet_hours.action == SCHEDULE:
            return ScheduleDecision(self.quiet_hours.end_after(_whole_minute(later or now)))
        return ScheduleDecision(hold=_hold(self.quiet_hours, later, now))


def to_wire(time: datetime.datetime, now: datetime.datetime) -> str:
    """The time as Onfon takes it: minutes, in East Africa Time, and not past by a clock that differs a little."""
    return f"{_whole_minute(max(time, now + MARGIN)):%Y-%m-%d %H:%M}"


def _whole_minute(time: datetime.datetime) -> datetime.datetime:
    """The time in East Africa Time, or the next whole minute: never earlier."""
    time = time.astimezone(EAT)
    minute = time.replace(second=0, microsecond=0)
    return minute if minute == time else minute + _MINUTE


def _read_schedule_at(text: str, local: datetime.tzinfo, now: datetime.datetime) -> datetime.datetime:
    """The time of schedule_at, in a whole minute. Raises OptionError for what cannot be scheduled."""
    time = _read_time(text)
    if time.tzinfo is None:
        time = time.replace(tzinfo=local)
    now = now.astimezone(EAT)
    if time <= now:
        raise OptionError(
            f"schedule_at {text} is in the past: it is {now.astimezone(local):%Y-%m-%d %H:%M} in {local},"
            " so give a later time or leave schedule_at out."
        )
    if time > now + _YEAR:
        raise OptionError(f"schedule_at {text} is more than a year ahead: give an earlier time.")
    there_and_back = time.astimezone(EAT).astimezone(time.tzinfo)
    if there_and_back.replace(tzinfo=None) != time.replace(tzinfo=None):
        raise OptionError(
            f"schedule_at {text} does not exist in {local}, where the clock is put forward then: give a later time."
        )
    return _whole_minute(time)


def _read_time(text: str) -> datetime.datetime:
    """The date and time of a text, aware where that names an offset. Raises OptionError where it is none."""
    text = text.strip()
    if _DATE.fullmatch(text):
        raise OptionError(f"schedule_at {text} has no time: write it like {text} 08:00.")
    try:
        if _DATE_AND_TIME.fullmatch(text):
            return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:  # a thirteenth month
        pass
    raise OptionError(f'schedule_at "{text}" is no date and time: write it like 2026-11-22 08:00.')


def _read_clock(option: str, text: str, last: int = _DAY - 1) -> datetime.time:
    """The time of day; YAML reads an unquoted 21:00 as 1260, the minutes since midnight."""
    found = _CLOCK.fullmatch(text)
    if found:
        minutes = int(found[1]) * 60 + int(found[2])
    elif text == "24:00":
        minutes = _DAY
    else:
        minutes = int(text) if _MINUTES.fullmatch(text) else _DAY + 1
    if minutes > last:
        raise OptionError(f'{option} "{text}" is no time of day: write it like "21:00", in quotes.')
    return datetime.time(minutes % _DAY // 60, minutes % 60)


def _hold(hours: QuietHours, later: datetime.datetime | None, now: datetime.datetime) -> Hold:
    """Why nobody is texted at that time."""
    begins = "It is" if later is None else "schedule_at is"
    clock = (later or now).astimezone(hours.zone)
    fact = f"{begins} {clock:%H:%M} in {hours.zone}, and {hours} are quiet hours."
    if hours.action == SKIP:
        return Hold(fact, "", skip=True)
    act = "Run it" if later is None else "Choose a time"
    return Hold(fact, f"{act} after {hours.end:%H:%M}, or set quiet_hours.action to schedule.", skip=False)
