# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups and templates, and what a restart, a reset and the portal do to them."""

from __future__ import annotations

from decimal import Decimal


def test_groups(either):
    assert either.data("GET", "Group") == []
    assert either.data("POST", "Group", GroupName="Customers") == "success#New Group added successfully."
    assert either.data("POST", "Group", GroupName="Staff") == "success#New Group added successfully."
    assert either.data("PUT", "Group", id=2, GroupName="STAFF").startswith("success#")
    assert either.data("GET", "Group") == [
        {"GroupId": 1, "GroupName": "Customers", "ContactCount": 0},
        {"GroupId": 2, "GroupName": "STAFF", "ContactCount": 0},
    ]
    assert either.data("DELETE", "Group", id=2).startswith("success#")
    either.data("POST", "Group", GroupName="Next")
    assert [group["GroupId"] for group in either.data("GET", "Group")] == [1, 3]


def test_templates(either):
    added = either.data("POST", "Template", TemplateName="Welcome", MessageTemplate="Hello ##Name## \U0001f600")
    assert added == "Template Added successfully."
    row = {
        "TemplateId": 1,
        "CompanyId": 1,
        "TemplateName": "Welcome",
        "MessageTemplate": "Hello ##Name## \U0001f600",
        "IsApproved": False,
        "IsActive": True,
        "CreatededDate": "Nov 22, 2026",
        "ApprovedDate": None,
    }
    assert either.data("GET", "Template") == [row]

    either.now += 86400
    assert either.request("POST", "/sandbox/templates/1/approve").status_code == 204
    assert either.data("GET", "Template") == [{**row, "IsApproved": True, "ApprovedDate": "Nov 23, 2026"}]

    assert either.data("PUT", "Template", id=1, TemplateName="WELCOME", MessageTemplate="Hi")
    assert either.data("GET", "Template") == [{**row, "TemplateName": "WELCOME", "MessageTemplate": "Hi"}]
    assert either.data("DELETE", "Template", id=1)
    assert either.data("GET", "Template") == []


def test_the_portal_sets_contacts(account):
    account.data("POST", "Group", GroupName="Customers")
    assert account.request("POST", "/sandbox/groups/1/contacts", params={"count": 7}).status_code == 204
    assert account.data("GET", "Group")[0]["ContactCount"] == 7
    account.data("DELETE", "Group", id=1)
    assert account.request("POST", "/sandbox/groups/1/contacts", params={"count": 7}).status_code == 404
    assert account.request("POST", "/sandbox/groups/1/contacts").status_code == 422
    assert account.request("POST", "/sandbox/templates/1/approve").status_code == 404


def test_another_gateway_on_the_same_database_continues(make_account):
    first = make_account()
    first.data("POST", "Group", GroupName="Customers")
    first.data("POST", "Template", TemplateName="Welcome", MessageTemplate="Hi")
    first.send("254700000001")
    first.store.close()
    second = make_account(balance=Decimal(99), dialect="docs")
    assert second.data("GET", "Group")[0]["GroupName"] == "Customers"
    assert second.data("GET", "Template")[0]["TemplateName"] == "Welcome"
    assert second.credits() == "KSh4999.2000"
    assert [row["MobileNumber"] for row in second.log()] == ["254700000001"]


def test_a_reset_connection(account):
    for _turn in range(2):
        account.data("POST", "Group", GroupName="Customers")
        account.data("POST", "Template", TemplateName="Welcome", MessageTemplate="Hi")
        account.send("254700000001")
        assert account.data("GET", "Group")[0]["GroupId"] == 1
        answer = account.request("POST", "/sandbox/reset")
        assert answer.json()["credits"] == account.credits() == "KSh5000.0000"
        assert (
            account.data("GET", "Group") == account.data("GET", "Template") == account.messages() == account.log() == []
        )
