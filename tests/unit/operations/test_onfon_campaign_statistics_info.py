# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_campaign_statistics_info from its options to its result, on sandboxes and on a stub server."""

from __future__ import annotations

import collections
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._reading.states import classify
from tests.support.sandbox_server import SandboxServer
from tests.support.stub_server import StubServer

from .conftest import INVALID_PERIODS, Refused, read

Module = t.Callable[..., dict[str, t.Any]]


def test_statistics_match_the_gateway(sandbox: SandboxServer) -> None:
    sent = sandbox.messages()
    sizes = collections.Counter(str(message["campaign_id"]) for message in sent)
    campaigns = read(sandbox, "onfon_campaign_info", from_date="7d", page_size=3)["campaigns"]
    statistics = read(sandbox, "onfon_campaign_statistics_info", from_date="7d", page_size=3)["statistics"]
    assert [each["campaign_id"] for each in statistics] == [campaign["id"] for campaign in campaigns]
    assert len(statistics) == len(sizes)
    for each in statistics:
        states = collections.Counter(
            classify(message["status"]) for message in sent if str(message["campaign_id"]) == each["campaign_id"]
        )
        assert each["counts"] == {name: states[name] for name in each["counts"]}
        assert each["total"] == sizes[each["campaign_id"]]


@pytest.mark.parametrize("given", [7, "7", [7], ["7", 7]])
def test_the_statistics_of_a_campaign(module: Module, stub: StubServer, given: object) -> None:
    stub.envelope([{"TOTALCOUNT": 3, "DELIVRD": 2, "EXPIRED": 1}])
    (entry,) = module("onfon_campaign_statistics_info", campaign_id=given)["statistics"]
    assert entry == {
        "campaign_id": "7",
        "total": 3,
        "counts": {"delivered": 2, "failed": 1, "pending": None, "unrecognized": 0},
        "raw": [{"TOTALCOUNT": 3, "DELIVRD": 2, "EXPIRED": 1}],
    }
    assert stub.requests[0].query["campaignId"] == "7"


@pytest.mark.parametrize("data", [None, [], {}, ""])
def test_an_unknown_campaign_has_an_entry(module: Module, stub: StubServer, data: object) -> None:
    stub.envelope(data)
    (entry,) = module("onfon_campaign_statistics_info", campaign_id=7)["statistics"]
    assert (entry["campaign_id"], entry["total"], entry["raw"]) == ("7", None, [])
    assert set(entry["counts"].values()) == {None}


def test_a_campaign_without_an_id_is_kept(module: Module, stub: StubServer) -> None:
    stub.envelope([{"Unheard": 1}, {"CampaignId": 7}]).envelope([]).envelope([{"DELIVRD": 1}])
    statistics = module("onfon_campaign_statistics_info")["statistics"]
    assert [entry["campaign_id"] for entry in statistics] == [None, "7"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        *INVALID_PERIODS,
        ({"campaign_id": []}, "campaign_id is empty: give at least one campaign id."),
        ({"campaign_id": [" "]}, "campaign_id holds an empty entry"),
        ({"campaign_id": 7, "from_date": "7d"}, "campaign_id cannot be combined with from_date, to_date and limit"),
        ({"campaign_id": 7, "limit": 7}, "campaign_id cannot be combined with from_date, to_date and limit"),
    ],
)
def test_an_invalid_option_is_refused(refused: Refused, options: dict[str, t.Any], words: str) -> None:
    refused("onfon_campaign_statistics_info", words, **options)
