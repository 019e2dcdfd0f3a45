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
    """Counts what is done of a total, and says so now and then. notify: where to; None for nowhere.

    trouble: what is counted beside ("unknown").
    """

    def __init__(self, notify: t.Callable[[str], None] | None, total: int, clock: Clock, trouble: str) -> None:
        self._notify = notify
        self._total = total
        self._clock = clock
        self._trouble = trouble
        self._begun = self._told = clock.monotonic()
        self._done = 0
        self._troubled = 0

    def tell(self, done: int, troubled: int) -> None:
        """So many more are done, and of them so many in trouble."""
        self._done += done
        self._troubled += troubled
        if self._is_due():
            seconds = self._clock.monotonic() - self._begun
            left = readable(seconds / self._done * (self._total - self._done))
            self._say(
                f"{self._done:,} of {self._total:,} done, {self._done / seconds:,.0f} a second, {left} left,"
                f" {self._troubled:,} {self._trouble} so far"
            )

    def mention(self, text: str) -> None:
        """Say something else, unless something was said just now."""
        if self._is_due():
            self._say(text)

    def _is_due(self) -> bool:
        return self._clock.monotonic() - self._told >= SECONDS

    def _say(self, text: str) -> None:
        self._told = self._clock.monotonic()
        if self._notify:
            self._notify(text)


def readable(seconds: float) -> str:
    """«8 s», «3 min 5 s», «2 h 10 min»."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
