# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of two busy weeks, as a playbook writes it and a browser shows it, against the sandbox's own database."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import datetime
import re
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.ansible import Ansible, Played
from tests.support.browser import Browser
from tests.support.browser import browser as start_browser
from tests.support.sandbox_server import SandboxServer

DAYS = 14
DELIVERED = {"DELIVRD", "DelivredToTerminal"}
PENDING = {"SUBMITTED", "ACCEPTD", "DeliveredToNetwork"}
HEADINGS = {"delivered": "Delivered", "failed": "Failed", "pending": "On the way"}
LOCAL = "0700000002"  # is never delivered
SENDERS = ["ACME OPS", "ACME CARE", "ACME ALERT"]
WIDTHS = pytest.mark.parametrize("width", [360, 1280])
STRANGE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(2)>",
    "{{ 7 * 7 }}",
    "\u0645\u0631 \U0001f600",
    "a&amp;b",
]


def state(message: dict[str, Any]) -> str:
    """The delivery state of a message, determined without the collection."""
    status = message["status"]
    return "delivered" if status in DELIVERED else "pending" if status in PENDING else "failed"


def counts(messages: list[dict[str, Any]]) -> dict[str, int]:
    found = collections.Counter(map(state, messages))
    return {name: found[name] for name in HEADINGS}


def rate(of: dict[str, int]) -> str:
    final = of["delivered"] + of["failed"]
    return f"{100 * of['delivered'] / final:.1f} %" if final else "\u2013"


def cells(messages: list[dict[str, Any]]) -> list[str]:
    """What a row of counts has to show."""
    of = counts(messages)
    return [f"{len(messages):,}", *(f"{number:,}" for number in of.values()), rate(of)]


@dataclasses.dataclass
class ReportedAccount:
    """A sandbox with a past, and the report that was made of it. messages: what the report is about."""

    sandbox: SandboxServer
    ansible: Ansible
    report: Path
    messages: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    def run(self, *args: str, **variables: str) -> Played:
        given = {"report_from_date": f"{DAYS}d", "report_file": str(self.report), **variables}
        extra = [word for name, value in given.items() for word in ("-e", f"{name}={value}")]
        return self.ansible.playbook("onfon.sms.report", *extra, *args)

    def make(self) -> None:
        """Make the report; again, if a message was delivered meanwhile."""
        while True:
            before = self.sandbox.messages()
            played = self.run()
            assert played.returncode == 0, played.output
            self.messages = self.sandbox.messages()
            if before == self.messages:
                return

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database of the sandbox says."""
        with contextlib.closing(sqlite3.connect(self.sandbox.database)) as database:
            return database.execute(statement).fetchall()


def send(sandbox: SandboxServer, *numbers: str) -> None:
    rows = [{"Number": number, "Text": "The office is closed today."} for number in numbers]
    assert sandbox.post("SendBulkSMS", SenderId=sandbox.sender_id, MessageParameters=rows)["ErrorCode"] == 0


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportedAccount]:
    """Two thousand messages in two weeks, some of which failed and some of which are on their way."""
    folder = tmp_path_factory.mktemp("report")
    with SandboxServer(
        "--delivery-delay", "20", "--failure-rate", "0.08", "--seed", "4", sender_id=SENDERS[0]
    ) as sandbox:
        sandbox.history(days=DAYS, messages=2000, sender_ids=SENDERS)
        send(sandbox, "254700000001", LOCAL, LOCAL)
        account = ReportedAccount(sandbox, Ansible(folder, sandbox.environment), folder / "report.html")
        account.make()
        yield account


@pytest.fixture(scope="module")
def empty(account: ReportedAccount) -> Path:
    """The report of a time when nothing was sent."""
    path = account.ansible.folder / "empty.html"
    played = account.run(report_from_date="2026-01-01", report_to_date="2026-01-03", report_file=str(path))
    assert played.returncode == 0, played.output
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser, account: ReportedAccount) -> Browser:
    """The report in a wide window."""
    browser.open(account.report, 1280)
    return browser


# --- the figures ------------------------------------------------------------------------------------------------------


def test_the_key_figures_match_the_database(account: ReportedAccount, page: Browser) -> None:
    of = counts(account.messages)
    ((total,),) = account.ask("SELECT count(*) FROM messages WHERE message_id <> ''")
    ((units,),) = account.ask("SELECT units FROM wallet")
    assert min(of.values()) > 0
    assert page.text("#total") == f"{total:,}" == "2,003"
    assert page.text("#rate") == rate(of).replace(" ", "\u00a0")
    assert page.text("#rate + .what") == f"delivered, of the {of['delivered'] + of['failed']:,} with a final state"
    assert page.text("#delivered") == f"{of['delivered']:,}"
    assert page.text("#failed-total") == f"{of['failed']:,}"
    assert page.text("#pending-total") == f"{of['pending']:,}"
    assert page.text(".balance") == f"KSh {units / 10_000:,.2f}"


def test_days_and_senders_match_the_database(account: ReportedAccount, page: Browser) -> None:
    of_days = account.ask(
        "SELECT date(submitted + 10800, 'unixepoch'), count(*) FROM messages WHERE message_id <> '' GROUP BY 1"
    )
    by_day = collections.defaultdict(list)
    by_sender = collections.defaultdict(list)
    for message in account.messages:
        by_day[message["time"][:10]].append(message)
        by_sender[message["sender_id"]].append(message)
    assert {day: len(messages) for day, messages in by_day.items()} == dict(of_days)

    shown = page.table("#by-day")
    assert len(shown) == DAYS
    read = {datetime.datetime.strptime(row[0], "%a %d %b %Y").date().isoformat(): row[1:] for row in shown}
    assert list(read) == sorted(read)
    assert read == {day: cells(by_day[day]) for day in read}
    assert set(by_day) <= set(read)

    busiest = sorted(by_sender, key=lambda name: -len(by_sender[name]))
    assert page.table("#by-sender") == [[name, *cells(by_sender[name])] for name in busiest]


def test_the_charts_match_their_tables(account: ReportedAccount, page: Browser) -> None:
    titles = page.ask("[...document.querySelectorAll('.chart rect title')].map(title => title.textContent)")
    for section in ("#by-day", "#by-sender"):
        for name, _total, *numbers in page.table(section):
            for heading, number in zip(HEADINGS.values(), numbers[:3], strict=True):
                assert (f"{name}: {number} {heading.lower()}" in titles) == (number != "0")


def test_column_heights_are_proportional(account: ReportedAccount, page: Browser) -> None:
    script = (
        "[...document.querySelectorAll('#by-day .chart rect')].map("
        "bar => [bar.textContent, bar.getBoundingClientRect().height])"
    )
    heights = [(int(text.split(": ")[1].split()[0].replace(",", "")), height) for text, height in page.ask(script)]
    largest, its_height = max(heights)
    assert all(abs(height - its_height * number / largest) < 1 for number, height in heights)


def test_failures_are_counted_and_explained(account: ReportedAccount, page: Browser) -> None:
    failed = [message for message in account.messages if state(message) == "failed"]
    kinds = collections.Counter((message["status"], message["network_code"]) for message in failed)
    shown = {tuple(row[0].split("code ")): row[1:] for row in page.table("#failures")}
    assert len(kinds) > 5
    assert {key: row[:2] for key, row in shown.items()} == {
        key: [str(number), f"{100 * number / len(failed):.1f} %"] for key, number in kinds.items()
    }
    totals = [int(row[0]) for row in shown.values()]
    assert totals == sorted(totals, reverse=True)
    assert shown["UnknownSubscriber", "001"][2:] == [
        "Nobody has this number.",
        "Check how the number is written, and take it off the list if it is gone.",
    ]


def test_the_newest_campaigns_match_their_messages(account: ReportedAccount, page: Browser) -> None:
    created = dict(account.ask("SELECT id, cast(created AS INTEGER) FROM campaigns"))
    rows = page.table("#campaigns")
    names = page.ask(
        "[...document.querySelectorAll('#campaigns tbody th bdi:first-child')].map(one => one.textContent)"
    )
    ids = [int(name.removeprefix("API-")) for name in names if name.startswith("API-")]
    assert len(rows) == len(ids) == 20
    assert [created[one] for one in ids] == sorted(created.values(), reverse=True)[:20]
    for one, row in zip(ids, rows, strict=True):
        assert row[1:] == cells([message for message in account.messages if message["campaign_id"] == one])
    assert f"The newest 20 of {len(created)} campaigns are shown." in page.text("#campaigns .note")


def test_the_slowest_deliveries_are_listed_in_order(account: ReportedAccount, page: Browser) -> None:
    took = {
        message["message_id"]: (
            datetime.datetime.fromisoformat(message["done"]).replace(microsecond=0)
            - datetime.datetime.fromisoformat(message["time"]).replace(microsecond=0)
        )
        for message in account.messages
        if state(message) == "delivered"
    }
    numbers = {message["message_id"]: message["msisdn"] for message in account.messages}
    rows = page.table("#slowest")
    assert [row[1] for row in rows] == [f"{one.seconds} s" for one in sorted(took.values(), reverse=True)[:10]]
    for number, shown, _sender, message_id in rows:
        assert shown == f"{took[message_id].seconds} s"
        assert number == f"{numbers[message_id][:6]}***{numbers[message_id][-3:]}"


# --- how it looks -----------------------------------------------------------------------------------------------------

# Texts of charts whose boxes touch each other, or that leave their chart.
CROWDED = """
[...document.querySelectorAll('.chart svg')].filter(svg => svg.checkVisibility()).flatMap(svg => {
  const frame = svg.closest('.chart').getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter(text => text.checkVisibility());
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
  const outside = boxes.filter(([, box]) => box.left < frame.left || box.right > frame.right + 1);
  const touching = boxes.filter(([, one], place) => boxes.slice(place + 1).some(([, other]) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom));
  return [...outside, ...touching].map(([text]) => text);
})
"""
SMALLEST = """
Math.min(...[...document.querySelectorAll('body *')].filter(
  element => element.checkVisibility() && [...element.childNodes].some(
    node => node.nodeType === 3 && node.textContent.trim()) && !['STYLE', 'title'].includes(element.tagName)
).map(element => {
  const scale = element.ownerSVGElement ? element.getScreenCTM().a : 1;
  return parseFloat(getComputedStyle(element).fontSize) * (scale || 1);
}).filter(size => size > 0.1))
"""


@WIDTHS
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("which", ["full", "empty"])
def test_the_page_is_readable_at_every_width_and_colour_scheme(
    browser: Browser, request: pytest.FixtureRequest, width: int, dark: bool, which: str
) -> None:
    path = request.getfixturevalue("account").report if which == "full" else request.getfixturevalue("empty")
    browser.requests.clear()
    browser.open(path, width, dark=dark)
    browser.ask("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert browser.errors == []
    assert browser.requests == [path.as_uri()]
    assert browser.overflow() == 0
    assert browser.ask(CROWDED) == []
    assert browser.ask(SMALLEST) >= 10.5
    charts = browser.ask("[...document.querySelectorAll('.chart')].filter(one => one.checkVisibility()).length")
    assert charts == (2 if which == "full" else 0)
    # Light ink on a dark page, or the other way round: on the page, and in the charts.
    page = brightness(browser, "document.body", "backgroundColor")
    ink = [brightness(browser, "document.body", "color")]
    ink += [brightness(browser, "document.querySelector('.chart .tick')", "fill")] if charts else []
    assert (page < 100 and min(ink) > 200) if dark else (page > 200 and max(ink) < 100)


def brightness(browser: Browser, element: str, part: str) -> float:
    """From 0, black, to 255, white."""
    colour = str(browser.ask(f"getComputedStyle({element}).{part}"))
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


def test_print_has_a_white_background_and_unbroken_rows(
    browser: Browser, account: ReportedAccount, tmp_path: Path
) -> None:
    browser.open(account.report, 700, dark=True, media="print")
    assert browser.ask("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert browser.ask("getComputedStyle(document.querySelector('.chart .tick')).fill") == "rgb(29, 35, 32)"
    assert browser.ask("getComputedStyle(document.querySelector('#failures tr')).breakInside") == "avoid"
    assert browser.ask("document.querySelector('summary').checkVisibility()") is False
    browser.pdf(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_charts_are_accessible_without_sight_or_colour(account: ReportedAccount, page: Browser) -> None:
    charts = page.ask(
        "[...document.querySelectorAll('.chart svg')].map("
        "svg => [svg.getAttribute('role'), svg.getAttribute('aria-label'), svg.querySelector('title').textContent])"
    )
    assert [role for role, _label, _title in charts] == ["img"] * 2
    assert (
        {label for _role, label, _title in charts}
        == {title for _role, _label, title in charts}
        == {
            "Messages by the day on which they were sent, by delivery state",
            "Messages by sender id, by delivery state",
        }
    )
    for axis in ("Day (Nairobi time)", "Messages"):
        assert axis in page.ask("[...document.querySelectorAll('#by-day .axis-title')].map(one => one.textContent)")
    fills = page.ask("[...document.querySelectorAll('#by-day .legend rect')].map(one => getComputedStyle(one).fill)")
    assert len(set(fills)) == 3
    assert sum("url(" in fill for fill in fills) == 2  # hatched and dotted
    assert page.ask("document.querySelectorAll('#by-day details table, #by-sender details table').length") == 2


def test_an_empty_report_says_that_nothing_was_sent(browser: Browser, empty: Path) -> None:
    browser.open(empty, 1280)
    assert "SMS report, 1 to 3 Jan 2026" in browser.text("h1")
    assert (browser.text("#total"), browser.text("#rate")) == ("0", "\u2013")
    assert "no message has a final state" in browser.text(".key")
    for section in ("#by-day", "#by-sender", "#failures", "#slowest"):
        assert "No messages were sent in this period" in browser.text(section)
    assert "There are no campaigns in this period." in browser.text("#campaigns")


# --- what is in the file ----------------------------------------------------------------------------------------------


def test_the_page_contains_no_script_url_text_or_full_number(account: ReportedAccount) -> None:
    text = account.report.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<?xml" not in text
    assert "http" not in text.replace("http://www.w3.org/", "").replace("http-equiv", "")
    assert not any(message["msisdn"] in text for message in account.messages)
    assert not any(message["text"] in text for message in account.messages)


def test_texts_of_the_account_are_escaped(browser: Browser, tmp_path: Path) -> None:
    with SandboxServer(sender_id=SENDERS[0]) as sandbox:
        for number, name in enumerate(STRANGE):
            sandbox.history(days=1, messages=10 - number, sender_ids=[name])
        account = ReportedAccount(sandbox, Ansible(tmp_path, sandbox.environment), tmp_path / "report.html")
        account.make()
    for width in (360, 1280):
        browser.open(account.report, width)
        assert [row[0] for row in browser.table("#by-sender")] == STRANGE
        assert browser.ask("document.querySelectorAll('script, img, iframe, object').length") == 0
        assert browser.overflow() == 0
        assert browser.errors == []
    labels = browser.ask("[...document.querySelectorAll('#by-sender .chart .name')].map(one => one.textContent)")
    assert sorted(labels) == sorted([STRANGE[0][:21] + "\u2026", STRANGE[1][:21] + "\u2026", *STRANGE[2:]])


# --- how it is made ---------------------------------------------------------------------------------------------------


def test_check_mode_writes_nothing_and_reports_what_would_change(account: ReportedAccount) -> None:
    path = account.ansible.folder / "dry.html"
    played = account.run("--check", report_file=str(path))
    assert played.returncode == 0, played.output
    assert f"Would write {path}: 2003 messages from " in played.output
    assert "changed=1" in played.output
    assert not path.exists()


def test_the_file_changes_only_with_its_figures(tmp_path: Path) -> None:
    with SandboxServer(sender_id=SENDERS[0]) as sandbox:
        send(sandbox, "254700000001")
        account = ReportedAccount(sandbox, Ansible(tmp_path, sandbox.environment), tmp_path / "report.html")
        assert "changed=1" in account.run().output
        first = account.report.read_bytes()
        assert stat.S_IMODE(account.report.stat().st_mode) == 0o600
        again = account.run()
        assert "changed=0" in again.output
        assert account.report.read_bytes() == first
        assert "changed=0" in account.run("--check").output
        send(sandbox, "254700000002")
        assert "changed=1" in account.run().output
        assert account.report.read_bytes() != first


def test_variables_show_numbers_and_omit_campaigns(account: ReportedAccount) -> None:
    path = account.ansible.folder / "numbers.html"
    played = account.run(report_file=str(path), report_show_numbers="true", report_campaigns="0", report_mode="0644")
    assert played.returncode == 0, played.output
    text = path.read_text(encoding="utf-8")
    assert sum(text.count(number) for number in {message["msisdn"] for message in account.messages}) >= 10
    assert "***" not in text
    assert "This report leaves them out." in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_an_invalid_period_is_refused(account: ReportedAccount) -> None:
    played = account.run(report_from_date="soon")
    assert played.returncode == 2
    assert 'from_date \\"soon\\" is not a day: write it like ' in played.output
    assert "Traceback" not in played.output
