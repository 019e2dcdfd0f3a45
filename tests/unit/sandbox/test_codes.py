# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every error code in both dialects, and the checks of credentials."""

from __future__ import annotations

import pytest

from onfon_sandbox.codes import TEXTS, Code

PERIOD = {"fromdate": "2026-11-22", "enddate": "2026-11-22", "start": 0, "length": 9}
ONE = [{"Number": "254700000001", "Text": "hi"}]
SEND = {"SenderId": "SANDBOX", "MessageParameters": ONE}

REFUSED = [
    ("SendBulkSMS", {"MessageParameters": ONE}, 3),
    ("SendBulkSMS", {**SEND, "SenderId": "  "}, 3),
    ("SendBulkSMS", {**SEND, "SenderId": None}, 3),
    ("SendBulkSMS", {**SEND, "MessageParameters": [{"Number": "254700000001", "Text": " "}]}, 4),
    ("SendBulkSMS", {**SEND, "MessageParameters": [{"Number": "254700000001"}]}, 4),
    ("SendBulkSMS", {"SenderId": "SANDBOX"}, 5),
    ("SendBulkSMS", {**SEND, "MessageParameters": []}, 5),
    ("SendBulkSMS", {**SEND, "MessageParameters": None}, 5),
    ("SendBulkSMS", {**SEND, "MessageParameters": "x"}, 5),
    ("SendBulkSMS", {**SEND, "MessageParameters": ["x"]}, 5),
    ("SendBulkSMS", {**SEND, "MessageParameters": [{"Number": "twelve", "Text": "hi"}]}, 13),
    ("SendBulkSMS", {**SEND, "MessageParameters": [{"Number": "123", "Text": "hi"}]}, 13),
    ("SendBulkSMS", {**SEND, "MessageParameters": [{"Number": "2547 00000001", "Text": "hi"}]}, 13),
    ("SendBulkSMS", {**SEND, "ScheduleDateTime": "tomorrow"}, 19),
    ("SendBulkSMS", {**SEND, "ScheduleDateTime": "2026-11-22 14:29"}, 19),
    ("SendBulkSMS", {**SEND, "ScheduleDateTime": "2026-11-22"}, 19),
    ("SendBulkSMS", {**SEND, "ScheduleDateTime": "9999-99-99 00:00"}, 19),
    ("SendBulkSMS", {**SEND, "MessageParameters": [{"Text": "hi"}]}, 20),
    ("SendBulkSMS", {**SEND, "MessageParameters": [{"Number": None, "Text": "hi"}]}, 20),
    ("SendBulkSMS", {**SEND, "MessageParameters": ONE * 21}, 42),
    ("POST Group", {}, 23),
    ("POST Group", {"GroupName": " "}, 23),
    ("POST Group", {"GroupName": ["a"]}, 23),
    ("POST Group", {"GroupName": "FIRST"}, 29),
    ("PUT Group", {"GroupName": "Other"}, 23),
    ("PUT Group", {"id": "one", "GroupName": "Other"}, 23),
    ("PUT Group", {"id": 1}, 23),
    ("PUT Group", {"id": 99, "GroupName": "Other"}, 28),
    ("PUT Group", {"id": 2, "GroupName": "first"}, 29),
    ("DELETE Group", {}, 23),
    ("DELETE Group", {"id": 10**30}, 23),
    ("DELETE Group", {"id": 99}, 28),
    ("POST Template", {"TemplateName": "Other"}, 23),
    ("POST Template", {"TemplateName": "", "MessageTemplate": "Hi"}, 23),
    ("POST Template", {"TemplateName": "first", "MessageTemplate": "Hi"}, 29),
    ("PUT Template", {"id": 1, "TemplateName": "Other", "MessageTemplate": " "}, 23),
    ("PUT Template", {"id": 99, "TemplateName": "Other", "MessageTemplate": "Hi"}, 23),
    ("DELETE Template", {"id": 99}, 23),
    ("GET sms", {**PERIOD, "fromdate": "22.11.2026"}, 23),
    ("GET sms", {name: value for name, value in PERIOD.items() if name != "length"}, 23),
    ("GET Campaign", {**PERIOD, "start": "first"}, 23),
    ("GET Campaign", {}, 23),
    ("GET Campaign/Statistics", {}, 23),
]


@pytest.mark.parametrize(("service", "arguments", "code"), REFUSED)
def test_refused_calls_change_nothing(either, service, arguments, code):
    either.data("POST", "Group", GroupName="First")
    either.data("POST", "Group", GroupName="Second")
    either.data("POST", "Template", TemplateName="First", MessageTemplate="Hi")
    before = (either.data("GET", "Group"), either.data("GET", "Template"), either.credits(), either.messages())
    verb, _space, path = service.rpartition(" ")

    envelope = either.call(verb or "POST", path, **arguments)

    docs = either.settings.dialect == "docs"
    assert envelope == {
        "ErrorCode": f"{code:03d}" if docs else code,
        "ErrorDescription": TEXTS[Code(code)],
        "Data": None if docs else "",
    }
    after = (either.data("GET", "Group"), either.data("GET", "Template"), either.credits(), either.messages())
    assert before == after


@pytest.mark.parametrize("wrong", [{"ApiKey": "x"}, {"ClientId": "x"}, {"ApiKey": ""}, {"ApiKey": "SANDBOX-API"}])
@pytest.mark.parametrize("service", ["GET Balance", "POST Group", "PUT Template", "DELETE Group", "POST SendBulkSMS"])
def test_wrong_credentials_come_before_wrong_arguments(either, service, wrong):
    verb, path = service.split()
    assert either.code(verb, path, **wrong) == 7


@pytest.mark.parametrize("service", ["GET Balance", "POST Group", "DELETE Template", "POST SendBulkSMS"])
def test_missing_credentials(either, service):
    verb, path = service.split()
    answer = either.request(verb, f"/v1/sms/{path}", headers=either.headers)
    assert (answer.status_code, int(answer.json()["ErrorCode"])) == (200, 7)


@pytest.mark.parametrize("headers", [{}, {"AccessKey": "wrong"}, {"AccessKey": ""}])
@pytest.mark.parametrize("service", ["GET Balance", "POST Group", "DELETE Template", "POST SendBulkSMS"])
def test_strict_about_the_access_key(make_account, service, headers):
    account = make_account(dialect="docs")
    verb, path = service.split()
    answer = account.request(verb, f"/v1/sms/{path}", headers=headers, params=account.keys)
    assert answer.status_code == 401
    assert answer.json() == {"ErrorCode": "010", "ErrorDescription": "Unauthorized API access", "Data": None}


@pytest.mark.parametrize("headers", [{}, {"AccessKey": "wrong"}])
def test_lax_about_the_access_key(make_account, headers):
    account = make_account(strict=False)
    assert account.request("GET", "/v1/sms/Group", headers=headers, params=account.keys).json()["Data"] == []
    assert account.request("GET", "/v1/sms/Group", headers=headers).json()["ErrorCode"] == 7


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [("GET", "SenderId", 404), ("PATCH", "Group", 405), ("GET", "SendBulkSMS", 405), ("GET", "Group/1", 404)],
)
def test_an_unknown_service_is_an_error(either, verb, path, status):
    answer = either.request(verb, f"/v1/sms/{path}", headers=either.headers, params=either.keys)
    assert answer.status_code == status
    assert int(answer.json()["ErrorCode"]) == 6


def test_an_internal_error_is_an_envelope(account):
    account.store.close()
    answer = account.request("GET", "/v1/sms/Group", headers=account.headers, params=account.keys)
    assert (answer.status_code, answer.json()["ErrorCode"]) == (500, 6)
