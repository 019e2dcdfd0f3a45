# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sent log of a period: every message once, with an id or without, and as results show it."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.models import LogRow
from ansible_collections.onfon.sms.plugins.module_utils._reading.sent_log import (
    PAGE_SIZE,
    SentMessage,
    digits,
    read_log,
)

FIRST, LAST = datetime.date(2026, 11, 20), datetime.date(2026, 11, 22)


def message(index: int, **fields: str) -> LogRow:
    """The message of an index."""
    given = LogRow(
        message_id=f"id-{index}",
        number=f"254700000{index % 1000:03}",
        sender_id="ACME",
        text=f"Hello {index}",
        submitted="2026-11-22 08:00:00",
        done="",
        status="SUBMITTED",
        error_code="000",
    )
    return dataclasses.replace(given, **fields)


class Gateway:
    """The client method that reads the sent log, with a given way of paging."""

    def __init__(self, rows: list[LogRow], mode: str = "count", base: int = 0) -> None:
        self.rows = rows
        self.mode = mode
        self.base = base
        self.days: list[tuple[datetime.date, datetime.date]] = []

    def sent(self, first: datetime.date, last: datetime.date, start: int, length: int) -> list[LogRow]:
        self.days.append((first, last))
        left_out = max(start, self.base) - self.base
        end = length if self.mode == "end" else left_out + length
        return self.rows[left_out:end]

    def read(self, **options: int) -> list[LogRow]:
        return list(read_log(t.cast(Client, self), FIRST, LAST, **options))


WAYS = list(itertools.product(("count", "end"), (0, 1)))


@pytest.mark.parametrize(("mode", "base"), WAYS)
@pytest.mark.parametrize("count", [0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE + 2])
def test_every_message_is_read_once_and_in_order(mode: str, base: int, count: int) -> None:
    rows = [message(index) for index in range(count)]
    gateway = Gateway(rows, mode, base)
    assert gateway.read() == rows
    assert set(gateway.days) == {(FIRST, LAST)}


@pytest.mark.parametrize(("mode", "base"), WAYS)
def test_messages_without_an_id_are_identified_by_content(mode: str, base: int) -> None:
    rows = [message(index, message_id="") for index in range(8)]
    assert Gateway(rows, mode, base).read(page_size=3) == rows


def test_messages_that_share_an_id_are_all_read() -> None:
    rows = [message(index, message_id="batch-1") for index in range(8)]
    assert Gateway(rows).read(page_size=3) == rows


@pytest.mark.parametrize("identity", ["id-1", ""])
def test_a_message_delivered_between_two_pages_is_read_once(identity: str) -> None:
    gateway = Gateway([message(1, message_id=identity)], base=1)
    log = read_log(t.cast(Client, gateway), FIRST, LAST, page_size=1)
    assert next(log).status == "SUBMITTED"
    gateway.rows = [message(1, message_id=identity, status="DELIVRD", done="2026-11-22 08:00:04")]
    assert list(log) == []


def test_equal_rows_without_an_id_are_one_message_across_pages() -> None:
    rows = [message(1, message_id="")] * 2 + [message(2)]
    for page_size in (1, 2, 3):
        assert Gateway(rows).read(page_size=page_size) == rows[1:]


# --- messages as results show them ------------------------------------------------------------------------------------


def sent_message(**fields: str) -> SentMessage:
    """A message that was delivered in four seconds."""
    delivered = {"text": "hi", "done": "2026-11-22 08:00:04", "status": "DELIVRD", **fields}
    return SentMessage.from_row(message(1, **delivered), lambda text: text.replace("secret", "***"))


def test_a_full_log_row() -> None:
    assert sent_message(number="+254 700 000 001").as_result() == {
        "message_id": "id-1",
        "msisdn": "254700000001",
        "sender_id": "ACME",
        "text": "hi",
        "submitted": "2026-11-22 08:00:00",
        "submitted_at": "2026-11-22T08:00:00+03:00",
        "done": "2026-11-22 08:00:04",
        "done_at": "2026-11-22T08:00:04+03:00",
        "status": "delivered",
        "final": True,
        "error_code": "000",
        "raw_status": "DELIVRD",
    }


@pytest.mark.parametrize("word", ["", "null"])
def test_missing_values_are_none(word: str) -> None:
    row = LogRow(word, word, word, "", word, word, word, word)
    assert SentMessage.from_row(row, str) == SentMessage(None)


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("EXPIRED", ("failed", True, "EXPIRED")),
        ("Submitted", ("pending", False, "Submitted")),
        ("Teleported!", ("unrecognized", False, "Teleported!")),
    ],
)
def test_a_result_has_the_delivery_state_and_the_raw_status(status: str, shown: tuple[str, bool, str]) -> None:
    one = sent_message(status=status)
    assert (one.status, one.final, one.raw_status) == shown


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Nov 22, 2026", "2026-11-22T00:00:00+03:00"),
        ("2026-11-22T05:00:00Z", "2026-11-22T08:00:00+03:00"),
        ("some day", None),
    ],
)
def test_a_result_has_the_raw_date_and_iso_8601(text: str, moment: str | None) -> None:
    one = sent_message(submitted=text)
    assert (one.submitted, one.submitted_at) == (text, moment)


@pytest.mark.parametrize("field", ["message_id", "number", "sender_id", "text", "submitted", "done", "status"])
def test_no_field_contains_a_secret(field: str) -> None:
    assert "secret" not in str(sent_message(**{field: "a secret"}))


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+254 700-000 001", "254700000001"), ("9f86d081884c7d65", "9f86d081884c7d65"), ("", "")],
)
def test_msisdn_is_the_digits_of_a_number(number: str, shown: str) -> None:
    assert digits(number) == shown
