# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The send results of one batch for every kind of response."""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_transport import FakeTransport
from tests.support.sms_runner import A, B, C, Result, SmsRunner, assert_consistent, statuses


def row(number: object = None, code: object = 0, **more: object) -> dict[str, object]:
    """A row of the live gateway."""
    words = "Success" if code in (0, "0", "000") else "null"
    known: dict[str, object] = {"MessageErrorCode": code, "MessageErrorDescription": words, "MessageId": f"id-{number}"}
    return {**known, **({} if number is None else {"MobileNumber": number}), "Custom": "", **more}


def sent(to: t.Sequence[object], data: object, **envelope: object) -> Result:
    """What the task returns of these numbers when the gateway answers so."""
    runner = SmsRunner(settle=False)
    body = {"ErrorCode": 0, "ErrorDescription": "null", "Data": data, **envelope}
    runner.transport.answer("POST", 200, json.dumps(body).encode())
    result = runner.send(to=list(to))
    assert runner.transport.writes == ["POST"]
    return result


def first(result: Result) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", result["recipients"][0])


# --- rows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, "0", "000", " 0 "])
def test_accepted(code: object) -> None:
    result = sent([A], [row(A, code, MessageId="u-1")])
    assert (first(result)["status"], first(result)["message_id"]) == ("accepted", "u-1")
    assert "failed" not in result


def test_accepted_without_an_id() -> None:
    recipient = first(sent([A], [row(A, MessageId="")]))
    assert (recipient["status"], recipient["message_id"]) == ("accepted", None)


@pytest.mark.parametrize(("code", "shown"), [(401, "401"), ("412", "412"), (21, "021"), ("021", "021"), (77, "077")])
def test_rejected(code: object, shown: str) -> None:
    recipient = first(sent([A], [row(A, code, MessageId="", MessageErrorDescription="Said so")]))
    assert (recipient["status"], recipient["message_id"], recipient["error_code"]) == ("rejected", None, shown)
    assert f"Onfon error {shown}: " in recipient["error"]
    assert "Said so" in recipient["error"]


@pytest.mark.parametrize("code", ["E9", "Success", 0.0, False])
def test_a_non_numeric_code_leaves_the_outcome_unknown(code: object) -> None:
    recipient = first(sent([A], [row(A, code)]))
    assert (recipient["status"], recipient["error_code"]) == ("unknown", str(code))


@pytest.mark.parametrize("code", [None, "", "null"])
def test_a_row_without_a_code_is_unknown(code: object) -> None:
    assert first(sent([A], [row(A, code)]))["status"] == "unknown"


@pytest.mark.parametrize("code", [500, 503, "006", 33, "034"])
def test_a_row_with_a_server_error_is_unknown(code: object) -> None:
    assert first(sent([A], [row(A, code)]))["status"] == "unknown"


def test_rows_with_different_outcomes() -> None:
    result = sent([A, B, C, A], [row(A), row(B, 401, MessageId="")])
    assert statuses(result) == ["accepted", "rejected", "unknown", "skipped_duplicate"]


@pytest.mark.parametrize("spelling", [A, int(A), f"+{A}", "0700000001", "+254 700 000001", f" {A} "])
def test_rows_are_matched_by_number_in_every_spelling(spelling: object) -> None:
    assert statuses(sent([B, A], [row(spelling), row(B, 412)])) == ["rejected", "accepted"]


@pytest.mark.parametrize("foreign", ["+447911123456", "+687751234", "+682 55123"])
def test_foreign_numbers_are_matched_without_a_plus(foreign: str) -> None:
    """Onfon writes no plus, and without one a short foreign number looks like a Kenyan one."""
    assert statuses(sent([foreign], [row(foreign.strip("+").replace(" ", ""))])) == ["accepted"]


@pytest.mark.parametrize("number", [None, ""])
def test_rows_without_numbers_are_matched_by_position(number: object) -> None:
    assert statuses(sent([A, B], [row(number, 412), row(number)])) == ["rejected", "accepted"]


def test_duplicates_do_not_shift_the_positions() -> None:
    assert statuses(sent([A, A, B], [row(), row(code=412)])) == ["accepted", "skipped_duplicate", "rejected"]


def test_a_match_by_number_takes_precedence_over_position() -> None:
    """The gateway says by number that A is accepted: if A were called rejected, it would be sent again."""
    assert statuses(sent([A, B], [row(code=412), row(A)]))[0] == "accepted"


def test_a_row_without_a_number_is_not_matched_to_a_recipient_with_its_own_row() -> None:
    assert statuses(sent([A, B], [row(A), row(A, 412)])) == ["accepted", "unknown"]


def test_too_few_rows_without_numbers_leave_all_unknown() -> None:
    """One row without a number for two recipients may belong to either."""
    assert statuses(sent([A, B], [row()])) == ["unknown", "unknown"]


@pytest.mark.parametrize("codes", [[0, 401], [401, 0]])
def test_of_conflicting_rows_the_accepted_one_counts(codes: list[int]) -> None:
    assert statuses(sent([A], [row(A, code) for code in codes])) == ["accepted"]


@pytest.mark.parametrize("codes", [[401, 500], [500, 401], [401, None], [None, 401]])
def test_of_conflicting_rows_the_unknown_one_counts(codes: list[object]) -> None:
    """A message that may have been sent is not called rejected."""
    assert statuses(sent([A], [row(A, code) for code in codes])) == ["unknown"]


def test_rows_are_not_matched_to_similar_numbers() -> None:
    """The number 687751234 is one of New Caledonia, and the end of a Kenyan one."""
    result = sent(["+687751234", "254687751234"], [row("687751234"), row("254687751234", 412)])
    assert statuses(result) == ["accepted", "rejected"]


@pytest.mark.parametrize("extra", [row(C), row(C, 412), row(), row("no number")])
def test_rows_of_other_numbers_are_ignored(extra: dict[str, object]) -> None:
    assert statuses(sent([A, B], [row(A), row(B, 412), extra])) == ["accepted", "rejected"]


@pytest.mark.parametrize("data", [None, [], "", "null", {}, [{}]])
def test_a_success_without_rows_is_unknown(data: object) -> None:
    result = sent([A, B], data)
    assert statuses(result) == ["unknown", "unknown"]
    assert result["failed"]


@pytest.mark.parametrize("data", ["Queued", 5, ["x"], [None]])
def test_a_success_with_strange_data_is_unknown(data: object) -> None:
    assert statuses(sent([A, B], data)) == ["unknown", "unknown"]


def test_a_single_row_without_a_list_is_read() -> None:
    assert statuses(sent([A], row(A))) == ["accepted"]


def test_rows_with_lower_case_keys_are_read() -> None:
    assert statuses(sent([A], [{key.lower(): value for key, value in row(A).items()}])) == ["accepted"]


@pytest.mark.parametrize("odd", ["\ud83d", "a\0b", "x" * 100_000])
def test_message_ids_may_be_any_text(odd: str) -> None:
    """JSON can contain an unpaired surrogate; the other rows must not be lost."""
    assert statuses(sent([A, B], [row(A, MessageId=odd), row(B)])) == ["accepted", "accepted"]


@pytest.mark.parametrize("odd", ["\ud83d", "a\0b", "x" * 100_000])
def test_row_descriptions_may_be_any_text(odd: str) -> None:
    assert statuses(sent([A, B], [row(A, 412, MessageErrorDescription=odd), row(B)])) == ["rejected", "accepted"]


# --- the call as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("021", "rejected"),
        ("015", "rejected"),
        ("007", "rejected"),
        ("006", "unknown"),
        ("033", "unknown"),
        ("034", "unknown"),
        ("E9", "unknown"),
    ],
)
def test_an_error_of_the_request_applies_to_every_recipient(code: str, status: str) -> None:
    result = sent([A, B, A], None, ErrorCode=code)
    assert statuses(result) == [status, status, "skipped_duplicate"]
    assert {recipient["error_code"] for recipient in result["recipients"]} == {code, None}


def test_request_errors_may_be_any_text() -> None:
    assert statuses(sent([A], None, ErrorCode="\ud83d", ErrorDescription="\ud83d")) == ["unknown"]


def test_an_envelope_without_a_code_is_unknown() -> None:
    """{"ErrorCode": null} with success rows: calling that rejected would send the messages twice."""
    assert statuses(sent([A], [row(A)], ErrorCode=None)) == ["unknown"]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"", "unknown"),
        (200, b"<html>", "unknown"),
        (200, b'{"ErrorCode":0,"Da', "unknown"),
        (500, b"", "unknown"),
        (503, b"", "unknown"),
        (520, b"<html>", "unknown"),
        (401, b"", "not_sent"),
        (404, b"", "not_sent"),
        (429, b"", "not_sent"),
        (301, b"", "not_sent"),
        (302, b"", "unknown"),
    ],
)
def test_a_reply_that_is_not_an_envelope_is_unknown(status: int, body: bytes, said: str) -> None:
    runner = SmsRunner(settle=False)
    runner.transport.answer("POST", status, body)
    result = runner.send(to=[A, B])
    assert statuses(result) == [said, said]
    assert runner.transport.writes == ["POST"]
    assert result["changed"] == (said == "unknown")


def test_a_lost_reply_is_unknown_and_not_resent() -> None:
    runner = SmsRunner(settle=False)
    runner.transport.lose_reply("POST", acts=False)
    assert statuses(runner.send(to=[A, B, A])) == ["unknown", "unknown", "skipped_duplicate"]
    assert runner.transport.writes == ["POST"]


# --- sums -------------------------------------------------------------------------------------------------------------

NUMBERS = st.lists(st.sampled_from([A, B, C, f"+{A}", "0700 000 002"]), min_size=1, max_size=8)
ROWS = st.lists(
    st.builds(
        row, st.none() | st.sampled_from([A, B, C, "0700000001", "?"]), st.sampled_from([0, "000", 401, 500, None])
    ),
    max_size=6,
)


@given(NUMBERS, st.none() | ROWS | st.just("strange"), st.sampled_from([0, "000", 21, 6]))
def test_every_recipient_has_one_status(to: list[str], data: object, code: object) -> None:
    result = sent(to, data, ErrorCode=code)
    assert [recipient["to"] for recipient in result["recipients"]] == to
    assert_consistent(result, len(to))
    assert ("failed" not in result) == (set(statuses(result)) <= {"accepted", "skipped_duplicate"})


@given(NUMBERS, ROWS)
def test_nothing_is_accepted_without_a_success_row(to: list[str], data: list[dict[str, object]]) -> None:
    good = sum(entry["MessageErrorCode"] in (0, "000") for entry in data)
    assert sent(to, data)["summary"]["accepted"] <= good


def test_the_fake_transport_answers_like_the_live_gateway() -> None:
    """What the other tests stand on."""
    transport = FakeTransport()
    transport.row_codes[B] = 412
    runner = SmsRunner()
    runner.transport = transport
    result = runner.send(to=[A, B])
    assert statuses(result) == ["accepted", "rejected"]
    assert [(texted.number, texted.message_id) for texted in transport.messages] == [(A, first(result)["message_id"])]
