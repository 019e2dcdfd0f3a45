# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every line that was asked for has one status, whatever is marked while it is read."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._sending.store import Outbox, Row
from ansible_collections.onfon.sms.plugins.module_utils._sms.statuses import STATUSES, Verdict
from tests.support.sending import A, B, C


@pytest.fixture
def outbox() -> t.Iterator[Outbox]:
    with Outbox() as outbox:
        yield outbox


def row(line: int, msisdn: str = A, text: str = "Hello", *, unicode: bool = False, **more: t.Any) -> Row:
    key = f"{msisdn} {text}".encode()
    return Row(line, msisdn, msisdn, text, unicode, more.pop("segments", 1), key, **more)


def statuses(outbox: Outbox) -> list[str]:
    return [recipient.status for recipient in outbox.recipients()]


# --- filling it -------------------------------------------------------------------------------------------------------


def test_of_the_same_number_and_text_the_first_line_stays(outbox: Outbox) -> None:
    outbox.fill([row(3), row(1), row(2, B), row(4, text="Other")])
    assert statuses(outbox) == ["not_sent", "not_sent", "skipped_duplicate", "not_sent"]


def test_lines_without_a_message_are_no_duplicates(outbox: Outbox) -> None:
    invalid = Row(1, "x", None, "", False, 0, None, "skipped_invalid", "no number")
    outbox.fill([invalid, invalid._replace(line=2)])
    assert statuses(outbox) == ["skipped_invalid"] * 2


def test_who_opted_out_opted_out_of_each_line(outbox: Outbox) -> None:
    outbox.fill([row(1, status="skipped_opt_out"), row(2, status="skipped_opt_out")])
    assert statuses(outbox) == ["skipped_opt_out"] * 2


LINES = st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from(["One", "Two"])), max_size=30)


@given(LINES)
def test_each_message_is_due_once(lines: list[tuple[str, str]]) -> None:
    with Outbox() as outbox:
        outbox.fill(row(line, *pair) for line, pair in enumerate(lines, 1))
        assert [(letter.msisdn, letter.text) for letter in outbox.due()] == list(dict.fromkeys(lines))
        assert sum(outbox.counts().values()) == len(lines)
        assert set(outbox.counts()) == set(STATUSES)


# --- what earlier runs did --------------------------------------------------------------------------------------------


def test_who_was_texted_before_is_not_due(outbox: Outbox) -> None:
    outbox.fill([row(1), row(2), row(3, B)])
    outbox.sent_before(b"%s Hello" % A.encode(), "u-1")
    assert statuses(outbox) == ["skipped_already_sent", "skipped_duplicate", "not_sent"]
    assert next(outbox.recipients()).message_id == "u-1"


def test_who_opted_out_stays_so_though_texted_before(outbox: Outbox) -> None:
    outbox.fill([row(1, status="skipped_opt_out")])
    outbox.sent_before(row(1).key or b"", "u-1")
    outbox.left_before(row(1).key or b"", 5.0, "cut off", "look")
    assert statuses(outbox) == ["skipped_opt_out"]


def test_what_left_before_is_unknown_and_not_of_this_run(outbox: Outbox) -> None:
    outbox.fill([row(1), row(2, B)])
    outbox.left_before(row(1).key or b"", 5.0, "cut off", "look")
    letter = outbox.unknown_of(row(1).key or b"")
    assert letter
    assert (letter.left, letter.here) == (5.0, False)
    assert outbox.span_unknown() == (5.0, 5.0, False)
    assert not outbox.sent_here()


def test_a_message_that_nobody_asked_for_is_not_held(outbox: Outbox) -> None:
    outbox.fill([row(1)])
    assert outbox.holds(row(1).key or b"")
    assert not outbox.holds(row(1, B).key or b"")


# --- sending ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [499, 500, 501, 1203])
def test_lines_may_be_marked_while_they_are_read(outbox: Outbox, count: int) -> None:
    outbox.fill(row(line, text=str(line), unicode=line % 3 == 0) for line in range(1, count + 1))
    seen = []
    for letter in outbox.due():
        seen.append(letter.line)
        outbox.mark([Verdict(letter.line, "accepted", f"id-{letter.line}")])
    gsm7 = [line for line in range(1, count + 1) if line % 3]
    assert seen == gsm7 + list(range(3, count + 1, 3))
    assert outbox.counts()["accepted"] == count


def test_what_has_left_in_this_run_counts_as_sent_or_maybe_sent(outbox: Outbox) -> None:
    outbox.fill([row(1), row(2, B)])
    letters = list(outbox.due())
    outbox.mark_left(letters[:1], 7.0)
    assert not outbox.sent_here()
    outbox.mark([Verdict(1, "unknown")])
    assert outbox.sent_here()
    assert outbox.span_unknown() == (7.0, 7.0, True)
    outbox.mark([Verdict(1, "rejected")])
    assert not outbox.sent_here()


def test_what_came_back_has_not_left(outbox: Outbox) -> None:
    outbox.fill([row(1)])
    letters = list(outbox.due())
    outbox.mark_left(letters, 7.0)
    outbox.mark_back(letters)
    (letter,) = outbox.due()
    assert (letter.left, letter.here) == (None, False)


def test_what_is_due_again_and_was_not_sent_is_as_unknown_as_before(outbox: Outbox) -> None:
    outbox.fill([row(1), row(2, B), row(3, C)])
    letters = list(outbox.due())
    outbox.mark_left(letters[:2], 7.0)
    outbox.mark([Verdict(1, "unknown"), Verdict(2, "unknown")])
    outbox.due_again()
    assert [letter.line for letter in outbox.due()] == [1, 2, 3]
    outbox.mark([Verdict(1, "accepted")])
    outbox.unknown_again()
    assert statuses(outbox) == ["accepted", "unknown", "not_sent"]


# --- sums -------------------------------------------------------------------------------------------------------------


def test_sums_of_what_is_due(outbox: Outbox) -> None:
    outbox.fill([row(1, segments=2), row(2, B, unicode=True, segments=3), row(3, C), row(4, segments=2)])
    outbox.mark([Verdict(3, "accepted")])
    assert outbox.sums(("not_sent",)) == (1, 1, 5, 3)
    assert outbox.segments() == 6
    assert outbox.longer_than(2, ("not_sent",)) == [2]
    assert list(outbox.unicode_texts(("not_sent",))) == ["Hello"]


def test_nothing_is_due_in_an_empty_outbox(outbox: Outbox) -> None:
    outbox.fill([])
    assert outbox.sums(("not_sent",)) == (0, 0, 0, 0)
    assert outbox.span_unknown() is None
    assert not [*outbox.due(), *outbox.recipients(), *outbox.reasons(["rejected"], 3)]


def test_reasons_are_told_with_the_most_frequent_first(outbox: Outbox) -> None:
    outbox.fill(row(line, f"25470000010{line}") for line in range(1, 7))
    codes = ["401", "412", "412", "412", "401", None]
    outbox.mark(Verdict(line, "rejected", None, code, f"error {code}") for line, code in enumerate(codes, 1))
    found = outbox.reasons(["rejected", "unknown"], 2)
    assert [(reason.error_code, reason.total) for reason in found] == [("412", 3), ("401", 2), (None, 1)]
    assert found[0].some == ["254700000102", "254700000103"]


@pytest.mark.parametrize("limit", [0, 1, 2, 5])
def test_recipients_are_cut_at_the_limit(outbox: Outbox, limit: int) -> None:
    outbox.fill([row(1), row(2, B)])
    assert [recipient.line for recipient in outbox.recipients(limit)] == [1, 2][:limit]


def test_a_line_that_is_asked_for_by_status_comes_once(outbox: Outbox) -> None:
    outbox.fill([row(1), row(2, B), row(3)])
    outbox.mark([Verdict(2, "unknown")])
    assert [one.line for one in outbox.with_status(["unknown", "skipped_duplicate"])] == [2, 3]
