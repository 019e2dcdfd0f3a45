# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The errors that the collection raises on purpose; each knows how to present itself as a result."""

from __future__ import annotations

import typing as t

from . import codes

# Classes of failures that carry no code of Onfon's list.
OPTION = "option"  # the task must be changed
LIBRARY = "library"  # a Python library is missing
TRANSPORT = "transport"  # no connection, or no reply
PROTOCOL = "protocol"  # a reply that is not what Onfon documents


class OnfonError(Exception):
    """Something went wrong.

    fact: what happened, a sentence with its period.
    hint: what to do about it; empty where only the fact says that. msg, for the user, is both, and says nothing twice.
    kind: the class of the failure (codes.py and above).
    code: Onfon's code as text ("021"), None where there is none.
    description: Onfon's own words, None where there are none.
    http_status: status of the reply, None where none came.
    may_have_acted: the gateway may have done what it was asked, although no good reply says so.
    result: what had been done before the failure; goes into the task's result.
    """

    def __init__(
        self,
        fact: str,
        *,
        kind: str,
        hint: str = "",
        code: str | None = None,
        description: str | None = None,
        http_status: int | None = None,
        may_have_acted: bool = False,
        result: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(fact if hint in fact else f"{fact} {hint}")
        self.fact = fact
        self.kind = kind
        self.hint = hint
        self.code = code
        self.description = description
        self.http_status = http_status
        self.may_have_acted = may_have_acted
        self.result = dict(result or {})

    @property
    def msg(self) -> str:
        """What happened and what to do about it."""
        return str(self)

    def after(self, fact: str, hint: str, result: t.Mapping[str, t.Any]) -> OnfonError:
        """This error as the end of work that had begun: other words, and what had been done."""
        return OnfonError(
            fact,
            kind=self.kind,
            hint=hint,
            code=self.code,
            description=self.description,
            http_status=self.http_status,
            may_have_acted=self.may_have_acted,
            result=result,
        )

    def as_result(self) -> dict[str, t.Any]:
        """What the task returns: C(msg), C(error), and what had been done before."""
        return {
            "changed": False,
            **self.result,
            "msg": self.msg,
            "error": {
                "code": self.code,
                "description": self.description,
                "class": self.kind,
                "hint": self.hint or None,
                "http_status": self.http_status,
            },
        }


class OptionError(OnfonError):
    """An option of the task is wrong; nothing was asked of the gateway."""

    def __init__(self, msg: str) -> None:
        super().__init__(msg, kind=OPTION)


class MissingLibraryError(OnfonError):
    """A Python library is missing where the operation runs; msg is that of missing_required_lib."""

    def __init__(self, msg: str) -> None:
        super().__init__(msg, kind=LIBRARY)


class StateError(OnfonError):
    """The account's objects do not allow what was declared."""

    def __init__(self, msg: str, result: t.Mapping[str, t.Any] | None = None) -> None:
        super().__init__(msg, kind=codes.STATE, result=result)


class BooksError(OnfonError):
    """A file in which a task notes what it does, such as a journal or a report, cannot be written any further."""

    def __init__(self, msg: str) -> None:
        super().__init__(msg, kind=OPTION)


class NoReplyError(OnfonError):
    """No reply came. may_have_acted says if the request can have reached the gateway."""

    def __init__(self, fact: str, hint: str, *, may_have_acted: bool) -> None:
        super().__init__(fact, kind=TRANSPORT, hint=hint, may_have_acted=may_have_acted)


class ReplyError(OnfonError):
    """A reply came that is no envelope: an HTML page, an empty or broken body, a bare HTTP status."""


class ApiError(OnfonError):
    """Onfon answered with an error code. What a code that nobody has published means for what was done is not known.

    may_have_acted: an earlier try of the same request may have done it.
    """

    def __init__(self, code: object, description: str, *, http_status: int, may_have_acted: bool = False) -> None:
        row = codes.look_up(code, description)
        super().__init__(
            error_fact(row, http_status),
            kind=row.kind,
            hint=row.hint,
            code=row.number,
            description=description or None,
            http_status=http_status,
            may_have_acted=may_have_acted or row.kind in (codes.TRANSIENT, codes.UNKNOWN),
        )


def error_fact(row: codes.Code, http_status: int = 200) -> str:
    """«Onfon error 021: insufficient wallet credits.»"""
    status = "" if http_status == 200 else f" (HTTP {http_status})"
    return f"Onfon error {row.number}{status}: {row.meaning}."


def crash(error: Exception) -> OnfonError:
    """An error that nobody foresaw, in the middle of a request."""
    return OnfonError(
        f"A request ended with a {type(error).__name__}, which is a fault of the collection: please report it.",
        kind=PROTOCOL,
        may_have_acted=True,
    )
