# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress lines that are shown every few seconds."""

from __future__ import annotations

import re

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._progress import format_duration
from tests.support.sms_runner import A, SmsRunner, msisdns


def slow(runner: SmsRunner, requests: int, seconds: float = 1.0) -> SmsRunner:
    """Each request takes so long."""
    for _time in range(requests):
        runner.transport.call_before("POST", runner.time.passes(seconds))
    return runner


@pytest.fixture
def runner() -> SmsRunner:
    """Twenty batches of two, a second each."""
    return slow(SmsRunner(batch_size=2), 20)


def test_there_is_a_line_every_five_seconds(runner: SmsRunner) -> None:
    runner.send(to=msisdns(40))
    assert runner.progress == [
        "10 of 40 done, 2 a second, 15 s left, 0 unknown so far",
        "20 of 40 done, 2 a second, 10 s left, 0 unknown so far",
        "30 of 40 done, 2 a second, 5 s left, 0 unknown so far",
        "40 of 40 done, 2 a second, 0 s left, 0 unknown so far",
    ]


def test_a_short_run_shows_no_progress() -> None:
    runner = SmsRunner()
    runner.send(to=msisdns(400))
    assert runner.progress == []


def test_progress_can_be_turned_off(runner: SmsRunner) -> None:
    runner.send(to=msisdns(40), progress=False)
    assert runner.progress == []


def test_check_mode_shows_no_progress(runner: SmsRunner) -> None:
    runner.send(to=msisdns(40), check=True)
    assert runner.progress == []


def test_lines_are_never_closer_than_five_seconds() -> None:
    runner = slow(SmsRunner(batch_size=1), 60, 0.7)
    runner.send(to=msisdns(60))
    assert 7 <= len(runner.progress) <= 60 * 0.7 / 5


def test_skipped_recipients_are_not_counted() -> None:
    runner = slow(SmsRunner(batch_size=1), 6)
    runner.send(to=[A, A, A, *msisdns(5), "x"], on_invalid="skip")
    assert runner.progress[0].startswith("5 of 6 done")


def test_unknown_recipients_are_counted() -> None:
    runner = SmsRunner(batch_size=2, settle=False)
    for _time in range(3):
        runner.transport.lose_reply("POST", acts=False, first=runner.time.passes(2))
    runner.send(to=msisdns(6))
    assert [line.rpartition(", ")[2] for line in runner.progress] == ["6 unknown so far"]


def test_large_numbers_have_separators() -> None:
    runner = slow(SmsRunner(batch_size=450, text=None), 4, 10)
    messages = [{"to": number, "text": text} for text in ("One", "Two") for number in msisdns(900)]
    runner.send(messages=messages)
    assert runner.progress[-1].startswith("1,800 of 1,800 done, 45 a second")


def test_settling_shows_progress() -> None:
    runner = SmsRunner()
    runner.transport.lose_reply("POST", acts=False)
    runner.send(to=msisdns(3))
    assert runner.progress
    for line in runner.progress:
        assert re.fullmatch(r"looking for 3 in the sent log, for \d+ s at most", line)


def test_one_message_is_worded_in_the_singular() -> None:
    runner = slow(SmsRunner(), 1, 6)
    runner.transport.lose_reply("sms", acts=False)
    runner.send(to=[A])
    runner.transport.lose_reply("POST", acts=False)
    runner.send(to=[A])
    assert "1 messages" not in " ".join(runner.progress)


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
def test_durations_are_formatted(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text
