# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The report: what the modules returned, put into words, charts and tables of one HTML page."""

from __future__ import annotations

import collections
import datetime
import hashlib
import re
import typing as t
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...module_utils._reading.states import FINAL, STATES
from ...module_utils._version import VERSION
from . import charts, words
from .advice import advice
from .charts import Axes, Bar, Chart

# More rows than these help nobody who reads.
MOST_BARS: t.Final = 10
MOST_ROWS: t.Final = 50
# Longer periods are drawn week by week.
MOST_DAYS: t.Final = 62

_Row = t.Mapping[str, t.Any]
_STAMP = re.compile(r'<meta name="onfon-sms-report" content="([0-9a-f]{64}) ([^"]+)">')
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


class Figures(t.NamedTuple):
    """What the modules returned. more_campaigns: there are more than were read."""

    first: datetime.date
    last: datetime.date
    balances: t.Sequence[_Row]
    summary: _Row
    campaigns: t.Sequence[_Row]
    statistics: t.Sequence[_Row]
    campaigns_total: int
    more_campaigns: bool


def page(figures: Figures, now: datetime.datetime, show_numbers: bool = False, previous: str = "") -> str:
    """The page. previous: an older one, whose time stands where all else is as it was."""
    facts = _facts(figures, show_numbers)
    bare = _render(facts, "", "")
    digest = hashlib.sha256(bare.encode("utf-8", "replace")).hexdigest()
    found = _STAMP.search(previous)
    read_at = found[2] if found and found[1] == digest else now.isoformat(timespec="seconds")
    return _render(facts, digest, read_at)


def _render(facts: dict[str, t.Any], digest: str, read_at: str) -> str:
    when = words.moment(read_at)
    return str(_TEMPLATES.get_template("page.html").render(digest=digest, read_at=read_at, when=when, **facts))


def _facts(figures: Figures, show_numbers: bool) -> dict[str, t.Any]:
    summary = figures.summary
    counts = {name: int(summary["by_status"][name]) for name in STATES}
    number = words.shown if show_numbers else words.masked
    return {
        "version": VERSION,
        "span": words.span(figures.first, figures.last),
        "masked": not show_numbers,
        "state_names": charts.STATE_NAMES,
        "total": int(summary["total"]),
        "counts": counts,
        "final": counts["delivered"] + counts["failed"],
        "rate": _rate(counts),
        "balances": [_balance(row) for row in figures.balances],
        "days": _days(figures),
        "senders": _senders(summary["by_sender"]),
        "failures": _failures(summary["failures"]),
        "campaigns": {
            **_campaigns(figures.campaigns, figures.statistics),
            "found": figures.campaigns_total,
            "more": figures.more_campaigns,
        },
        "slowest": [
            {
                "number": number(row["msisdn"]),
                "sender": words.shown(row["sender_id"]),
                "took": words.duration(row["seconds"]),
                "message_id": words.shown(row["message_id"]),
            }
            for row in summary["slowest"]
        ],
        "count": words.count,
        "number": words.number,
    }


def _rate(counts: t.Mapping[str, int | None]) -> str:
    """How many of those with a final state were delivered."""
    delivered, failed = counts["delivered"], counts["failed"]
    if delivered is None or failed is None:
        return words.NOT_REPORTED
    return words.percent(delivered, delivered + failed)


def _balance(row: _Row) -> dict[str, str]:
    known = row["credits"] is not None
    amount = f"{row['credits']:,.2f}" if known else row["raw"]
    currency = row["currency"] if known else ""
    return {"of": words.shown(row["plugin_type"]), "amount": words.shown(f"{currency or ''} {amount}")}


def _bar(label: str, name: str, rows: t.Iterable[_Row]) -> Bar:
    """One bar for all of these rows."""
    listed = list(rows)
    return Bar(label, name, {each: sum(int(row[each]) for row in listed) for each in STATES})


def _charted(bars: list[Bar], draw: t.Callable[[list[Bar], Axes], Chart], axes: Axes) -> dict[str, t.Any]:
    """A chart, and the rows of its table."""
    table = [{"name": one.name, "total": one.total, "counts": one.counts, "rate": _rate(one.counts)} for one in bars]
    return {"head": axes.bars, "rows": table, "states": _states(table), "chart": draw(bars, axes)}


def _states(rows: t.Sequence[_Row]) -> list[str]:
    """The delivery states that are worth a column: the final ones, and others that there are."""
    return [name for name in STATES if name in FINAL or any(bool(row["counts"][name]) for row in rows)]


def _days(figures: Figures) -> dict[str, t.Any] | None:
    """Every day of the period, also those without messages; weeks, if these are many."""
    if not figures.summary["total"]:
        return None
    by_day = {row["day"]: row for row in figures.summary["by_day"]}
    days = [figures.first + datetime.timedelta(days=day) for day in range((figures.last - figures.first).days + 1)]
    weekly = len(days) > MOST_DAYS
    groups: dict[datetime.date, list[_Row]] = collections.defaultdict(list)
    for day in days:
        monday = day - datetime.timedelta(days=day.weekday())
        groups[max(monday, figures.first) if weekly else day] += [by_day[str(day)]] if str(day) in by_day else []
    of_week = "Week from " if weekly else ""
    bars = [_bar(words.short_day(day), of_week + words.whole_day(day), rows) for day, rows in groups.items()]
    if None in by_day:
        bars.append(_bar("no date", "Date not reported", [by_day[None]]))
    unit = "week" if weekly else "day"
    axes = Axes(f"Messages by the {unit} on which they were sent, by delivery state", "", "Messages")
    charted = _charted(bars, charts.columns, axes._replace(bars=f"{unit.capitalize()} (Nairobi time)"))
    return {**charted, "unit": unit}


def _senders(rows: t.Sequence[_Row]) -> dict[str, t.Any] | None:
    """The sender ids that sent most, and all others in one bar."""
    if not rows:
        return None
    names = [words.shown(row["sender_id"]) for row in rows]
    keep = len(rows) if len(rows) <= MOST_BARS else MOST_BARS - 1
    bars = [_bar(name, name, [row]) for name, row in zip(names[:keep], rows)]
    if keep < len(rows):
        others = words.count(len(rows) - keep, "other")
        bars.append(_bar(others, others, rows[keep:]))
    axes = Axes("Messages by sender id, by delivery state", "Sender id", "Messages")
    return _charted(bars, charts.rows, axes)


def _failures(rows: t.Sequence[_Row]) -> dict[str, t.Any]:
    """What failed, why, and what to do; the rare rest is only counted."""
    whole = sum(int(row["total"]) for row in rows)
    table = []
    for row in rows[:MOST_ROWS]:
        found = advice(row["raw_status"], row["error_code"])
        table.append(
            {
                "state": words.shown(row["raw_status"]),
                "code": words.shown(row["error_code"]) if row["error_code"] else "",
                "total": int(row["total"]),
                "share": words.percent(int(row["total"]), whole),
                "why": found.why,
                "what_to_do": found.what_to_do,
            }
        )
    return {"rows": table, "more": sum(int(row["total"]) for row in rows[MOST_ROWS:])}


def _campaigns(campaigns: t.Sequence[_Row], statistics: t.Sequence[_Row]) -> dict[str, t.Any]:
    """Each campaign and what became of its messages, as far as Onfon tells."""
    told = {row["campaign_id"]: row for row in statistics}
    nothing: _Row = {"total": None, "counts": dict.fromkeys(STATES)}
    rows = []
    for campaign in campaigns:
        found = told.get(campaign["id"], nothing)
        total = found["total"] if campaign["total"] is None else campaign["total"]
        rows.append(
            {
                "name": words.shown(campaign["name"] or campaign["id"]),
                "sender": words.shown(campaign["sender_id"]),
                "created": words.moment(campaign["created_at"]),
                "total": total,
                "counts": found["counts"],
                "rate": _rate(found["counts"]),
            }
        )
    return {"rows": rows, "states": _states(rows)}
