# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources and rows of the account, read from real API rows."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._gateway.envelope import Answer, Row
from ansible_collections.onfon.sms.plugins.module_utils._gateway.errors import ReplyError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.models import (
    Balance,
    Campaign,
    Group,
    ResponseRow,
    Template,
    as_count,
)
from ansible_collections.onfon.sms.plugins.module_utils._gateway.transport import Reply


def row_of(values: t.Mapping[str, t.Any]) -> Row:
    """A row of an answer."""
    return Row(values, Answer("Group", Reply(200, b""), str))


@pytest.mark.parametrize(
    ("raw", "credit", "currency"),
    [
        ("KSh5000.0000", 5000.0, "KSh"),
        ("KSh7578560.8000", 7578560.8, "KSh"),
        ("KSh12,345.00", 12345.0, "KSh"),
        ("KSh1,234,567.89", 1234567.89, "KSh"),
        ("KSh. 5000.50", 5000.5, "KSh"),
        ("KSh.5000", 5000.0, "KSh"),
        ("5000", 5000.0, None),
        (5000, 5000.0, None),
        (10859.67, 10859.67, None),
        (" 10859.67 ", 10859.67, None),
        ("credit17935.000000", 17935.0, "credit"),
        ("$5000", 5000.0, "$"),
        ("5000 KES", 5000.0, "KES"),
        ("KSh0.0000", 0.0, "KSh"),
        ("KSh-12.5000", -12.5, "KSh"),
        ("-12.5", -12.5, None),
    ],
)
def test_credits_in_the_spellings_that_were_seen(raw: object, credit: float, currency: str | None) -> None:
    balance = Balance.from_row(row_of({"PluginType": "SMS", "Credits": raw}))
    assert (balance.credits, balance.currency) == (credit, currency)
    assert balance.raw == str(raw).strip()


@pytest.mark.parametrize(
    "raw", ["", None, "unlimited", "KSh 1.234,56", "1 234.50", "10 of 20", "1e-05", "KSh12,50", "12,5", "1,2,3"]
)
def test_ambiguous_credits_are_not_guessed(raw: object) -> None:
    assert Balance.from_row(row_of({"PluginType": "SMS", "Credits": raw})).credits is None


@pytest.mark.parametrize("raw", [".50", "KSh -.50", "- 5.00", "-KSh5.00"])
def test_no_spelling_increases_a_balance(raw: str) -> None:
    amount = Balance.from_row(row_of({"PluginType": "SMS", "Credits": raw})).credits
    assert amount is None or amount < 1


def test_a_group() -> None:
    group = Group.from_row(row_of({"groupid": "7", "GROUPNAME": "Ops", "ContactCount": 12, "More": 1}))
    assert group.as_result() == {"id": 7, "name": "Ops", "contact_count": 12}


@pytest.mark.parametrize("identity", [7, "7", " 7 ", "007"])
def test_an_id_in_every_spelling(identity: object) -> None:
    assert Group.from_row(row_of({"GroupId": identity, "GroupName": "Ops"})).id == 7


@pytest.mark.parametrize("identity", [None, "", "seven", 7.5, True, [7], {}])
def test_an_object_without_an_id_is_an_error(identity: object) -> None:
    with pytest.raises(ReplyError, match="TemplateId"):
        Template.from_row(row_of({"TemplateId": identity, "TemplateName": "x"}))


@pytest.mark.parametrize("count", [None, "", "many", []])
def test_an_invalid_count_is_none(count: object) -> None:
    assert Group.from_row(row_of({"GroupId": 1, "GroupName": "Ops", "ContactCount": count})).contact_count is None


def test_a_template() -> None:
    row = {
        "TemplateId": 3,
        "CompanyId": 1,
        "TemplateName": "disk",
        "MessageTemplate": "##Disk## of ##Host## is full, ##Disk##!",
        "IsApproved": True,
        "IsActive": False,
        "CreatededDate": "Mar 19, 2018",
        "ApprovedDate": None,
    }
    assert Template.from_row(row_of(row)).as_result() == {
        "id": 3,
        "name": "disk",
        "text": "##Disk## of ##Host## is full, ##Disk##!",
        "fields": ["Disk", "Host"],
        "approved": True,
        "active": False,
        "created": "Mar 19, 2018",
        "approved_date": None,
        "company_id": 1,
    }


def test_a_template_with_few_fields() -> None:
    template = Template.from_row(row_of({"TemplateId": 3}))
    assert (template.name, template.text, template.fields) == ("", "", [])
    assert (template.approved, template.active, template.created, template.company_id) == (None, None, None, None)


def test_both_spellings_of_the_creation_date_are_read() -> None:
    assert Template.from_row(row_of({"TemplateId": 3, "CreatedDate": "2025-08-08"})).created == "2025-08-08"


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (True, True),
        ("True", True),
        ("true", True),
        (1, True),
        ("1", True),
        (False, False),
        ("FALSE", False),
        (0, False),
        (None, None),
        ("", None),
        ("Pending", None),
    ],
)
def test_booleans_in_every_spelling(value: object, flag: bool | None) -> None:
    assert Template.from_row(row_of({"TemplateId": 3, "IsApproved": value})).approved is flag


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("no field", []),
        ("##A##", ["A"]),
        ("##A####B##", ["A", "B"]),
        ("##B## and ##A## and ##B##", ["B", "A"]),
        ("##A##B##C##", ["A", "C"]),
        ("Use ## for x: ##Name##", ["Name"]),
        ("## ##", []),
        ("##", []),
        ("####", []),
        ("#A# ##Zażółć Gęś## {#var#}", ["Zażółć Gęś"]),
    ],
)
def test_the_fields_of_a_text(text: str, fields: list[str]) -> None:
    assert Template(None, "x", text).fields == fields


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"MessageErrorCode": 0, "MessageErrorDescription": "Success", "MobileNumber": "254700", "MessageId": "u-1"},
            ResponseRow("254700", "u-1", 0, "Success"),
        ),
        (
            {"messageerrorcode": "000", "mobilenumber": 254700, "messageid": 17},
            ResponseRow("254700", "17", 0, ""),
        ),
        (
            {"MessageErrorCode": 412, "MessageErrorDescription": "null", "MobileNumber": " +254700 ", "MessageId": ""},
            ResponseRow("+254700", None, 412, ""),
        ),
        ({"MobileNumber": None, "MessageErrorCode": None}, ResponseRow("", None, None, "")),
        ({}, ResponseRow("", None, None, "")),
    ],
)
def test_a_response_row(row: dict[str, t.Any], expected: ResponseRow) -> None:
    assert ResponseRow.from_row(row_of(row)) == expected


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        (12, 12),
        (" 012 ", 12),
        (-1, None),
        (1.5, None),
        (True, None),
        (None, None),
        ("", None),
        ("many", None),
        ("1,200", None),
        ([], None),
        ("9" * 16, None),
    ],
)
def test_a_message_count_in_every_spelling(value: object, number: int | None) -> None:
    assert as_count(value) == number


def test_a_campaign_with_no_known_fields() -> None:
    raw = {"Unheard": {"of": [1]}}
    assert Campaign.from_row(row_of(raw)) == Campaign(None, None, None, None, None, None, None, None, raw)


def test_the_misspelt_creation_date_is_read_for_campaigns() -> None:
    assert Campaign.from_row(row_of({"CreatededDate": "Mar 19, 2018"})).created == "Mar 19, 2018"
