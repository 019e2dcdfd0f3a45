# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two ways in which the gateway is known to speak: as documented, and as captured since about 2023."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onfon_sandbox.assumptions import DATA_ON_REFUSAL
from onfon_sandbox.codes import TEXTS, Code


@dataclass(frozen=True)
class RowRefusal:
    """Why one recipient of an accepted call is refused: the row's own code and text."""

    code: int
    text: str


class Docs:
    """The contract of 2018 and its documentation: "Success", codes of three digits."""

    name = "docs"
    success_text = "Success"
    no_route = RowRefusal(Code.ROUTE_UNDEFINED, TEXTS[Code.ROUTE_UNDEFINED])
    sender_filter: RowRefusal | None = None
    """The refusal of each row for an unapproved sender id; None: it refuses the whole call, with 015."""

    def code(self, code: Code) -> int | str:
        """Spell an envelope's code; success is the number 0 in the documentation's examples."""
        return 0 if code is Code.SUCCESS else f"{code:03d}"

    def row_accepted(self, number: str, message_id: str) -> dict[str, Any]:
        """Return the answer's row for a recipient that was taken."""
        return self._row("000", "Success", number, message_id)

    def row_refused(self, number: str, refusal: RowRefusal) -> dict[str, Any]:
        """Return the answer's row for a recipient that was refused."""
        return self._row(f"{refusal.code:03d}", refusal.text, number, "")

    def success(self, data: Any) -> dict[str, Any]:
        """Return the envelope of a call that went well."""
        return {"ErrorCode": self.code(Code.SUCCESS), "ErrorDescription": self.success_text, "Data": data}

    def refusal(self, code: Code) -> dict[str, Any]:
        """Return the envelope of a refused call."""
        return {"ErrorCode": self.code(code), "ErrorDescription": TEXTS[code], "Data": DATA_ON_REFUSAL[self.name]}

    def _row(self, code: int | str, text: str, number: str, message_id: str) -> dict[str, Any]:
        return {
            "MessageErrorCode": code,
            "MessageErrorDescription": text,
            "MobileNumber": number,
            "MessageId": message_id,
        }


class Live(Docs):
    """The gateway since about 2023: the string "null", plain numbers, and the texts of a Jasmin gateway in rows."""

    name = "live"
    success_text = "null"
    no_route = RowRefusal(412, "No route found")
    sender_filter = RowRefusal(401, "Value filter failed for user [{client_id}] (source_address filter mismatch).")

    def code(self, code: Code) -> int | str:
        """Spell an envelope's code as a plain number."""
        return int(code)

    def row_accepted(self, number: str, message_id: str) -> dict[str, Any]:
        """Return the answer's row for a recipient that was taken, as captured."""
        return {**self._row(0, "Success", number, message_id), "Custom": ""}

    def row_refused(self, number: str, refusal: RowRefusal) -> dict[str, Any]:
        """Return the answer's row for a recipient that was refused, as captured."""
        return {**self._row(refusal.code, refusal.text, number, ""), "Custom": ""}


Dialect = Docs
DIALECTS: dict[str, Dialect] = {"docs": Docs(), "live": Live()}
