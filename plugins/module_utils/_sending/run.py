# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""A whole run, from what was asked for to what became of each line of it."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import secrets
import sqlite3
import typing as t

from .._clock import Clock
from .._errors import OPTION, OnfonError, OptionError, RecordError, StateError
from .._gateway.client import Client
from .._gateway.clients import Clients
from .._gateway.models import Template
from .._progress import Progress
from .._reading.delivery import Deliveries, follow, not_found, shortfall
from .._reading.timestamps import EAT
from .._text import enumerated
from . import outcome
from .books import Books
from .compose import Composer, Rules
from .dispatch import Dispatcher, SendOptions, batches
from .guard import Guard, Limits, Plan
from .journal import Journal
from .keys import SALT_BYTES
from .outbox import Outbox
from .receipts import ADVICE
from .recipients import NOT_SENT, UNKNOWN
from .report import Report
from .settle import SentLog, look, settle, skip_sent
from .sources import Asked, Wrong
from .timing import Quiet, Timing

DELIVERY_INTERVAL = 5.0  # seconds between two looks


class DeliveryWait(t.NamedTuple):
    """How to wait for the network's word. timeout: seconds; least: percent that must be delivered, None for any."""

    timeout: float
    least: float | None


@dataclasses.dataclass(frozen=True)
class Order:
    """What a task asks for, its options checked.

    account: stands for gateway and account, without secrets. line_name: what a line is called («entry», «line»).
    text: for all lines; template: the name of one, in its place. journal, report: paths.
    settle_timeout: seconds to look for lost replies, None not to look. dedupe_window: how far back the sent log counts.
    delivery: None not to wait for it.
    """

    account: str
    options: SendOptions
    lines: t.Iterable[Asked | Wrong]
    line_name: str
    text: str | None
    template: str | None
    rules: Rules
    timing: Timing
    limits: Limits
    journal: str | None
    report: str | None
    settle_timeout: float | None
    resend_unknown: bool
    delivery: DeliveryWait | None
    dedupe_window: datetime.timedelta | None
    result_limit: int
    fail_on: str


class Context(t.NamedTuple):
    """What a run works with. connect: one more client of the account. notify: tells whoever watches; None: nobody."""

    client: Client
    connect: t.Callable[[], Client]
    clock: Clock
    notify: t.Callable[[str], None] | None
    check_mode: bool


def send(order: Order, context: Context) -> dict[str, t.Any]:
    """What the task returns. Raises OnfonError, with the same structure as its result, where the task fails."""
    run = Run(order, context)
    with contextlib.suppress(sqlite3.Error), Outbox() as outbox:
        return run.perform(outbox)
    raise OnfonError(
        "The temporary database of the run cannot be written: free some space in the folder for TMPDIR."
        + (f" {run.requests:,} requests were made." if run.requests else " Nobody was texted."),
        error_class=OPTION,
        hint=ADVICE if run.requests else "",
        result={"changed": run.requests > 0},
    )


class Run:
    """One run of an order."""

    def __init__(self, order: Order, context: Context) -> None:
        self._order = order
        self._context = context
        self._begun = context.clock.monotonic()
        self._outbox: Outbox
        self._plan: Plan | None = None
        self._warnings: list[str] = []
        self._deliveries: Deliveries | None = None
        self._dispatcher: Dispatcher | None = None

    @property
    def requests(self) -> int:
        """How many calls were made to send."""
        return self._dispatcher.requests if self._dispatcher else 0

    def perform(self, outbox: Outbox) -> dict[str, t.Any]:
        """All of it: compose, leave out who was texted before, plan, send, settle."""
        self._outbox = outbox
        try:
            with contextlib.ExitStack() as files:
                return self._perform(files)
        except OnfonError as error:
            if error.result or not sum(outbox.counts().values()):
                raise
            raise error.after(error.fact, error.hint, self._result(changed=outbox.sent_here())) from None

    def _perform(self, files: contextlib.ExitStack) -> dict[str, t.Any]:
        order, context = self._order, self._context
        body = self._body()
        journal = files.enter_context(self._journal(order.journal, body)) if order.journal else None
        salt = journal.salt if journal else secrets.token_bytes(SALT_BYTES)
        self._compose(body, salt)
        books = Books(self._outbox, journal, context.clock)
        log = SentLog(context.client, order.options.sender_id, salt, context.clock)
        self._leave_out_the_sent(journal, books, log)
        quiet = self._guard()
        if context.check_mode:
            self._warn_of_unknown()
            return self._result(changed=not quiet and self._would_send(), **_said(quiet))
        if order.report:
            books.report_to(files.enter_context(Report.open(order.report)))
        end = self._hush(books, quiet) if quiet else self._send(books, log)
        if order.delivery:
            self._deliveries = self._follow(order.delivery)
        return self._conclude(end)

    # --- before anybody is texted

    def _body(self) -> str | None:
        """The text for all lines, None where each brings its own."""
        name = self._order.template
        if name is None:
            return self._order.text
        template = find_template(self._context.client.templates(), name)
        if template.approved is False or template.active is False:
            self._warnings.append(f'The template "{name}" is not approved (yet): Onfon may refuse what is made of it.')
        return template.text

    def _journal(self, path: str, body: str | None) -> Journal:
        """The journal of this job; in check mode, a copy that nobody sees."""
        job = "\0".join([self._order.account, self._order.options.sender_id, (body or "").rstrip("\r\n")])
        return Journal.open(path, job, check_mode=self._context.check_mode)

    def _compose(self, body: str | None, salt: bytes) -> None:
        composer = Composer(self._order.rules, body, salt)
        self._outbox.fill(composer.rows(self._order.lines))
        if composer.wrong:
            errors = [wrong._asdict() for wrong in composer.wrong[: self._order.result_limit]]
            raise OnfonError(
                outcome.refusal(composer.wrong, self._order.line_name),
                error_class=OPTION,
                result=self._result(changed=False, errors=errors),
            )

    def _leave_out_the_sent(self, journal: Journal | None, books: Books, log: SentLog) -> None:
        """Whoever was texted by earlier runs is not due any more."""
        order = self._order
        if journal:
            recall(journal, self._outbox)
        if journal and order.settle_timeout is not None:
            look(books, log)
            if log.problem:
                self._warnings.append(f"What an earlier run left open could not be looked up: {log.problem.msg}")
        if order.dedupe_window is not None:
            skip_sent(self._outbox, log, self._context.clock.utc() - order.dedupe_window)

    def _guard(self) -> Quiet | None:
        """Make the plan, and refuse what breaks a limit; why nobody is texted although nothing is wrong, else None."""
        order = self._order
        guard = Guard(self._outbox, order.limits, line_name=order.line_name, resend_unknown=order.resend_unknown)
        plan = guard.plan(self._context.client, lambda keys: batches(keys, order.options.batch_size))
        delivery, quiet = None, None
        try:
            delivery = order.timing.delivery(self._context.clock.utc()) if plan.recipients else None
        except Quiet as error:
            quiet = error
        self._plan = dataclasses.replace(plan, scheduled_for=delivery.isoformat() if delivery else None)
        broken = guard.breaches(plan)
        if broken:
            hint = "Nobody was texted: raise the limit, or shorten the list or the text."
            raise OnfonError(" ".join(broken), error_class=OPTION, hint=hint)
        if quiet and not quiet.skip:
            raise quiet
        return quiet

    def _would_send(self) -> bool:
        return bool(self._plan and self._plan.recipients)

    def _warn_of_unknown(self) -> None:
        unknown = self._unknown()
        if unknown and not self._order.resend_unknown:
            self._warnings.append(
                f"An earlier run left {unknown:,} unknown. They are looked for again, and not sent again."
            )

    # --- sending

    def _send(self, books: Books, log: SentLog) -> outcome.End:
        """Send what is due, and look for lost replies."""
        order, context = self._order, self._context
        broken = None
        with Clients(context.client, context.connect) as clients:
            dispatcher = Dispatcher(books, clients, order.options, order.timing, context.clock)
            self._dispatcher = dispatcher
            try:
                self._rounds(dispatcher, books, log)
            except RecordError as error:
                broken = error
        return outcome.End(
            stopped=dispatcher.stopped,
            broken=dispatcher.broken or broken,
            lost=dispatcher.lost,
            searched=order.settle_timeout is not None,
            log_problem=log.problem,
            journal=order.journal is not None,
        )

    def _rounds(self, dispatcher: Dispatcher, books: Books, log: SentLog) -> None:
        """The first round, and where the task wants that, a second one for what stays unknown."""
        try:
            self._round(dispatcher, books, log)
            # What the log may show must not be sent again unseen.
            if self._order.resend_unknown and not dispatcher.stopped and not log.problem and self._unknown():
                self._outbox.due_again()
                self._round(dispatcher, books, log)
        finally:
            books.finish()

    def _round(self, dispatcher: Dispatcher, books: Books, log: SentLog) -> None:
        """Send what is due, and look for what was lost."""
        order, clock = self._order, self._context.clock
        progress = Progress(self._context.notify, self._outbox.counts()[NOT_SENT], clock, UNKNOWN)
        dispatcher.run(progress)
        if order.settle_timeout is not None:
            settle(books, log, clock, order.settle_timeout, progress)

    def _follow(self, wait: DeliveryWait) -> Deliveries | None:
        """Wait for what becomes of the messages that were accepted; None where Onfon delivers them later."""
        clock = self._context.clock
        if self._plan and self._plan.scheduled_for:
            self._warnings.append("Quiet hours have the messages delivered later: their delivery is not waited for.")
            return None
        message_ids = self._outbox.accepted_ids()
        begun = clock.utc() - datetime.timedelta(seconds=clock.monotonic() - self._begun)
        try:
            return follow(
                self._context.client,
                message_ids,
                begun.astimezone(EAT).date(),
                clock=clock,
                timeout=wait.timeout,
                interval=DELIVERY_INTERVAL,
                notify=self._context.notify,
            )
        except OnfonError as error:
            return not_found(message_ids, error)

    def _unknown(self) -> int:
        return self._outbox.counts()[UNKNOWN]

    def _hush(self, books: Books, quiet: Quiet) -> outcome.End:
        """Send nothing, as quiet hours have it."""
        books.finish()
        return outcome.End(quiet, None, None, searched=False, log_problem=None, journal=self._order.journal is not None)

    # --- how it ended

    def _conclude(self, end: outcome.End) -> dict[str, t.Any]:
        """The result, or the error that says why it is no success."""
        result = self._result(changed=self._outbox.sent_here())
        problem = outcome.problem(self._outbox, end, result)
        if problem and not outcome.is_good(self._outbox, end, self._order.fail_on):
            raise problem
        if self._deliveries and self._order.delivery:
            late = shortfall(self._deliveries, self._order.delivery.least, "delivery_timeout", result)
            if late:
                raise late
        if problem is None:
            return result
        if end.hushed:
            return {**result, **_said(end.stopped)}
        self._warnings.append(problem.msg)
        return {**result, "warnings": self._warnings}

    def _result(self, *, changed: bool, **more: t.Any) -> dict[str, t.Any]:
        """{changed, plan, recipients, summary}: the same whether it was sent, failed, or was only planned."""
        counts = self._outbox.counts()
        return {
            "changed": changed,
            "plan": self._plan.as_result() if self._plan else None,
            "recipients": [one.as_result() for one in self._outbox.recipients(self._order.result_limit)],
            "summary": {
                "requested": sum(counts.values()),
                **counts,
                "segments": self._outbox.segments(),
                "requests": self.requests,
                "seconds": round(self._context.clock.monotonic() - self._begun, 3),
            },
            "delivery": self._deliveries.sums() if self._deliveries else None,
            **({"warnings": self._warnings} if self._warnings else {}),
            **more,
        }


def _said(quiet: OnfonError | None) -> dict[str, str]:
    """What a task says that did nothing, and is right to."""
    return {"msg": quiet.msg} if quiet else {}


def find_template(templates: t.Sequence[Template], name: str) -> Template:
    """The template of that name. Raises StateError where there is none, or more than one."""
    found = [template for template in templates if template.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise StateError(f'{len(found)} templates are called "{name}": rename all but one of them, by id.')
    names = enumerated(sorted(template.name for template in templates)) if templates else "none"
    raise StateError(f'There is no template "{name}", and capitals count. The account has {names}.')


_LEFT_BEFORE = "An earlier run sent it, or was about to, and did not come to know what became of it."


def recall(journal: Journal, outbox: Outbox) -> None:
    """Take over what earlier runs of the job did. Raises OptionError where the journal knows none of these messages."""
    entries = known = 0
    for entry in journal.entries():
        entries += 1
        known += outbox.holds(entry.key)
        if entry.accepted:
            outbox.sent_before(entry.key, entry.message_id)
        else:
            outbox.left_before(entry.key, entry.left, _LEFT_BEFORE, ADVICE)
    if entries and not known:
        raise OptionError(
            "The journal belongs to another job, as it knows none of these people with this text:"
            " give each job a journal of its own. Nobody was texted."
        )
