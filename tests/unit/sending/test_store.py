# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every input row has one status, whatever is marked while rows are read."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._sending.records import InvalidRow, OutgoingMessage, SendResult
from ansible_collections.onfon.sms.plugins.module_utils._sending.store import MessageStore
from ansible_collections.onfon.sms.plugins.module_utils._sms.statuses import STATUSES
from tests.support.sms_runner import A, B, C


@pytest.fixture
def store() -> t.Iterator[MessageStore]:
    with MessageStore() as store:
        yield store


def message(
    line: int, msisdn: str = A, text: str = "Hello", *, unicode: bool = False, **more: t.Any
) -> OutgoingMessage:
    key = f"{msisdn} {text}".encode()
    return OutgoingMessage(line, msisdn, msisdn, text, unicode, more.pop("segments", 1), key, **more)


def result(line: int, status: str, *more: t.Any) -> SendResult:
    return message(line).result(status, *more)


def statuses(store: MessageStore) -> list[str]:
    return [recipient.status for recipient in store.results()]


# --- filling it -------------------------------------------------------------------------------------------------------


def test_of_equal_messages_the_first_row_counts(store: MessageStore) -> None:
    store.fill([message(3), message(1), message(2, B), message(4, text="Other")])
    assert statuses(store) == ["not_sent", "not_sent", "skipped_duplicate", "not_sent"]


def test_rows_without_a_message_are_not_duplicates(store: MessageStore) -> None:
    store.fill([InvalidRow(1, "x", "no number"), InvalidRow(2, "x", "no number")])
    assert statuses(store) == ["skipped_invalid"] * 2


def test_an_opt_out_applies_to_every_row(store: MessageStore) -> None:
    store.fill([message(1, status="skipped_opt_out"), message(2, status="skipped_opt_out")])
    assert statuses(store) == ["skipped_opt_out"] * 2


LINES = st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from(["One", "Two"])), max_size=30)


@given(LINES)
def test_each_message_is_pending_once(lines: list[tuple[str, str]]) -> None:
    with MessageStore() as store:
        store.fill(message(line, *pair) for line, pair in enumerate(lines, 1))
        assert [(one.msisdn, one.text) for one in store.pending()] == list(dict.fromkeys(lines))
        assert sum(store.counts().values()) == len(lines)
        assert set(store.counts()) == set(STATUSES)


# --- what earlier runs did --------------------------------------------------------------------------------------------


def test_already_sent_messages_are_not_pending(store: MessageStore) -> None:
    store.fill([message(1), message(2), message(3, B)])
    store.mark_already_sent(b"%s Hello" % A.encode(), "u-1")
    assert statuses(store) == ["skipped_already_sent", "skipped_duplicate", "not_sent"]
    assert next(store.results()).message_id == "u-1"


def test_an_opt_out_takes_precedence_over_already_sent(store: MessageStore) -> None:
    store.fill([message(1, status="skipped_opt_out")])
    store.mark_already_sent(message(1).key, "u-1")
    store.mark_claimed_before(message(1).key, 5.0, "cut off", "look")
    assert statuses(store) == ["skipped_opt_out"]


def test_messages_claimed_by_an_earlier_run_are_unknown_and_not_of_this_run(store: MessageStore) -> None:
    store.fill([message(1), message(2, B)])
    store.mark_claimed_before(message(1).key, 5.0, "cut off", "look")
    one = store.find_unknown(message(1).key)
    assert one
    assert (one.claimed_at, one.this_run) == (5.0, False)
    assert store.unknown_span() == (5.0, 5.0, False)
    assert not store.sent_in_this_run()


def test_messages_that_no_row_asks_for_are_not_stored(store: MessageStore) -> None:
    store.fill([message(1)])
    assert store.has(message(1).key)
    assert not store.has(message(1, B).key)


# --- sending ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [499, 500, 501, 1203])
def test_rows_may_be_marked_while_they_are_read(store: MessageStore, count: int) -> None:
    store.fill(message(line, text=str(line), unicode=line % 3 == 0) for line in range(1, count + 1))
    seen = []
    for one in store.pending():
        seen.append(one.line)
        store.record([result(one.line, "accepted", f"id-{one.line}")])
    gsm7 = [line for line in range(1, count + 1) if line % 3]
    assert seen == gsm7 + list(range(3, count + 1, 3))
    assert store.counts()["accepted"] == count


def test_messages_of_this_run_count_as_sent_or_unknown(store: MessageStore) -> None:
    store.fill([message(1), message(2, B)])
    messages = list(store.pending())
    store.mark_claimed(messages[:1], 7.0)
    assert not store.sent_in_this_run()
    store.record([result(1, "unknown")])
    assert store.sent_in_this_run()
    assert store.unknown_span() == (7.0, 7.0, True)
    store.record([result(1, "rejected")])
    assert not store.sent_in_this_run()


def test_returned_messages_are_not_sent(store: MessageStore) -> None:
    store.fill([message(1)])
    messages = list(store.pending())
    store.mark_claimed(messages, 7.0)
    store.mark_released(messages)
    (one,) = store.pending()
    assert (one.claimed_at, one.this_run) == (None, False)


def test_unsent_messages_of_a_resend_stay_unknown(store: MessageStore) -> None:
    store.fill([message(1), message(2, B), message(3, C)])
    messages = list(store.pending())
    store.mark_claimed(messages[:2], 7.0)
    store.record([result(1, "unknown"), result(2, "unknown")])
    store.resend_unknown()
    assert [one.line for one in store.pending()] == [1, 2, 3]
    store.record([result(1, "accepted")])
    store.restore_unknown()
    assert statuses(store) == ["accepted", "unknown", "not_sent"]


# --- sums -------------------------------------------------------------------------------------------------------------


def test_totals_of_the_messages(store: MessageStore) -> None:
    store.fill([message(1, segments=2), message(2, B, unicode=True, segments=3), message(3, C), message(4, segments=2)])
    store.record([result(3, "accepted")])
    assert store.segments() == 6
    assert store.lines_longer_than(2, ("not_sent",)) == [2]


def test_nothing_is_pending_in_an_empty_store(store: MessageStore) -> None:
    store.fill([])
    assert store.unknown_span() is None
    assert not [*store.pending(), *store.results(), *store.failure_groups(["rejected"], 3)]


def test_the_most_frequent_reasons_are_listed_first(store: MessageStore) -> None:
    store.fill(message(line, f"25470000010{line}") for line in range(1, 7))
    codes = ["401", "412", "412", "412", "401", None]
    store.record(result(line, "rejected", None, code, f"error {code}") for line, code in enumerate(codes, 1))
    found = store.failure_groups(["rejected", "unknown"], 2)
    assert [(group.first.error_code, group.total) for group in found] == [("412", 3), ("401", 2), (None, 1)]
    assert found[0].msisdns == ["254700000102", "254700000103"]


@pytest.mark.parametrize("limit", [0, 1, 2, 5])
def test_recipients_are_cut_at_the_limit(store: MessageStore, limit: int) -> None:
    store.fill([message(1), message(2, B)])
    assert [recipient.line for recipient in store.results(limit)] == [1, 2][:limit]


def test_a_row_is_returned_once_by_status(store: MessageStore) -> None:
    store.fill([message(1), message(2, B), message(3)])
    store.record([result(2, "unknown")])
    assert [one.line for one in store.results_with(["unknown", "skipped_duplicate"])] == [2, 3]
