# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the gateway's words become HTTP: one JSON writer, one envelope, for the dialect of the account."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request, Response

from onfon_sandbox.assumptions import REFUSAL_HTTP_STATUS
from onfon_sandbox.codes import RefusalError
from onfon_sandbox.gateway import Gateway


async def gateway_of(request: Request) -> Gateway:
    """Return the gateway that the application serves."""
    gateway: Gateway = request.app.state.gateway
    return gateway


def as_json(document: Any, status: int = 200) -> Response:
    """Return a document as a JSON answer."""
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status_code=status, media_type="application/json")


def envelope(gateway: Gateway, data: Any) -> Response:
    """Return the answer to a call that went well."""
    return as_json(gateway.dialect.success(data))


def refused(gateway: Gateway, refusal: RefusalError) -> Response:
    """Return the answer to a refused call."""
    return as_json(gateway.dialect.refusal(refusal.code), refusal.http_status or REFUSAL_HTTP_STATUS)
