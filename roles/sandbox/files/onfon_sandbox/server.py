# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway as a process that serves; here, and only from here on, FastAPI and uvicorn are needed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from onfon_sandbox import money
from onfon_sandbox.app import create_app
from onfon_sandbox.faults import CONNECTION
from onfon_sandbox.gateway import Gateway
from onfon_sandbox.reports import Postman
from onfon_sandbox.settings import Settings
from onfon_sandbox.store import Store


class BreakableProtocol(H11Protocol):
    """uvicorn's side of a connection, within reach of the requests that come over it (see faults.py)."""

    hanging = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put itself into the `state` of every request's scope."""
        self.app_state = {**self.app_state, CONNECTION: self}
        super().connection_made(transport)

    def reset(self) -> None:
        """Drop the connection: without lingering, the kernel says so with an RST."""
        connection: socket.socket = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def close(self) -> None:
        """Send what was written, and close the connection."""
        self.transport.close()

    def hang(self) -> None:
        """Know that no answer comes."""
        self.hanging = True

    def shutdown(self) -> None:
        """Do not wait for an answer that never comes."""
        if self.hanging:
            self.transport.abort()
        else:
            super().shutdown()


def serve(settings: Settings, database: Path, listener: socket.socket) -> int:
    """Serve until SIGTERM or Ctrl-C, and return the exit code."""
    units = money.units(settings.balance)
    store = Store(database, units)
    app = create_app(Gateway(settings, store))
    # Only with faults: there is a price to reaching the connection from a request.
    how: dict[str, Any] = {"http": BreakableProtocol, "loop": "asyncio"} if settings.faults else {}
    # No access log: its lines would hold the keys of every query.
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
        **how,
    )
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    try:
        with contextlib.suppress(KeyboardInterrupt), _postman(settings, database, units):
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        store.close()
    return 0


def _postman(settings: Settings, database: Path, units: int) -> contextlib.AbstractContextManager[object]:
    """Return who pushes delivery reports as long as the gateway serves, if somebody wants them."""
    return Postman(settings, Store(database, units)) if settings.dlr_url else contextlib.nullcontext()
