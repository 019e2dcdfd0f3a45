# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/openapi.json is the contract: the thirteen services are in it, and real answers fit it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ansible_collections.onfon.sms.plugins.module_utils._version import VERSION

SERVICES = {
    ("get", "Balance"),
    ("get", "Campaign"),
    ("get", "Campaign/Statistics"),
    ("post", "Group"),
    ("get", "Group"),
    ("put", "Group"),
    ("delete", "Group"),
    ("post", "Template"),
    ("get", "Template"),
    ("put", "Template"),
    ("delete", "Template"),
    ("post", "SendBulkSMS"),
    ("get", "sms"),
}


@pytest.fixture
def openapi(account) -> dict[str, Any]:
    return dict(account.request("GET", "/openapi.json").json())


def test_the_thirteen_services(openapi):
    operations = {
        (verb, path.removeprefix("/v1/sms/"))
        for path, verbs in openapi["paths"].items()
        for verb in verbs
        if path.startswith("/v1/sms/")
    }
    assert operations == SERVICES
    own = {path for path in openapi["paths"] if not path.startswith("/v1/sms/")}
    assert {"/sandbox/health", "/sandbox/messages", "/sandbox/reset"} <= own


def test_the_page_to_try_it_needs_no_other_host(account):
    page = account.request("GET", "/docs").text
    addresses = re.findall(r'(?:src|href|url)(?:=|: )["\']([^"\']+)', page)
    assert "/openapi.json" in addresses
    assert [account.request("GET", address).status_code for address in addresses] == [200] * len(addresses)
    assert not [address for address in addresses if "//" in address]


@pytest.mark.parametrize(("verb", "path"), sorted(SERVICES))
def test_each_service_is_described(openapi, verb, path):
    operation = openapi["paths"][f"/v1/sms/{path}"][verb]
    assert operation["summary"]
    assert operation["description"]
    assert operation["security"] == [{"APIKeyHeader": []}]
    assert "422" not in operation["responses"]
    assert operation["responses"]["401"]["content"]["application/json"]["schema"]
    answer = operation["responses"]["200"]
    assert "007 Invalid api credential" in answer["description"]
    content = answer["content"]["application/json"]
    schema = {**content["schema"], "components": openapi["components"]}
    for name, example in content["examples"].items():
        assert list(Draft202012Validator(schema).iter_errors(example["value"])) == [], name
    names = {one["name"]: one for one in operation.get("parameters", [])}
    if "requestBody" in operation:
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        model = openapi["components"]["schemas"][reference]
        assert {"ApiKey", "ClientId"} <= set(model["required"])
        names.update(model["properties"])
    assert {"ApiKey", "ClientId"} <= set(names)
    assert all(one.get("description") for one in names.values())


def test_real_answers_fit_the_contract(either):
    openapi = either.request("GET", "/openapi.json").json()
    period = {"fromdate": "2026-11-22", "enddate": "2026-11-22", "start": 0, "length": 100}
    calls = [
        ("GET", "Balance", {}),
        ("POST", "Group", {"GroupName": "A"}),
        ("POST", "Group", {"GroupName": "A"}),
        ("GET", "Group", {}),
        ("PUT", "Group", {"id": 1, "GroupName": "B"}),
        ("DELETE", "Group", {"id": 1}),
        ("POST", "Template", {"TemplateName": "A", "MessageTemplate": "B"}),
        ("PUT", "Template", {"id": 1, "TemplateName": "A", "MessageTemplate": "C"}),
        ("GET", "Template", {}),
        ("DELETE", "Template", {"id": 1}),
        (
            "POST",
            "SendBulkSMS",
            {"SenderId": "SANDBOX", "MessageParameters": [{"Number": "254700000001", "Text": "a"}]},
        ),
        (
            "POST",
            "SendBulkSMS",
            {"SenderId": "SANDBOX", "MessageParameters": [{"Number": "255700000001", "Text": "a"}]},
        ),
        ("GET", "Campaign", period),
        ("GET", "Campaign/Statistics", {"campaignId": 1}),
        ("GET", "sms", period),
    ]
    for verb, path, arguments in calls:
        envelope = either.call(verb, path, **arguments)
        operation = openapi["paths"][f"/v1/sms/{path}"][verb.lower()]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": openapi["components"]})
        assert list(validator.iter_errors(envelope)) == [], (verb, path)


def test_the_docs_page(account):
    answer = account.request("GET", "/docs")
    assert answer.status_code == 200
    assert "/openapi.json" in answer.text


def test_health(account):
    assert account.request("GET", "/sandbox/health").json() == {
        "status": "ok",
        "version": VERSION,
        "dialect": "live",
        "credits": "KSh5000.0000",
    }
