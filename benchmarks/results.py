# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of results: what it comes to, what was measured, and on which machine."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from benchmarks.cases import Case, Figure, ratio
from benchmarks.cost import AT_MOST, Cost
from benchmarks.runs import Median

Row = Sequence[str]

HEAD = """\
# What is fast, measured beside what people use today

Made by `make bench`. Each work of a case was run {rounds}, in turn with the others of its case, and checked: what it
left in the account, and whom it texted. Seconds are medians, with the range behind them, of the whole process and the
start of Ansible; *start-up left out* is less the time of a play without tasks. Memory is that of the biggest process.
Ratios travel between machines, seconds do not.
"""


@dataclasses.dataclass(frozen=True)
class Result:
    """What was measured of a case: a median of each of its works."""

    case: Case
    medians: Sequence[Median]

    @property
    def values(self) -> list[tuple[Figure, float]]:
        return [(figure, figure.of(*self.medians)) for figure in self.case.figures]


def reached(figure: Figure, value: float) -> bool:
    """The value is on the right side of the target, if there is one."""
    return (figure.at_least is None or value >= figure.at_least) and (figure.at_most is None or value <= figure.at_most)


def missed(results: Sequence[Result], costs: Sequence[Cost]) -> int:
    """How many targets were not reached."""
    return sum(not reached(*one) for one in [*(one for result in results for one in result.values), *of_gateway(costs)])


def page(
    results: Sequence[Result],
    skipped: Mapping[str, str],
    costs: Sequence[Cost],
    machine: Mapping[str, str],
    rounds: int,
) -> str:
    """All of it, as Markdown. skipped: why cases were not run."""
    of_sandbox = [
        "## The sandbox gateway\n",
        table(("request", "processor time of the sandbox", "of a plain client"), [in_words(cost) for cost in costs]),
    ]
    parts = [
        HEAD.format(rounds="once" if rounds == 1 else f"{rounds} times"),
        table(("case", "figure", "target", "reached"), figures(results, skipped, costs)),
        "## Measured\n",
        table(("case", "work", "seconds", "of the processors", "memory"), measured(results)),
        *(of_sandbox if costs else []),
        "## The machine\n",
        table(("", ""), list(machine.items())),
    ]
    return "\n".join(parts)


def of_gateway(costs: Sequence[Cost]) -> list[tuple[Figure, float]]:
    """What the costs come to: the gateway must not be what is measured."""
    figure = Figure("times a plain client's processor time", ratio, at_most=AT_MOST)
    return [(figure, ratio(cost.gateway, cost.client)) for cost in costs]


def figures(results: Sequence[Result], skipped: Mapping[str, str], costs: Sequence[Cost]) -> list[Row]:
    rows: list[Row] = [(result.case.name, *judged(*one)) for result in results for one in result.values]
    rows += [(name, f"not run: {why}", "", "") for name, why in skipped.items()]
    rows += [(f"the gateway, {cost.request}", *judged(*one)) for cost, one in zip(costs, of_gateway(costs))]
    return rows


def judged(figure: Figure, value: float) -> tuple[str, str, str]:
    """Value and words, the target, and whether it is reached."""
    bounds = {"at least": figure.at_least, "at most": figure.at_most}
    target = next((f"{words} {bound:g}" for words, bound in bounds.items() if bound is not None), "")
    shown = f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{shown} {figure.words}", target, verdict(figure, value, target)


def verdict(figure: Figure, value: float, target: str) -> str:
    if not target:
        return ""
    return "yes" if reached(figure, value) else "**no**"


def in_words(cost: Cost) -> Row:
    return cost.request, f"{cost.gateway:.2f} ms", f"{cost.client:.2f} ms"


def measured(results: Sequence[Result]) -> list[Row]:
    return [
        (
            result.case.name,
            work.name,
            f"{median.seconds:.2f} ({median.least:.2f} to {median.most:.2f})",
            f"{median.work:.2f} s",
            f"{median.memory:.0f} MiB",
        )
        for result in results
        for work, median in zip(result.case.works, result.medians)
    ]


def table(head: Row, rows: Sequence[Row]) -> str:
    """A Markdown table that can be read as it is."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows)]
    rule = ["-" * max(width, 3) for width in widths]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in (head, rule, *rows)]
    return "".join(f"| {line} |\n" for line in lines)
