# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of onfon_sms on an account in memory."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._operations.onfon_sms import OPERATION as SMS_OPERATION
from tests.support.operation import Result, Stage

A, B, C, D = "254700000001", "254700000002", "254700000003", "254700000004"
ABROAD = "447911123456"
STATUSES: t.Final = (
    "accepted",
    "rejected",
    "unknown",
    "not_sent",
    "skipped_duplicate",
    "skipped_invalid",
    "skipped_opt_out",
    "skipped_already_sent",
)


class Desk(Stage):
    """options: what each run is given, unless it says otherwise."""

    def __init__(self, **options: object) -> None:
        super().__init__()
        self.options = options

    def send(self, *, check: bool = False, **options: object) -> Result:
        """What the task returns. There is one thread unless more are asked for."""
        given: dict[str, object] = {"client_id": "acme", "sender_id": "ACME", "text": "Hello", "concurrency": 1}
        given.update(self.options)
        given.update(options)
        return self.perform(SMS_OPERATION, check, given)


def people(count: int, first: int = 100) -> list[str]:
    """So many msisdns."""
    return [f"254700000{number:03}" for number in range(first, first + count)]


def statuses(result: Result) -> list[str]:
    return [recipient["status"] for recipient in result["recipients"]]


def of_status(result: Result, status: str) -> list[str]:
    """The msisdns that have a status."""
    return [recipient["msisdn"] for recipient in result["recipients"] if recipient["status"] == status]


def check_sum(result: Result, lines: int) -> None:
    """Every line has one status, and the summary says the same as the recipients."""
    summary = result["summary"]
    assert summary["requested"] == lines == len(result["recipients"])
    counted = collections.Counter(statuses(result))
    assert {status: summary[status] for status in STATUSES} == {status: counted[status] for status in STATUSES}
