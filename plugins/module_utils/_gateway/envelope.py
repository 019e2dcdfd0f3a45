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


def open_envelope(reply: Reply, service: str) -> t.Any:
    """The Data of a reply that means success; anything else raises ApiError or ReplyError."""
    envelope = _parse(reply.body)
    if envelope is None or "ErrorCode" not in envelope:
        raise _not_an_envelope(reply, service, envelope)
    code = envelope.get("ErrorCode")
    description = envelope.words("ErrorDescription")
    if codes.parse(code) != codes.SUCCESS:
        raise ApiError(code, description, http_status=reply.status, retried=reply.retried)
    if reply.status >= 300:
        raise _not_an_envelope(reply, service, envelope)
    data = envelope.get("Data")
    _check_result_word(data, reply, service)
    return data


def rows(data: t.Any, service: str) -> list[Row]:
    """Data as a list of objects. Nothing in any spelling is an empty list; one object is a list of one."""
    if data is None or data in ("", "null"):
        return []
    entries = data if isinstance(data, list) else [data]
    if not all(isinstance(entry, dict) for entry in entries):
        raise ReplyError(
            f"Onfon's {service} answered {_quote(data)} where a list of objects is due: tell Onfon support.",
            kind=PROTOCOL,
            may_have_acted=True,
        )
    return [Row(entry) for entry in entries]


def _parse(body: bytes) -> Row | None:
    """The JSON object in a body, None where there is none."""
    try:
        value: t.Any = json.loads(body.decode("utf-8-sig", errors="replace"))
    except ValueError:
        return None
    return Row(value) if isinstance(value, dict) else None


def _check_result_word(data: object, reply: Reply, service: str) -> None:
    """The platform carries a result word before a «#»; without one the envelope's number stands alone."""
    if not isinstance(data, str) or "#" not in data:
        return
    word, text = data.split("#", 1)
    if word.strip().lower() != "success":
        raise ReplyError(
            f"Onfon's {service} refused: {text.strip() or word.strip()}. Correct the task, or ask Onfon support.",
            kind=codes.STATE,
            description=data,
            http_status=reply.status,
            retried=reply.retried,
        )


class _Status(t.NamedTuple):
    """What an HTTP status without an envelope means. acted: the gateway may have done what was asked."""

    meaning: str
    kind: str
    hint: str
    acted: bool


_AUTH = _Status(
    "the keys were refused",
    codes.AUTH,
    "Check api_key, client_id and access_key, and that this address is on the account's list in the Onfon portal.",
    acted=False,
)
_STATUSES: t.Final[dict[int, _Status]] = {
    401: _AUTH,
    403: _AUTH,
    404: _Status(
        "there is no such service", codes.REQUEST, "Check the path in api_url: it ends with /v1/sms.", acted=False
    ),
    429: _Status("too many requests", codes.TRANSIENT, "Wait, and send fewer requests a second.", acted=False),
}
_CLASSES: t.Final[dict[int, _Status]] = {
    3: _Status("the gateway points elsewhere", codes.REQUEST, "Set api_url to the gateway itself.", acted=False),
    4: _Status("the request was refused", codes.REQUEST, "Check api_url, and tell Onfon support.", acted=False),
    5: _Status("the gateway failed", codes.TRANSIENT, "Wait a minute, look at the account, and run again.", acted=True),
}
_STRANGE = _Status("this is not what Onfon documents", PROTOCOL, "Check api_url, and run again.", acted=True)


def _not_an_envelope(reply: Reply, service: str, envelope: Row | None) -> ReplyError:
    status = _STATUSES.get(reply.status) or _CLASSES.get(reply.status // 100, _STRANGE)
    body = _describe(reply.body, envelope)
    return ReplyError(
        f"Onfon's {service} answered HTTP {reply.status} with {body}: {status.meaning}. {status.hint}",
        kind=status.kind,
        hint=status.hint,
        description=body,
        http_status=reply.status,
        may_have_acted=status.acted,
        retried=reply.retried,
    )


def _describe(body: bytes, envelope: Row | None) -> str:
    """What a body without a usable envelope is, in a few words."""
    text = body.decode("utf-8", errors="replace").strip()
    if not text:
        return "an empty body"
    if envelope is not None:
        words = envelope.words("message") or envelope.words("ErrorDescription") or envelope.words("error")
        return f"the words {_quote(words)}" if words else "JSON without an error code"
    title = re.search(r"<title[^>]*>(.*?)</title", text, re.IGNORECASE | re.DOTALL)
    if text.startswith("<") or title:
        return f"the HTML page {_quote(title.group(1))}" if title else "an HTML page"
    return f"broken JSON, {_quote(text)}" if text[0] in "{[" else f"the text {_quote(text)}"


def _quote(value: object) -> str:
    """A value on one line and cut to a length that people read."""
    text = " ".join(str(value).split())
    return f'"{text[:_QUOTED_CHARACTERS]}…"' if len(text) > _QUOTED_CHARACTERS else f'"{text}"'
