# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs onfon_sms on a FakeTransport."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.onfon.sms.plugins.module_utils._operations.onfon_sms import OPERATION as SMS_OPERATION
from tests.support.operation_runner import OperationRunner, Result

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


class SmsRunner(OperationRunner):
    """Runs onfon_sms. options: the defaults of each run."""

    def __init__(self, **options: object) -> None:
        super().__init__()
        self.options = options

    def send(self, *, check: bool = False, **options: object) -> Result:
        """Return the result of the task. One worker sends unless `concurrency` is given."""
        given: dict[str, object] = {"client_id": "acme", "sender_id": "ACME", "text": "Hello", "concurrency": 1}
        given.update(self.options)
        given.update(options)
        return self.perform(SMS_OPERATION, check, given)


def msisdns(count: int, first: int = 100) -> list[str]:
    """A list of different MSISDNs."""
    return [f"254700000{number:03}" for number in range(first, first + count)]


def statuses(result: Result) -> list[str]:
    return [recipient["status"] for recipient in result["recipients"]]


def msisdns_with_status(result: Result, status: str) -> list[str]:
    """The MSISDNs of the recipients with this status."""
    return [recipient["msisdn"] for recipient in result["recipients"] if recipient["status"] == status]


def assert_consistent(result: Result, rows: int) -> None:
    """Assert that every input row has one status, and that the summary agrees with the recipients."""
    summary = result["summary"]
    assert summary["requested"] == rows == len(result["recipients"])
    counted = collections.Counter(statuses(result))
    assert {status: summary[status] for status in STATUSES} == {status: counted[status] for status in STATUSES}
