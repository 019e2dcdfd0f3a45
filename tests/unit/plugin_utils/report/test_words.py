# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers, days and durations in words."""

from __future__ import annotations

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.plugin_utils._report import words

DAY = datetime.date


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "\u2013"), (0, 5, "0.0"), (5, 5, "100.0"), (1, 3, "33.3"), (1, 9999, "0.1"), (9999, 10000, "99.9")],
)
def test_a_share_has_one_decimal_and_is_rounded_to_0_or_100_only_if_exact(part: int, whole: int, text: str) -> None:
    assert words.percent(part, whole).removesuffix("\u00a0%") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s"), (3720, "1 h 2 min"), (273600, "3 days 4 h")],
)
def test_a_duration_has_at_most_two_units(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (DAY(2026, 11, 22), DAY(2026, 11, 22), "22 Nov 2026"),
        (DAY(2026, 11, 16), DAY(2026, 11, 22), "16 to 22 Nov 2026"),
        (DAY(2026, 10, 30), DAY(2026, 11, 2), "30 Oct to 2 Nov 2026"),
        (DAY(2025, 11, 1), DAY(2026, 11, 22), "1 Nov 2025 to 22 Nov 2026"),
    ],
)
def test_a_date_range_is_abbreviated(first: datetime.date, last: datetime.date, text: str) -> None:
    assert words.span(first, last) == text


def test_numbers_have_separators_and_unknown_is_a_word() -> None:
    assert [words.number(value) for value in (0, 2000, 2000.0, 0.8, None)] == [
        "0",
        "2,000",
        "2,000",
        "0.80",
        "not reported",
    ]
    assert [words.count(value, "message") for value in (0, 1, 2000)] == ["0 messages", "1 message", "2,000 messages"]


def test_times_and_days_are_in_english() -> None:
    assert words.moment("2026-11-22T08:00:04+03:00") == "22 Nov 2026, 08:00"
    assert words.moment(None) == "not reported"
    assert words.whole_day(DAY(2026, 11, 22)) == "Sun 22 Nov 2026"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("254700000001", "254700***001"),
        ("447911123456", "447911***456"),
        ("0700000002", "0700***002"),
        ("123456", "***456"),
        ("12345", "***"),
        ("12", "***"),
        (None, "not reported"),
    ],
)
def test_the_middle_of_a_number_is_masked(number: str | None, text: str) -> None:
    assert words.masked(number) == text


@given(st.text(string.digits, min_size=7, max_size=15))
def test_at_least_three_digits_are_masked(number: str) -> None:
    before, after = words.masked(number).split("***")
    assert number.startswith(before)
    assert number.endswith(after)
    assert len(before) + len(after) <= len(number) - 3


def test_control_characters_are_removed() -> None:
    assert words.shown("A\x00B\nC\ud800") == "A B C"
    assert [words.shown(nothing) for nothing in (None, "", " \n")] == ["not reported"] * 3
