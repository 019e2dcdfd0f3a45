# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""What a run records while it goes: message store, journal and report, always together and in this order."""

from __future__ import annotations

import typing as t

from .._clock import Clock
from .._errors import OptionError
from .._rows import RowsFile
from .._sms.statuses import (
    ACCEPTED,
    NOT_SENT,
    REJECTED,
    SKIPPED,
    SKIPPED_ALREADY_SENT,
    UNKNOWN,
    UNKNOWN_HINT,
)
from .journal import Journal
from .records import OutgoingMessage, SendResult
from .store import MessageStore

# These do not change any more once they are known; the others may.
_FINAL: t.Final = frozenset({ACCEPTED, REJECTED, SKIPPED_ALREADY_SENT})
_CLAIMED_BEFORE = "An earlier run sent it, or was about to, and did not come to know what became of it."


class Recorder:
    """Records what becomes of each message. journal: None where the task has none.

    Its methods raise RecordError where journal or report cannot be written.
    """

    def __init__(self, store: MessageStore, journal: Journal | None, clock: Clock) -> None:
        self._store = store
        self._journal = journal
        self._report: RowsFile | None = None
        self._clock = clock
        self._accepted: list[tuple[bytes, str | None]] = []
        self._released: list[bytes] = []

    def recall(self) -> None:
        """Take over what earlier runs of the job did. Raises OptionError where the journal is another job's."""
        entries = known = 0
        for entry in self._journal.entries() if self._journal else ():
            entries += 1
            known += self._store.has(entry.key)
            if entry.accepted:
                self._store.mark_already_sent(entry.key, entry.message_id)
            else:
                self._store.mark_claimed_before(entry.key, entry.claimed_at, _CLAIMED_BEFORE, UNKNOWN_HINT)
        if entries and not known:
            raise OptionError(
                "The journal belongs to another job, as it knows none of these people with this text:"
                " give each job a journal of its own. Nobody was texted."
            )

    def report_to(self, report: RowsFile) -> None:
        """Write a report from here on, and first the recipients that are skipped."""
        self._report = report
        self._write_report(self._store.results_with(SKIPPED))

    def claim(self, messages: t.Sequence[OutgoingMessage]) -> None:
        """These messages leave now. The journal knows it before they do."""
        claimed_at = self._clock.now()
        self._update_journal([message.key for message in messages], claimed_at)
        self._store.mark_claimed(messages, claimed_at)

    def release(self, messages: t.Iterable[OutgoingMessage]) -> None:
        """These messages were not taken by the gateway, and may leave again."""
        claimed_once = [message for message in messages if not message.claimed_before]
        self._released.extend(message.key for message in claimed_once)
        self._store.mark_released(claimed_once)

    def record(self, messages: t.Sequence[OutgoingMessage], results: t.Sequence[SendResult]) -> None:
        """What became of messages, a result for each. The journal is told with the next claim, or at the end."""
        ended = [(message, _cautious(message, result)) for message, result in zip(messages, results)]
        self._store.record(result for _message, result in ended)
        self.release([message for message, result in ended if result.status == NOT_SENT])
        self._released.extend(message.key for message, result in ended if result.status == REJECTED)
        self._accepted.extend(
            (message.key, result.message_id)
            for message, result in ended
            if result.status in (ACCEPTED, SKIPPED_ALREADY_SENT)
        )
        self._write_report(result for _message, result in ended if result.status in _FINAL)

    def flush(self) -> None:
        """Tell the journal what it does not know yet."""
        self._update_journal([], 0.0)

    def finish(self) -> None:
        """Tell journal and report the rest."""
        self._store.restore_unknown()
        try:
            self._write_report(self._store.results_with((NOT_SENT, UNKNOWN)))
        finally:
            self.flush()

    def _write_report(self, results: t.Iterable[SendResult]) -> None:
        if self._report:
            self._report.write(result.as_row() for result in results)

    def _update_journal(self, claimed: t.Sequence[bytes], claimed_at: float) -> None:
        if self._journal and (self._accepted or self._released or claimed):
            self._journal.update(
                accepted=self._accepted, released=self._released, claimed=claimed, claimed_at=claimed_at
            )
        self._accepted, self._released = [], []


def _cautious(message: OutgoingMessage, result: SendResult) -> SendResult:
    """A message that was claimed before, and was unknown, may have arrived then, whatever is said of it now."""
    if message.claimed_before and result.status in (REJECTED, NOT_SENT):
        return result._replace(status=UNKNOWN, hint=UNKNOWN_HINT)
    return result
