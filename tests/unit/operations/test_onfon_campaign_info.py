# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_campaign_info from its options to its result, on sandboxes and on a stub server."""

from __future__ import annotations

import collections
import typing as t

import pytest

from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

from .conftest import INVALID_PERIODS, Refused, read

Module = t.Callable[..., dict[str, t.Any]]


def test_campaigns_match_the_gateway(sandbox: SandboxServer) -> None:
    sizes = collections.Counter(str(message["campaign_id"]) for message in sandbox.messages())
    campaigns = read(sandbox, "onfon_campaign_info", from_date="7d", page_size=3)["campaigns"]
    assert {campaign["id"]: campaign["total"] for campaign in campaigns} == sizes
    assert len(campaigns) == len(sizes)


def test_a_limit_cuts_the_campaigns(sandbox: SandboxServer) -> None:
    every = read(sandbox, "onfon_campaign_info", from_date="7d")["campaigns"]
    assert len(every) > 4
    assert read(sandbox, "onfon_campaign_info", from_date="7d", limit=4, page_size=3)["campaigns"] == every[:4]


def test_a_limit_stops_reading(module: Module, stub: StubServer) -> None:
    stub.envelope([{"CampaignId": index} for index in range(5)])
    result = module("onfon_campaign_info", limit=3)
    assert [campaign["id"] for campaign in result["campaigns"]] == ["0", "1", "2"]
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        *INVALID_PERIODS,
        ({"limit": 0}, "limit is 0: give 1 or more."),
    ],
)
def test_an_invalid_option_is_refused(refused: Refused, options: dict[str, t.Any], words: str) -> None:
    refused("onfon_campaign_info", words, **options)


def test_malformed_data_is_a_protocol_error(module: Module, stub: StubServer) -> None:
    stub.envelope(["nonsense"])
    result = module("onfon_campaign_info")
    assert result["failed"]
    assert result["error"]["class"] == "protocol"
