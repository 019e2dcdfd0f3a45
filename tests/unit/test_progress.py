# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line every few seconds for whoever watches."""

from __future__ import annotations

import re

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._progress import format_duration
from tests.support.sending import A, Desk, people


def slow(desk: Desk, requests: int, seconds: float = 1.0) -> Desk:
    """Each request takes so long."""
    for _time in range(requests):
        desk.account.happens("POST", desk.time.passes(seconds))
    return desk


@pytest.fixture
def desk() -> Desk:
    """Twenty batches of two, a second each."""
    return slow(Desk(batch_size=2), 20)


def test_there_is_a_line_every_five_seconds(desk: Desk) -> None:
    desk.send(to=people(40))
    assert desk.told == [
        "10 of 40 done, 2 a second, 15 s left, 0 unknown so far",
        "20 of 40 done, 2 a second, 10 s left, 0 unknown so far",
        "30 of 40 done, 2 a second, 5 s left, 0 unknown so far",
        "40 of 40 done, 2 a second, 0 s left, 0 unknown so far",
    ]


def test_a_quick_run_says_nothing() -> None:
    desk = Desk()
    desk.send(to=people(400))
    assert desk.told == []


def test_nothing_is_told_to_whoever_wants_no_progress(desk: Desk) -> None:
    desk.send(to=people(40), progress=False)
    assert desk.told == []


def test_a_dry_run_says_nothing(desk: Desk) -> None:
    desk.send(to=people(40), check=True)
    assert desk.told == []


def test_lines_are_never_closer_than_five_seconds() -> None:
    desk = slow(Desk(batch_size=1), 60, 0.7)
    desk.send(to=people(60))
    assert 7 <= len(desk.told) <= 60 * 0.7 / 5


def test_whoever_is_skipped_is_not_counted() -> None:
    desk = slow(Desk(batch_size=1), 6)
    desk.send(to=[A, A, A, *people(5), "x"], on_invalid="skip")
    assert desk.told[0].startswith("5 of 6 done")


def test_the_unknown_ones_so_far_are_counted() -> None:
    desk = Desk(batch_size=2, settle=False)
    for _time in range(3):
        desk.account.loses("POST", acts=False, first=desk.time.passes(2))
    desk.send(to=people(6))
    assert [line.rpartition(", ")[2] for line in desk.told] == ["6 unknown so far"]


def test_large_numbers_can_be_read() -> None:
    desk = slow(Desk(batch_size=450, text=None), 4, 10)
    messages = [{"to": number, "text": text} for text in ("One", "Two") for number in people(900)]
    desk.send(messages=messages)
    assert desk.told[-1].startswith("1,800 of 1,800 done, 45 a second")


def test_looking_into_the_log_is_told_too() -> None:
    desk = Desk()
    desk.account.loses("POST", acts=False)
    desk.send(to=people(3))
    assert desk.told
    for line in desk.told:
        assert re.fullmatch(r"looking for 3 in the sent log, for \d+ s at most", line)


def test_one_message_is_one() -> None:
    desk = slow(Desk(), 1, 6)
    desk.account.loses("sms", acts=False)
    desk.send(to=[A])
    desk.account.loses("POST", acts=False)
    desk.send(to=[A])
    assert "1 messages" not in " ".join(desk.told)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59, "59 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
        (3599.7, "1 h 0 min"),
        (7800, "2 h 10 min"),
    ],
)
def test_durations_are_written_for_people(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text
