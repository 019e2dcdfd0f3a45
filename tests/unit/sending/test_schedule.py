# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The time of delivery: never earlier than requested, never in quiet hours, whatever the clocks show."""

from __future__ import annotations

import contextlib
import datetime
import sys
import typing as t
import zoneinfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._errors import OPTION, OptionError
from ansible_collections.onfon.sms.plugins.module_utils._reading.timestamps import EAT
from ansible_collections.onfon.sms.plugins.module_utils._sending.schedule import (
    MARGIN,
    Hold,
    Schedule,
    duration,
    to_wire,
    zone,
)

UTC = datetime.timezone.utc
MINUTE = datetime.timedelta(minutes=1)
NAIROBI, BERLIN, NEW_YORK = "Africa/Nairobi", "Europe/Berlin", "America/New_York"

# Clocks change within a day of these: back and forward, in Berlin and New York.
CHANGES = [
    datetime.datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime.datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime.datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime.datetime(2026, 11, 1, 6, tzinfo=UTC),
]
NOWS = st.builds(
    lambda change, seconds: change + datetime.timedelta(seconds=seconds),
    st.sampled_from(CHANGES),
    st.floats(-100_000, 100_000),
)
ZONES = st.sampled_from([NAIROBI, BERLIN, NEW_YORK])
MINUTES_OF_DAY = st.integers(0, 1439)


def at(text: str) -> datetime.datetime:
    """The moment of a text with an offset."""
    return datetime.datetime.fromisoformat(text)


NOW = at("2026-04-08T09:30:20+03:00")


def scheduled(schedule_at: str, timezone: str = NAIROBI, now: datetime.datetime = NOW) -> datetime.datetime | None:
    return Schedule.read(schedule_at, timezone, None, now).decide(now).at


def held(schedule: Schedule, now: datetime.datetime) -> Hold:
    """Why nothing may leave now."""
    delivery = schedule.decide(now)
    assert delivery.at is None
    assert delivery.hold is not None
    return delivery.hold


def quiet_hours(
    start: object = "21:00", end: object = "07:00", action: str = "fail", timezone: str | None = None
) -> t.Any:
    return {"start": start, "end": end, "timezone": timezone, "action": action}


class TestDurations:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("24h", 86_400),
            ("30m", 1_800),
            ("90s", 90),
            ("7d", 604_800),
            ("1d12h", 129_600),
            ("1D 12H", 129_600),
            (" 24h\n", 86_400),
            ("1d2h3m4s", 93_784),
            ("0d1s", 1),
            ("31d", 2_678_400),
            ("744h", 2_678_400),
        ],
    )
    def test_durations_are_read(self, text: str, seconds: int) -> None:
        assert duration("dedupe_window", text) == datetime.timedelta(seconds=seconds)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "0",
            "0h",
            "0d0s",
            "24",
            "-1h",
            "+1h",
            "1.5h",
            "32d",
            "31d1s",
            "9999999d",
            "9" * 5000 + "s",
            "h",
            "12h1d",
            "1h1h",
            "1w",
            "one day",
            "1h30",
            "\u0661h",
            "24 hours",
            "None",
        ],
    )
    def test_others_are_refused_in_one_sentence_with_an_example(self, text: str) -> None:
        with pytest.raises(OptionError) as caught:
            duration("dedupe_window", text)
        assert caught.value.msg == (
            f'dedupe_window "{text}" is not a duration from 1s to 31d: write it like 24h, 30m or 1d12h.'
        )


@pytest.fixture
def no_zone_data(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[None]:
    """Neither the system nor the package tzdata knows any zone."""
    for name in ["tzdata", *(name for name in sys.modules if name.startswith("tzdata."))]:
        monkeypatch.setitem(sys.modules, name, None)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()


class TestZones:
    def test_a_zone_is_found_by_its_name(self) -> None:
        assert zone("timezone", BERLIN) == zoneinfo.ZoneInfo(BERLIN)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            " ",
            ".",
            "..",
            "../x",
            "/etc/passwd",
            "/",
            "Africa",
            "Africa/",
            "Africa/Nairobi/",
            "Nairobi",
            "EAT+3",
            "a.b/c",
            "zone.tab",
            "tzdata.zi",
            "nul\0",
            "\ud800",
            "n" * 5000,
            "__init__.py",
            "Africa/__init__.py",
            "con/.",
            "+03:00",
        ],
    )
    def test_unknown_names_are_refused_in_one_sentence(self, name: str) -> None:
        with pytest.raises(OptionError) as caught:
            zone("timezone", name)
        assert caught.value.msg == (
            f'timezone "{name}" is not a time zone: write it like Africa/Nairobi or Europe/London.'
        )

    def test_without_time_zone_data_it_says_what_to_install(self, no_zone_data: None) -> None:
        with pytest.raises(OptionError, match="install the Python package tzdata"):
            zone("timezone", BERLIN)

    def test_the_default_needs_no_time_zone_data(self, no_zone_data: None) -> None:
        assert zone("timezone", NAIROBI) is EAT
        assert scheduled("2026-04-08 21:00") == at("2026-04-08T21:00:00+03:00")

    def test_time_zone_data_that_cannot_be_read_count_as_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unreadable(name: str) -> t.NoReturn:
            raise PermissionError(name)

        monkeypatch.setattr(zoneinfo, "ZoneInfo", unreadable)
        assert zone("timezone", NAIROBI) is EAT
        with pytest.raises(OptionError, match="install the Python package tzdata"):
            zone("timezone", BERLIN)

    @given(st.text(max_size=20) | st.text("./\\\0aAfrica", max_size=12))
    def test_any_name_is_a_zone_or_a_sentence(self, name: str) -> None:
        found: datetime.tzinfo | None = None
        with contextlib.suppress(OptionError):
            found = zone("timezone", name)
        assert found is None or NOW.astimezone(found) == NOW


class TestScheduleAt:
    def test_without_it_delivery_is_at_once(self) -> None:
        assert Schedule.read(None, NAIROBI, None, NOW).decide(NOW).at is None

    @pytest.mark.parametrize(
        ("text", "timezone", "wire"),
        [
            ("2026-11-22 08:00", NAIROBI, "2026-11-22 08:00"),
            ("2026-11-22T08:00", NAIROBI, "2026-11-22 08:00"),
            (" 2026-11-22 08:00:00 ", NAIROBI, "2026-11-22 08:00"),
            ("2026-11-22 08:00:01", NAIROBI, "2026-11-22 08:01"),
            ("2026-11-22 23:59:59.000001", NAIROBI, "2026-11-23 00:00"),
            ("2026-11-22 08:00:00.001", NAIROBI, "2026-11-22 08:01"),
            ("2026-11-22T08:00:00+03:00", BERLIN, "2026-11-22 08:00"),
            ("2026-11-22T08:00:00-05:30", BERLIN, "2026-11-22 16:30"),
            ("2026-11-22T08:00:00Z", BERLIN, "2026-11-22 11:00"),
            ("2026-11-22T08:00Z", BERLIN, "2026-11-22 11:00"),
            ("2026-11-22 08:00", BERLIN, "2026-11-22 10:00"),
            ("2026-07-22 08:00", BERLIN, "2026-07-22 09:00"),
            ("2026-11-22 08:00", "UTC", "2026-11-22 11:00"),
            ("2026-04-08 09:31", NAIROBI, "2026-04-08 09:31"),
            ("2027-04-08 09:30", NAIROBI, "2027-04-08 09:30"),
        ],
    )
    def test_it_is_local_time_or_has_an_offset(self, text: str, timezone: str, wire: str) -> None:
        delivery = scheduled(text, timezone)
        assert delivery is not None
        assert to_wire(delivery, NOW - MARGIN) == wire

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "now",
            "08:00",
            "20261122T0800",
            "20261122T080000",
            "2026-11-22 08",
            "2026-W47-7",
            "2026-W47-7T08:00",
            "1795323600",
            "2026-13-01 08:00",
            "2026-02-30 08:00",
            "2026-11-22 24:00",
            "2026-11-22 08:60",
            "2026-11-22 08:00:60",
            "2026-11-22x08:00",
            "2026-11-22 08:00:00.1",
            "2026-11-22T08:00:00.1234567Z",
            "2026-11-22T08:00:00,123Z",
            "2026-11-22T08:00+0300",
            "22/11/2026 08:00",
            "2026-11-22T08:00+03",
            "2026-11-22T08:00+24:00",
            "2026-11-22T08:00+03:99",
            "2026-11-22 08:00 EAT",
            "0000-01-01 00:00",
            "2026-11-22 8:00",
            "\u0662\u0660\u0662\u0666-11-22 08:00",
            "2026-11-22 08:00 today",
            "\ud800",
        ],
    )
    def test_what_is_no_date_and_time_is_refused(self, text: str) -> None:
        with pytest.raises(OptionError) as caught:
            scheduled(text)
        assert caught.value.msg == f'schedule_at "{text}" is not a date and time: write it like 2026-11-22 08:00.'

    def test_a_date_alone_is_refused(self) -> None:
        with pytest.raises(OptionError) as caught:
            scheduled("2026-11-22")
        assert caught.value.msg == "schedule_at 2026-11-22 has no time: write it like 2026-11-22 08:00."

    @pytest.mark.parametrize(
        "text",
        ["2026-04-08 08:30", "2026-04-08T06:30:20Z", "2025-11-22 08:00", "0001-01-01 00:00", "0001-01-01T00:00+14:00"],
    )
    def test_the_past_is_refused_and_the_time_in_the_zone_told(self, text: str) -> None:
        with pytest.raises(OptionError) as caught:
            scheduled(text, BERLIN)
        assert caught.value.msg == (
            f"schedule_at {text} is in the past: it is 2026-04-08 08:30 in Europe/Berlin,"
            " so give a later time or leave schedule_at out."
        )

    @pytest.mark.parametrize("text", ["2027-04-10 08:00", "9999-12-31 23:59:59.999999", "9999-12-31T23:59:59-14:00"])
    def test_more_than_a_year_ahead_is_refused(self, text: str) -> None:
        with pytest.raises(OptionError) as caught:
            scheduled(text, NEW_YORK)
        assert caught.value.msg == f"schedule_at {text} is more than a year ahead: give an earlier time."

    @pytest.mark.parametrize(
        ("text", "timezone"),
        [("2026-03-29 02:00", BERLIN), ("2026-03-29 02:59:59", BERLIN), ("2026-03-08 02:30", NEW_YORK)],
    )
    def test_a_time_that_the_clock_leaves_out_is_refused(self, text: str, timezone: str) -> None:
        with pytest.raises(OptionError) as caught:
            scheduled(text, timezone, at("2026-03-01T00:00:00+00:00"))
        assert caught.value.msg == (
            f"schedule_at {text} does not exist in {timezone}, because clocks are put forward then: give a later time."
        )

    def test_a_time_that_the_clock_shows_twice_is_the_earlier(self) -> None:
        assert scheduled("2026-10-25 02:30", BERLIN) == at("2026-10-25T02:30:00+02:00")

    def test_now_and_schedule_at_are_compared_as_moments_not_by_the_clock(self) -> None:
        """02:45 of summer time is past when the clock shows 02:15 for the second time."""
        now = at("2026-10-25T02:15:00+01:00").astimezone(zoneinfo.ZoneInfo(BERLIN))
        with pytest.raises(OptionError, match="in the past"):
            scheduled("2026-10-25 02:45", BERLIN, now)

    def test_once_it_has_come_delivery_is_at_once(self) -> None:
        schedule = Schedule.read("2026-04-08 09:32", NAIROBI, None, NOW)
        assert schedule.decide(NOW + MINUTE).at == at("2026-04-08T09:32:00+03:00")
        assert schedule.decide(NOW + 2 * MINUTE).at is None


class TestQuietHours:
    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            ("21:00", "07:00", "21:00 to 07:00"),
            ("21:00", "7:00", "21:00 to 07:00"),
            ("1260", "420", "21:00 to 07:00"),
            (1260, 420, "21:00 to 07:00"),
            ("20:30", "24:00", "20:30 to 00:00"),
            ("20:30", "1440", "20:30 to 00:00"),
            ("0", "23:59", "00:00 to 23:59"),
            ("00:00", "1439", "00:00 to 23:59"),
        ],
    )
    def test_times_are_read_also_as_yaml_changes_them(self, start: object, end: object, words: str) -> None:
        schedule = Schedule.read(None, NAIROBI, quiet_hours(start, end), NOW)
        assert str(schedule.quiet_hours) == words

    @pytest.mark.parametrize("option", ["start", "end"])
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "9pm",
            "25:00",
            "21:60",
            "24:01",
            "021",
            "0700",
            "1441",
            "75600",
            "-60",
            "21:00:00",
            "21.00",
            "True",
            "9" * 5000,
        ],
    )
    def test_what_is_no_time_of_day_is_refused(self, option: str, text: str) -> None:
        with pytest.raises(OptionError) as caught:
            Schedule.read(None, NAIROBI, {**quiet_hours(), option: text}, NOW)
        assert (
            caught.value.msg == f'quiet_hours.{option} "{text}" is not a time of day: write it like "21:00", in quotes.'
        )

    @pytest.mark.parametrize("start", ["24:00", "1440"])
    def test_they_do_not_start_at_the_end_of_the_day(self, start: str) -> None:
        with pytest.raises(OptionError, match="is not a time of day"):
            Schedule.read(None, NAIROBI, quiet_hours(start), NOW)

    @pytest.mark.parametrize(("start", "end"), [("21:00", "21:00"), ("1260", "21:00"), ("00:00", "24:00")])
    def test_an_end_that_is_the_start_is_refused(self, start: str, end: str) -> None:
        with pytest.raises(OptionError, match=r"are both \d\d:00: give two different times\.$"):
            Schedule.read(None, NAIROBI, quiet_hours(start, end), NOW)

    def test_a_wrong_zone_is_named_by_its_option(self) -> None:
        with pytest.raises(OptionError, match=r'^quiet_hours\.timezone "Nowhere" is not a time zone'):
            Schedule.read(None, NAIROBI, quiet_hours(timezone="Nowhere"), NOW)

    @pytest.mark.parametrize(
        ("clock", "start", "end", "quiet"),
        [
            ("20:59:59", "21:00", "07:00", False),
            ("21:00:00", "21:00", "07:00", True),
            ("00:00:00", "21:00", "07:00", True),
            ("06:59:59", "21:00", "07:00", True),
            ("07:00:00", "21:00", "07:00", False),
            ("12:59:59", "13:00", "14:00", False),
            ("13:00:00", "13:00", "14:00", True),
            ("13:59:59", "13:00", "14:00", True),
            ("14:00:00", "13:00", "14:00", False),
            ("23:59:59", "21:00", "24:00", True),
            ("00:00:00", "21:00", "24:00", False),
        ],
    )
    def test_they_last_from_start_until_before_end(self, clock: str, start: str, end: str, quiet: bool) -> None:
        now = at(f"2026-04-08T{clock}+03:00")
        delivery = Schedule.read(None, NAIROBI, quiet_hours(start, end, "schedule"), now).decide(now).at
        assert (delivery is not None) is quiet

    def test_their_zone_is_that_of_schedule_at_unless_they_have_one(self) -> None:
        now = at("2026-04-08T21:30:00+03:00")  # 20:30 in Berlin
        assert Schedule.read(None, BERLIN, quiet_hours(), now).decide(now) == (None, None)
        assert held(Schedule.read(None, BERLIN, quiet_hours(timezone=NAIROBI), now), now)

    def test_fail_says_what_time_it_is_and_what_to_do(self) -> None:
        now = at("2026-04-08T20:10:00+00:00")
        hold = held(Schedule.read(None, NAIROBI, quiet_hours(), now), now)
        assert hold.error().msg == (
            "It is 23:10 in Africa/Nairobi, and 21:00 to 07:00 are quiet hours."
            " Run it after 07:00, or set quiet_hours.action to schedule."
        )
        assert hold.error().error_class == OPTION
        assert not hold.skip

    def test_it_is_the_moment_of_delivery_that_counts(self) -> None:
        schedule = Schedule.read("2026-04-08 23:10", NAIROBI, quiet_hours(), NOW)
        assert held(schedule, NOW).error().msg == (
            "schedule_at is 23:10 in Africa/Nairobi, and 21:00 to 07:00 are quiet hours."
            " Choose a time after 07:00, or set quiet_hours.action to schedule."
        )
        night = at("2026-04-08T23:10:00+03:00")
        assert Schedule.read("2026-04-09 08:00", NAIROBI, quiet_hours(), night).decide(night).at is not None

    def test_seconds_that_are_rounded_up_into_them_count(self) -> None:
        assert held(Schedule.read("2026-04-08 20:59:30", NAIROBI, quiet_hours(), NOW), NOW)

    def test_skip_ends_the_task_well(self) -> None:
        now = at("2026-04-08T23:10:00+03:00")
        hold = held(Schedule.read(None, NAIROBI, quiet_hours(action="skip"), now), now)
        assert hold.skip
        assert hold.fact == "It is 23:10 in Africa/Nairobi, and 21:00 to 07:00 are quiet hours."

    @pytest.mark.parametrize(
        ("now", "expected"),
        [("2026-04-08T23:10:05+03:00", "2026-04-09 07:00"), ("2026-04-09T06:59:59+03:00", "2026-04-09 07:00")],
    )
    def test_schedule_delivers_when_they_end(self, now: str, expected: str) -> None:
        delivery = Schedule.read(None, NAIROBI, quiet_hours(action="schedule"), at(now)).decide(at(now)).at
        assert delivery is not None
        assert to_wire(delivery, at(now) - MARGIN) == expected

    @pytest.mark.parametrize(
        ("start", "end", "now", "expected"),
        [
            # Forward, from 02:00 to 03:00: a night of one hour less; an end that is left out; one that would be quiet.
            ("21:00", "07:00", "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"),
            ("21:00", "02:30", "2026-03-28T23:00:00+01:00", "2026-03-29T03:00:00+02:00"),
            ("03:00", "02:30", "2026-03-28T23:00:00+01:00", "2026-03-30T02:30:00+02:00"),
            # Back, from 03:00 to 02:00: a night of one hour more; an end that comes twice, before it and between.
            ("21:00", "07:00", "2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"),
            ("21:00", "02:30", "2026-10-24T23:00:00+02:00", "2026-10-25T02:30:00+02:00"),
            ("21:00", "02:30", "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00"),
        ],
    )
    def test_their_end_is_right_when_clocks_change(self, start: str, end: str, now: str, expected: str) -> None:
        schedule = Schedule.read(None, BERLIN, quiet_hours(start, end, "schedule"), at(now))
        assert schedule.decide(at(now)).at == at(expected)

    def test_a_long_run_enters_and_leaves_them(self) -> None:
        evening = at("2026-04-08T20:59:00+03:00")
        schedule = Schedule.read(None, NAIROBI, quiet_hours(action="schedule"), evening)
        morning = at("2026-04-09T07:00:00+03:00")
        assert [schedule.decide(time).at for time in (evening, evening + MINUTE, morning)] == [None, morning, None]


def is_quiet(moment: datetime.datetime, start: int, end: int, timezone: str) -> bool:
    """The clock of the zone is within the minutes of day, counted round the dial."""
    clock = moment.astimezone(zoneinfo.ZoneInfo(timezone))
    return (clock.hour * 60 + clock.minute - start) % 1440 < (end - start) % 1440


@given(NOWS, ZONES, MINUTES_OF_DAY, st.integers(1, 1439), st.none() | st.floats(1, 100_000))
@example(CHANGES[1] - MINUTE, BERLIN, 180, 1410, None)
def test_delivery_is_the_first_moment_outside_quiet_hours(
    now: datetime.datetime, timezone: str, start: int, length: int, ahead: float | None
) -> None:
    end = (start + length) % 1440
    asked = now if ahead is None else now + datetime.timedelta(seconds=ahead)
    schedule_at = None if ahead is None else asked.isoformat()
    schedule = Schedule.read(schedule_at, timezone, quiet_hours(str(start), str(end), "schedule"), now)
    delivery = schedule.decide(now).at
    if delivery is None:
        assert ahead is None
        assert not is_quiet(now, start, end, timezone)
        return
    assert delivery.second == delivery.microsecond == 0
    assert delivery >= asked
    assert not is_quiet(delivery, start, end, timezone)
    while delivery - MINUTE >= asked:
        delivery -= MINUTE
        assert is_quiet(delivery, start, end, timezone)


@given(NOWS, ZONES, MINUTES_OF_DAY, st.integers(1, 1439), st.sampled_from(["fail", "skip"]))
def test_actions_fail_and_skip_deliver_immediately_or_never(
    now: datetime.datetime, timezone: str, start: int, length: int, action: str
) -> None:
    end = (start + length) % 1440
    schedule = Schedule.read(None, timezone, quiet_hours(str(start), str(end), action), now)
    if is_quiet(now, start, end, timezone):
        assert held(schedule, now).skip is (action == "skip")
    else:
        assert schedule.decide(now) == (None, None)


@given(NOWS)
def test_the_transmitted_time_is_never_earlier_than_asked(moment: datetime.datetime) -> None:
    wire = at(f"{to_wire(moment, moment - MARGIN)}:00+03:00")
    assert datetime.timedelta() <= wire - moment < MINUTE


@given(NOWS)
def test_the_transmitted_time_tolerates_a_gateway_clock_two_minutes_ahead(now: datetime.datetime) -> None:
    assert at(f"{to_wire(now, now)}:00+03:00") >= now + datetime.timedelta(minutes=2)
