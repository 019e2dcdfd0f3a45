# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured, beside what, and what it must reach: data, without a word of how it is run."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from benchmarks.account import NOTHING, Account, People, group, msisdn
from benchmarks.commands import Command, play, script, uri_post
from benchmarks.gateway import COUNTING, Requests
from benchmarks.runs import Median
from tests.support.ansible import Task

BATCH = 20  # recipients that Onfon takes in a call
CONCURRENCY = 4  # requests of onfon_sms at a time, unless more are asked for
LATENCY = 0.1  # seconds
SIZES = (100, 1000, 10_000)
TEXT = "Dear ##Name##, the power is off from 22:00 to 23:00 tonight. Please save your work before."


class File(Protocol):
    """What the works of a case read."""

    def write(self, folder: Path) -> None: ...


@dataclasses.dataclass(frozen=True)
class Effect:
    """What the account holds before a work and behind it, and how many messages are sent.

    requests: how many are made; that is known where a gateway counts them.
    """

    before: Account = NOTHING
    after: Account = NOTHING
    texts: int = 0
    requests: Requests | None = None


@dataclasses.dataclass(frozen=True)
class Work:
    """One thing to run and to measure. says: what is in its output when all went well."""

    name: str
    command: Command
    says: str = ""
    effect: Effect | None = None


@dataclasses.dataclass(frozen=True)
class Figure:
    """What the medians of a case's works, in their order, come to; at_least and at_most are its target."""

    words: str
    of: Callable[..., float]
    at_least: float | None = None
    at_most: float | None = None


@dataclasses.dataclass(frozen=True)
class Case:
    """Works that are run in turn, ours before the others. flags: of the sandbox that they meet."""

    name: str
    works: tuple[Work, ...]
    figures: tuple[Figure, ...]
    files: tuple[File, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def texts_people(self) -> bool:
        return any(work.effect and work.effect.texts for work in self.works)


EMPTY_PLAY = Work("an empty play", play())


def ratio(above: float, below: float) -> float:
    """Not a number where one of them is lost in the noise, as a difference can be in small runs."""
    return above / below if above > 0 and below > 0 else math.nan


def times_faster(ours: Median, theirs: Median, *_others: Median) -> float:
    return ratio(theirs.seconds, ours.seconds)


def beyond_start(work: Median, empty: Median) -> float:
    """The seconds beyond those of a play without tasks."""
    return work.seconds - empty.seconds


def cases(scale: float) -> list[Case]:
    """All of them, with counts that are shrunk where scale is below 1."""

    def count(number: int) -> int:
        return max(1, round(number * scale))

    account = Account(count(1000), count(1000))
    return [
        loop(count(100)),
        tasks(count(50)),
        account_made(account),
        account_kept(account),
        slow_gateway(count(1000)),
        growth([count(size) for size in SIZES]),
        file_of_people(count(100_000)),
    ]


def loop(count: int) -> Case:
    effect = Effect(after=Account(groups=count))
    numbers = f"{{{{ range({count}) | list }}}}"
    ours = {"onfon.sms.onfon_group": {"name": group("{{ item }}")}, "loop": numbers}
    theirs = uri_post("Group", numbers, GroupName=group("{{ item }}"))
    return Case(
        f"a loop that creates {count:,} groups",
        (
            Work("onfon_group", play(ours), "changed=1", effect),
            Work("ansible.builtin.uri, a POST each", play(theirs), "ok=1", effect),
        ),
        (Figure("times faster", times_faster, at_least=20),),
    )


def tasks(count: int) -> Case:
    ours: list[Task] = [{"onfon.sms.onfon_group": {"name": group(0)}} for _turn in range(count)]
    theirs: list[Task] = [{"ansible.builtin.ping": {}} for _turn in range(count)]
    return Case(
        f"{count:,} tasks with nothing to do",
        (
            Work("onfon_group", play(*ours), f"ok={count} ", Effect(Account(groups=1), Account(groups=1))),
            Work("ansible.builtin.ping", play(*theirs), f"ok={count} "),
            EMPTY_PLAY,
        ),
        (
            Figure(
                "times faster a task, start-up excluded",
                lambda ours, theirs, empty: ratio(beyond_start(theirs, empty), beyond_start(ours, empty)),
                at_least=8,
            ),
            Figure("times faster, the whole play", times_faster),
        ),
    )


def onfon_account(file: str, *kinds: str) -> Command:
    """The task with a file that declares the account, or some kinds of its objects."""
    options = {kind: f"{{{{ account_{kind} }}}}" for kind in kinds or ("groups", "templates")}
    return play({"onfon.sms.onfon_account": options}, extra=file)


def described(account: Account) -> str:
    return f"{account.groups:,} groups and {account.templates:,} templates"


def account_made(account: Account) -> Case:
    effect = Effect(after=account)
    created = account.groups + account.templates
    return Case(
        f"an account of {described(account)}, created",
        (
            Work("onfon_account", onfon_account(account.yaml), "changed=1", effect),
            Work(
                "a plain script, call after call", script("plain_account", account.yaml), f"{created} created", effect
            ),
            EMPTY_PLAY,
        ),
        (
            Figure(
                "times the script's time, start-up excluded",
                lambda ours, theirs, empty: ratio(beyond_start(ours, empty), theirs.seconds),
                at_most=1.3,
            ),
        ),
        files=(account,),
    )


def account_kept(account: Account) -> Case:
    effect = Effect(account, account, requests=Requests(reads=2, writes=0))
    return Case(
        f"an account of {described(account)}, nothing to do",
        (
            Work("onfon_account, declared in JSON", onfon_account(account.json), "changed=0", effect),
            Work("onfon_account, declared in YAML", onfon_account(account.yaml), "changed=0", effect),
            Work("a plain script, call after call", script("plain_account", account.yaml), "0 created", effect),
            EMPTY_PLAY,
            Work("an empty play that reads the YAML", play(extra=account.yaml)),
        ),
        (
            Figure(
                "seconds more than an empty play, in JSON",
                lambda in_json, _in_yaml, _script, empty, _reads: beyond_start(in_json, empty),
                at_most=1,
            ),
            Figure(
                "seconds more than an empty play, in YAML",
                lambda _in_json, in_yaml, _script, empty, _reads: beyond_start(in_yaml, empty),
            ),
            Figure(
                "seconds of these: Ansible reads the YAML",
                lambda _in_json, _in_yaml, _script, empty, reads: beyond_start(reads, empty),
            ),
            Figure(
                "times the script's time, start-up excluded",
                lambda in_json, _in_yaml, theirs, empty, _reads: ratio(beyond_start(in_json, empty), theirs.seconds),
            ),
        ),
        files=(account,),
        flags=COUNTING,
    )


def slow_gateway(count: int) -> Case:
    effect = Effect(texts=count)
    numbers = [msisdn(number) for number in range(count)]
    rows = [{"Number": number, "Text": "Hello"} for number in numbers]
    theirs = uri_post(
        "SendBulkSMS",
        f"{{{{ rows | batch({BATCH}) | list }}}}",
        SenderId="{{ lookup('env', 'ONFON_SENDER_ID') }}",
        MessageParameters="{{ item }}",
    )

    def ours(concurrency: int) -> Work:
        task = {"onfon.sms.onfon_sms": {"to": "{{ numbers }}", "text": "Hello", "concurrency": concurrency}}
        name = f"onfon_sms, {concurrency} requests at a time"
        return Work(name, play(task, variables={"numbers": numbers}), "changed=1", effect)

    answers = math.ceil(math.ceil(count / BATCH) / CONCURRENCY) * LATENCY
    return Case(
        f"{count:,} messages accepted, each reply {LATENCY * 1000:.0f} ms late",
        (
            ours(CONCURRENCY),
            ours(2 * CONCURRENCY),
            Work(f"ansible.builtin.uri, POSTs of {BATCH}", play(theirs, variables={"rows": rows}), "ok=1", effect),
            EMPTY_PLAY,
        ),
        (
            Figure("times faster", lambda ours, _more, theirs, _empty: times_faster(ours, theirs), at_least=12),
            Figure(
                f"times faster is the most, with {answers:.1f} s for replies and Ansible's start",
                lambda _ours, _more, theirs, empty: ratio(theirs.seconds, answers + empty.seconds),
            ),
            Figure(
                f"times faster with {2 * CONCURRENCY} requests at a time",
                lambda _ours, more, theirs, _empty: times_faster(more, theirs),
            ),
        ),
        flags=(f"--latency={LATENCY}",),
    )


def growth(sizes: list[int]) -> Case:
    accounts = [Account(groups=size) for size in sizes]
    works = [
        Work(f"{size:,} groups", onfon_account(account.json, "groups"), "changed=0", Effect(account, account))
        for size, account in zip(sizes, accounts)
    ]
    return Case(
        "an account that grows, nothing to do",
        (*works, EMPTY_PLAY),
        tuple(
            Figure(
                f"times the time of {sizes[place]:,} groups for {sizes[place + 1]:,}, start-up excluded",
                lambda *medians, place=place: ratio(
                    beyond_start(medians[place + 1], medians[-1]), beyond_start(medians[place], medians[-1])
                ),
                at_most=11,
            )
            for place in range(len(sizes) - 1)
        ),
        files=tuple(accounts),
    )


def file_of_people(count: int) -> Case:
    people = People(count)
    effect = Effect(texts=count)
    ours = {
        "onfon.sms.onfon_sms": {
            "recipients_file": f"{{{{ playbook_dir }}}}/{people.file}",
            "text": TEXT,
            "result_limit": 0,
        }
    }
    return Case(
        f"{count:,} recipients of a file accepted",
        (
            Work("onfon_sms", play(ours), "changed=1", effect),
            Work("a plain threaded script", script("plain_sender", people.file, TEXT), f"{count} accepted", effect),
        ),
        (
            Figure("times the script's time", lambda ours, theirs: ratio(ours.seconds, theirs.seconds)),
            Figure("times its CPU time", lambda ours, theirs: ratio(ours.work, theirs.work)),
            Figure("times its memory", lambda ours, theirs: ratio(ours.memory, theirs.memory)),
        ),
        files=(people,),
    )
