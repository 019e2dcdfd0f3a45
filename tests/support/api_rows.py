# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows as the gateway's API returns them."""

from __future__ import annotations

import datetime
import typing as t

NUMBER = "254700000001"
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
EAT = datetime.timezone(datetime.timedelta(hours=3))
TODAY = datetime.datetime.now(EAT).date()


def response_row(number: str, code: int = 0) -> dict[str, t.Any]:
    """A response row of SendBulkSMS."""
    return {"MobileNumber": number, "MessageErrorCode": code, "MessageId": "" if code else f"id-{number[-1]}"}


def log_row(index: int, **fields: object) -> dict[str, t.Any]:
    """A row of today's sent log."""
    return {
        "MobileNumber": f"25470000000{index}",
        "SenderId": "ACME",
        "Message": f"Hello {index}",
        "SubmitDate": f"{TODAY} 08:00:00",
        "DoneDate": f"{TODAY} 08:00:04",
        "MessageId": f"id-{index}",
        "Status": "DELIVRD",
        "ErrorCode": "000",
        **fields,
    }


# How results show DISK.
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
