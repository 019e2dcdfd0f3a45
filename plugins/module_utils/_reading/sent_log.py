# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The account's sent log, read page by page."""

from __future__ import annotations

import datetime
import functools
import typing as t

from .._gateway.client import Client
from .._gateway.models import SentMessage
from . import paging

PAGE_SIZE: t.Final = 500


def sent_between(
    client: Client, first: datetime.date, last: datetime.date, page_size: int = PAGE_SIZE
) -> t.Iterator[SentMessage]:
    """Every message of the sent log of these days, both included, once each."""
    return paging.every(functools.partial(client.sent, first, last), page_size, _identity)


def _identity(row: SentMessage) -> tuple[str, ...]:
    """What tells a row from all others, and stays as it is while the message is delivered.

    The number counts too, as one id may stand for a whole batch. Rows without an id that are equal are one message:
    whoever looks for a message had better not find it than find another one.
    """
    if row.message_id:
        return (row.message_id, row.number)
    return (row.number, row.sender_id, row.text, row.submitted)
