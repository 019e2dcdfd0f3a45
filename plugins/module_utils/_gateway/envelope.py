# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""From an HTTP reply to the data in Onfon's envelope, or to the error that it means.

The envelope is {"ErrorCode", "ErrorDescription", "Data"}. Success is decided on the number, never on the text;
keys are read in any case, and Data in any shape.
"""

from __future__ import annotations

import json
import re
import typing as t

from . import codes
from .errors import PROTOCOL, ApiError, ReplyError
from .transport import Reply

_QUOTED_CHARACTERS = 120


class Row:
    """One object of a reply; its keys are found in any case, and None stands for a missing one."""

    def __init__(self, raw: t.Mapping[str, t.Any]) -> None:
        self._values = {str(key).lower(): value for key, value in raw.items()}

    def __contains__(self, key: str) -> bool:
        return key.lower() in self._values

    def get(self, key: str) -> t.Any:
        """The value as it came."""
        return self._values.get(key.lower())

    def text(self, key: str) -> str:
        """The value as text, empty where there is none."""
        value = self.get(key)
        return "" if value is None else str(value)

    def words(self, key: str) -> str:
        """A description, empty where there is none. The live gateway writes null as a word."""
        text = self.text(key).strip()
        return "" if text == "null" else text

    def number(self, key: str) -> int | None:
        """The value as an integer, None where it is none."""
        try:
            return int(self.text(key).strip())
        except ValueError:
            return None

    def flag(self, key: str) -> bool | None:
        """The value as a boolean, None where it is none."""
        return {"true": True, "1": True, "false": False, "0": False}.get(self.text(key).strip().lower())


class Answer:
    """A reply of one service, read as Onfon's envelope. What its errors quote of the reply holds no secret.

    redact: takes the secrets out of a text; it comes before any cutting, so that no half of one is left.
    """

    def __init__(self, service: str, reply: Reply, redact: t.Callable[[str], str]) -> None:
        self._service = service
        self._reply = reply
        self._redact = redact
        self._envelope = _parse(reply.body)

    def rows(self) -> list[Row]:
        """Data as a list of objects. Nothing in any spelling is an empty list; one object is a list of one."""
        data = self.data()
        if data is None or data in ("", "null"):
            return []
        entries = data if isinstance(data, list) else [data]
        if not all(isinstance(entry, dict) for entry in entries):
            found = self._quote(data) if isinstance(data, str) else f"a {type(data).__name__}"
            raise self._error(_STRANGE, f"{found} where a list of objects is due")
        return [Row(entry) for entry in entries]

    def data(self) -> t.Any:
        """Data as it came. Raises ApiError or ReplyError unless the reply means success."""
        envelope, status = self._envelope, self._reply.status
        if envelope is None or "ErrorCode" not in envelope:
            raise self._error(_status(status), self._body())
        code = codes.parse(envelope.get("ErrorCode"))
        if code != codes.SUCCESS:
            raise ApiError(
                self._redact(str(code)),
                self._redact(envelope.words("ErrorDescription")),
                http_status=status,
                retried=self._reply.retried,
            )
        if status >= 300:
            raise self._error(_status(status), self._body())
        data = envelope.get("Data")
        # The platform carries a result word before a «#»; without one the envelope's number stands alone.
        if isinstance(data, str) and "#" in data and data.split("#")[0].strip().lower() != "success":
            raise self._error(_REFUSED, f"the words {self._quote(data)}")
        return data

    def _error(self, meaning: _Meaning, body: str) -> ReplyError:
        return ReplyError(
            f"Onfon's {self._service} answered HTTP {self._reply.status} with {body}: {meaning.words}. {meaning.hint}",
            kind=meaning.kind,
            hint=meaning.hint,
            description=body,
            http_status=self._reply.status,
            may_have_acted=meaning.acted,
            retried=self._reply.retried,
        )

    def _body(self) -> str:
        """What a reply without a usable envelope holds, in a few words."""
        text = self._reply.body.decode("utf-8", errors="replace").strip()
        if not text:
            return "an empty body"
        if self._envelope is not None:
            words = (self._envelope.words(key) for key in ("ErrorDescription", "message", "error"))
            said = next(filter(None, words), "")
            return f"the words {self._quote(said)}" if said else "JSON without an error code"
        title = re.search(r"<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL)
        if title:
            return f"the HTML page {self._quote(title.group(1))}"
        if text.startswith("<"):
            return "an HTML page"
        return f"broken JSON, {self._quote(text)}" if text[0] in "{[" else f"the text {self._quote(text)}"

    def _quote(self, text: str) -> str:
        """A text without secrets, on one line, and cut to a length that people read."""
        text = " ".join(self._redact(text).split())
        return f'"{text[:_QUOTED_CHARACTERS]}…"' if len(text) > _QUOTED_CHARACTERS else f'"{text}"'


def _parse(body: bytes) -> Row | None:
    """The JSON object in a body, None where there is none."""
    try:
        value: t.Any = json.loads(body.decode("utf-8-sig", errors="replace"))
    except ValueError:
        return None
    return Row(value) if isinstance(value, dict) else None


class _Meaning(t.NamedTuple):
    """What a reply without an error code of Onfon's means. acted: the gateway may have done what was asked."""

    words: str
    kind: str
    hint: str
    acted: bool


_KEYS = _Meaning(
    "the keys were refused",
    codes.AUTH,
    "Check api_key, client_id and access_key, and that this address is on the account's list in the Onfon portal.",
    acted=False,
)
_BY_STATUS: t.Final[dict[int, _Meaning]] = {
    401: _KEYS,
    403: _KEYS,
    404: _Meaning(
        "there is no such service", codes.REQUEST, "Check the path in api_url, such as /v1/sms.", acted=False
    ),
    429: _Meaning("too many requests", codes.TRANSIENT, "Wait, and send fewer requests a second.", acted=False),
}
_BY_HUNDREDS: t.Final[dict[int, _Meaning]] = {
    3: _Meaning("the gateway points elsewhere", codes.REQUEST, "Set api_url to the gateway itself.", acted=False),
    4: _Meaning("the request was refused", codes.REQUEST, "Check api_url, and tell Onfon support.", acted=False),
    5: _Meaning(
        "the gateway failed", codes.TRANSIENT, "Wait a minute, look at the account, and run again.", acted=True
    ),
}
_STRANGE = _Meaning("this is not what Onfon documents", PROTOCOL, "Check api_url, and run again.", acted=True)
_REFUSED = _Meaning("it refused", codes.STATE, "Look at what the account holds, and correct the task.", acted=False)


def _status(number: int) -> _Meaning:
    return _BY_STATUS.get(number) or _BY_HUNDREDS.get(number // 100, _STRANGE)
