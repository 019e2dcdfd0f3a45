# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""From an HTTP reply to the data in Onfon's envelope, or to the error that it means.

The envelope is {"ErrorCode", "ErrorDescription", "Data"}. Success is decided on the number, never on the text;
keys are read in any case, and Data in any shape.
"""

from __future__ import annotations

import functools
import json
import re
import typing as t

from .._errors import AUTH, PROTOCOL, REQUEST, STATE, TRANSIENT, UNPUBLISHED
from .._text import brief, escape_unstorable
from . import codes
from .errors import ApiError, ReplyError
from .transport import Reply


class Answer:
    """A reply of one service, read as Onfon's envelope. What its errors quote of the reply holds no secret.

    redact: takes the secrets out of a text; it comes before any cutting, so that no half of one is left.
    hints: by error code, what to do where more is known than the table of codes says.
    """

    def __init__(
        self,
        service: str,
        reply: Reply,
        redact: t.Callable[[str], str],
        hints: t.Mapping[str, str] | None = None,
    ) -> None:
        self._service = service
        self._reply = reply
        text = reply.body.decode("utf-8-sig", errors="replace")
        self._text = (escape_unstorable(text) if "\0" in text else text).strip()
        self._hints = hints
        self.redact = redact

    def rows(self) -> list[Row]:
        """Data as a list of objects. Nothing in any spelling is an empty list; one object is a list of one."""
        data = self.data()
        if data in (None, "", "null", [], {}):
            return []
        entries = data if isinstance(data, list) else [data]
        if not all(isinstance(entry, dict) for entry in entries):
            found = self._quote(data) if isinstance(data, str) else f"a {type(data).__name__}"
            raise self.strange(f"{found} where a list of objects is due")
        return [Row(entry, self) for entry in entries]

    def data(self) -> t.Any:
        """Data as it came. Raises ApiError or ReplyError unless the reply means success."""
        reply, envelope = self._reply, self._envelope()
        if envelope is None or not envelope.text("ErrorCode"):
            raise self._error(_status(reply.status), self._body(envelope))
        code = codes.parse(envelope.raw_text("ErrorCode"))
        if code != codes.SUCCESS:
            if reply.status == 429 and codes.look_up(code, "").error_class == UNPUBLISHED:
                raise self._error(_status(429), self._body(envelope))
            raise ApiError(
                self.redact(str(code)),
                envelope.text("ErrorDescription"),
                http_status=reply.status,
                # A code that is no number is none of Onfon's: what it means for what was done is not known.
                may_have_acted=reply.may_have_acted or reply.status >= 500 or not isinstance(code, int),
                hints=self._hints,
            )
        if reply.status >= 300:
            # The body says success, and the status does not.
            raise self._error(_status(reply.status)._replace(acted=True), self._body(envelope))
        data = envelope.get("Data")
        # The platform carries a result word before a #; without one the envelope's number stands alone.
        if isinstance(data, str) and "#" in data and data.split("#")[0].strip().lower() != "success":
            raise self._error(_ODD_WORD, f"the words {self._quote(data)}")
        return data

    def strange(self, found: str) -> ReplyError:
        """The error of a success whose data is not what Onfon documents."""
        return self._error(_STRANGE, found)

    def _error(self, meaning: _Meaning, body: str) -> ReplyError:
        status = self._reply.status
        return ReplyError(
            f"Onfon's {self._service} answered HTTP {status} with {body}: {meaning.words}.",
            error_class=meaning.error_class,
            hint=meaning.hint,
            description=body,
            http_status=status,
            may_have_acted=meaning.acted or self._reply.may_have_acted,
        )

    def _envelope(self) -> Row | None:
        """The JSON object in the body, None where there is none."""
        value = _json(self._text)
        return Row(value, self) if isinstance(value, dict) else None

    def _body(self, envelope: Row | None) -> str:
        """What a reply without a usable envelope holds, in a few words."""
        if self._reply.location:
            return f"a redirect to {self._quote(self._reply.location)}"
        if not self._text:
            return "an empty body"
        if envelope is not None:
            said = next(filter(None, map(envelope.text, ("ErrorDescription", "message", "error"))), "")
            return f"the words {self._quote(said)}" if said else f"no error code in {self._quote(self._text)}"
        return f"{self._kind_of_text()} {self._quote(self._title() or self._text)}"

    def _title(self) -> str:
        """The title of a page, empty where there is none."""
        found = re.search(r"<title[^>]*>(.*?)</title", self._text, re.IGNORECASE | re.DOTALL)
        return found.group(1) if found else ""

    def _kind_of_text(self) -> str:
        """What a body that is no JSON object is."""
        if self._title() or self._text.startswith("<"):
            return "the HTML page"
        if _json(self._text) is not _BROKEN:
            return "JSON that is no envelope,"
        return "broken JSON" if self._text[0] in "{[" else "the text"

    def _quote(self, text: str) -> str:
        return f'"{brief(self.redact(text))}"'


class Row:
    """One object of an answer; its keys are found in any case, and None stands for a missing one."""

    def __init__(self, raw: t.Mapping[str, t.Any], answer: Answer) -> None:
        self._raw = raw
        self._answer = answer

    @property
    def raw(self) -> dict[str, t.Any]:
        """The object as it came, without secrets."""
        return t.cast("dict[str, t.Any]", _clean(self._raw, self._answer.redact, _DEEPEST))

    def get(self, key: str) -> t.Any:
        """The value as it came. Onfon's own spelling is looked for first, because lists are long."""
        return self._raw[key] if key in self._raw else self._values.get(key.lower())

    @functools.cached_property
    def _values(self) -> dict[str, t.Any]:
        return {str(key).lower(): value for key, value in self._raw.items()}

    def raw_text(self, key: str) -> str:
        """The value as text, empty where there is none."""
        value = self.get(key)
        return "" if value is None else str(value)

    def text(self, key: str) -> str:
        """What Onfon says for people to read, without secrets. The live gateway writes null as a word."""
        text = self.raw_text(key).strip()
        return "" if text == "null" else self._answer.redact(text)

    def first(self, *keys: str) -> str | None:
        """What Onfon says under the first of these keys that says anything, without secrets; None: under none."""
        plain = (key for key in keys if not isinstance(self.get(key), (dict, list)))
        return next(filter(None, map(self.text, plain)), None)

    def number(self, key: str) -> int | None:
        """The value as an integer, None where it is none."""
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        try:
            return int(self.raw_text(key).strip())
        except ValueError:
            return None

    def identity(self, key: str) -> int:
        """The id of an object: without one it cannot be told from others."""
        number = self.number(key)
        if number is None:
            raise self._answer.strange(f"an object without a {key} number")
        return number

    def flag(self, key: str) -> bool | None:
        """The value as a boolean, None where it is none."""
        return {"true": True, "1": True, "false": False, "0": False}.get(self.raw_text(key).strip().lower())


_DEEPEST: t.Final = 50  # levels of an object; nobody reads any more


def _clean(value: t.Any, redact: t.Callable[[str], str], levels: int) -> t.Any:
    """A value of JSON without secrets. What is nested any deeper is None."""
    if isinstance(value, str):
        return redact(value)
    if not isinstance(value, (dict, list)):
        return value
    if not levels:
        return None
    if isinstance(value, dict):
        return {redact(key): _clean(inner, redact, levels - 1) for key, inner in value.items()}
    return [_clean(inner, redact, levels - 1) for inner in value]


def _json(text: str) -> t.Any:
    """The value of a JSON text, _BROKEN where it is none."""
    try:
        value = json.loads(text)
        # An escape in JSON can stand for what nothing can store, such as the surrogate at which a text was cut.
        return _storable(value) if _MAY_BE_UNSTORABLE.search(text) else value
    except (ValueError, RecursionError):
        return _BROKEN


_MAY_BE_UNSTORABLE: t.Final = re.compile(r"\\u(?:d[89a-f]|0000)", re.IGNORECASE)


def _storable(value: t.Any) -> t.Any:
    """A value of JSON whose texts can be stored."""
    if isinstance(value, str):
        return escape_unstorable(value)
    if isinstance(value, dict):
        return {escape_unstorable(key): _storable(inner) for key, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list) else value


_BROKEN: t.Final = object()


class _Meaning(t.NamedTuple):
    """What a reply without an error code of Onfon's means. acted: the gateway may have done what was asked."""

    words: str
    error_class: str
    hint: str
    acted: bool


_ELSEWHERE = _Meaning("the gateway points elsewhere", REQUEST, "Set api_url to the gateway itself.", acted=False)
# Some servers show their error page so, after the work was done.
_ERROR_PAGE = _ELSEWHERE._replace(acted=True)
_BY_STATUS: t.Final[dict[int, _Meaning]] = {
    302: _ERROR_PAGE,
    303: _ERROR_PAGE,
    401: _Meaning("the keys were refused", AUTH, "Check api_key, client_id and access_key.", acted=False),
    403: _Meaning(
        "access was refused",
        AUTH,
        "Check the keys, and that this address may use the API. An HTML page comes from a firewall before it.",
        acted=False,
    ),
    404: _Meaning("there is no such service", REQUEST, "Check the path in api_url, such as /v1/sms.", acted=False),
    429: _Meaning("too many requests", TRANSIENT, "Wait, and send fewer requests a second.", acted=False),
}
_BY_HUNDREDS: t.Final[dict[int, _Meaning]] = {
    3: _ELSEWHERE,
    4: _Meaning("the request was refused", REQUEST, "Check api_url, and tell Onfon support.", acted=False),
    5: _Meaning("the gateway failed", TRANSIENT, "Wait a minute, look at the account, and run again.", acted=True),
}
_STRANGE = _Meaning("this is not what Onfon documents", PROTOCOL, "Check api_url, and run again.", acted=True)
# ErrorCode 0 said success: only the account's list can tell.
_ODD_WORD = _Meaning("it does not say success", STATE, "Look at what the account holds.", acted=True)


def _status(number: int) -> _Meaning:
    return _BY_STATUS.get(number) or _BY_HUNDREDS.get(number // 100, _STRANGE)
