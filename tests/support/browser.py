# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A headless Chromium, spoken to over a pipe in its own protocol: no driver and no library is needed for that."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

SECONDS = 60
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = (
    "No Chromium is found, in which the pages are tested: install it, on Debian with "
    "`apt-get install --no-install-recommends chromium` as root, or run these tests where it is."
)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars"),
)


def find() -> str:
    """The browser of this machine. A test that cannot be run has failed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or pytest.fail(MISSING, pytrace=False)


class Browser:
    """`with Browser() as browser:` starts it, with one page, and stops it.

    errors: what the console got that is no plain talk. requests: addresses that were asked for, apart from data.
    """

    def __init__(self) -> None:
        program = find()
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._events: list[dict[str, Any]] = []
        self._unread = b""
        self._session: str | None = None
        self._number = 0
        self._folder = tempfile.TemporaryDirectory(prefix="onfon-browser-", ignore_cleanup_errors=True)
        command = [program, *FLAGS, "--remote-debugging-pipe", f"--user-data-dir={self._folder.name}"]
        # The protocol's two pipes are the descriptors 3 and 4.
        script = 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null'
        self._process = subprocess.Popen(
            ["sh", "-c", script, "sh", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        """Return the running browser."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop it."""
        self._session = None
        self._call("Browser.close")
        self._process.wait(SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._folder.cleanup()

    # --- what a reader does

    def open(self, path: Path, width: int, *, dark: bool = False, media: str = "screen") -> None:
        """Show a file at this width."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self._events.clear()
        self._call("Page.navigate", url=path.resolve().as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._read()
        # What the page does after it has loaded is told before this is answered.
        self.ask("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true), 50)))")
        self._note()

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def text(self, selector: str) -> str:
        """The text of the first element that fits, as it is shown."""
        return str(self.ask(f"document.querySelector({json.dumps(selector)}).innerText.trim()"))

    def table(self, selector: str) -> list[list[str]]:
        """The cells of a table's rows, without what only the style sheet adds."""
        script = (
            "[...document.querySelectorAll(%s)].map(row => [...row.cells].map("
            "cell => cell.textContent.replace(/\\s+/g, ' ').trim()))"
        )
        rows: list[list[str]] = self.ask(script % json.dumps(f"{selector} tbody tr"))
        return rows

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def screenshot(self, path: Path) -> None:
        """The whole page as a picture."""
        answer = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(answer["data"]))

    def pdf(self, path: Path) -> None:
        """The page as it is printed."""
        answer = self._call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        path.write_bytes(base64.b64decode(answer["data"]))

    # --- the protocol

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        self._process.stdin.flush()
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        """The next message; one that is no answer is kept as an event."""
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        while b"\0" not in self._unread:
            assert select.select([pipe], [], [], SECONDS)[0], f"the browser has said nothing for {SECONDS} s"
            content = os.read(pipe, 1 << 16)
            assert content, "the browser has ended"
            self._unread += content
        line, _nought, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if "method" in message:
            self._events.append(message)
        return message

    def _note(self) -> None:
        """Sort what has happened into errors and requests."""
        for event in self._events:
            params = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                self.errors.append(str(params["exceptionDetails"]))
            elif event["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
                self.errors.append(str(params["args"]))
            elif event["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                self.errors.append(params["entry"]["text"])
            elif event["method"] == "Network.requestWillBeSent":
                url = params["request"]["url"]
                if not url.startswith("data:"):
                    self.requests.append(url)
