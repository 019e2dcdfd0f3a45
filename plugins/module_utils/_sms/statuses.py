# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The send statuses: each recipient of a run ends in exactly one of them, whatever happens."""

from __future__ import annotations

import typing as t

ACCEPTED = "accepted"  # the gateway took the message; whether it is delivered is another question
REJECTED = "rejected"  # the gateway refused it
UNKNOWN = "unknown"  # it may have been taken: no reply says so, and the sent log does not show it
NOT_SENT = "not_sent"  # it has not left; also the status of a message that is yet to be sent
SKIPPED_DUPLICATE = "skipped_duplicate"
SKIPPED_INVALID = "skipped_invalid"
SKIPPED_OPT_OUT = "skipped_opt_out"
SKIPPED_ALREADY_SENT = "skipped_already_sent"

SKIPPED: t.Final = (SKIPPED_DUPLICATE, SKIPPED_INVALID, SKIPPED_OPT_OUT, SKIPPED_ALREADY_SENT)
STATUSES: t.Final = (ACCEPTED, REJECTED, UNKNOWN, NOT_SENT, *SKIPPED)

# Running the task again would be wrong: who got the message after all would get it twice.
UNKNOWN_HINT: t.Final = "Check the sent messages in the Onfon portal before you send any of them again."
