# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The errors that the collection raises on purpose; each knows how to present itself as a task's result."""

from __future__ import annotations

import traceback
import typing as t

_FOLDER = "/module_utils/"

# The error classes, returned as error.class. The first eight are those of Onfon's codes (see _gateway/codes.py).
REQUEST = "request"  # the call itself must be changed
AUTH = "auth"  # the keys, or the address they are used from
ACCOUNT = "account"  # the account, which only its owner or Onfon can change
FUNDS = "funds"
STATE = "state"  # the account does not hold what the call took for granted
TRANSIENT = "transient"  # Onfon's side failed; what became of the call is not certain
ROUTING = "routing"  # this number, network or country cannot be reached
UNPUBLISHED = "unknown"  # a code that Onfon does not publish
OPTION = "option"  # the task must be changed
LIBRARY = "library"  # a Python library is missing
TRANSPORT = "transport"  # no connection, or no reply
PROTOCOL = "protocol"  # a reply that is not what Onfon documents


# After an error of these classes, the next request would fail as well.
PERMANENT: t.Final = frozenset({AUTH, ACCOUNT, FUNDS})


class OnfonError(Exception):
    """A task cannot do what it was asked.

    fact: what happened, one sentence with its period.
    hint: what to do about it; empty where the fact already says that. msg, for the user, is both.
    error_class: one of the classes above.
    code: Onfon's code as text ("021"), None where there is none.
    description: Onfon's own words, None where there are none.
    http_status: status of the reply, None where none came.
    may_have_acted: the gateway may have done what it was asked, although no usable reply says so.
    result: what had been done before the failure; becomes part of the task's result.
    """

    def __init__(
        self,
        fact: str,
        *,
        error_class: str,
        hint: str = "",
        code: str | None = None,
        description: str | None = None,
        http_status: int | None = None,
        may_have_acted: bool = False,
        result: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(fact if hint in fact else f"{fact} {hint}")
        self.fact = fact
        self.error_class = error_class
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

    def reworded(self, fact: str, hint: str, result: t.Mapping[str, t.Any]) -> OnfonError:
        """The same error with another message, and with the result of the work that it ended."""
        return OnfonError(
            fact,
            error_class=self.error_class,
            hint=hint,
            code=self.code,
            description=self.description,
            http_status=self.http_status,
            may_have_acted=self.may_have_acted,
            result=result,
        )

    def with_result(self, result: t.Mapping[str, t.Any]) -> OnfonError:
        """The same error, with the result of the work that it ended."""
        return self.reworded(self.fact, self.hint, result)

    def as_result(self) -> dict[str, t.Any]:
        """What the failed task returns: {changed, msg, error, and what had been done before}."""
        return {
            "changed": False,
            **self.result,
            "msg": self.msg,
            "error": {
                "code": self.code,
                "description": self.description,
                "class": self.error_class,
                "hint": self.hint or None,
                "http_status": self.http_status,
            },
        }


class OptionError(OnfonError):
    """An option of the task is wrong; nothing was asked of the gateway."""

    def __init__(self, msg: str) -> None:
        super().__init__(msg, error_class=OPTION)


class MissingLibraryError(OnfonError):
    """A Python library is missing where the operation runs; msg is that of missing_required_lib."""

    def __init__(self, msg: str) -> None:
        super().__init__(msg, error_class=LIBRARY)


class StateError(OnfonError):
    """The account's resources do not allow what was declared."""

    def __init__(self, msg: str, result: t.Mapping[str, t.Any] | None = None) -> None:
        super().__init__(msg, error_class=STATE, result=result)


class RecordError(OnfonError):
    """A file in which a task records what it does, such as a journal or a report, cannot be written any further."""

    def __init__(self, msg: str) -> None:
        super().__init__(msg, error_class=OPTION)


class UnexpectedError(OnfonError):
    """A fault of the collection. what: what ended with it, such as "A request"; cause: the error behind it.

    The cause's own words stay out of the message, as they may hold a secret.
    """

    def __init__(self, what: str, cause: Exception) -> None:
        super().__init__(
            f"{what} ended with {type(cause).__name__}{_place_of(cause)}, which is a fault of the collection:"
            " please report it.",
            error_class=PROTOCOL,
            may_have_acted=True,
        )


def _place_of(error: Exception) -> str:
    """Where in the collection it was raised, such as " (_sending/run.py, line 7)"; empty where that is not known."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if _FOLDER in frame.filename]
    return f" ({inside[-1].filename.rpartition(_FOLDER)[2]}, line {inside[-1].lineno})" if inside else ""
