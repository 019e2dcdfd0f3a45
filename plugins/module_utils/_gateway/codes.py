# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Onfon's error codes: what each means, which class it is of, and what the user should do about it.

Source: the error list of Onfon's REST page. The last rows are not on that page: live answers carry them
per message, with the numbers of the Jasmin gateway behind Onfon.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import ACCOUNT, AUTH, FUNDS, REQUEST, ROUTING, STATE, TRANSIENT, UNPUBLISHED
from .._text import brief


@dataclasses.dataclass(frozen=True)
class Code:
    """One error code of the gateway.

    number: the code as Onfon sent it, three digits where it is a number ("021").
    meaning: what it means, without a period.
    error_class: one of the first eight classes of _errors.py.
    hint: what the user should do, one or two sentences.
    """

    number: str
    meaning: str
    error_class: str
    hint: str


_ASK_ONFON = "Ask Onfon support, and quote this code."
_KEYS = "Check api_key, client_id and access_key against the Onfon portal."
_TOP_UP = "Top up the account in the Onfon portal."
_SENDER = "Use a sender id that the portal lists as approved: case and inner spaces are significant."
_PRICING = "Ask Onfon to set prices and routes of this account for that network."
_WAIT = "Wait a minute, and check the send statuses or the account before you run the task again."

SUCCESS = 0
_MOST_DIGITS = 9

_ROWS = (
    Code("003", "the sender id is blank", REQUEST, "Set sender_id, or the environment variable ONFON_SENDER_ID."),
    Code("004", "the message text is blank", REQUEST, "Set a text."),
    Code("005", "the message properties are blank", REQUEST, "Give at least one recipient with a text."),
    Code("006", "something went wrong at Onfon", TRANSIENT, _WAIT),
    Code("007", "the API credentials are not valid", AUTH, _KEYS),
    Code("008", "the user account is inactive", ACCOUNT, "Ask Onfon to activate the account."),
    Code("009", "the user account is locked", ACCOUNT, "Ask the account's administrator, or Onfon, to unlock it."),
    Code("010", "access to the API is not authorised", AUTH, _KEYS),
    Code(
        "011",
        "this IP address is not allowed",
        AUTH,
        "Add the address to the account's list in the Onfon portal, or use delegate_to with a host that is on it.",
    ),
    Code(
        "013", "the mobile numbers are not valid", REQUEST, "Give numbers in international form, such as 254700000001."
    ),
    Code("015", "the sender id is not valid", REQUEST, _SENDER),
    Code("019", "the schedule date is not valid", REQUEST, "Give a future time as YYYY-MM-DD HH:MM, Nairobi time."),
    Code("020", "a message or a mobile number is blank", REQUEST, "Give each recipient a number and a text."),
    Code("021", "insufficient wallet credits", FUNDS, _TOP_UP),
    Code("023", "a parameter is missing", REQUEST, "Check that no option of the task is empty."),
    Code(
        "024",
        "the template is not valid, or the text does not match it",
        REQUEST,
        "Check that the template is approved, and that the text is the template's with its fields filled in.",
    ),
    Code("028", "the group cannot be found", STATE, "List the groups with onfon.sms.onfon_group_info."),
    Code(
        "029",
        "the record exists already",
        STATE,
        "Choose another name: Onfon may ignore case.",
    ),
    Code("030", "the account has expired", ACCOUNT, "Ask Onfon to renew the account."),
    Code("031", "no gateway is assigned to the account", ACCOUNT, "Ask Onfon to assign a gateway to the account."),
    Code("033", "Onfon's queue connection is closed", TRANSIENT, _WAIT),
    Code("034", "Onfon could not create the campaign at this time", TRANSIENT, _WAIT),
    Code("035", "insufficient credits", FUNDS, _TOP_UP),
    Code("039", "the message is taken for spam", REQUEST, "Change the text, or ask Onfon to allow it."),
    Code("042", "too many mobile numbers in one request", REQUEST, "Give fewer recipients in one request."),
    Code("801", "the country is not defined", ROUTING, _PRICING),
    Code("803", "the gateway or user has no price for this number", ROUTING, _PRICING),
    Code("804", "loss protection stopped the message", ROUTING, _PRICING),
    Code("805", "no route is defined for this number", ROUTING, _PRICING),
    Code("807", "failover loss protection stopped the message", ROUTING, _PRICING),
    Code("808", "the failover price is not defined", ROUTING, _PRICING),
    Code("809", "failover routing of the message failed", ROUTING, _PRICING),
    # Per message, in live answers: 401 and 412 are recorded, the others are in Jasmin's own sources.
    Code("400", "a value of the message was refused", REQUEST, "Check sender_id and the recipient's number."),
    Code("401", "the sender id is not approved for this account", REQUEST, _SENDER),
    Code("403", "the account may not send this message", ACCOUNT, "Check the balance and the account's send limits."),
    Code("412", "no route to this number", ROUTING, "Check the number; if it is right, ask Onfon to open its network."),
    Code("500", "Onfon could not pass the message on", TRANSIENT, _WAIT),
    Code("503", "Onfon's message filter failed", TRANSIENT, _WAIT),
)

CODES: t.Final[dict[int, Code]] = {int(row.number): row for row in _ROWS}


def parse(value: object) -> int | str:
    """The number of an ErrorCode in whatever spelling (0, "0", "000"); what is no number comes back as text."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else text


def look_up(value: object, description: str) -> Code:
    """The row of a code; a code that is not in the table is shown verbatim, with Onfon's own description."""
    number = parse(value)
    if isinstance(number, int):
        known = CODES.get(number)
        if known:
            return known
        number = f"{number:03d}"
    meaning = brief(description).rstrip(".") or "Onfon gave no description"
    return Code(brief(number), meaning, UNPUBLISHED, f"The code is not published. {_ASK_ONFON}")
