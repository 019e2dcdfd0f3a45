# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Chromium of this machine, headless and offline, with one page, driven by Playwright."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = (
    "No Chromium is found, in which the pages are tested: install it, on Debian with "
    "`apt-get install --no-install-recommends chromium` as root, or run these tests where it is."
)
# Playwright's own flags turn off background requests, updates and synchronization.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic")


def find() -> str:
    """The path of the browser. A test that cannot be run has failed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or pytest.fail(MISSING, pytrace=False)


class Browser:
    """One page. errors: the errors and warnings of its console; requests: the requested URLs except data URLs."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._page = page
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._on_console)
        page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.errors.append(message.text)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.requests.append(request.url)

    def open(self, path: Path, width: int, *, dark: bool = False, media: Any = "screen") -> None:
        """Show a file at this width."""
        self._page.set_viewport_size({"width": width, "height": 800})
        self._page.emulate_media(media=media, color_scheme="dark" if dark else "light")
        self._page.goto(path.resolve().as_uri())
        # What the page does after it has loaded comes before this.
        self.ask("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true), 50)))")

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        return self._page.evaluate(expression)

    def text(self, selector: str) -> str:
        """The text of the first element, as it is shown."""
        return self._page.locator(selector).first.inner_text().strip()

    def table(self, selector: str) -> list[list[str]]:
        """The cells of a table's rows, without what only the style sheet adds."""
        rows: list[list[str]] = self._page.locator(f"{selector} tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.replace(/\\s+/g, ' ').trim()))"
        )
        return rows

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def pdf(self, path: Path) -> None:
        """Print the page."""
        self._page.pdf(path=path, prefer_css_page_size=True)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser, and stop it at the end."""
    program = find()
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=program, args=FLAGS) as running:
        yield Browser(running.new_page())
