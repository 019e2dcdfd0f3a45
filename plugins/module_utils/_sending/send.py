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
from .._gateway.client import Client
from .._gateway.errors import OPTION, OnfonError, OptionError, StateError
from .._gateway.models import Template
from .._gateway.texts import enumerated
from . import outcome, receipts
from .books import Books
from .compose import Composer, Rules
from .dispatch import Clients, Dispatcher, Manner, batches
from .guard import Limits, Plan, breaches, make_plan
from .journal import Journal
from .outbox import Outbox
from .progress import Progress
from .recipients import UNKNOWN
from .report import Report
from .settle import SentLog, look, settle, skip_sent
from .sources import Asked, Wrong
from .timing import Quiet, Timing

_LEFT_BEFORE = f"An earlier run was cut off while it sent this message. {receipts.ADVICE}"


@dataclasses.dataclass(frozen=True)
class Order:
    """What a task asks for, its options checked.

    account: stands for gateway and account, without secrets. line_name: what a line is called («entry», «line»).
    text: for all lines; template: the name of one, in its place. journal, report: paths.
    settle_timeout: seconds to look for lost replies, None not to look. dedupe_window: how far back the sent log counts.
    """

    account: str
    manner: Manner
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
    dedupe_window: datetime.timedelta | None
    result_limit: int
    fail_on: str


class Desk(t.NamedTuple):
    """What a run works with. connect: one more client of the account. notify: tells whoever watches; None: nobody."""

    client: Client
    connect: t.Callable[[], Client]
    clock: Clock
    notify: t.Callable[[str], None] | None
    check_mode: bool


def send(order: Order, desk: Desk) -> dict[str, t.Any]:
    """What the task returns. Raises OnfonError, with the same structure as its result, where the task fails."""
    failure = ""
    try:
        with Outbox() as outbox:
            return Run(order, desk, outbox).perform()
    except sqlite3.Error as error:
        failure = str(error)
    raise OptionError(f"The run's temporary database failed ({failure}): free some space in the folder for TMPDIR.")


class Run:
    """One run of an order."""

    def __init__(self, order: Order, desk: Desk, outbox: Outbox) -> None:
        self._order = order
        self._desk = desk
        self._outbox = outbox
        self._begun = desk.clock.monotonic()
        self._plan: Plan | None = None
        self._requests = 0
        self._warnings: list[str] = []

    def perform(self) -> dict[str, t.Any]:
        """All of it: compose, leave out who was texted before, plan, send, settle."""
        order, desk = self._order, self._desk
        body = self._body()
        with contextlib.ExitStack() as files:
            journal = files.enter_context(self._open_journal(body)) if order.journal else None
            salt = journal.salt if journal else secrets.token_bytes(16)
            self._compose(order.rules._replace(body=body, salt=salt))
            books = Books(self._outbox, None if desk.check_mode else journal, desk.clock)
            log = SentLog(desk.client, order.manner.sender_id, salt, desk.clock)
            self._leave_out_the_sent(journal, books, log)
            quiet = self._guard()
            if quiet:
                return self._result(changed=False, msg=quiet.msg)
            if desk.check_mode:
                return self._result(changed=self._would_send())
            if order.report:
                books.report_to(files.enter_context(Report.open(order.report)))
            end = self._send(books, log)
        return self._conclude(end)

    # --- before anybody is texted

    def _body(self) -> str | None:
        """The text for all lines, None where each brings its own."""
        name = self._order.template
        if name is None:
            return self._order.text
        template = find_template(self._desk.client.templates(), name)
        if template.approved is False or template.active is False:
            self._warnings.append(f'The template "{name}" is not approved (yet): Onfon may refuse what is made of it.')
        return template.text

    def _open_journal(self, body: str | None) -> Journal:
        job = "\0".join([self._order.account, self._order.manner.sender_id, body or ""])
        return Journal.open(self._order.journal or "", job, check_mode=self._desk.check_mode)

    def _compose(self, rules: Rules) -> None:
        composer = Composer(rules)
        self._outbox.fill(composer.rows(self._order.lines))
        if composer.wrong:
            errors = [wrong._asdict() for wrong in composer.wrong[: self._order.result_limit]]
            raise OnfonError(
                outcome.refusal(composer.wrong, self._order.line_name),
                kind=OPTION,
                result=self._result(changed=False, errors=errors),
            )

    def _leave_out_the_sent(self, journal: Journal | None, books: Books, log: SentLog) -> None:
        """Whoever was texted by earlier runs is not due any more."""
        order = self._order
        if journal:
            recall(journal, self._outbox)
            problem = look(books, log) if order.settle_timeout is not None else None
            if problem:
                self._warnings.append(f"What an earlier run left open could not be looked up: {problem.msg}")
        if order.dedupe_window is not None:
            skip_sent(self._outbox, log, self._now() - order.dedupe_window)

    def _guard(self) -> Quiet | None:
        """Make the plan, and refuse what breaks a limit; why nobody is texted although nothing is wrong, else None."""
        order, outbox = self._order, self._outbox
        requests = sum(1 for _batch in batches(outbox.due_places(), order.manner.batch_size))
        delivery, quiet = None, None
        try:
            delivery = order.timing.delivery(self._now()) if requests else None
        except Quiet as error:
            quiet = error
        self._plan = make_plan(outbox, self._desk.client, order.limits, requests, delivery)
        broken = breaches(self._plan, order.limits, outbox)
        if broken:
            hint = "Nobody was texted: raise the limit, or shorten the list or the text."
            raise OnfonError(" ".join(broken), kind=OPTION, hint=hint, result=self._result(changed=False))
        if quiet and not quiet.skip:
            raise quiet.after(quiet.fact, quiet.hint, self._result(changed=False))
        return quiet

    def _would_send(self) -> bool:
        counts = self._outbox.counts()
        return bool(self._plan and self._plan.recipients) or bool(self._order.resend_unknown and counts[UNKNOWN])

    # --- sending

    def _send(self, books: Books, log: SentLog) -> outcome.End:
        """Send what is due, and look for lost replies; where the task wants that, send what stays unknown once more."""
        order = self._order
        end = outcome.End(searched=order.settle_timeout is not None, journal=bool(order.journal))
        with Clients(self._desk.client, self._desk.connect) as clients:
            self._round(books, log, clients, end)
            if order.resend_unknown and not end.stopped and self._outbox.counts()[UNKNOWN]:
                self._outbox.due_again()
                self._round(books, log, clients, end)
        end.broken = books.finish() or end.broken
        return end

    def _round(self, books: Books, log: SentLog, clients: Clients, end: outcome.End) -> None:
        order, clock = self._order, self._desk.clock
        gsm7, ucs2, *_segments = self._outbox.due_sums()
        progress = Progress(self._desk.notify, gsm7 + ucs2, clock)
        dispatcher = Dispatcher(books, clients, order.manner, order.timing, clock=clock, progress=progress)
        dispatcher.run()
        self._requests += dispatcher.requests
        end.stopped, end.broken = dispatcher.stopped, dispatcher.broken
        if order.settle_timeout is not None:
            end.log = settle(books, log, clock, order.settle_timeout, progress)

    # --- how it ended

    def _conclude(self, end: outcome.End) -> dict[str, t.Any]:
        """The result, or the error that says why it is no success."""
        result = self._result(changed=self._outbox.sent_here())
        problem = outcome.problem(self._outbox, end, result)
        if problem is None:
            return result
        if not outcome.is_good(self._outbox, end, self._order.fail_on):
            raise problem
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
                "requests": self._requests,
                "seconds": round(self._desk.clock.monotonic() - self._begun, 3),
            },
            **({"warnings": self._warnings} if self._warnings else {}),
            **more,
        }

    def _now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self._desk.clock.now(), datetime.timezone.utc)


def find_template(templates: t.Sequence[Template], name: str) -> Template:
    """The template of that name. Raises StateError where there is none, or more than one."""
    found = [template for template in templates if template.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise StateError(f'{len(found)} templates are called "{name}": rename all but one of them, by id.')
    names = enumerated(sorted(template.name for template in templates)) if templates else "none"
    raise StateError(f'There is no template "{name}", and capitals count. The account has {names}.')


def recall(journal: Journal, outbox: Outbox) -> None:
    """Take over what earlier runs of the job did. Raises OptionError where the journal knows none of these messages."""
    entries = known = 0
    for entry in journal.entries():
        entries += 1
        known += outbox.holds(entry.key)
        if entry.accepted:
            outbox.sent_before(entry.key, entry.message_id)
        else:
            outbox.left_before(entry.key, entry.left, _LEFT_BEFORE)
    if entries and not known:
        raise OptionError(
            "The journal belongs to another job, as it knows none of these people with this text:"
            " give each job a journal of its own. Nobody was texted."
        )
