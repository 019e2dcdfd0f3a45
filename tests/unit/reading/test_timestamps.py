# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dates and times of the gateway in every known format; anything else is no time."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._reading.timestamps import EAT, parse_timestamp

MOMENTS = st.datetimes(datetime.datetime(2000, 1, 2), datetime.datetime(2099, 12, 30))
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def test_east_africa_time_is_three_hours_ahead_all_year() -> None:
    for month in (1, 7):
        assert datetime.datetime(2026, month, 1, tzinfo=EAT).utcoffset() == datetime.timedelta(hours=3)
    assert str(EAT) == "EAT"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-04-08 09:30", "2026-04-08T09:30:00+03:00"),
        ("2026-04-08 09:30:15", "2026-04-08T09:30:15+03:00"),
        ("2026-04-08T09:30:15", "2026-04-08T09:30:15+03:00"),
        ("2026-04-08T09:30:15Z", "2026-04-08T09:30:15+00:00"),
        ("2026-04-08t09:30:15z", "2026-04-08T09:30:15+00:00"),
        ("2026-04-08T09:30:15+01:00", "2026-04-08T09:30:15+01:00"),
        ("2026-04-08T09:30:15-0430", "2026-04-08T09:30:15-04:30"),
        ("2026-04-08 09:30:15 +05", "2026-04-08T09:30:15+05:00"),
        ("2026-04-08 09:30 UTC", "2026-04-08T09:30:00+00:00"),
        ("2026-04-08 09:30 EAT", "2026-04-08T09:30:00+03:00"),
        ("2026-04-08T09:30:15.5", "2026-04-08T09:30:15.500000+03:00"),
        ("2026-04-08T09:30:15,250Z", "2026-04-08T09:30:15.250000+00:00"),
        ("2026-04-08T09:30:15.1234567+03:00", "2026-04-08T09:30:15.123456+03:00"),
        ("2026/04/08 09:30", "2026-04-08T09:30:00+03:00"),
        ("2026-04-08", "2026-04-08T00:00:00+03:00"),
        ("2026-4-8", "2026-04-08T00:00:00+03:00"),
        ("08-Aug-2025 14:30:05", "2025-08-08T14:30:05+03:00"),
        ("08-Aug-2025", "2025-08-08T00:00:00+03:00"),
        ("8 August 2025 14:30", "2025-08-08T14:30:00+03:00"),
        ("Mar 19, 2018", "2018-03-19T00:00:00+03:00"),
        ("March 19, 2018 14:05", "2018-03-19T14:05:00+03:00"),
        ("Sept 1, 2018, 14:05", "2018-09-01T14:05:00+03:00"),
        ("Mar 19 2018 2:05PM", "2018-03-19T14:05:00+03:00"),
        ("Mar  9 2018  2:05AM", "2018-03-09T02:05:00+03:00"),
        ("mar 19 2018 12:05 am", "2018-03-19T00:05:00+03:00"),
        ("MAR 19 2018 12:05 PM", "2018-03-19T12:05:00+03:00"),
        ("19/03/2018 14:05:00", "2018-03-19T14:05:00+03:00"),
        ("04/03/2018", "2018-03-04T00:00:00+03:00"),
        ("19.03.2018 2:05:09 PM", "2018-03-19T14:05:09+03:00"),
        ("/Date(1521442800000)/", "2018-03-19T10:00:00+03:00"),
        ("/Date(1521442800500+0300)/", "2018-03-19T10:00:00.500000+03:00"),
        ("  2026-04-08 09:30\n", "2026-04-08T09:30:00+03:00"),
    ],
)
def test_every_spelling_is_read(text: str, expected: str) -> None:
    moment = parse_timestamp(text)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "-",
        "09:30",
        "2026",
        "2026-04",
        "20260408",
        "2026-W15-3",
        "2026-W15-3T09:30",
        "2026-13-01 09:30",
        "2026-02-30",
        "2026-04-08 24:00",
        "2026-04-08T24:00:00Z",
        "2026-04-08 09:60",
        "2026-04-08 09:30:60",
        "2026-04-08x09:30",
        "2026-04-08 09:30 CET",
        "2026-04-08 09:30+25:00",
        "2026-04-08 09:30 and more",
        "2026-04-08 13:30 PM",
        "2026-04-08 0:30 AM",
        "03/19/2018",
        "19-Foo-2018",
        "Ma 19, 2018",
        "Marching 19, 2018",
        "0001-01-01T00:00:00",
        "1900-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "12345-01-01",
        "/Date(0)/",
        "/Date(-62135596800000)/",
        "/Date(9999999999999)/",
        f"/Date({'9' * 5000})/",
        "9" * 5000,
        "2026-04-08 09:30" + " " * 5000 + "x",
        "\u0662\u0660\u0662\u0666-04-08 09:30",
        "2026-04-08\x0009:30",
        "\ud800",
    ],
)
def test_an_invalid_timestamp_is_none(text: str) -> None:
    assert parse_timestamp(text) is None


@given(MOMENTS)
def test_every_minute_is_the_same_in_every_spelling(naive: datetime.datetime) -> None:
    moment = naive.replace(second=0, microsecond=0, tzinfo=EAT)
    month = MONTHS[moment.month - 1]
    spellings = [
        f"{moment:%Y-%m-%d %H:%M}",
        f"{moment:%Y-%m-%dT%H:%M:%S+03:00}",
        f"{moment.astimezone(datetime.timezone.utc):%Y-%m-%dT%H:%MZ}",
        f"{moment:%d/%m/%Y %H:%M}",
        f"{moment:%d}-{month}-{moment:%Y %H:%M:%S}",
        f"{month} {moment.day} {moment.year} {moment.hour % 12 or 12}:{moment:%M}{'AP'[moment.hour // 12]}M",
        f"/Date({int(moment.timestamp())}000)/",
    ]
    assert [parse_timestamp(spelling) for spelling in spellings] == [moment] * len(spellings)


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,5}[-/. ][0-9A-Za-z]{1,4}[-/. ][0-9]{1,5}[ T0-9:.APMZ+-]{0,16}"))
def test_any_text_is_an_aware_datetime_or_none(text: str) -> None:
    moment = parse_timestamp(text)
    assert moment is None or (moment.utcoffset() is not None and 2000 <= moment.year < 2100)


def test_month_names_are_english_in_every_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The locale of this process names months otherwise, and strptime shows it."""
    monkeypatch.setattr("_strptime._getlang", lambda: ("sw_KE", "UTF-8"))
    monkeypatch.setattr("calendar.month_abbr", ["", *(f"mwezi{number}" for number in range(1, 13))])
    with pytest.raises(ValueError, match="Aug"):
        datetime.datetime.strptime("08-Aug-2025", "%d-%b-%Y")
    moment = parse_timestamp("08-Aug-2025 14:30:05")
    assert moment is not None
    assert moment.month == 8
