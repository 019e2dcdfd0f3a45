# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Periods as users write them, as they are requested, and as rows are filtered by them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._errors import OptionError
from ansible_collections.onfon.sms.plugins.module_utils._reading.periods import Period, first_day, today_at
from ansible_collections.onfon.sms.plugins.module_utils._reading.timestamps import EAT, parse_timestamp
from tests.support.fake_transport import MORNING

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.timedelta(days=1)
DATES = st.dates(datetime.date(2000, 1, 1), TODAY)


def read(from_date: str | None = None, to_date: str | None = None) -> tuple[str, str]:
    """The two days of a period, in the morning of the 22nd of November."""
    period = Period.read(from_date, to_date, MORNING)
    return str(period.first), str(period.last)


@pytest.mark.parametrize(
    ("from_date", "to_date", "days"),
    [
        (None, None, ("2026-11-22", "2026-11-22")),
        ("today", None, ("2026-11-22", "2026-11-22")),
        ("yesterday", None, ("2026-11-21", "2026-11-22")),
        (" Yesterday ", "YESTERDAY", ("2026-11-21", "2026-11-21")),
        ("7d", None, ("2026-11-16", "2026-11-22")),
        ("1d", None, ("2026-11-22", "2026-11-22")),
        ("7d", "yesterday", ("2026-11-16", "2026-11-21")),
        ("2026-02-28", "2026-03-01", ("2026-02-28", "2026-03-01")),
        ("2026-11-01", "2027-01-31", ("2026-11-01", "2027-01-31")),
        ("365d", None, ("2025-11-23", "2026-11-22")),
    ],
)
def test_a_period_in_every_notation(from_date: str | None, to_date: str | None, days: tuple[str, str]) -> None:
    assert read(from_date, to_date) == days


NO_DAY = "is not a day: write it like 2026-11-22, today"


@pytest.mark.parametrize(
    ("from_date", "to_date", "words"),
    [
        ("", None, f'from_date "" {NO_DAY}'),
        ("soon", None, f'from_date "soon" {NO_DAY}, yesterday or 7d.'),
        ("2026-02-30", None, f'from_date "2026-02-30" {NO_DAY}'),
        ("22/11/2026", None, f'from_date "22/11/2026" {NO_DAY}'),
        ("2026-11-22 08:00", None, "from_date"),
        ("0001-01-01", None, f'from_date "0001-01-01" {NO_DAY}'),
        ("0d", None, f'from_date "0d" {NO_DAY}'),
        ("-1d", None, f'from_date "-1d" {NO_DAY}'),
        ("1000d", None, f'from_date "1000d" {NO_DAY}'),
        ("\u0667d", None, "is not a day"),
        ("2026-11-23", None, "from_date 2026-11-23 is in the future: today is 2026-11-22 in Nairobi."),
        (None, "7d", f'to_date "7d" {NO_DAY} or yesterday.'),
        (None, "", f'to_date "" {NO_DAY}'),
        (None, "2026-13-01", f'to_date "2026-13-01" {NO_DAY}'),
        (
            "today",
            "yesterday",
            "from_date 2026-11-22 is after to_date 2026-11-21: set from_date to that day or an earlier one.",
        ),
        (None, "2026-11-01", "from_date 2026-11-22 is after to_date 2026-11-01: set from_date"),
    ],
)
def test_an_invalid_period_is_refused_in_one_sentence(from_date: str | None, to_date: str | None, words: str) -> None:
    with pytest.raises(OptionError) as caught:
        read(from_date, to_date)
    assert words in caught.value.msg
    assert caught.value.msg.count(". ") == 0


@given(st.text())
def test_any_text_is_a_day_or_an_error_message(text: str) -> None:
    try:
        day = first_day("from_date", text, TODAY)
    except OptionError as error:
        words = error.msg
    else:
        words = "" if day <= TODAY else "a day to come"
    assert words == "" or words.startswith("from_date ")


@pytest.mark.parametrize(("hour", "day"), [(20, "2026-11-21"), (21, "2026-11-22")])
def test_days_are_days_in_nairobi(hour: int, day: str) -> None:
    now = datetime.datetime(2026, 11, 21, hour, 59, tzinfo=datetime.timezone.utc).timestamp()
    assert str(today_at(now)) == day


@given(DATES, DATES, st.datetimes(datetime.datetime(2000, 1, 1), datetime.datetime(2027, 1, 1)), st.integers(-12, 14))
def test_rows_are_kept_by_their_day_in_nairobi_and_that_day_is_requested(
    first: datetime.date, last: datetime.date, moment: datetime.datetime, offset: int
) -> None:
    period = Period(min(first, last), max(first, last))
    zone = datetime.timezone(datetime.timedelta(hours=offset))
    row = moment.replace(tzinfo=EAT).astimezone(zone)
    assert period.includes(row) == (period.first <= moment.date() <= period.last)
    if period.includes(row):
        # Whether the gateway counts days there or in UTC, and even if it leaves out the last day.
        assert period.widened.first <= row.astimezone(datetime.timezone.utc).date() < period.widened.last


@pytest.mark.parametrize("text", ["", "soon", "0001-01-01T00:00:00"])
def test_rows_without_a_readable_date_are_kept(text: str) -> None:
    assert Period(TODAY, TODAY).includes(parse_timestamp(text))
