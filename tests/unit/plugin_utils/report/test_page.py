# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page: its content, escaping, and when its timestamp changes."""

from __future__ import annotations

import datetime
import re
import typing as t
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._reading.sent_log import SentMessage
from ansible_collections.onfon.sms.plugins.module_utils._reading.summary import LogSummary
from ansible_collections.onfon.sms.plugins.module_utils._reading.timestamps import EAT
from ansible_collections.onfon.sms.plugins.plugin_utils._report.page import Figures, page

SVG = "{http://www.w3.org/2000/svg}"
NOW = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=EAT)
LATER = NOW + datetime.timedelta(hours=1)
BALANCE = {"plugin_type": "SMS", "credits": 5000.0, "currency": "KSh", "raw": "KSh5000.0000"}
CAMPAIGN = {"id": "7", "name": "API-7", "sender_id": "ACME", "total": 3, "created_at": "2026-11-22T08:00:00+03:00"}
STATISTICS = {"campaign_id": "7", "total": 3, "counts": {"delivered": 2, "failed": 1, "pending": 0, "unrecognized": 0}}


def sms(day: str | None = "2026-11-22", **more: t.Any) -> SentMessage:
    at = f"{day}T08:00:00+03:00" if day else None
    done = f"{day}T08:00:04+03:00" if day else None
    given = {"msisdn": "254700000001", "sender_id": "ACME", "status": "delivered", "raw_status": "DELIVRD", **more}
    return SentMessage("u-1", submitted_at=at, done_at=done, **given)


def figures(*messages: SentMessage, first: str = "2026-11-16", **more: t.Any) -> Figures:
    summary = LogSummary()
    for message in messages:
        summary.add(message)
    given: dict[str, t.Any] = {"balances": [BALANCE], "campaigns": [], "statistics": [], "campaigns_total": 0}
    given.update({"more_campaigns": False, **more})
    days = {"first": datetime.date.fromisoformat(first), "last": datetime.date(2026, 11, 22)}
    return Figures(summary=summary.as_result(), **days, **given)


def rows(text: str, section: str) -> list[str]:
    """The rows of a section's table, as a reader sees them."""
    part = text.partition(f'<section id="{section}">')[2].partition("</section>")[0].partition("<tbody>")[2]
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in part.split("</tr>") if "<th" in row]


def test_texts_of_the_account_are_escaped() -> None:
    evil = "<b onclick='x'>\"&{{ 1 }}"
    messages = [
        sms(sender_id=evil, msisdn=evil),
        sms(sender_id=evil, status="failed", raw_status=evil, error_code=evil),
    ]
    campaign = {**CAMPAIGN, "name": evil, "sender_id": evil}
    balance = {**BALANCE, "plugin_type": evil, "credits": None, "raw": evil}
    text = page(figures(*messages, campaigns=[campaign], balances=[balance]), NOW, show_numbers=True)
    assert "<b onclick" not in text
    assert text.count("&lt;b onclick") > 10


def test_a_chart_is_an_image_with_a_name_and_tooltips_and_nothing_else() -> None:
    messages = [sms(sender_id='<i>"A"&B'), sms(sender_id='<i>"A"&B', status="failed", raw_status="EXPIRED")]
    days, senders = re.findall("<svg role=.*?</svg>", page(figures(*messages), NOW), re.DOTALL)
    parsed = [ET.fromstring(svg) for svg in (days, senders)]  # noqa: S314 - our own
    assert [svg.get("role") for svg in parsed] == ["img", "img"]
    assert [svg.get("aria-label") for svg in parsed] == [svg.findtext(f"{SVG}title") for svg in parsed]
    assert parsed[1].get("aria-label") == "Messages by sender id, by delivery state"
    assert {element.tag for svg in parsed for element in svg.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "line", "rect", "text")
    }
    attributes = {attribute for svg in parsed for element in svg.iter() for attribute in element.attrib}
    assert attributes.isdisjoint({"id", "style", "onclick", "href"})
    assert [(rect.get("class"), rect.findtext(f"{SVG}title")) for rect in parsed[0].iter(f"{SVG}rect")] == [
        ("delivered", "Sun 22 Nov 2026: 1 delivered"),
        ("failed", "Sun 22 Nov 2026: 1 failed"),
    ]
    assert [rect.findtext(f"{SVG}title") for rect in parsed[1].iter(f"{SVG}rect")] == [
        '<i>"A"&B: 1 delivered',
        '<i>"A"&B: 1 failed',
    ]
    assert '<i>"A"&B' in [text.text for text in parsed[1].iter(f"{SVG}text")]


def test_the_timestamp_changes_only_with_a_figure() -> None:
    first = page(figures(sms()), NOW)
    assert "22 Nov 2026, 10:00" in first
    assert page(figures(sms()), LATER, previous=first) == first
    assert "22 Nov 2026, 11:00" in page(figures(sms(), sms()), LATER, previous=first)
    assert "22 Nov 2026, 11:00" in page(figures(sms()), LATER, show_numbers=True, previous=first)
    assert "22 Nov 2026, 11:00" in page(figures(sms()), LATER, previous="<html>something else</html>")


def test_days_without_messages_are_shown_and_undated_messages_last() -> None:
    shown = rows(page(figures(sms(), sms(None)), NOW), "by-day")
    assert [row.split(" 2026 ")[0] for row in shown[:2]] == ["Mon 16 Nov", "Tue 17 Nov"]
    assert shown[0].endswith("2026 0 0 0 \u2013")
    assert shown[6].endswith("2026 1 1 0 100.0 %")
    assert shown[7] == "Date not reported 1 1 0 100.0 %"


def test_a_long_period_is_shown_by_week() -> None:
    text = page(figures(sms("2026-11-22"), sms("2026-11-16"), sms("2026-09-01"), first="2026-09-01"), NOW)
    shown = rows(text, "by-day")
    assert "Messages by week" in text
    assert shown[0] == "Week from Tue 1 Sep 2026 1 1 0 100.0 %"
    assert shown[1].startswith("Week from Mon 7 Sep 2026 0")
    assert shown[-1] == "Week from Mon 16 Nov 2026 2 2 0 100.0 %"


def test_the_smallest_senders_are_grouped() -> None:
    messages = [sms(sender_id=f"S{number:02}") for number in range(12) for _time in range(20 - number)]
    shown = rows(page(figures(*messages), NOW), "by-sender")
    assert [row.split()[0] for row in shown[:9]] == [f"S{number:02}" for number in range(9)]
    assert shown[9:] == ["3 others 30 30 0 100.0 %"]


def test_unrecognized_states_get_a_column_where_there_are_any() -> None:
    assert "Unrecognized" not in page(figures(sms()), NOW)
    text = page(figures(sms(), sms(status="unrecognized", raw_status="HUH")), NOW)
    assert "Unrecognized" in text
    assert rows(text, "by-sender") == ["ACME 2 1 0 1 100.0 %"]


def test_the_rare_failures_are_only_counted() -> None:
    messages = [sms(status="failed", raw_status=f"X{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(60)]
    text = page(figures(*messages), NOW)
    assert len(rows(text, "failures")) == 50
    assert "10 more messages failed in states that are less frequent." in text


def test_a_campaign_shows_what_is_known() -> None:
    nothing = {"id": None, "name": None, "sender_id": None, "total": None, "created_at": None}
    text = page(figures(campaigns=[CAMPAIGN, nothing], statistics=[STATISTICS], campaigns_total=2), NOW)
    assert rows(text, "campaigns") == [
        "API-7 ACME , 22 Nov 2026, 08:00 3 2 1 66.7 %",
        "not reported not reported , not reported not reported not reported not reported not reported",
    ]
    assert "These are all 2 of the period." in text


@pytest.mark.parametrize(
    ("found", "more", "sentence"),
    [
        (1, False, "This is the only one of the period."),
        (30, False, "The newest 1 of 30 campaigns are shown."),
        (1000, True, "these are the newest of the first 1,000 that Onfon lists."),
    ],
)
def test_the_page_says_which_campaigns_are_shown(found: int, more: bool, sentence: str) -> None:
    text = page(figures(campaigns=[CAMPAIGN], campaigns_total=found, more_campaigns=more), NOW)
    assert sentence in " ".join(text.split())


def test_missing_data_is_explained_in_a_sentence() -> None:
    text = page(figures(sms(None), balances=[]), NOW)
    assert "Onfon reported no balance." in text
    assert "No delivered message of this period tells how long it took." in text
    assert "No message failed in this period." in text
    assert "no message has a final state" in page(figures(sms(status="pending", raw_status="ACCEPTD")), NOW)


def test_a_balance_that_is_not_a_number_is_shown_unchanged() -> None:
    text = page(figures(balances=[{**BALANCE, "credits": None, "currency": None, "raw": "ask us"}]), NOW)
    assert "ask us" in text
    assert "KSh 5,000.00" in page(figures(), NOW)


def test_numbers_are_masked_by_default() -> None:
    assert "254700***001" in page(figures(sms()), NOW)
    assert "254700000001" not in page(figures(sms()), NOW)
    assert "254700000001" in page(figures(sms()), NOW, show_numbers=True)
