# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module from its options to its result, with the real AnsibleModule and real HTTP."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.module import KEYS, run
from tests.support.stub_server import StubServer

Module = t.Callable[..., dict[str, t.Any]]

OPS = {"GroupId": 7, "GroupName": "Ops", "ContactCount": 12}
DEV = {"GroupId": 8, "GroupName": "Dev", "ContactCount": 0}
DISK = {
    "TemplateId": 3,
    "CompanyId": 1,
    "TemplateName": "disk",
    "MessageTemplate": "##Disk## full",
    "IsApproved": True,
    "IsActive": True,
    "CreatededDate": "Mar 19, 2018",
    "ApprovedDate": "Mar 20, 2018",
}
DISK_RESULT = {
    "id": 3,
    "name": "disk",
    "text": "##Disk## full",
    "fields": ["Disk"],
    "approved": True,
    "active": True,
    "created": "Mar 19, 2018",
    "approved_date": "Mar 20, 2018",
    "company_id": 1,
}
NUMBER = "254700000001"
# Options that make every module ask the gateway.
EVERY_MODULE: dict[str, dict[str, t.Any]] = {
    "onfon_account": {"groups": ["Ops"]},
    "onfon_balance_info": {},
    "onfon_campaign_info": {},
    "onfon_campaign_statistics_info": {"campaign_id": [7]},
    "onfon_delivery_info": {"message_ids": ["u-1"], "wait": False},
    "onfon_group": {"name": "Ops"},
    "onfon_group_info": {},
    "onfon_template": {"name": "disk"},
    "onfon_template_info": {},
    # A lost reply is not looked for here: that would take a minute.
    "onfon_sms": {"to": [NUMBER], "text": "hi", "sender_id": "ACME", "settle": False},
    "onfon_sms_info": {},
}


def receipt(number: str, code: int = 0) -> dict[str, t.Any]:
    return {"MobileNumber": number, "MessageErrorCode": code, "MessageId": "" if code else f"id-{number[-1]}"}


# --- onfon_group and onfon_group_info ---------------------------------------------------------------------------------


def test_a_group_that_is_there(module: Module, stub: StubServer) -> None:
    stub.envelope([OPS])
    result = module("onfon_group", name="Ops")
    assert not result["changed"]
    assert result["group"] == {"id": 7, "name": "Ops", "contact_count": 12}


def test_a_group_that_is_created(module: Module, stub: StubServer) -> None:
    stub.envelope([]).envelope("success#New Group added successfully.").envelope([OPS])
    result = module("onfon_group", name="Ops")
    assert result["changed"]
    assert result["group"]["id"] == 7
    assert result["diff"]["before"] == ""
    assert result["diff"]["after"] == "name: Ops\n"
    assert [request.method for request in stub.requests] == ["GET", "POST", "GET"]


def test_a_group_in_check_mode(module: Module, stub: StubServer) -> None:
    stub.envelope([])
    result = module("onfon_group", name="Ops", check=True)
    assert result["changed"]
    assert result["group"] == {"id": None, "name": "Ops", "contact_count": 0}
    assert [request.method for request in stub.requests] == ["GET"]


def test_a_group_that_is_removed(module: Module, stub: StubServer) -> None:
    stub.envelope([OPS, DEV]).envelope("success#").envelope([DEV])
    result = module("onfon_group", name="Ops", state="absent")
    assert (result["changed"], result["group"]) == (True, None)


def test_a_diff_is_returned_only_on_demand(module: Module, stub: StubServer) -> None:
    stub.envelope([OPS])
    assert "diff" not in module("onfon_group", name="Ops", diff=False)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["Ops", "Dev"]),
        ({"name": "Dev"}, ["Dev"]),
        ({"id": 7}, ["Ops"]),
        ({"id": 7, "name": "Dev"}, []),
        ({"name": "ops"}, []),
    ],
)
def test_groups_are_listed(module: Module, stub: StubServer, options: dict[str, t.Any], names: list[str]) -> None:
    stub.envelope([OPS, DEV])
    result = module("onfon_group_info", **options)
    assert not result["changed"]
    assert [group["name"] for group in result["groups"]] == names


# --- onfon_template and onfon_template_info ---------------------------------------------------------------------------


def test_templates_are_listed(module: Module, stub: StubServer) -> None:
    stub.envelope([DISK])
    assert module("onfon_template_info")["templates"] == [DISK_RESULT]


@pytest.mark.parametrize("text", ["##Disk## full", "##Disk## full\n", None])
def test_a_template_that_is_there(module: Module, stub: StubServer, text: str | None) -> None:
    stub.envelope([DISK])
    result = module("onfon_template", name="disk", text=text)
    assert not result["changed"]
    assert result["template"] == DISK_RESULT


def test_a_template_that_is_changed(module: Module, stub: StubServer) -> None:
    stub.envelope([DISK]).envelope("Template updated.").envelope([{**DISK, "MessageTemplate": "line\nline"}])
    result = module("onfon_template", name="disk", text="line\nline\n")
    assert result["changed"]
    assert result["diff"]["after"] == "name: disk\ntext:\n  line\n  line\nsegments: 1\n"
    assert stub.requests[1].json["MessageTemplate"] == "line\nline"


# --- onfon_balance_info -----------------------------------------------------------------------------------------------


def test_the_balance(module: Module, stub: StubServer) -> None:
    stub.envelope([{"PluginType": "EMAIL", "Credits": "5"}, {"PluginType": "sms ", "Credits": "KSh1,500.5000"}])
    result = module("onfon_balance_info")
    assert result["credits"] == 1500.5
    assert result["balances"][1] == {
        "plugin_type": "sms",
        "credits": 1500.5,
        "currency": "KSh",
        "raw": "KSh1,500.5000",
    }


@pytest.mark.parametrize(
    "data", [[], [{"PluginType": "EMAIL", "Credits": "5"}], [{"PluginType": "SMS", "Credits": "?"}]]
)
def test_a_balance_that_is_no_number_fails(module: Module, stub: StubServer, data: list[dict[str, str]]) -> None:
    stub.envelope(data)
    result = module("onfon_balance_info")
    assert result["failed"]
    assert result["credits"] is None
    assert len(result["balances"]) == len(data)
    assert result["error"]["class"] == "protocol"


# --- onfon_sms --------------------------------------------------------------------------------------------------------


def test_people_are_texted(module: Module, stub: StubServer) -> None:
    stub.envelope([receipt(NUMBER), receipt("254700000002")])
    result = module("onfon_sms", to=["0700 000 001", "254700000002", NUMBER], text="hi", sender_id=" ACME OPS ")
    assert result["changed"]
    assert result["recipients"][0] == {
        "line": 1,
        "to": "0700 000 001",
        "msisdn": NUMBER,
        "status": "accepted",
        "message_id": "id-1",
        "error_code": None,
        "error": None,
        "segments": 1,
    }
    assert result["summary"].pop("seconds") >= 0
    assert result["summary"] == {
        "requested": 3,
        "segments": 2,
        "requests": 1,
        "accepted": 2,
        "rejected": 0,
        "unknown": 0,
        "not_sent": 0,
        "skipped_duplicate": 1,
        "skipped_invalid": 0,
        "skipped_opt_out": 0,
        "skipped_already_sent": 0,
    }
    assert stub.requests[0].json["SenderId"] == "ACME OPS"


def test_nobody_is_texted_in_check_mode(module: Module, stub: StubServer) -> None:
    result = module("onfon_sms", check=True, **EVERY_MODULE["onfon_sms"])
    assert result["changed"]
    assert [recipient["status"] for recipient in result["recipients"]] == ["not_sent"]
    assert result["summary"]["segments"] == 1
    assert stub.requests == []


@pytest.mark.parametrize(
    ("codes", "changed", "statuses"),
    [((0, 401), True, ["accepted", "rejected"]), ((401, 401), False, ["rejected", "rejected"])],
)
def test_a_rejected_row_fails_the_task(
    module: Module, stub: StubServer, codes: tuple[int, int], changed: bool, statuses: list[str]
) -> None:
    stub.envelope([receipt(NUMBER, codes[0]), receipt("254700000002", codes[1])])
    result = module("onfon_sms", to=[NUMBER, "254700000002"], text="hi", sender_id="ACME")
    assert result["failed"]
    assert result["changed"] is changed
    assert [recipient["status"] for recipient in result["recipients"]] == statuses
    assert result["error"]["code"] == "401"


def test_a_lost_reply_fails_the_task_and_is_unknown(module: Module, stub: StubServer) -> None:
    stub.hang()
    result = module("onfon_sms", **{**EVERY_MODULE["onfon_sms"], "timeout": 0.15, "settle": False})
    assert result["failed"]
    assert result["changed"]
    assert result["recipients"][0]["status"] == "unknown"
    assert result["summary"]["unknown"] == 1


def test_the_last_line_end_of_a_block_is_not_paid_for(module: Module, stub: StubServer) -> None:
    stub.envelope([receipt(NUMBER)])
    result = module("onfon_sms", to=[NUMBER], text="a" * 160 + "\n", sender_id="ACME")
    assert result["summary"]["segments"] == 1
    assert stub.requests[0].json["MessageParameters"][0]["Text"] == "a" * 160


def test_the_texts_unicode_is_seen(module: Module, stub: StubServer) -> None:
    stub.envelope([receipt(NUMBER)])
    result = module("onfon_sms", to=[NUMBER], text="ł" * 71, sender_id="ACME")
    assert stub.requests[0].json["IsUnicode"] is True
    assert result["summary"]["segments"] == 2


@pytest.mark.parametrize("to", [0o700000001, [0o700000001], 0o110000001])
def test_a_number_that_yaml_read_as_octal_is_not_texted(module: Module, stub: StubServer, to: object) -> None:
    """Also without a list: AnsibleModule makes ["117440513"] of 117440513, which is the phone of somebody in Kenya."""
    result = module("onfon_sms", to=to, text="hi", sender_id="ACME", check=True)
    assert result.get("failed")
    assert "in quotes" in result["msg"]


@pytest.mark.parametrize("to", ["0700000001", "0700000001,254700000002", "254700000001"])
def test_numbers_may_come_as_one_string(module: Module, to: str) -> None:
    result = module("onfon_sms", to=to, text="hi", sender_id="ACME", check=True)
    assert result["recipients"][0]["msisdn"] == NUMBER


def test_the_environment_sets_what_the_task_does_not(stub: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(f"ONFON_{name.upper()}", value)
    monkeypatch.setenv("ONFON_API_URL", stub.url)
    monkeypatch.setenv("ONFON_SENDER_ID", "FROM ENV")
    stub.envelope([receipt(NUMBER)])
    assert "failed" not in run("onfon_sms", {"to": [NUMBER], "text": "hi"})
    request = stub.requests[0]
    assert request.json["SenderId"] == "FROM ENV"
    assert (request.json["ApiKey"], request.headers["accesskey"]) == (KEYS["api_key"], KEYS["access_key"])


# --- every module -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY_MODULE)
def test_an_error_of_onfon(module: Module, stub: StubServer, name: str) -> None:
    stub.envelope(code="007", description="Invalid api credential")
    result = module(name, **EVERY_MODULE[name])
    assert result["failed"]
    assert result["changed"] is False
    assert result["msg"].startswith("Onfon error 007: the API credentials are not valid.")
    assert result["msg"].endswith("Check api_key, client_id and access_key against the Onfon portal.")
    assert result["error"] == {
        "code": "007",
        "description": "Invalid api credential",
        "class": "auth",
        "hint": "Check api_key, client_id and access_key against the Onfon portal.",
        "http_status": 200,
    }
    assert len(stub.requests) == 1


@pytest.mark.parametrize("name", EVERY_MODULE)
def test_a_gateway_that_is_not_there(name: str) -> None:
    with StubServer(listening=False) as stub:
        result = run(name, {**KEYS, "api_url": stub.url, "retries": 0, **EVERY_MODULE[name]})
    assert result["failed"]
    assert result["changed"] is False
    assert "connection refused" in result["msg"]
    assert (result["error"]["class"], result["error"]["http_status"]) == ("transport", None)


@pytest.mark.parametrize("name", EVERY_MODULE)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"api_url": "http://gateway.example"}, "allow_plain_http"),
        ({"api_url": "gateway"}, "api_url"),
        ({"api_key": ""}, "api_key is missing: set it, or ONFON_API_KEY"),
        ({"access_key": "with blank"}, "access_key"),
        ({"timeout": 0}, "timeout"),
        ({"retries": -1}, "retries"),
        ({"colour": "red"}, "colour"),
        ({"timeout": "soon"}, "timeout"),
        ({"client_id": None}, "client_id is missing: set it, or ONFON_CLIENT_ID in the environment."),
        (dict.fromkeys(KEYS), "api_key, client_id and access_key are missing: set them, or ONFON_API_KEY, "),
    ],
)
def test_an_option_that_is_wrong(
    module: Module, stub: StubServer, name: str, options: dict[str, t.Any], words: str
) -> None:
    result = module(name, **{**EVERY_MODULE[name], **options})
    assert result["failed"]
    assert words in result["msg"]
    assert stub.requests == []


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("onfon_group", {}, "name, id"),
        ("onfon_group", {"name": ""}, "name is blank"),
        ("onfon_group", {"name": None}, "name and id are both empty"),
        ("onfon_template", {"name": None, "id": None, "state": "absent"}, "name and id are both empty"),
        ("onfon_group", {"name": "Ops", "new_name": " "}, "new_name is blank"),
        ("onfon_group", {"name": "Ops", "new_name": "Dev", "state": "absent"}, "new_name"),
        ("onfon_group", {"name": "Ops", "state": "gone"}, "state"),
        ("onfon_group", {"id": "seven"}, "id"),
        ("onfon_template", {"text": "hi"}, "name, id"),
        ("onfon_template", {"name": "disk", "text": " \n"}, "text is blank"),
        ("onfon_template", {"name": "disk", "new_name": "x", "state": "absent"}, "new_name"),
        ("onfon_sms", {"text": "hi", "sender_id": "A"}, "to"),
        ("onfon_sms", {"to": [NUMBER], "sender_id": "A"}, "text"),
        ("onfon_sms", {"to": [NUMBER], "text": "hi"}, "sender_id"),
        ("onfon_sms", {"to": [], "text": "hi", "sender_id": "A"}, "to is empty"),
        ("onfon_sms", {"to": "", "text": "hi", "sender_id": "A"}, "to is empty"),
        ("onfon_sms", {"to": [NUMBER], "text": " \n", "sender_id": "A"}, "text is blank"),
        ("onfon_sms", {"to": [NUMBER], "text": "hi", "sender_id": " "}, "sender_id is missing"),
        ("onfon_sms", {"to": ["x"], "text": "hi", "sender_id": "A"}, '"x" is not a phone number'),
    ],
)
def test_an_option_of_one_module_that_is_wrong(
    module: Module, stub: StubServer, name: str, options: dict[str, t.Any], words: str
) -> None:
    for check in (False, True):
        result = module(name, check=check, **options)
        assert result["failed"]
        assert words in result["msg"]
        assert "Traceback" not in str(result)
    assert stub.requests == []


@pytest.mark.parametrize("name", ["Family 👨‍👩‍👧", "می‌خواهم", "Ops\u00a0Nairobi", "日本"])
def test_a_name_in_any_script_is_one_line(module: Module, stub: StubServer, name: str) -> None:
    """Joiners are part of emoji and of Persian, and no line ends."""
    stub.envelope([{**OPS, "GroupName": name}])
    assert module("onfon_group", name=name).get("failed") is None


@pytest.mark.parametrize("name", EVERY_MODULE)
def test_a_library_is_missing(module: Module, stub: StubServer, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ansible_collections.onfon.sms.plugins.module_utils._gateway.transport.REQUESTS_IMPORT_ERROR", "Traceback: none"
    )
    result = module(name, **EVERY_MODULE[name])
    assert result["failed"]
    assert "(requests)" in result["msg"]
    assert result["error"]["class"] == "library"
    assert stub.requests == []


def test_the_library_of_phone_numbers_is_missing(
    module: Module, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ansible_collections.onfon.sms.plugins.module_utils._sms.numbers.PHONENUMBERS_IMPORT_ERROR",
        "Traceback: none",
    )
    result = module("onfon_sms", **EVERY_MODULE["onfon_sms"])
    assert result["failed"]
    assert "(phonenumbers)" in result["msg"]
    assert stub.requests == []


@pytest.mark.parametrize("name", EVERY_MODULE)
@pytest.mark.parametrize("where", ["success", "error", "html"])
def test_no_result_holds_a_key(module: Module, stub: StubServer, name: str, where: str) -> None:
    quoted = "?ApiKey=api%2Bkey%2F1%3D%3D AccessKey: access/key+2=="
    if where == "success":
        stub.envelope([{**OPS, **DISK, **receipt(NUMBER, 400), "MessageErrorDescription": quoted, "PluginType": "SMS"}])
    elif where == "error":
        stub.envelope(code=6, description=quoted).envelope(code=6, description=quoted)
    else:
        stub.answer(500, body=f"<title>{quoted}</title>").answer(500, body=f"<title>{quoted}</title>")
    result = str(module(name, **EVERY_MODULE[name]))
    for part in ("api+key", "api%2Bkey", "key%2F1", "access/key", "key+2"):
        assert part not in result
