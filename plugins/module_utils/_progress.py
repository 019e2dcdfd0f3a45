# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""A line every few seconds for whoever watches a long run."""

from __future__ import annotations

import typing as t

from ._clock import Clock

SECONDS = 5.0


class Progress:
    """Counts what is done of a total, and shows it now and then. notify: where to; None for nowhere.

    problem: what is counted besides ("unknown").
    """

    def __init__(self, notify: t.Callable[[str], None] | None, total: int, clock: Clock, problem: str) -> None:
        self._notify = notify
        self._total = total
        self._clock = clock
        self._problem = problem
        self._started = self._shown = clock.monotonic()
        self._done = 0
        self._problems = 0

    def advance(self, done: int, problems: int) -> None:
        """So many more are done, so many of them with a problem."""
        self._done += done
        self._problems += problems
        if self._is_due():
            seconds = self._clock.monotonic() - self._started
            left = format_duration(seconds / self._done * (self._total - self._done))
            self._show(
                f"{self._done:,} of {self._total:,} done, {self._done / seconds:,.0f} a second, {left} left,"
                f" {self._problems:,} {self._problem} so far"
            )

    def note(self, text: str) -> None:
        """Show another line, unless one was shown just now."""
        if self._is_due():
            self._show(text)

    def _is_due(self) -> bool:
        return self._clock.monotonic() - self._shown >= SECONDS

    def _show(self, text: str) -> None:
        self._shown = self._clock.monotonic()
        if self._notify:
            self._notify(text)


def format_duration(seconds: float) -> str:
    """A length of time for people: "8 s", "3 min 5 s", "2 h 10 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
