# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The errors of an exchange with the gateway."""

from __future__ import annotations

import typing as t

from .._errors import TRANSIENT, TRANSPORT, UNPUBLISHED, OnfonError
from . import codes


class NoReplyError(OnfonError):
    """No reply came. may_have_acted says if the request can have reached the gateway."""

    def __init__(self, fact: str, hint: str, *, may_have_acted: bool) -> None:
        super().__init__(fact, error_class=TRANSPORT, hint=hint, may_have_acted=may_have_acted)


class ReplyError(OnfonError):
    """A reply came that is no envelope: an HTML page, an empty or broken body, a bare HTTP status."""


class ApiError(OnfonError):
    """Onfon answered with an error code.

    may_have_acted: an earlier try of the same request may have acted. It is also set where the code leaves open what
    was done: a transient failure, and a code that is not published. hints: by code, what to do where more is known than
    the table of codes says.
    """

    def __init__(
        self,
        code: object,
        description: str,
        *,
        http_status: int,
        may_have_acted: bool = False,
        hints: t.Mapping[str, str] | None = None,
    ) -> None:
        row = codes.look_up(code, description)
        super().__init__(
            error_fact(row, http_status),
            error_class=row.error_class,
            hint=(hints or {}).get(row.number) or row.hint,
            code=row.number,
            description=description or None,
            http_status=http_status,
            may_have_acted=may_have_acted or row.error_class in (TRANSIENT, UNPUBLISHED),
        )


def error_fact(row: codes.Code, http_status: int = 200) -> str:
    """The sentence about an error code: "Onfon error 021: insufficient wallet credits."."""
    status = "" if http_status == 200 else f" (HTTP {http_status})"
    return f"Onfon error {row.number}{status}: {row.meaning}."
