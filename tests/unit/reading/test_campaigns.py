# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Campaigns and their statistics, whatever Onfon calls their fields."""

from __future__ import annotations

import datetime
import itertools
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._gateway.client import Client
from ansible_collections.onfon.sms.plugins.module_utils._gateway.envelope import Answer, Row
from ansible_collections.onfon.sms.plugins.module_utils._gateway.models import Campaign
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Reply
from ansible_collections.onfon.sms.plugins.module_utils._reading.campaigns import (
    as_result,
    campaigns_of,
    count,
    statistics_of,
)
from ansible_collections.onfon.sms.plugins.module_utils._reading.periods import Period

TODAY = datetime.date(2026, 11, 22)
NAMED = ["id", "name", "sender_id", "text", "total", "scheduled", "created", "status"]

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
# Names that mean something are as likely as others.
NAMES = (
    st.sampled_from(["CampaignId", "Message", "TotalCount", "CreatedDate", "Status", "DELIVRD", "Count"]) | st.text()
)
ROWS = st.dictionaries(NAMES, JSON, max_size=6)


def campaign(row: t.Mapping[str, t.Any]) -> Campaign:
    return Campaign.from_row(Row(row, Answer("Campaign", Reply(200, b""), str)))


class Gateway:
    """The client methods that read campaigns, with a given way of paging."""

    def __init__(self, rows: t.Sequence[t.Mapping[str, t.Any]], mode: str = "count", base: int = 0) -> None:
        self.rows = [campaign(row) for row in rows]
        self.mode = mode
        self.base = base
        self.asked: list[tuple[datetime.date, datetime.date, int, int]] = []

    def campaigns(self, first: datetime.date, last: datetime.date, start: int, length: int) -> list[Campaign]:
        self.asked.append((first, last, start, length))
        left_out = max(start, self.base) - self.base
        return self.rows[left_out : length if self.mode == "end" else left_out + length]

    def statistics(self, identity: str) -> list[dict[str, t.Any]]:
        return [{"CampaignId": identity, "DELIVRD": 1}]

    def read(self, page_size: int = 3) -> t.Iterator[Campaign]:
        return campaigns_of(t.cast(Client, self), Period(TODAY, TODAY), page_size)


WAYS = list(itertools.product(("count", "end"), (0, 1)))


@pytest.mark.parametrize(("mode", "base"), WAYS)
@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 10])
@pytest.mark.parametrize("name", ["CampaignId", "campaignid", "Id", "Unheard"])
def test_every_campaign_is_read_once_and_in_order(mode: str, base: int, number: int, name: str) -> None:
    rows = [{name: place, "More": [place]} for place in range(number)]
    gateway = Gateway(rows, mode, base)
    assert [one.raw for one in gateway.read()] == rows


def test_a_campaign_that_changes_between_two_pages_is_read_once() -> None:
    gateway = Gateway([{"CampaignId": 1, "Status": "Running"}], base=1)
    campaigns = gateway.read(page_size=1)
    assert next(campaigns).status == "Running"
    gateway.rows = [campaign({"CampaignId": 1, "Status": "Completed"})]
    assert list(campaigns) == []


def test_campaigns_are_requested_lazily() -> None:
    gateway = Gateway([{"CampaignId": place} for place in range(10)])
    assert [one.id for one in itertools.islice(gateway.read(), 3)] == ["0", "1", "2"]
    assert len(gateway.asked) == 1


def test_one_more_day_is_requested_and_filtered_out() -> None:
    dates = ["2026-11-21 23:59:59", "2026-11-22 00:00:00", "2026-11-23", "some day", None]
    gateway = Gateway([{"CampaignId": place, "CreatedDate": date} for place, date in enumerate(dates)])
    assert [one.created for one in gateway.read()] == ["2026-11-22 00:00:00", "some day", None]
    day = datetime.timedelta(days=1)
    assert {asked[:2] for asked in gateway.asked} == {(TODAY - day, TODAY + day)}


@pytest.mark.parametrize(
    "row",
    [
        {
            "CampaignId": 17,
            "CampaignName": "API-17",
            "SenderId": "ACME",
            "Message": "hi",
            "TotalCount": 20,
            "ScheduleDate": "2026-11-22 08:00:00",
            "CreatedDate": "2026-11-22 07:00:00",
            "Status": "Completed",
        },
        {
            "id": "17",
            "NAME": "API-17",
            "sender": "ACME",
            "text": "hi",
            "total": "20",
            "ScheduledDate": "2026-11-22 08:00:00",
            "CreatededDate": "2026-11-22 07:00:00",
            "CampaignStatus": "Completed",
            "New": {"field": 1},
        },
    ],
)
def test_known_fields_are_named_and_the_raw_row_is_complete(row: dict[str, t.Any]) -> None:
    assert as_result(campaign(row)) == {
        "id": "17",
        "name": "API-17",
        "sender_id": "ACME",
        "text": "hi",
        "total": 20,
        "scheduled": "2026-11-22 08:00:00",
        "scheduled_at": "2026-11-22T08:00:00+03:00",
        "created": "2026-11-22 07:00:00",
        "created_at": "2026-11-22T07:00:00+03:00",
        "status": "Completed",
        "raw": row,
    }


@given(ROWS)
def test_any_row_is_accepted(row: dict[str, t.Any]) -> None:
    result = as_result(campaign(row))
    assert result["raw"] == row
    assert all(result[name] is None or isinstance(result[name], int if name == "total" else str) for name in NAMED)


@pytest.mark.parametrize("value", [None, "", " ", "null", [], {}, {"a": 1}])
def test_an_empty_value_falls_back_to_the_next_field(value: object) -> None:
    assert campaign({"CampaignId": value}).id is None
    assert campaign({"CampaignId": value, "Id": 7}).id == "7"


# --- statistics -------------------------------------------------------------------------------------------------------


def counts(
    delivered: int | None, failed: int | None, pending: int | None, unrecognized: int | None
) -> dict[str, int | None]:
    return {"delivered": delivered, "failed": failed, "pending": pending, "unrecognized": unrecognized}


@pytest.mark.parametrize(
    ("rows", "total", "by_state"),
    [
        (
            [
                {
                    "CampaignId": 7,
                    "TOTALCOUNT": 12,
                    "SUBMITTED": 1,
                    "ACCEPTD": 1,
                    "DELIVRD": 5,
                    "UNDELIV": 2,
                    "EXPIRED": 3,
                }
            ],
            12,
            counts(5, 5, 2, 0),
        ),
        ([{"Total": "12", "Delivered": "5", "Failed": "4"}], 12, counts(5, 4, None, 3)),
        ([{"Delivered": 5, "Failed": 0, "Status": "Completed"}], None, counts(5, 0, None, None)),
        ([{"TotalCount": 3, "Delivered": 2}, {"TotalCount": 4, "Delivered": 4}], 7, counts(6, None, None, 1)),
        # Each message is counted in every state that it went through.
        ([{"TotalCount": 10, "SUBMITTED": 10, "DELIVRD": 8, "UNDELIV": 2}], 10, counts(8, 2, None, None)),
        ([{"Status": "DELIVRD", "Count": 5}, {"Status": "Odd", "Count": 2}], 7, counts(5, 0, 0, 2)),
        ([{"CampaignId": 7, "TotalCount": 4}], 4, counts(None, None, None, None)),
        ([{"TotalCount": 4, "Status": "Completed"}], 4, counts(None, None, None, None)),
        ([{"DELIVRD": "many", "TotalCount": -1}], None, counts(None, None, None, None)),
        ([{}], None, counts(None, None, None, None)),
        ([], None, counts(None, None, None, None)),
    ],
)
def test_counters_in_several_shapes(
    rows: list[dict[str, t.Any]], total: int | None, by_state: dict[str, int | None]
) -> None:
    assert count(rows) == (total, by_state)


@given(st.lists(ROWS, max_size=3))
def test_any_counters_are_accepted_and_counts_are_never_negative(rows: list[dict[str, t.Any]]) -> None:
    total, by_state = count(rows)
    assert set(by_state) == set(counts(0, 0, 0, 0))
    assert all(number is None or number >= 0 for number in [total, *by_state.values()])
    if None not in by_state.values() and total is not None:
        assert sum(filter(None, by_state.values())) == total


def test_a_campaign_without_an_id_has_no_statistics() -> None:
    client = t.cast(Client, Gateway([]))
    nothing = {"total": None, "counts": counts(None, None, None, None), "raw": []}
    assert statistics_of(client, None) == {"campaign_id": None, **nothing}
    assert statistics_of(client, "7") == {
        "campaign_id": "7",
        "total": None,
        "counts": counts(1, None, None, None),
        "raw": [{"CampaignId": "7", "DELIVRD": 1}],
    }
