# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error codes of Onfon's REST page, with its own texts (www.docs.onfonmedia.co.ke/rest)."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """Every code of the page. The platform spells them with three digits ("007"), or as plain numbers."""

    SUCCESS = 0
    SENDER_BLANK = 3
    MESSAGE_BLANK = 4
    PROPERTIES_BLANK = 5
    SOMETHING_WENT_WRONG = 6
    BAD_CREDENTIAL = 7
    ACCOUNT_INACTIVE = 8
    ACCOUNT_LOCKED = 9
    UNAUTHORIZED = 10
    IP_NOT_ALLOWED = 11
    BAD_NUMBERS = 13
    BAD_SENDER = 15
    BAD_SCHEDULE = 19
    MESSAGE_OR_NUMBER_BLANK = 20
    WALLET_SHORT = 21
    PARAMETER_MISSING = 23
    BAD_TEMPLATE = 24
    GROUP_NOT_FOUND = 28
    ALREADY_EXISTS = 29
    ACCOUNT_EXPIRED = 30
    NO_GATEWAY = 31
    QUEUE_CLOSED = 33
    NO_CAMPAIGN = 34
    CREDITS_SHORT = 35
    SPAM = 39
    TOO_MANY_NUMBERS = 42
    COUNTRY_UNDEFINED = 801
    PRICE_UNDEFINED = 803
    LOSS_PROTECTION = 804
    ROUTE_UNDEFINED = 805
    FAILOVER_LOSS_PROTECTION = 807
    FAILOVER_PRICE_UNDEFINED = 808
    FAILOVER_ROUTING_FAILED = 809


TEXTS: dict[Code, str] = {
    Code.SUCCESS: "Success",
    Code.SENDER_BLANK: "SenderId cannot be blank",
    Code.MESSAGE_BLANK: "Message cannot be blank",
    Code.PROPERTIES_BLANK: "Message properties cannot be blank",
    Code.SOMETHING_WENT_WRONG: "Something went wrong",
    Code.BAD_CREDENTIAL: "Invalid api credential",
    Code.ACCOUNT_INACTIVE: "User account inactive",
    Code.ACCOUNT_LOCKED: "User account locked, contact your Administrator",
    Code.UNAUTHORIZED: "Unauthorized API access",
    Code.IP_NOT_ALLOWED: "Unauthorized IP address",
    Code.BAD_NUMBERS: "Invalid mobile numbers",
    Code.BAD_SENDER: "Invalid SenderId",
    Code.BAD_SCHEDULE: "Invalid schedule date",
    Code.MESSAGE_OR_NUMBER_BLANK: "Message or mobile number cannot be blank",
    Code.WALLET_SHORT: "Insufficient wallet credits",
    Code.PARAMETER_MISSING: "Parameter missing",
    Code.BAD_TEMPLATE: "Invalid template or template mismatch",
    Code.GROUP_NOT_FOUND: "Group can not be found.",
    Code.ALREADY_EXISTS: "Record already exist",
    Code.ACCOUNT_EXPIRED: "Account expired",
    Code.NO_GATEWAY: "No gateway is assigned",
    Code.QUEUE_CLOSED: "Queue Connection Closed",
    Code.NO_CAMPAIGN: "Unable to create campaign at this time please try again later.",
    Code.CREDITS_SHORT: "Insufficient credits. Please contact to your Administrator",
    Code.SPAM: "Spam Message Detected",
    Code.TOO_MANY_NUMBERS: "Max Mobile Number limit exceeded.",
    Code.COUNTRY_UNDEFINED: "Country Undefined.",
    Code.PRICE_UNDEFINED: "Message failed due to undefined price for gateway/user.",
    Code.LOSS_PROTECTION: "Message failed due to loss protection.",
    Code.ROUTE_UNDEFINED: "Message failed due to undefined route.",
    Code.FAILOVER_LOSS_PROTECTION: "Failover loss protection",
    Code.FAILOVER_PRICE_UNDEFINED: "Failover price undefined.",
    Code.FAILOVER_ROUTING_FAILED: "Failover-Routing message failed.",
}


class RefusalError(Exception):
    """A whole call refused: the error code of the envelope, and the HTTP status if it is not the usual one."""

    def __init__(self, code: Code, http_status: int | None = None) -> None:
        super().__init__(TEXTS[code])
        self.code = code
        self.http_status = http_status
