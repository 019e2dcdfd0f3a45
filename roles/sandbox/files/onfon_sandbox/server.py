# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway as a process that serves; here, and only from here on, FastAPI and uvicorn are needed."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
from pathlib import Path

import uvicorn

from onfon_sandbox import money
from onfon_sandbox.app import create_app
from onfon_sandbox.gateway import Gateway
from onfon_sandbox.settings import Settings
from onfon_sandbox.store import Store


def serve(settings: Settings, database: Path, listener: socket.socket) -> int:
    """Serve until SIGTERM or Ctrl-C, and return the exit code."""
    store = Store(database, money.units(settings.balance))
    app = create_app(Gateway(settings, store))
    # No access log: its lines would hold the keys of every query.
    config = uvicorn.Config(
        app, access_log=False, log_level="warning", lifespan="off", server_header=False, timeout_graceful_shutdown=2
    )
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    try:
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        store.close()
    return 0
