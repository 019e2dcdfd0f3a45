# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any case of path and names; credentials and arguments in the query, a JSON body or a form body, on every verb."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

CASES = {"documented": str, "lower": str.lower, "upper": str.upper, "camel": lambda name: name[0].lower() + name[1:]}
PLACES = ("query", "json", "json without a content type", "form")
SERVICES = [
    ("GET", "Balance", {}),
    ("GET", "Group", {}),
    ("POST", "Group", {"GroupName": "Added"}),
    ("PUT", "Group", {"id": 1, "GroupName": "Renamed"}),
    ("DELETE", "Group", {"id": 1}),
    ("GET", "Template", {}),
    ("POST", "Template", {"TemplateName": "Added", "MessageTemplate": "Hi ##Name##"}),
    ("PUT", "Template", {"id": 1, "TemplateName": "Changed", "MessageTemplate": "Bye"}),
    ("DELETE", "Template", {"id": 1}),
    ("GET", "Campaign", {"fromdate": "2026-11-22", "enddate": "2026-11-22", "start": 0, "length": 9}),
    ("GET", "Campaign/Statistics", {"campaignId": 1}),
    ("GET", "sms", {"fromdate": "2026-11-22", "enddate": "2026-11-22", "start": 0, "length": 9}),
    (
        "POST",
        "SendBulkSMS",
        {"SenderId": "SANDBOX", "IsUnicode": "false", "MessageParameters": [{"Number": "254700000002", "Text": "yo"}]},
    ),
]


def placed(place: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return request options that carry `arguments` in one place."""
    if place == "json":
        return {"json": arguments}
    if place == "json without a content type":
        return {"content": json.dumps(arguments).encode()}
    plain = {name: json.dumps(value) if isinstance(value, list) else value for name, value in arguments.items()}
    return {"params": plain} if place == "query" else {"data": plain}


@pytest.mark.parametrize("arguments_in", PLACES)
@pytest.mark.parametrize("keys_in", PLACES)
@pytest.mark.parametrize("service", SERVICES, ids=lambda service: " ".join(service[:2]))
def test_every_place_on_every_verb(account, service, keys_in, arguments_in):
    verb, path, arguments = service
    if keys_in != arguments_in and "query" not in (keys_in, arguments_in):
        keys_in = arguments_in  # one request has one body
    account.data("POST", "Group", GroupName="First")
    account.data("POST", "Template", TemplateName="First", MessageTemplate="Hi")
    account.send("254700000001")
    if keys_in == arguments_in:
        options = placed(keys_in, {**account.keys, **arguments})
    else:
        options = {**placed(keys_in, account.keys), **placed(arguments_in, arguments)}

    answer = account.request(verb, f"/v1/sms/{path}", headers=account.headers, **options)

    assert answer.status_code == 200
    assert answer.json()["ErrorCode"] == 0
    changes = {
        ("POST", "Group"): ["First", "Added"],
        ("PUT", "Group"): ["Renamed"],
        ("DELETE", "Group"): [],
    }
    names = [group["GroupName"] for group in account.data("GET", "Group")]
    assert names == changes.get((verb, path), ["First"])
    changes = {
        ("POST", "Template"): [("First", "Hi"), ("Added", "Hi ##Name##")],
        ("PUT", "Template"): [("Changed", "Bye")],
        ("DELETE", "Template"): [],
    }
    texts = [(row["TemplateName"], row["MessageTemplate"]) for row in account.data("GET", "Template")]
    assert texts == changes.get((verb, path), [("First", "Hi")])
    sent = [(row["MobileNumber"], row["Message"]) for row in account.log()]
    assert sent == [("254700000001", "hi")] + ([("254700000002", "yo")] if path == "SendBulkSMS" else [])
    if path in ("sms", "Campaign", "Campaign/Statistics"):
        assert len(answer.json()["Data"]) == 1


def words(value):
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("verb", "path", "arguments"), SERVICES, ids=words)
def test_any_case(account, verb, path, arguments, case):
    account.data("POST", "Group", GroupName="First")
    account.data("POST", "Template", TemplateName="First", MessageTemplate="Hi")
    spelled = CASES[case]
    rows = [{spelled(name): value for name, value in row.items()} for row in arguments.get("MessageParameters", [])]
    given = {spelled(name): value for name, value in {**account.keys, **arguments}.items()}
    if rows:
        given[spelled("MessageParameters")] = rows
    options = {"params": given} if verb in ("GET", "DELETE") else {"json": given}

    answer = account.request(verb, spelled(f"/v1/sms/{path}"), headers=account.headers, **options)

    assert answer.status_code == 200
    assert answer.json()["ErrorCode"] == 0
    assert len(account.log()) == len(rows)


@pytest.mark.parametrize("path", ["/v1/sms/Group/", "/v1/sms//Group", "//v1/sms/group"])
def test_extra_slashes_are_ignored(account, path):
    answer = account.request("GET", f"http://sandbox{path}", params=account.keys, headers=account.headers)
    assert (answer.status_code, answer.json()["Data"]) in ((200, []),)


def test_the_query_takes_precedence_unless_blank(account):
    account.data("POST", "Group", GroupName="First")
    account.data("POST", "Group", GroupName="Second")
    query = {**account.keys, "ApiKey": "", "id": 2}
    body = {"ApiKey": account.settings.api_key, "id": 1, "GroupName": "Changed"}
    assert account.request("PUT", "/v1/sms/Group", params=query, json=body, headers=account.headers).json() == {
        "ErrorCode": 0,
        "ErrorDescription": "null",
        "Data": "success#Group updated successfully.",
    }
    assert [group["GroupName"] for group in account.data("GET", "Group")] == ["First", "Changed"]


@pytest.mark.parametrize(
    "body",
    [
        {"MessageParameters[0].Number": "254700000001", "MessageParameters[0].Text": "a"},
        {"messageparameters[0][number]": "254700000001", "messageparameters[0][text]": "a"},
        {"MessageParameters[7].Text": "a", "MessageParameters[7].Number": "254700000001"},
    ],
)
def test_rows_in_form_fields(account, body):
    body = {**account.keys, "SenderId": "SANDBOX", **body}
    answer = account.request("POST", "/v1/sms/SendBulkSMS", data=body, headers=account.headers)
    assert [row["MobileNumber"] for row in answer.json()["Data"]] == ["254700000001"]
    assert account.log()[0]["Message"] == "a"


def test_a_single_row_without_a_list(account):
    row = {"number": 254700000001, "TEXT": "a"}
    assert len(account.data("POST", "SendBulkSMS", SenderId="SANDBOX", MessageParameters=row)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b'{"GroupName": ',
        b"[1, 2]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"GroupName": ' + b"9" * 5000 + b"}",
        b"<html></html>",
        b"\x00",
    ],
)
@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
def test_an_unreadable_body_is_refused(account, verb, content):
    answer = account.request(
        verb, "/v1/sms/Group", params={**account.keys, "id": 1}, content=content, headers=account.headers
    )
    assert answer.status_code == 200
    assert answer.json() == {"ErrorCode": 6, "ErrorDescription": "Something went wrong", "Data": ""}
    assert account.data("GET", "Group") == []


def test_a_body_with_a_byte_order_mark_and_an_unpaired_surrogate(account):
    body = b'\xef\xbb\xbf {"GroupName": "a\\ud83d", "Extra": {"nested": [1]}}'
    answer = account.request("POST", "/v1/sms/Group", params=account.keys, content=body, headers=account.headers)
    assert answer.json()["ErrorCode"] == 0
    assert account.data("GET", "Group")[0]["GroupName"] == "a\ufffd"


@pytest.mark.parametrize("key", ["a+b/c=", "ü & %41", "x" * 300])
def test_keys_may_contain_any_character(make_account, key):
    account = make_account(api_key=key)
    assert account.data("GET", "Group") == []
    assert account.data("POST", "Group", GroupName="A + B/C=&%41 ü \U0001f600").startswith("success#")
    form = urlencode({**account.keys, "id": 1})
    answer = account.request("DELETE", "/v1/sms/Group", content=form.encode(), headers=account.headers)
    assert answer.json()["ErrorCode"] == 0
