# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module has in common, with the real AnsibleModule and HTTP. test_<module>.py has the rest."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from tests.support.api_rows import DISK, NUMBER, OPS, response_row
from tests.support.module import KEYS, run
from tests.support.stub_server import StubServer

ROOT = Path(__file__).resolve().parents[3]
Module = t.Callable[..., dict[str, t.Any]]

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


def test_no_module_is_left_out() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert sorted(EVERY_MODULE) == sorted(runtime["action_groups"]["all"])


@pytest.mark.parametrize("name", EVERY_MODULE)
def test_an_error_code_of_the_gateway(module: Module, stub: StubServer, name: str) -> None:
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
def test_a_refused_connection_is_a_transport_error(name: str) -> None:
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
def test_an_invalid_connection_option_is_refused(
    module: Module, stub: StubServer, name: str, options: dict[str, t.Any], words: str
) -> None:
    result = module(name, **{**EVERY_MODULE[name], **options})
    assert result["failed"]
    assert words in result["msg"]
    assert stub.requests == []


@pytest.mark.parametrize("name", EVERY_MODULE)
def test_a_missing_requests_library_is_named(
    module: Module, stub: StubServer, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    result = module(name, **EVERY_MODULE[name])
    assert result["failed"]
    assert "(requests)" in result["msg"]
    assert result["error"]["class"] == "library"
    assert stub.requests == []


@pytest.mark.parametrize("name", EVERY_MODULE)
@pytest.mark.parametrize("where", ["success", "error", "html"])
def test_no_result_contains_a_secret(module: Module, stub: StubServer, name: str, where: str) -> None:
    quoted = "?ApiKey=api%2Bkey%2F1%3D%3D AccessKey: access/key+2=="
    if where == "success":
        stub.envelope(
            [{**OPS, **DISK, **response_row(NUMBER, 400), "MessageErrorDescription": quoted, "PluginType": "SMS"}]
        )
    elif where == "error":
        stub.envelope(code=6, description=quoted).envelope(code=6, description=quoted)
    else:
        stub.answer(500, body=f"<title>{quoted}</title>").answer(500, body=f"<title>{quoted}</title>")
    result = str(module(name, **EVERY_MODULE[name]))
    for part in ("api+key", "api%2Bkey", "key%2F1", "access/key", "key+2"):
        assert part not in result
