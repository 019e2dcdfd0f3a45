# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests of the client, as Onfon's REST page documents them."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._errors import OnfonError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import Connection
from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import ApiError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Transport
from ansible_collections.onfon.sms.plugins.module_utils._version import VERSION
from tests.support.stub_server import StubServer

API_KEY, ACCESS_KEY = "aB+c/De5fG==", "Zy+9/aaa="
CREDENTIALS = {"ApiKey": API_KEY, "ClientId": "acme"}
FIRST, LAST = datetime.date(2026, 11, 21), datetime.date(2026, 11, 22)
PAGE = {"fromdate": "2026-11-21", "enddate": "2026-11-22", "start": "500", "length": "1000"}


class Text(t.NamedTuple):
    """One text to one number."""

    msisdn: str
    text: str


def client(stub: StubServer, path: str = "/v1/sms") -> Client:
    connection = Connection(stub.address + path, API_KEY, "acme", ACCESS_KEY, timeout=5, retries=0)
    return Client(connection, Transport(connection))


CALLS: list[tuple[t.Callable[[Client], t.Any], str, str, dict[str, str], dict[str, t.Any] | None]] = [
    (lambda c: c.balances(), "GET", "Balance", CREDENTIALS, None),
    (lambda c: c.groups(), "GET", "Group", CREDENTIALS, None),
    (lambda c: c.add_group("Ops & Dév"), "POST", "Group", {}, {"GroupName": "Ops & Dév", **CREDENTIALS}),
    (lambda c: c.update_group(7, "Ops"), "PUT", "Group", {"id": "7"}, {"GroupName": "Ops", **CREDENTIALS}),
    (lambda c: c.delete_group(7), "DELETE", "Group", {"id": "7", **CREDENTIALS}, None),
    (lambda c: c.templates(), "GET", "Template", CREDENTIALS, None),
    (
        lambda c: c.add_template("disk", "##Host## 🔥\nfull"),
        "POST",
        "Template",
        {},
        {"TemplateName": "disk", "MessageTemplate": "##Host## 🔥\nfull", **CREDENTIALS},
    ),
    (
        lambda c: c.update_template(3, "disk", "full"),
        "PUT",
        "Template",
        {"id": "3"},
        {"TemplateName": "disk", "MessageTemplate": "full", **CREDENTIALS},
    ),
    (lambda c: c.delete_template(3), "DELETE", "Template", {"id": "3", **CREDENTIALS}, None),
    (
        lambda c: c.send([Text("254700000001", "hi"), Text("254700000002", "hi")], sender_id="ACME", unicode=True),
        "POST",
        "SendBulkSMS",
        {},
        {
            "SenderId": "ACME",
            "IsUnicode": True,
            "IsFlash": False,
            "MessageParameters": [
                {"Number": "254700000001", "Text": "hi"},
                {"Number": "254700000002", "Text": "hi"},
            ],
            **CREDENTIALS,
        },
    ),
    (lambda c: c.sent(FIRST, LAST, 500, 1000), "GET", "sms", {**PAGE, **CREDENTIALS}, None),
    (lambda c: c.campaigns(FIRST, LAST, 500, 1000), "GET", "Campaign", {**PAGE, **CREDENTIALS}, None),
    (lambda c: c.statistics("7"), "GET", "Campaign/Statistics", {"campaignId": "7", **CREDENTIALS}, None),
]


@pytest.mark.parametrize(("call", "method", "service", "query", "body"), CALLS)
def test_each_request_is_sent_as_documented(
    call: t.Callable[[Client], t.Any], method: str, service: str, query: dict[str, str], body: dict[str, t.Any] | None
) -> None:
    with StubServer() as stub:
        stub.envelope([])
        with client(stub) as onfon:
            call(onfon)
        (request,) = stub.requests
    assert (request.method, request.path) == (method, f"/v1/sms/{service}")
    assert request.query == query
    assert request.json == body
    assert request.headers["accesskey"] == ACCESS_KEY
    assert request.headers["accept"] == "application/json"
    assert request.headers["user-agent"].startswith(f"ansible-onfon.sms/{VERSION} ")
    assert request.headers.get("content-type") == (None if body is None else "application/json")


@pytest.mark.parametrize("path", ["", "/", "/v1/sms/", "/v1/sms//"])
def test_trailing_slashes_of_the_url_are_ignored(path: str) -> None:
    with StubServer() as stub:
        stub.envelope([])
        with client(stub, path) as onfon:
            onfon.groups()
        assert stub.requests[0].path == f"{path.rstrip('/')}/Group"


def test_one_connection_carries_all_requests() -> None:
    with StubServer() as stub:
        for _each in range(3):
            stub.envelope([])
        with client(stub) as onfon:
            onfon.groups()
            onfon.templates()
            onfon.balances()
        assert len(stub.requests) == 3
        assert stub.connections == 1


def test_code_028_is_an_empty_list_of_groups() -> None:
    with StubServer() as stub, client(stub) as onfon:
        stub.envelope(code="028", description="Group can not be found.")
        assert onfon.groups() == []


def test_code_041_is_empty_statistics() -> None:
    with StubServer() as stub, client(stub) as onfon:
        stub.envelope(code="041", description="Report not found.")
        assert onfon.statistics("7") == []


def test_other_codes_are_errors() -> None:
    with StubServer() as stub, client(stub) as onfon:
        stub.envelope(code="007")
        with pytest.raises(ApiError, match="007"):
            onfon.groups()


def failure(stub: StubServer) -> dict[str, t.Any]:
    with client(stub) as onfon, pytest.raises(OnfonError) as caught:
        onfon.groups()
    return caught.value.as_result()


def shown_parts(result: dict[str, t.Any]) -> list[str]:
    """The parts of the keys, four characters and more, that a result shows."""
    keys = (API_KEY, ACCESS_KEY)
    parts = {key[start : start + 4] for key in keys for start in range(len(key) - 3)}
    return sorted(part for part in parts if part in str(result))


@pytest.mark.parametrize("status", [200, 403, 500])
@pytest.mark.parametrize(
    "body",
    [
        f"<html><title>No access for ?ApiKey={API_KEY}</title></html>",
        f'{{"message": "AccessKey {ACCESS_KEY} is not known"}}',
        f'{{"ErrorCode": 7, "ErrorDescription": "Invalid key {API_KEY}"}}',
        f'{{"ErrorCode": "{API_KEY}"}}',
        f'{{"ErrorCode": 0, "Data": "error#key {API_KEY} is not known"}}',
        f'{{"ErrorCode": 0, "Data": "Use {API_KEY}"}}',
        f"{{broken {API_KEY}",
        API_KEY,
    ],
)
def test_a_secret_echoed_by_the_gateway_is_masked(body: str, status: int) -> None:
    with StubServer() as stub:
        assert shown_parts(failure(stub.answer(status, body=body))) == []


@pytest.mark.parametrize("before", range(100, 122, 3))
def test_a_truncated_secret_is_not_shown(before: int) -> None:
    """A quoted body ends after some characters, and these may end within a key."""
    with StubServer() as stub:
        assert shown_parts(failure(stub.answer(500, body="x" * before + API_KEY))) == []


def test_a_secret_in_a_url_of_a_row_is_masked() -> None:
    row = {"MobileNumber": "254700000001", "MessageErrorCode": 400}
    with StubServer() as stub, client(stub) as onfon:
        stub.envelope([{**row, "MessageErrorDescription": "?ApiKey=aB%2Bc%2FDe5fG%3D%3D is not known"}])
        (receipt,) = onfon.send([Text("254700000001", "hi")], sender_id="ACME")
    assert "De5fG" not in receipt.description


def test_raw_rows_contain_no_secret() -> None:
    row = {"CampaignId": 7, f"by {API_KEY}": [{"AccessKey": ACCESS_KEY}, "?ApiKey=aB%2Bc%2FDe5fG%3D%3D"]}
    with StubServer() as stub, client(stub) as onfon:
        stub.envelope([row]).envelope([row])
        (campaign,) = onfon.campaigns(FIRST, LAST, 0, 1)
        (counters,) = onfon.statistics("7")
    for raw in (campaign.raw, counters):
        assert raw["CampaignId"] == 7
        assert shown_parts(raw) == []


def test_an_unpaired_surrogate_is_escaped() -> None:
    row = {"CampaignId": 7, "Message": "cut \ud83d", "\ud83d": ["\ud83d", "\U0001f525"]}
    with StubServer() as stub, client(stub) as onfon:
        stub.envelope([row])
        (campaign,) = onfon.campaigns(FIRST, LAST, 0, 1)
    assert campaign.text == "cut \\ud83d"
    assert campaign.raw == {"CampaignId": 7, "Message": "cut \\ud83d", "\\ud83d": ["\\ud83d", "\U0001f525"]}


def test_texts_are_redacted_for_results() -> None:
    with StubServer() as stub, client(stub) as onfon:
        assert shown_parts({"text": onfon.redact(f"Use {API_KEY} and {ACCESS_KEY}.")}) == []


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("007", "client_id looks like a key and api_key like a client id: exchange the two."),
        ("010", "Check api_key, client_id and access_key against the Onfon portal."),
    ],
)
def test_with_error_007_exchanged_keys_are_named(code: str, hint: str) -> None:
    with StubServer() as stub:
        stub.answer(200, body=f'{{"ErrorCode": "{code}"}}')
        connection = Connection(stub.url, "acme", "k" * 48, ACCESS_KEY, retries=0)
        with Client(connection, Transport(connection)) as onfon, pytest.raises(ApiError) as caught:
            onfon.groups()
    assert caught.value.hint == hint
