# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugins: when an operation runs in Ansible's worker, and that it returns what the module returns."""

from __future__ import annotations

import datetime
import sys
import typing as t

import pytest

from tests.support.action import action
from tests.support.module import KEYS, run
from tests.support.stub_server import StubServer

OPS = {"GroupId": 7, "GroupName": "Ops", "ContactCount": 12}


def shipped(**how: t.Any) -> bool:
    with StubServer() as stub:
        stub.envelope([OPS])
        options = {**KEYS, "api_url": stub.url, "name": "Ops"}
        return "shipped" in action("onfon_group", options, **how).run(None, {})


@pytest.mark.parametrize("how", [{}, {"environment": [{}]}, {"environment": None}])
def test_a_plain_task_runs_in_process(how: dict[str, t.Any]) -> None:
    assert not shipped(**how)


@pytest.mark.parametrize(
    "how",
    [
        {"transport": "ssh"},
        {"become": object()},
        {"async_val": 60},
        {"environment": [{"ONFON_API_KEY": "other"}]},
        {"environment": [{}, {"HTTPS_PROXY": "http://proxy"}]},
    ],
)
def test_other_tasks_are_shipped(how: dict[str, t.Any]) -> None:
    assert shipped(**how)


def test_a_task_is_shipped_where_the_controller_lacks_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    assert shipped()


@pytest.mark.parametrize(
    ("name", "options", "answers"),
    [
        ("onfon_group", {"name": "Ops"}, [{"Data": [OPS]}]),
        (
            "onfon_group",
            {"name": "Ops", "new_name": "Dev"},
            [{"Data": [OPS]}, {}, {"Data": [{**OPS, "GroupName": "Dev"}]}],
        ),
        ("onfon_group_info", {}, [{"Data": [OPS]}]),
        ("onfon_template_info", {"id": "3"}, [{"Data": []}]),
        ("onfon_balance_info", {}, [{"Data": [{"PluginType": "SMS", "Credits": "5"}]}]),
        ("onfon_balance_info", {}, [{"ErrorCode": "007"}]),
        ("onfon_template", {"name": "disk"}, [{"Data": []}]),
        ("onfon_sms", {"to": "0700000001", "text": "hi", "sender_id": "A"}, [{"ErrorCode": "021"}]),
        ("onfon_sms", {"to": ["0700000001"], "text": "hi", "sender_id": "api+key/1=="}, [{"ErrorCode": "021"}]),
        ("onfon_sms", {"to": ["0700000001"], "text": "hi"}, []),
        ("onfon_account", {"groups": ["Ops"]}, [{"Data": [OPS]}]),
        ("onfon_account", {"groups": ["Ops"], "renames": {1: "Ops"}}, [{"Data": [OPS]}]),
        ("onfon_account", {"groups": ["Ops"], "renames": {None: "Ops"}}, [{"Data": [OPS]}]),
        ("onfon_account", {"groups": [True]}, []),
        ("onfon_account", {"groups": ["Ops"], "templates": [{"name": 7}]}, []),
        ("onfon_group", {}, []),
        ("onfon_group", {"name": " "}, []),
        ("onfon_group", {"name": "Ops", "state": "gone"}, []),
        ("onfon_group", {"name": "Ops", "timeout": "soon"}, []),
        ("onfon_group", {"name": "Ops", "timeout": 0}, []),
    ],
)
@pytest.mark.parametrize("diff", [False, True])
def test_in_process_and_shipped_return_the_same(
    name: str, options: dict[str, t.Any], answers: list[dict[str, t.Any]], diff: bool
) -> None:
    with StubServer() as stub:
        for answer in [*answers, *answers]:
            stub.answer(json_body={"ErrorCode": 0, "ErrorDescription": "null", "Data": None, **answer})
        options = {**KEYS, "api_url": stub.url, **options}
        there = run(name, options, diff=diff)
        here = action(name, options, diff=diff).run(None, {})
    for result in (here, there):
        result.get("summary", {}).pop("seconds", None)
    assert here == there


def test_a_task_is_shipped_where_the_controller_lacks_phonenumbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    options = {**KEYS, "to": ["0700000001"], "text": "hi", "sender_id": "A"}
    assert "shipped" in action("onfon_sms", options).run(None, {})
    assert not shipped()


def test_values_outside_json_are_converted_as_for_a_shipped_module() -> None:
    """A task that sends must not fail on its own options afterwards."""
    day = datetime.date(2026, 12, 1)
    texted = {"to": ["254700000001"], "text": "Due ##Day##", "sender_id": "A", "fields": {"Day": day}}
    with StubServer() as stub:
        stub.envelope([{"MobileNumber": "254700000001", "MessageErrorCode": 0, "MessageId": "u-1"}])
        result = action("onfon_sms", {**KEYS, "api_url": stub.url, **texted}).run(None, {})
    assert (result["changed"], stub.requests[0].json["MessageParameters"][0]["Text"]) == (True, "Due 2026-12-01")


def test_a_date_as_the_name_of_a_group_is_its_text() -> None:
    with StubServer() as stub:
        stub.envelope([OPS])
        result = action(
            "onfon_account", {**KEYS, "api_url": stub.url, "groups": [datetime.date(2026, 12, 1)]}, check=True
        ).run(None, {})
    assert [(entry["action"], entry["name"]) for entry in result["plan"]] == [("create", "2026-12-01")]


class Marked(str):
    """Text as Ansible's YAML reader and templates give it: a kind of str of their own."""

    def __str__(self) -> str:
        return "something else"


def test_the_operation_gets_plain_strings() -> None:
    """Older versions of requests take no other text for a header."""
    with StubServer() as stub:
        stub.envelope([OPS])
        options = {**KEYS, "api_url": stub.url, "access_key": Marked("access-key"), "name": Marked("Ops")}
        result = action("onfon_group", options).run(None, {})
    assert stub.requests[0].headers["accesskey"] == "access-key"
    assert result["group"]["name"] == "Ops"
