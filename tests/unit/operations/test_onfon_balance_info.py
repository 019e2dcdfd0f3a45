# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_balance_info from its options to its result."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.stub_server import StubServer

Module = t.Callable[..., dict[str, t.Any]]


def test_the_balance_is_returned_by_plugin_type(module: Module, stub: StubServer) -> None:
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
def test_a_balance_that_is_not_a_number_fails(module: Module, stub: StubServer, data: list[dict[str, str]]) -> None:
    stub.envelope(data)
    result = module("onfon_balance_info")
    assert result["failed"]
    assert result["credits"] is None
    assert len(result["balances"]) == len(data)
    assert result["error"]["class"] == "protocol"
