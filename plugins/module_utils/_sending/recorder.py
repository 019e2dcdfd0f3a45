# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The books of a run: the outbox, the journal and the report are told together, and in this order."""

from __future__ import annotations

import typing as t

from .._clock import Clock
from .journal import Journal
from .outbox import Letter, Outbox
from .receipts import ADVICE
from .recipients import ACCEPTED, NOT_SENT, REJECTED, SKIPPED, SKIPPED_ALREADY_SENT, UNKNOWN, Verdict
from .report import Report

# Of these a run knows the end as soon as it is told; the others may still turn out otherwise.
_FINAL = frozenset({ACCEPTED, REJECTED, SKIPPED_ALREADY_SENT})


class Books:
    """What is known of each line. journal: None where the task has none.

    Its methods raise RecordError where journal or report cannot be written.
    """

    def __init__(self, outbox: Outbox, journal: Journal | None, clock: Clock) -> None:
        self.outbox = outbox
        self._journal = journal
        self._report: Report | None = None
        self._clock = clock
        self._accepted: list[tuple[bytes, str | None]] = []
        self._released: list[bytes] = []

    def report_to(self, report: Report) -> None:
        """Report from here on, and first the lines that are skipped."""
        self._report = report
        report.write(self.outbox.with_status(SKIPPED))

    def claim(self, letters: t.Sequence[Letter]) -> None:
        """These letters leave now. The journal knows it before they do."""
        left = self._clock.now()
        self._turn([letter.key for letter in letters], left)
        self.outbox.mark_left(letters, left)

    def release(self, letters: t.Sequence[Letter]) -> None:
        """These letters were not taken by the gateway, and leave again."""
        first_time = [letter for letter in letters if not letter.is_second_try]
        self._released.extend(letter.key for letter in first_time)
        self.outbox.mark_back(first_time)

    def close(self, letters: t.Sequence[Letter], verdicts: t.Sequence[Verdict]) -> None:
        """What became of letters, one verdict each. The journal is told with the next claim, or when the run ends."""
        ended = [(letter, _honest(letter, verdict)) for letter, verdict in zip(letters, verdicts)]
        self.outbox.mark(verdict for _letter, verdict in ended)
        self.release([letter for letter, verdict in ended if verdict.status == NOT_SENT])
        self._released.extend(letter.key for letter, verdict in ended if verdict.status == REJECTED)
        self._accepted.extend(
            (letter.key, verdict.message_id)
            for letter, verdict in ended
            if verdict.status in (ACCEPTED, SKIPPED_ALREADY_SENT)
        )
        if self._report:
            self._report.write(letter.ended(verdict) for letter, verdict in ended if verdict.status in _FINAL)

    def flush(self) -> None:
        """Tell the journal what it does not know yet."""
        self._turn([], 0.0)

    def finish(self) -> None:
        """Tell journal and report the rest."""
        self.outbox.unknown_again()
        try:
            if self._report:
                self._report.write(self.outbox.with_status((NOT_SENT, UNKNOWN)))
        finally:
            self.flush()

    def _turn(self, claimed: t.Sequence[bytes], left: float) -> None:
        if self._journal and (self._accepted or self._released or claimed):
            self._journal.turn(accepted=self._accepted, released=self._released, claimed=claimed, left=left)
        self._accepted, self._released = [], []


def _honest(letter: Letter, verdict: Verdict) -> Verdict:
    """A letter that left before, and whose fate was not known, may have arrived then, whatever is said of it now."""
    if letter.is_second_try and verdict.status in (REJECTED, NOT_SENT):
        return verdict._replace(status=UNKNOWN, hint=ADVICE)
    return verdict
