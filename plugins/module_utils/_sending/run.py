# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""One run of onfon_sms: the order of its steps, from what was asked for to what became of each recipient."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import secrets
import sqlite3
import typing as t

from .._context import Context
from .._errors import OPTION, OnfonError, RecordError, UnexpectedError
from .._progress import Progress
from .._reading.delivery import Deliveries, check_deliveries, not_found, wait_for_delivery
from .._reading.timestamps import EAT
from .._rows import RowsFile
from .._sms.statuses import NOT_SENT, UNKNOWN
from .._workers import Workers
from .inputs import find_template
from .journal import Journal
from .keys import SALT_BYTES
from .plan import Limits, Planner, SendPlan
from .recorder import Recorder
from .records import RESULT_COLUMNS, InputRow, InvalidRow
from .result import RunEnd, build_result, find_shortfall, is_success, refusal, store_error
from .schedule import Hold, Schedule
from .sender import Sender, SendOptions
from .settle import SenderLog, Settlement, skip_already_sent
from .store import MessageStore
from .validate import Rules, Validator

REPORT_FILE = "report_file"
DELIVERY_INTERVAL = 5.0  # seconds between two readings of the log


class DeliveryWait(t.NamedTuple):
    """How to wait for delivery. timeout: seconds; least_percent: how many must be delivered, None for any number."""

    timeout: float
    least_percent: float | None


@dataclasses.dataclass(frozen=True)
class Job:
    """What a task asks for, its options checked.

    account: stands for gateway and account, without secrets. rows, row_name: the recipients, and what one of them is
    called ("entry", "line"). text: for all rows; template: the name of one, in its place. journal, report_file: paths.
    settle_timeout: seconds to look for lost replies, None not to look. dedupe_window: how far back the sent log counts.
    delivery_wait: None not to wait for delivery.
    """

    account: str
    options: SendOptions
    rows: t.Iterable[InputRow | InvalidRow]
    row_name: str
    text: str | None
    template: str | None
    rules: Rules
    schedule: Schedule
    limits: Limits
    journal: str | None
    report_file: str | None
    settle_timeout: float | None
    resend_unknown: bool
    delivery_wait: DeliveryWait | None
    dedupe_window: datetime.timedelta | None
    result_limit: int
    fail_on: str


def send(job: Job, context: Context) -> dict[str, t.Any]:
    """What the task returns. Raises OnfonError, with the same structure as its result, where the task fails."""
    run: _Run | None = None
    try:
        with MessageStore() as store:
            run = _Run(job, context, store)
            return run.perform()
    except sqlite3.Error as error:
        raise store_error(error, run.requests if run else 0) from error


class _Run:
    """One run of a job on a store that is empty."""

    def __init__(self, job: Job, context: Context, store: MessageStore) -> None:
        self._job = job
        self._context = context
        self._store = store
        self._started = context.clock.monotonic()
        self._plan: SendPlan | None = None
        self._warnings: list[str] = []
        self._deliveries: Deliveries | None = None
        self._sender: Sender | None = None

    @property
    def requests(self) -> int:
        """How many calls of SendBulkSMS were made."""
        return self._sender.requests if self._sender else 0

    def perform(self) -> dict[str, t.Any]:
        """Validate, leave out who was texted before, plan, send, settle; what the task returns."""
        try:
            with contextlib.ExitStack() as files:
                return self._perform(files)
        except OnfonError as error:
            if error.result or not sum(self._store.counts().values()):
                raise
            raise error.with_result(self._result(changed=self._store.sent_in_this_run())) from None
        except sqlite3.Error:
            raise
        except Exception as error:
            # Whatever it is: who was texted by then must be known.
            result = self._result(changed=self._store.sent_in_this_run())
            raise UnexpectedError("The run", error).with_result(result) from error

    def _perform(self, files: contextlib.ExitStack) -> dict[str, t.Any]:
        job, context = self._job, self._context
        text = self._text()
        journal = files.enter_context(self._open_journal(job.journal, text)) if job.journal else None
        salt = journal.salt if journal else secrets.token_bytes(SALT_BYTES)
        self._validate(text, salt)
        recorder = Recorder(self._store, journal, context.clock)
        log = SenderLog(context.client, job.options.sender_id, salt, context.clock)
        settlement = Settlement(self._store, recorder, log, context.clock)
        self._leave_out_already_sent(recorder, settlement, log)
        hold = self._plan_and_check()
        if context.check_mode:
            self._warn_of_unknown()
            return self._result(changed=not hold and self._would_send(), **({"msg": hold.fact} if hold else {}))
        if job.report_file:
            recorder.report_to(files.enter_context(RowsFile.create(REPORT_FILE, job.report_file, RESULT_COLUMNS)))
        end = self._hold(recorder, hold) if hold else self._send(recorder, settlement)
        if job.delivery_wait:
            self._deliveries = self._wait_for_delivery(job.delivery_wait)
        return self._conclude(end)

    # --- before anybody is texted

    def _text(self) -> str | None:
        """The text for all rows, None where each brings its own."""
        name = self._job.template
        if name is None:
            return self._job.text
        template = find_template(self._context.client.templates(), name)
        if template.approved is False or template.active is False:
            self._warnings.append(f'The template "{name}" is not approved (yet): Onfon may refuse its messages.')
        return template.text

    def _open_journal(self, path: str, text: str | None) -> Journal:
        """The journal of this job; in check mode, a copy that nobody sees."""
        job = "\0".join([self._job.account, self._job.options.sender_id, (text or "").rstrip("\r\n")])
        return Journal.open(path, job, check_mode=self._context.check_mode)

    def _validate(self, text: str | None, salt: bytes) -> None:
        """Fill the store. Raises OnfonError, with all that is wrong, where a row must not be sent."""
        validator = Validator(self._job.rules, text, salt)
        self._store.fill(validator.validate(self._job.rows))
        if validator.refused:
            errors = [row._asdict() for row in validator.refused[: self._job.result_limit]]
            raise OnfonError(
                refusal(validator.refused, self._job.row_name),
                error_class=OPTION,
                result=self._result(changed=False, errors=errors),
            )

    def _leave_out_already_sent(self, recorder: Recorder, settlement: Settlement, log: SenderLog) -> None:
        """What earlier runs sent is not pending any more."""
        job = self._job
        recorder.recall()
        if job.journal and job.settle_timeout is not None:
            settlement.look_up()
            if settlement.problem:
                fact = "Unknown messages of an earlier run could not be looked up"
                self._warnings.append(f"{fact}: {settlement.problem.msg}")
        if job.dedupe_window is not None:
            skip_already_sent(self._store, log, self._context.clock.utc() - job.dedupe_window)

    def _plan_and_check(self) -> Hold | None:
        """Plan the run. Raises OnfonError where it breaks a limit or quiet hours; returns those that only skip it."""
        job = self._job
        planner = Planner(
            self._store,
            job.limits,
            batch_size=job.options.batch_size,
            row_name=job.row_name,
            resend_unknown=job.resend_unknown,
        )
        plan = planner.plan(self._context.client)
        at, hold = job.schedule.decide(self._context.clock.utc()) if plan.recipients else (None, None)
        self._plan = dataclasses.replace(plan, scheduled_for=at.isoformat() if at else None)
        broken = planner.broken_limits(plan)
        if broken:
            hint = "Nothing was sent: raise the limit, or shorten the list or the text."
            raise OnfonError(" ".join(broken), error_class=OPTION, hint=hint)
        if hold and not hold.skip:
            raise hold.error()
        return hold

    def _would_send(self) -> bool:
        return bool(self._plan and self._plan.recipients)

    def _warn_of_unknown(self) -> None:
        unknown = self._store.counts()[UNKNOWN]
        if unknown and not self._job.resend_unknown:
            self._warnings.append(
                f"An earlier run left {unknown:,} messages unknown. They are looked up again, and not sent again."
            )

    # --- sending

    def _hold(self, recorder: Recorder, hold: Hold) -> RunEnd:
        """Send nothing, because of quiet hours."""
        recorder.finish()
        return RunEnd(stop_reason=hold.error(), hold=hold, has_journal=self._job.journal is not None)

    def _send(self, recorder: Recorder, settlement: Settlement) -> RunEnd:
        """Send what is pending, and look for lost replies."""
        job, context = self._job, self._context
        record_error: RecordError | None = None
        with Workers(context.client, context.connect, job.options.concurrency) as workers:
            self._sender = sender = Sender(recorder, workers, job.options, job.schedule, context.clock)
            try:
                self._send_rounds(sender, workers, recorder, settlement)
            except RecordError as error:
                record_error = error
        return RunEnd(
            stop_reason=workers.stop_reason,
            hold=sender.hold,
            record_error=sender.record_error or record_error,
            lost=sender.lost,
            searched=job.settle_timeout is not None,
            log_problem=settlement.problem,
            has_journal=job.journal is not None,
        )

    def _send_rounds(self, sender: Sender, workers: Workers, recorder: Recorder, settlement: Settlement) -> None:
        """The first round, and where the task wants that, a second one for what stays unknown."""
        try:
            self._send_round(sender, settlement)
            # What the log may show must not be sent again unseen.
            may_resend = self._job.resend_unknown and not workers.stop_reason and not settlement.problem
            if may_resend and self._store.counts()[UNKNOWN]:
                self._store.resend_unknown()
                self._send_round(sender, settlement)
        finally:
            recorder.finish()

    def _send_round(self, sender: Sender, settlement: Settlement) -> None:
        """Send what is pending, and look for what was lost."""
        progress = Progress(self._context.notify, self._store.counts()[NOT_SENT], self._context.clock, UNKNOWN)
        sender.send(self._store.pending(), progress)
        if self._job.settle_timeout is not None:
            settlement.settle(self._job.settle_timeout, progress)

    def _wait_for_delivery(self, wait: DeliveryWait) -> Deliveries | None:
        """Wait for what becomes of the accepted messages; None where Onfon delivers them later."""
        clock = self._context.clock
        if self._plan and self._plan.scheduled_for:
            self._warnings.append(
                "The messages are delivered after quiet hours, so the task does not wait for their delivery."
            )
            return None
        message_ids = self._store.accepted_ids()
        started_at = clock.utc() - datetime.timedelta(seconds=clock.monotonic() - self._started)
        try:
            return wait_for_delivery(
                self._context.client,
                message_ids,
                started_at.astimezone(EAT).date(),
                clock=clock,
                timeout=wait.timeout,
                interval=DELIVERY_INTERVAL,
                notify=self._context.notify,
            )
        except OnfonError as error:
            return not_found(message_ids, error)

    # --- how it ended

    def _conclude(self, end: RunEnd) -> dict[str, t.Any]:
        """The result. Raises OnfonError, with the result in it, where the task fails."""
        result = self._result(changed=self._store.sent_in_this_run())
        shortfall = find_shortfall(self._store, end)
        if shortfall and not is_success(self._store.counts(), end, self._job.fail_on):
            raise shortfall.error(result)
        wait = self._job.delivery_wait
        if self._deliveries and wait:
            check_deliveries(self._deliveries, wait.least_percent, "delivery_timeout", result)
        if shortfall is None:
            return result
        if end.hold and end.hold.skip:
            return {**result, "msg": end.hold.fact}
        return {**result, "warnings": [*self._warnings, shortfall.error(result).msg]}

    def _result(self, *, changed: bool, **more: t.Any) -> dict[str, t.Any]:
        """What the task returns, whether it was sent, failed, or was only planned."""
        return build_result(
            self._store,
            changed=changed,
            plan=self._plan,
            requests=self.requests,
            seconds=self._context.clock.monotonic() - self._started,
            deliveries=self._deliveries,
            warnings=self._warnings,
            limit=self._job.result_limit,
            **more,
        )
