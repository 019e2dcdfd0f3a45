# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The geometry of stacked bar charts; chart.svg draws it, and the page's style sheet colours it.

Horizontal lengths are percentages of the width and vertical ones are pixels, so one drawing fits phones and paper.
"""

from __future__ import annotations

import math
import typing as t

from ...module_utils._reading.states import STATES

STATE_NAMES: t.Final = {
    "delivered": "Delivered",
    "failed": "Failed",
    "pending": "On the way",
    "unrecognized": "Unrecognized",
}

# Pixels. The top margin has room for the title of an axis.
_TOP = 24
_PLOT_HEIGHT = 240
_ROW_HEIGHT = 42
_MAX_TICKS = 6
# As many dates fit side by side in the narrowest window of each layout.
_MAX_LABELS, _MAX_PHONE_LABELS = 9, 4
# As many of the widest letters fit in a line on a phone.
_MAX_NAME_LENGTH = 22


class Bar(t.NamedTuple):
    """A bar: its short label, its full name, and how many messages it has in each delivery state."""

    label: str
    name: str
    counts: t.Mapping[str, int]

    @property
    def total(self) -> int:
        """All of its messages."""
        return sum(self.counts.values())


class Axes(t.NamedTuple):
    """What a chart shows, in one sentence, and the titles of its two axes."""

    title: str
    bars: str
    values: str


class Rect(t.NamedTuple):
    """The part of a bar that stands for one delivery state."""

    state: str
    x: float
    y: float
    width: float
    height: float
    title: str


class Line(t.NamedTuple):
    """A grid line."""

    x1: float
    y1: float
    x2: float
    y2: float


class Label(t.NamedTuple):
    """A text. anchor: which point of it is at x. css: its classes; "dense" ones are left out on phones."""

    x: float
    y: float
    text: str
    anchor: str
    css: str


class Chart(t.NamedTuple):
    """All that is drawn. margin: how many characters the labels left of the plot need."""

    title: str
    height: int
    margin: int
    lines: list[Line]
    rects: list[Rect]
    labels: list[Label]


def columns(bars: t.Sequence[Bar], axes: Axes) -> Chart:
    """A column for each bar, from left to right, with its states stacked from the bottom up."""
    ticks = _ticks(max(column.total for column in bars))
    bottom = _TOP + _PLOT_HEIGHT
    scale = _PLOT_HEIGHT / ticks[-1]
    # Fewer than four columns stand in the middle, each as wide as one of four: a single one would fill the page.
    slot = 100 / max(len(bars), 4)
    left = 50 - slot * len(bars) / 2
    tick_labels = [Label(0, bottom - tick * scale + 4, _tick_text(tick, ticks), "end", "tick left") for tick in ticks]
    return Chart(
        title=axes.title,
        height=bottom + 48,
        margin=max(len(label.text) for label in tick_labels) + 2,
        lines=[Line(0, bottom - tick * scale, 100, bottom - tick * scale) for tick in ticks],
        rects=[
            Rect(state, left + slot * (place + 0.1), bottom - end * scale, slot * 0.8, (end - start) * scale, tooltip)
            for place, column in enumerate(bars)
            for state, start, end, tooltip in _parts(column)
        ],
        labels=[
            Label(0, 10, axes.values, "start", "axis-title"),
            *tick_labels,
            *(
                Label(left + slot * (place + 0.5), bottom + 20, bars[place].label, "middle", css)
                for place, css in _labelled_columns(len(bars))
            ),
            Label(50, bottom + 42, axes.bars, "middle", "axis-title"),
        ],
    )


def rows(bars: t.Sequence[Bar], axes: Axes) -> Chart:
    """A row for each bar, from top to bottom, with its states stacked from left to right and its label above it."""
    ticks = _ticks(max(row.total for row in bars))
    tops = [_TOP + _ROW_HEIGHT * place for place in range(len(bars))]
    bottom = _TOP + _ROW_HEIGHT * len(bars)
    scale = 100 / ticks[-1]
    return Chart(
        title=axes.title,
        height=bottom + 46,
        margin=0,
        lines=[Line(tick * scale, _TOP, tick * scale, bottom) for tick in ticks],
        rects=[
            Rect(state, start * scale, top + 21, (end - start) * scale, 18, tooltip)
            for top, row in zip(tops, bars)
            for state, start, end, tooltip in _parts(row)
        ],
        labels=[
            Label(0, 10, axes.bars, "start", "axis-title"),
            *(Label(0, top + 16, _cut(row.label), "start", "name") for top, row in zip(tops, bars)),
            *(
                Label(
                    tick * scale,
                    bottom + 18,
                    _tick_text(tick, ticks),
                    {0: "start", ticks[-1]: "end"}.get(tick, "middle"),
                    "tick dense" if place % 2 else "tick",
                )
                for place, tick in enumerate(ticks)
            ),
            Label(50, bottom + 40, axes.values, "middle", "axis-title"),
        ],
    )


def _parts(stack: Bar) -> t.Iterator[tuple[str, int, int, str]]:
    """Each delivery state that the bar has, between which counts its part of the stack is, and its tooltip."""
    start = 0
    for state in STATES:
        count = stack.counts[state]
        if count:
            yield state, start, start + count, f"{stack.name}: {count:,} {STATE_NAMES[state].lower()}"
            start += count


def _labelled_columns(number: int) -> t.Iterator[tuple[int, str]]:
    """The columns whose labels have room: every one, every second one or fewer. Each with the label's CSS classes."""
    step = math.ceil(number / _MAX_LABELS)
    phone_step = step * math.ceil(number / _MAX_PHONE_LABELS / step)
    for place in range(0, number, step):
        yield place, "dense" if place % phone_step else ""


def _ticks(maximum: int) -> list[int]:
    """Whole multiples of 1, 2 or 5 times a power of ten, from zero to the first one that is not below the maximum."""
    rough = max(1.0, maximum / _MAX_TICKS)
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return list(range(0, max(maximum, 1) + step, step))


def _tick_text(tick: int, ticks: t.Sequence[int]) -> str:
    """The number, in millions where all ticks are whole millions."""
    return f"{tick // 10**6:,} M" if tick and ticks[1] >= 10**6 else f"{tick:,}"


def _cut(name: str) -> str:
    return name if len(name) <= _MAX_NAME_LENGTH else name[: _MAX_NAME_LENGTH - 1] + "\u2026"
