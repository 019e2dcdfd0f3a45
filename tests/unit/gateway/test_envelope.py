# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a reply to its data or its error: never a traceback, never a false success."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils import _errors
from ansible_collections.onfon.sms.plugins.module_utils._errors import PROTOCOL, OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.envelope import Answer, Row
from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import ApiError, ReplyError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Reply
from tests.support.fake_transport import FakeTransport

DOCS = {"ErrorCode": 0, "ErrorDescription": "Success", "Data": None}


def encoded(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def write(body: object, status: int = 200) -> None:
    """A write that is answered so."""
    transport = FakeTransport()
    transport.answer("PUT", status, encoded(body))
    transport.client.update_group(1, "Ops")


def read(data: object, status: int = 200) -> list[str]:
    """The names of a list of groups whose Data is this."""
    transport = FakeTransport()
    transport.answer("GET", status, encoded({**DOCS, "Data": data}))
    return [group.name for group in transport.client.groups()]


def failure(body: object, status: int = 200) -> OnfonError:
    with pytest.raises(OnfonError) as caught:
        write(body, status)
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        DOCS,
        {**DOCS, "ErrorDescription": "null"},
        {**DOCS, "ErrorDescription": None},
        {**DOCS, "ErrorDescription": "Something went wrong"},
        {**DOCS, "ErrorCode": "000"},
        {**DOCS, "ErrorCode": " 0 "},
        {"errorCode": 0, "errorDescription": "Success", "data": None},
        {"ERRORCODE": "0", "DATA": None, "More": "keys"},
        json.dumps(DOCS, indent=2).encode("utf-8-sig"),
        b"\r\n " + json.dumps(DOCS).encode() + b"\r\n",
    ],
)
def test_success_depends_on_the_number(body: object) -> None:
    write(body)


@pytest.mark.parametrize("status", [200, 201, 202])
def test_every_2xx_is_success(status: int) -> None:
    write(DOCS, status)


@pytest.mark.parametrize(
    "data", ["success#Done.", "SUCCESS#Done", "Success # Done", "Template Added.", "", None, 5, [], {}]
)
def test_data_of_a_write_may_be_anything(data: object) -> None:
    write({**DOCS, "Data": data})


@pytest.mark.parametrize("code", [21, "21", "021", " 021 "])
@pytest.mark.parametrize("description", ["Success", "null", None, ""])
def test_an_error_code_is_an_error_whatever_the_description(code: object, description: object) -> None:
    error = failure({"ErrorCode": code, "ErrorDescription": description, "Data": None})
    assert isinstance(error, ApiError)
    assert (error.code, error.error_class, error.http_status) == ("021", _errors.FUNDS, 200)
    assert error.msg.startswith("Onfon error 021: insufficient wallet credits. Top up")


def test_the_message_names_an_unusual_http_status() -> None:
    assert failure({"ErrorCode": 7}, 401).msg.startswith("Onfon error 007 (HTTP 401): the API credentials")


def test_the_description_is_the_gateways() -> None:
    assert (
        failure({"ErrorCode": 7, "ErrorDescription": "Invalid api credential"}).description == "Invalid api credential"
    )


@pytest.mark.parametrize("description", ["Invalid group id.", "Invalid\r\ngroup id", "x" * 5000])
def test_the_message_of_an_unknown_code_quotes_the_gateway_in_one_sentence(description: str) -> None:
    error = failure({"ErrorCode": 17, "ErrorDescription": description})
    assert error.msg.startswith("Onfon error 017: ")
    assert ".." not in error.msg
    assert "\n" not in error.msg
    assert len(error.msg) < 400


@pytest.mark.parametrize("words", ["null", None, ""])
def test_an_empty_description_is_none(words: object) -> None:
    """As RETURN says of error.description."""
    assert failure({"ErrorCode": 7, "ErrorDescription": words}).description is None


@pytest.mark.parametrize("code", [None, ""])
@pytest.mark.parametrize("data", [None, [{"MessageErrorCode": 0}]])
def test_an_envelope_without_a_usable_code_may_have_acted(code: object, data: object) -> None:
    """{"ErrorCode": null} is no answer: neither an error of Onfon's list nor a refusal."""
    error = failure({"ErrorCode": code, "ErrorDescription": "null", "Data": data})
    assert error.may_have_acted
    assert "None" not in error.msg


@pytest.mark.parametrize(
    ("code", "acted"), [("006", True), ("033", True), ("034", True), ("021", False), ("029", False), ("007", False)]
)
def test_error_codes_say_whether_the_request_acted(code: str, acted: bool) -> None:
    assert failure({"ErrorCode": code}).may_have_acted is acted


def test_a_success_code_with_an_error_status_is_an_error() -> None:
    error = failure(DOCS, 500)
    assert isinstance(error, ReplyError)
    assert error.may_have_acted
    assert "HTTP 500" in error.msg


@pytest.mark.parametrize("status", [301, 400, 403, 404, 429, 503])
def test_a_conflict_of_body_and_status_may_have_acted(status: int) -> None:
    assert failure(DOCS, status).may_have_acted


@pytest.mark.parametrize("code", ["OK", "Success", 0.0, False])
def test_a_non_numeric_code_may_have_acted(code: object) -> None:
    assert failure({"ErrorCode": code, "Data": None}).may_have_acted


@pytest.mark.parametrize("status", [302, 303])
def test_a_redirect_may_have_acted(status: int) -> None:
    assert failure(b"", status).may_have_acted


@pytest.mark.parametrize("status", [301, 308])
def test_a_redirect_is_named(status: int) -> None:
    error = failure(b"", status)
    assert f"HTTP {status}" in error.msg
    assert "api_url" in error.msg
    assert not error.may_have_acted


@pytest.mark.parametrize("body", [b"", b"Forbidden", b"<html><title>No</title></html>", {"message": "Forbidden"}])
@pytest.mark.parametrize(
    ("status", "kind", "acted"),
    [
        (401, _errors.AUTH, False),
        (403, _errors.AUTH, False),
        (404, _errors.REQUEST, False),
        (405, _errors.REQUEST, False),
        (429, _errors.TRANSIENT, False),
        (500, _errors.TRANSIENT, True),
        (502, _errors.TRANSIENT, True),
        (503, _errors.TRANSIENT, True),
        (520, _errors.TRANSIENT, True),
    ],
)
def test_a_status_without_an_envelope(status: int, kind: str, acted: bool, body: object) -> None:
    error = failure(body, status)
    assert (error.error_class, error.may_have_acted, error.http_status) == (kind, acted, status)
    assert f"HTTP {status}" in error.msg
    assert error.hint
    assert error.hint in error.msg


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_an_envelope_takes_precedence_over_the_status(status: int) -> None:
    assert failure({"ErrorCode": "039", "ErrorDescription": "Spam"}, status).code == "039"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty body"),
        (b" \r\n", "an empty body"),
        (b"\xef\xbb\xbf", "an empty body"),
        (b"<html><head><TITLE>Just a moment...</TITLE></head></html>", 'the HTML page "Just a moment..."'),
        (b"<!DOCTYPE html><p>Bad gateway</p>", 'the HTML page "<!DOCTYPE html><p>Bad gateway</p>"'),
        (b'{"ErrorCode":0,"ErrorDescription":"Suc', "broken JSON"),
        (b"no healthy upstream", 'the text "no healthy upstream"'),
        (b"\xff\xfe\x00\x01", "the text"),
        ({"message": "Unauthorized"}, 'the words "Unauthorized"'),
        ({"Data": []}, "no error code in"),
        ({}, "no error code in"),
    ],
)
def test_a_body_that_is_not_an_envelope_is_described(body: object, words: str) -> None:
    error = failure(body)
    assert words in error.msg
    assert (error.error_class, error.may_have_acted) == (PROTOCOL, True)


@pytest.mark.parametrize("body", [b"[]", b'[{"GroupId":1}]', b"null", b"0", b"true", b'"000"'])
def test_json_that_is_not_an_object_is_not_an_envelope(body: bytes) -> None:
    error = failure(body)
    assert error.error_class == PROTOCOL
    assert "broken" not in error.msg


def test_a_refusal_in_another_shape_is_quoted() -> None:
    assert "SenderId" in failure({"errors": {"SenderId": ["required"]}}, 422).msg


def test_too_deeply_nested_json_is_not_an_envelope() -> None:
    assert failure(b"[" * 100_000).error_class == PROTOCOL


def test_a_long_body_is_cut() -> None:
    error = failure(b"x" * 100_000, 500)
    assert len(error.msg) < 400
    assert len(error.description or "") < 200


def test_a_result_word_other_than_success_is_an_error() -> None:
    error = failure({**DOCS, "Data": "error#Group name is too long."})
    assert "Group name is too long" in error.msg
    assert error.http_status == 200


def test_a_hash_in_a_plain_sentence_is_not_an_error() -> None:
    """ErrorCode 0 means success, and the word before # is none of the gateway's result words."""
    assert failure({**DOCS, "Data": "Group #7 updated."}).may_have_acted


ROW = {"GroupId": 1, "GroupName": "Ops"}


@pytest.mark.parametrize(
    ("data", "names"),
    [(None, []), ("", []), ("null", []), ([], []), ([ROW], ["Ops"]), (ROW, ["Ops"]), ([ROW, ROW], ["Ops", "Ops"])],
)
def test_a_list_in_every_known_shape(data: t.Any, names: list[str]) -> None:
    assert read(data) == names


@pytest.mark.parametrize("data", ["No records", 5, True, ["A"], [None], [ROW, "B"], [[ROW]], [{"GroupName": "Ops"}]])
def test_malformed_list_data_is_an_error_with_the_status(data: t.Any) -> None:
    with pytest.raises(ReplyError, match="HTTP 201") as caught:
        read(data, 201)
    assert caught.value.may_have_acted
    assert (caught.value.error_class, caught.value.http_status) == (PROTOCOL, 201)


# --- rows -------------------------------------------------------------------------------------------------------------


def row(values: dict[str, t.Any]) -> Row:
    """A row of an answer whose only secret is "key"."""
    return Row(values, Answer("Campaign", Reply(200, b""), lambda text: text.replace("key", "***")))


def test_a_raw_row_is_unchanged_except_for_secrets() -> None:
    plain = {"CampaignId": 7, "Done": None, "On": True, "Rate": 0.5, "Empty": {}}
    assert row({**plain, "Text": "a key", "a key": [{"In": "key"}]}).raw == {
        **plain,
        "Text": "a ***",
        "a ***": [{"In": "***"}],
    }


def test_a_raw_row_is_limited_in_depth_and_size() -> None:
    deep: t.Any = "bottom"
    for _level in range(900):
        deep = [deep]
    assert "bottom" not in str(row({"Deep": deep}).raw)
    assert row({"Deep": [["bottom"]]}).raw == {"Deep": [["bottom"]]}


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"A": "a", "B": "b"}, "a"),
        ({"A": None, "b": " b "}, "b"),
        ({"A": "null", "B": 0}, "0"),
        ({"A": [1], "B": {"C": 1}}, None),
        ({"A": "a key"}, "a ***"),
        ({}, None),
    ],
)
def test_the_first_key_with_a_value_counts(values: dict[str, t.Any], first: str | None) -> None:
    assert row(values).first("A", "B") == first
