# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A slow network between the clients and Onfon's services."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from onfon_sandbox.settings import is_service

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Latency:
    """ASGI middleware that lets each request for a service arrive so many seconds late, beside the others."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request wait; everything else is let through."""
        if scope["type"] == "http" and is_service(scope["path"]):
            await asyncio.sleep(self.seconds)
        await self.app(scope, receive, send)
