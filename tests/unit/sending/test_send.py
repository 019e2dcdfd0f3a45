# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One batch: who is texted, and what is said of each of them."""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import OptionError
from ansible_collections.onfon.sms.plugins.module_utils._sending.recipients import STATUSES, Recipient, compose
from ansible_collections.onfon.sms.plugins.module_utils._sending.send import Sent, send
from tests.support.account import Account

A, B, C = "254700000001", "254700000002", "254700000003"


def row(number: object = None, code: object = 0, **more: object) -> dict[str, object]:
    """A row of the live gateway."""
    words = "Success" if code in (0, "0", "000") else "null"
    known: dict[str, object] = {"MessageErrorCode": code, "MessageErrorDescription": words, "MessageId": f"id-{number}"}
    return {**known, **({} if number is None else {"MobileNumber": number}), "Custom": "", **more}


def sent(to: t.Sequence[object], data: object, **envelope: object) -> Sent:
    """What is said of these numbers when the gateway answers so."""
    account = Account()
    body = {"ErrorCode": 0, "ErrorDescription": "null", "Data": data, **envelope}
    account.answers("POST", 200, json.dumps(body).encode())
    return send(account.client, "ACME", compose(to), "hi", unicode=False)


def statuses(outcome: Sent) -> list[str]:
    return [recipient.status for recipient in outcome.recipients]


# --- who is texted ----------------------------------------------------------------------------------------------------


def test_a_number_that_stands_there_again_is_skipped() -> None:
    recipients = compose(["0700 000 001", B, f"+{A}", 254700000002])
    assert [recipient.msisdn for recipient in recipients] == [A, B, A, B]
    assert [recipient.status for recipient in recipients] == ["not_sent"] * 2 + ["skipped_duplicate"] * 2
    assert [recipient.to for recipient in recipients] == ["0700 000 001", B, f"+{A}", "254700000002"]


def test_every_wrong_number_is_named_at_once() -> None:
    with pytest.raises(OptionError) as caught:
        compose(["x1", A, "x2", 117440513])
    assert all(f"{wrong}" in caught.value.msg for wrong in ("x1", "x2", "117440513"))


def test_twenty_people_are_one_batch_and_duplicates_do_not_count() -> None:
    numbers = [f"2547000001{last:02d}" for last in range(20)]
    assert len(compose([*numbers, *numbers])) == 40


def test_more_than_twenty_people_are_refused() -> None:
    with pytest.raises(OptionError, match="21 numbers"):
        compose([f"2547000001{last:02d}" for last in range(21)])


# --- rows -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, "0", "000", " 0 "])
def test_accepted(code: object) -> None:
    outcome = sent([A], [row(A, code, MessageId="u-1")])
    assert outcome.recipients == [Recipient(A, A, "accepted", "u-1")]
    assert outcome.problem({}) is None


def test_accepted_without_an_id() -> None:
    assert sent([A], [row(A, MessageId="")]).recipients == [Recipient(A, A, "accepted", None)]


@pytest.mark.parametrize(("code", "shown"), [(401, "401"), ("412", "412"), (21, "021"), ("021", "021"), (77, "077")])
def test_rejected(code: object, shown: str) -> None:
    (recipient,) = sent([A], [row(A, code, MessageId="", MessageErrorDescription="Said so")]).recipients
    assert (recipient.status, recipient.message_id, recipient.error_code) == ("rejected", None, shown)
    assert f"Onfon error {shown}: " in (recipient.error or "")
    assert "Said so" in (recipient.error or "")


@pytest.mark.parametrize("code", ["E9", "Success", 0.0, False])
def test_a_code_that_is_no_number_does_not_say_what_was_done(code: object) -> None:
    (recipient,) = sent([A], [row(A, code)]).recipients
    assert (recipient.status, recipient.error_code) == ("unknown", str(code))


@pytest.mark.parametrize("code", [None, "", "null"])
def test_a_row_without_a_code_says_nothing(code: object) -> None:
    (recipient,) = sent([A], [row(A, code)]).recipients
    assert recipient.status == "unknown"


def test_some_of_each() -> None:
    outcome = sent([A, B, C, A], [row(A), row(B, 401, MessageId="")])
    assert statuses(outcome) == ["accepted", "rejected", "unknown", "skipped_duplicate"]


@pytest.mark.parametrize("spelling", [A, int(A), f"+{A}", "0700000001", "+254 700 000001", f" {A} "])
def test_a_row_is_found_by_its_number_in_every_spelling(spelling: object) -> None:
    outcome = sent([B, A], [row(spelling), row(B, 412)])
    assert statuses(outcome) == ["rejected", "accepted"]


@pytest.mark.parametrize("foreign", ["+256772123456", "+12025550123", "+687751234", "+682 55123"])
def test_a_foreign_number_is_found_without_its_plus(foreign: str) -> None:
    """Onfon writes no plus, and without one a short foreign number looks like a Kenyan one."""
    (recipient,) = compose([foreign])
    assert statuses(sent([foreign], [row(recipient.msisdn)])) == ["accepted"]


@pytest.mark.parametrize("number", [None, ""])
def test_rows_without_numbers_are_taken_in_order(number: object) -> None:
    assert statuses(sent([A, B], [row(number, 412), row(number)])) == ["rejected", "accepted"]


def test_duplicates_do_not_move_the_places_of_the_rows() -> None:
    assert statuses(sent([A, A, B], [row(), row(code=412)])) == ["accepted", "skipped_duplicate", "rejected"]


def test_a_row_with_the_number_goes_before_a_row_in_the_place() -> None:
    """The gateway says by number that A is accepted: to call A rejected would have A texted again."""
    assert statuses(sent([A, B], [row(code=412), row(A)]))[0] == "accepted"


def test_a_nameless_row_does_not_speak_of_whom_a_row_names() -> None:
    assert statuses(sent([A, B], [row(A), row(A, 412)])) == ["accepted", "unknown"]


def test_fewer_rows_without_numbers_than_people_say_of_nobody_that_he_was_texted() -> None:
    """One row for two people, and no number in it: it may be of either."""
    assert statuses(sent([A, B], [row()])) == ["unknown", "unknown"]


@pytest.mark.parametrize("order", [[0, 401], [401, 0]])
def test_two_rows_that_disagree_are_no_rejection(order: list[int]) -> None:
    """One of them says that the message is queued."""
    assert statuses(sent([A], [row(A, code) for code in order])) != ["rejected"]


def test_a_row_is_not_taken_for_another_person_whose_digits_look_alike() -> None:
    """«687751234» is a number of New Caledonia, and the end of a Kenyan one."""
    outcome = sent(["+687751234", "254687751234"], [row("687751234"), row("254687751234", 412)])
    assert statuses(outcome) == ["accepted", "rejected"]


@pytest.mark.parametrize("extra", [row(C), row(C, 412), row(), row("no number")])
def test_a_row_about_nobody_is_left_alone(extra: dict[str, object]) -> None:
    assert statuses(sent([A, B], [row(A), row(B, 412), extra])) == ["accepted", "rejected"]


@pytest.mark.parametrize("data", [None, [], "", "null", {}, [{}]])
def test_a_success_without_rows_is_unknown(data: object) -> None:
    outcome = sent([A, B], data)
    assert statuses(outcome) == ["unknown", "unknown"]
    assert outcome.problem({}) is not None


@pytest.mark.parametrize("data", ["Queued", 5, ["x"], [None]])
def test_a_success_with_strange_data_is_unknown(data: object) -> None:
    assert statuses(sent([A, B], data)) == ["unknown", "unknown"]


def test_one_row_that_is_no_list_is_read() -> None:
    assert statuses(sent([A], row(A))) == ["accepted"]


def test_rows_in_small_letters_are_read() -> None:
    assert statuses(sent([A], [{key.lower(): value for key, value in row(A).items()}])) == ["accepted"]


# --- the call as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status"),
    [("021", "rejected"), ("015", "rejected"), ("042", "rejected"), ("007", "rejected"), ("006", "unknown")],
)
def test_an_error_of_the_call_is_everybodys(code: str, status: str) -> None:
    outcome = sent([A, B, A], None, ErrorCode=code)
    assert statuses(outcome) == [status, status, "skipped_duplicate"]
    assert {recipient.error_code for recipient in outcome.recipients} == {code, None}


def test_an_envelope_without_a_code_is_no_rejection() -> None:
    """{"ErrorCode": null} with rows of success: who calls that rejected has people texted twice."""
    assert "rejected" not in statuses(sent([A], [row(A)], ErrorCode=None))


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
        (302, b"", "not_sent"),
    ],
)
def test_a_reply_that_is_no_envelope(status: int, body: bytes, said: str) -> None:
    account = Account()
    account.answers("POST", status, body)
    outcome = send(account.client, "ACME", compose([A, B]), "hi", unicode=False)
    assert statuses(outcome) == [said, said]
    assert account.writes == ["POST"]


def test_a_lost_reply_is_unknown_and_not_sent_again() -> None:
    account = Account()
    account.loses("POST", acts=False)
    outcome = send(account.client, "ACME", compose([A, B, A]), "hi", unicode=False)
    assert statuses(outcome) == ["unknown", "unknown", "skipped_duplicate"]
    assert account.writes == ["POST"]


# --- the sentence -----------------------------------------------------------------------------------------------------


def problem(outcome: Sent) -> dict[str, t.Any]:
    error = outcome.problem({})
    assert error is not None
    return error.as_result()


def test_the_sentence_names_who_was_rejected_and_why() -> None:
    result = problem(sent([A, B, C], [row(A), row(B, 412), row(C, 412)]))
    assert "2 of 3" in result["msg"]
    assert f"{B}, {C}" in result["msg"]
    assert "no route to this number" in result["msg"]
    assert (result["error"]["code"], result["error"]["class"]) == ("412", "routing")
    assert result["error"]["hint"]


def test_who_is_unknown_is_not_called_failed() -> None:
    result = problem(sent([A, B], [row(A)]))
    assert "failed" not in result["msg"]
    assert B in result["msg"]
    assert result["error"]["hint"], "what to do about it"


@pytest.mark.parametrize(
    "outcome",
    [
        lambda: sent([A, B], None, ErrorCode="006"),
        lambda: sent([A, B], [row(A), row(B, 21)]),
        lambda: sent([A, B], [row(A), row(B, 33)]),
        lambda: sent([A, B], []),
        lambda: sent([A, B], "Queued"),
    ],
)
def test_where_somebody_may_be_texted_nothing_says_to_run_it_again(outcome: t.Callable[[], Sent]) -> None:
    result = problem(outcome())
    texts = [result["msg"], result["error"]["hint"], *[one.error or "" for one in outcome().recipients]]
    assert not [text for text in texts if "run the task again" in text or "run again" in text]
    assert result["error"]["hint"]


def test_who_was_accepted_is_not_to_be_texted_again() -> None:
    assert "Text only those again that were not accepted." in problem(sent([A, B], [row(A), row(B, 412)]))["msg"]


def test_nobody_was_texted() -> None:
    assert problem(sent([A, B], None, ErrorCode="021"))["msg"].endswith("Nobody was texted.")


@pytest.mark.parametrize(("to", "wrong"), [([A], "1 recipients"), ([A, B], "2 recipient ")])
def test_numerus(to: list[str], wrong: str) -> None:
    for outcome in (sent(to, None, ErrorCode="006"), sent(to, [])):
        assert wrong not in problem(outcome)["msg"]


# --- sums -------------------------------------------------------------------------------------------------------------

NUMBERS = st.lists(st.sampled_from([A, B, C, f"+{A}", "0700 000 002"]), min_size=1, max_size=8)
ROWS = st.lists(
    st.builds(
        row, st.none() | st.sampled_from([A, B, C, "0700000001", "?"]), st.sampled_from([0, "000", 401, 500, None])
    ),
    max_size=6,
)


@given(NUMBERS, st.none() | ROWS | st.just("strange"), st.sampled_from([0, "000", 21, 6]))
def test_everybody_ends_in_one_status(to: list[str], data: object, code: object) -> None:
    outcome = sent(to, data, ErrorCode=code)
    assert [recipient.to for recipient in outcome.recipients] == to
    assert sum(outcome.count(status) for status in STATUSES) == len(to)
    fine = all(recipient.status in ("accepted", "skipped_duplicate") for recipient in outcome.recipients)
    assert (outcome.problem({}) is None) == fine


@given(NUMBERS, ROWS)
def test_nobody_is_accepted_without_a_row_of_success(to: list[str], data: list[dict[str, object]]) -> None:
    good = sum(entry["MessageErrorCode"] in (0, "000") for entry in data)
    assert sent(to, data).count("accepted") <= good
