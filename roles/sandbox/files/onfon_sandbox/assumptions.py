# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is assumed about the wire, once and in this one place.

Onfon publishes a table of services and a table of error codes. What is finer than that and was never captured from the
real gateway is written down here, with the alternative that is just as possible. Change it here when somebody captures
the truth; clients must stay tolerant of both.
"""

from __future__ import annotations

from dataclasses import dataclass

from onfon_sandbox.codes import Code

# --- Transport -----------------------------------------------------------------

# A refused call still answers HTTP 200, as the captured row refusals do. Alternative: a 4xx for each code.
REFUSAL_HTTP_STATUS = 200

# A missing or wrong AccessKey: HTTP 401 with an envelope. Alternatives: 403; an HTML page; not looked at (--lax).
ACCESS_KEY_HTTP_STATUS = 401
ACCESS_KEY_CODE = Code.UNAUTHORIZED

# A body that cannot be read (bad JSON, bad UTF-8). Alternatives: 023; HTTP 400 with an ASP.NET error page.
UNREADABLE_BODY_CODE = Code.SOMETHING_WENT_WRONG

# A service or verb that does not exist: HTTP 404 or 405 with this code. Alternative: an HTML page.
NO_SUCH_SERVICE_CODE = Code.SOMETHING_WENT_WRONG

# `Data` of a refused call, for each dialect. Clients guard against null, "", [] and a missing key.
DATA_ON_REFUSAL: dict[str, str | None] = {"docs": None, "live": ""}

# Texts of refused calls in the live dialect are those of the REST page. Alternative: the string "null" there as well.

# Letter case of the path and of argument names does not matter, and the same argument in two places counts once, the
# query before the body. ASP.NET behaves so; siblings of the platform were seen to. Alternative: exact names only.

# How long a client is told to wait after HTTP 429. Alternatives: a date; no Retry-After at all.
RETRY_AFTER_SECONDS = 1

# --- Time ----------------------------------------------------------------------

# The zone of every date on the wire, in and out; no document names one. Alternative: UTC.
TIME_ZONE = "Africa/Nairobi"

# ScheduleDateTime: the documented form first, then forms that public clients send. A bare date is its first minute.
SCHEDULE_FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")

# Dates in rows of the sent log and of campaigns. Alternative: without seconds, as in delivery reports.
ROW_TIME_FORMAT = "%Y-%m-%d %H:%M:%S"

# fromdate and enddate, as documented. Both days are included. Alternative: enddate is excluded.
PERIOD_FORMAT = "%Y-%m-%d"

# A period that is not two dates. Alternative: 026, which siblings list and Onfon does not.
BAD_PERIOD_CODE = Code.PARAMETER_MISSING

# GET Campaign and GET sms: `start` counts from 0, and `length` is a count of rows. A client of a sibling uses them so.
# Alternatives: `start` counts from 1, and what is below is taken for 1 (--start-base); `length` is an ending index
# (--length-mode), as the vendor's text has it. A row at the ending index is still listed where `start` counts from 1,
# and no longer where it counts from 0.
START_BASE = 0
LENGTH_MODE = "count"

# Rows are listed oldest first (ORDER BY in store.py). Alternative: newest first.

# --- Groups and templates ------------------------------------------------------

GROUP_ADDED = "success#New Group added successfully."  # documented
GROUP_UPDATED = "success#Group updated successfully."  # in the same style; alternative: a plain sentence
GROUP_DELETED = "success#Group deleted successfully."  # in the same style; alternative: a plain sentence
TEMPLATE_ADDED = "Template Added successfully."  # documented
TEMPLATE_UPDATED = "Template Updated successfully."  # in the same style; alternative: success#...
TEMPLATE_DELETED = "Template Deleted successfully."  # in the same style; alternative: success#...

# Two groups, or two templates, of one name (ignoring case) are not allowed. Alternative: they are.
SAME_NAME_CODE = Code.ALREADY_EXISTS

# A group id that nobody has. The code list has a code for it, so it will be that.
UNKNOWN_GROUP_CODE = Code.GROUP_NOT_FOUND

# A template id that nobody has. Alternatives: 006, 024.
UNKNOWN_TEMPLATE_CODE = Code.PARAMETER_MISSING

# A blank name or text is a missing one. Alternative: 004 for a blank text.
BLANK_CODE = Code.PARAMETER_MISSING

# A new template is active, but not approved until Onfon's staff acts, and every PUT drops the approval.
# Alternative: approved at once (the documented list shows only approved ones).
NEW_TEMPLATE_APPROVED = False

# Dates of templates, like "Mar 19, 2018" in the documentation; null as long as there is no approval. Alternative: "".
TEMPLATE_DATE_FORMAT = "%b %d, %Y"

# Every template of the account belongs to one company.
COMPANY_ID = 1

# --- Sending -------------------------------------------------------------------

# A blank number, a blank text, and what is not a number refuse the whole call, nothing sent. Alternative: rows.
BLANK_NUMBER_CODE = Code.MESSAGE_OR_NUMBER_BLANK
BLANK_TEXT_CODE = Code.MESSAGE_BLANK
NOT_A_NUMBER_CODE = Code.BAD_NUMBERS

# How many digits make a number, at least and at most, with or without a plus (E.164). Anything else is not a number.
NUMBER_DIGITS = (7, 15)

# More recipients than the limit: nothing is sent. The limit of 20 is told by several public clients.
TOO_MANY_CODE = Code.TOO_MANY_NUMBERS

# Money is taken at submit, for the accepted rows, by segments; a short wallet refuses the call. Alternative: 035.
SHORT_OF_MONEY_CODE = Code.WALLET_SHORT

# The balance's text: currency, no thousands comma, four decimals. Alternatives: a bare number; "KSh12,345.00".
CREDITS_FORMAT = "KSh{:.4f}"

# "Late queue": messages whose reply was an error, and that were queued all the same, enter the sent log so many seconds
# later, with the time at which they were queued. About an hour was told; tests are in more of a hurry (--late-queue).
LATE_QUEUE_SECONDS = 5.0

# Without IsUnicode, characters outside GSM-7 reach the phone as this one ("emoji become ?" is told by public clients).
# The sent log keeps the text as it was given. Alternative: it keeps what the phone shows.
REPLACEMENT = "?"

# --- Campaigns and the sent log ------------------------------------------------

# A call with at least one accepted row makes one campaign. Refused rows are in no campaign and in no log.
CAMPAIGN_NAME = "API-{}"
CAMPAIGN_SCHEDULED = "Scheduled"
CAMPAIGN_RUNNING = "Running"
CAMPAIGN_COMPLETED = "Completed"

# Field names of campaign rows and of statistics have no source at all: CampaignRow, StatisticsRow in contract.py.
# Statistics are one row in a list, empty for an unknown campaign. Alternatives: one object; an error.
# Every message is counted in one of these, also one whose state has another spelling. Alternative: a counter for each.
STATISTICS_COUNTERS = ("SUBMITTED", "ACCEPTD", "DELIVRD", "UNDELIV", "EXPIRED", "REJECTD")

# A row's own ErrorCode in the sent log: the network's, a string, "000" when all is well.
NETWORK_SUCCESS = "000"

# --- Delivery ------------------------------------------------------------------

# Until a network has the message, it is this one, and stays it for ever with a local number.
STATUS_SUBMITTED = "SUBMITTED"

# When nothing is told to take time or to fail, every message ends in this one.
STATUS_DELIVERED = "DELIVRD"


@dataclass(frozen=True)
class Failure:
    """A final state without a delivery: its spelling, the network's code, its counter, and what it means."""

    status: str
    code: str
    counter: str
    meaning: str


@dataclass(frozen=True)
class Words:
    """How one network's states are spelled."""

    in_network: str
    delivered: str
    failures: tuple[Failure, ...]


# The spellings were seen by public clients, but not who uses which. Codes are those of 3GPP TS 29.002 in decimal where
# one fits, and 255 where none does; no code but "000" was seen.
SMPP_WORDS = Words(
    "ACCEPTD",
    STATUS_DELIVERED,
    (
        Failure("UNDELIV", "032", "UNDELIV", "the phone could not take it"),
        Failure("EXPIRED", "027", "EXPIRED", "the phone was off for too long"),
        Failure("REJECTD", "013", "REJECTD", "the network rejected it"),
    ),
)
PORTAL_WORDS = Words(
    "DeliveredToNetwork",
    "DelivredToTerminal",
    (
        Failure("AbsentSubscriber", "027", "UNDELIV", "the phone is off or out of reach"),
        Failure("UnknownSubscriber", "001", "UNDELIV", "nobody has this number"),
        Failure("CallBarred", "013", "REJECTD", "the subscriber is barred"),
        Failure("UserInBlacklist", "255", "REJECTD", "the subscriber has opted out"),
        Failure("SystemFailure", "034", "UNDELIV", "the network has a fault"),
    ),
)

# The `docs` dialect has the words of SMPP only; in the `live` dialect this share of the messages has the portal's.
PORTAL_SHARE = 0.25

# A message is with its network after this share of the time that it takes to its final state.
NETWORK_AFTER = 0.3

# Most messages are quick and a few are slow: an evenly drawn number from 0 to 1, to this power, is the share of
# --delivery-delay that a message takes. Half of them take less than an eighth of it; the mean is a quarter.
DELAY_POWER = 3

# --- Delivery reports ----------------------------------------------------------

# One GET for each state that a message reaches after SUBMITTED. Alternative: for final states only.
# doneDate is blank before a final state. mobile is the number as it was given, without a plus.
REPORT_TIME_FORMAT = "%Y-%m-%d %H:%M"

# Any 2xx takes a report. Otherwise it is tried again after these seconds, and then given up. Alternative: never again.
REPORT_PAUSES = (1.0, 5.0, 30.0)
REPORT_TIMEOUT_SECONDS = 5.0

# --dlr-chaos: such shares of the reports are pushed twice, and have shortMessage in single quotes. Each one is late by
# up to --delivery-delay, but at least by up to this many seconds, so that some overtake others.
CHAOS_REPEATED = 0.3
CHAOS_QUOTED = 0.3
CHAOS_LEAST_SECONDS = 1.0
