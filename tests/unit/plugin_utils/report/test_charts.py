# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The geometry of the charts: sizes are proportional to counts, and labels have room."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.plugin_utils._report import charts
from ansible_collections.onfon.sms.plugins.plugin_utils._report.charts import Axes, Bar, Chart, Label

AXES = Axes("All of it", "Day", "Messages")
STATES = ["delivered", "failed", "pending", "unrecognized"]
COUNTS = st.lists(st.integers(0, 10**6), min_size=4, max_size=4)


def a_bar(name: str, delivered: int = 3, failed: int = 0, pending: int = 0, unrecognized: int = 0) -> Bar:
    return Bar(name, name, dict(zip(STATES, (delivered, failed, pending, unrecognized), strict=True)))


def labels(chart: Chart, css: str) -> list[Label]:
    """The labels of a kind: "tick", "name", "axis-title", or "" for those below columns."""
    return [label for label in chart.labels if label.css.removesuffix("dense").strip() == css]


def texts(chart: Chart, css: str, *, phone: bool = False) -> list[str]:
    return [label.text for label in labels(chart, css) if not (phone and "dense" in label.css)]


# --- bars -------------------------------------------------------------------------------------------------------------


def test_column_height_is_proportional_and_starts_at_the_axis() -> None:
    chart = charts.columns([a_bar("Mon", 400), a_bar("Tue", 100)], AXES)
    high, low = chart.rects
    assert high.height == pytest.approx(4 * low.height)
    assert high.y + high.height == low.y + low.height == max(line.y1 for line in chart.lines)
    # The highest count is also the highest tick, so its column reaches the highest grid line.
    assert high.y == min(line.y1 for line in chart.lines)


def test_row_length_is_proportional_and_starts_at_the_left() -> None:
    long, short = charts.rows([a_bar("A", 400), a_bar("B", 100)], AXES).rects
    assert (long.x, long.width) == (0, 100)
    assert (short.x, short.width) == (0, 25)
    assert long.y + long.height < short.y


def test_states_are_stacked_in_order_without_gaps() -> None:
    chart = charts.columns([a_bar("Mon", 10, 20, 30, 40)], AXES)
    assert [rect.state for rect in chart.rects] == STATES
    assert len({(rect.x, rect.width) for rect in chart.rects}) == 1
    for below, above in itertools.pairwise(chart.rects):
        assert above.y + above.height == pytest.approx(below.y, abs=0.01)
    chart = charts.rows([a_bar("A", 10, 20, 30, 40)], AXES)
    assert [(rect.state, rect.x, rect.width) for rect in chart.rects] == [
        ("delivered", 0, 10),
        ("failed", 10, 20),
        ("pending", 30, 30),
        ("unrecognized", 60, 40),
    ]


@given(st.lists(COUNTS, min_size=1, max_size=62))
def test_any_counts_are_drawn_proportionally_within_the_chart(counts: list[list[int]]) -> None:
    bars = [a_bar(str(place), *each) for place, each in enumerate(counts)]
    drawn = [(one, count) for one in bars for count in one.counts.values() if count]
    by_column, by_row = charts.columns(bars, AXES), charts.rows(bars, AXES)
    top = charts._ticks(max(one.total for one in bars))[-1]
    plot = max(line.y1 for line in by_column.lines) - min(line.y1 for line in by_column.lines)
    assert len(by_column.rects) == len(by_row.rects) == len(drawn)
    for (_bar, count), column, row in zip(drawn, by_column.rects, by_row.rects, strict=True):
        assert column.height == pytest.approx(plot * count / top, abs=0.01)
        assert row.width == pytest.approx(100 * count / top, abs=0.01)
    for chart in (by_column, by_row):
        assert all(rect.x >= 0 and rect.x + rect.width <= 100.01 for rect in chart.rects)
        assert all(rect.y >= 0 and rect.y + rect.height <= chart.height for rect in chart.rects)


def test_a_count_of_zero_draws_nothing() -> None:
    bars = [a_bar("Mon", 0), a_bar("Tue", 0, 5)]
    for chart in (charts.columns(bars, AXES), charts.rows(bars, AXES)):
        assert [rect.title for rect in chart.rects] == ["Tue: 5 failed"]
    assert charts.columns([a_bar("Mon", 0)], AXES).rects == []


def test_the_full_name_and_the_exact_count_are_in_the_tooltip() -> None:
    name = "A name that is too long for its place"
    chart = charts.rows([Bar(name, name, {**a_bar("").counts, "delivered": 1234567, "pending": 1})], AXES)
    assert [rect.title for rect in chart.rects] == [f"{name}: 1,234,567 delivered", f"{name}: 1 on the way"]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 31, 62])
def test_columns_are_evenly_spaced_and_centred(number: int) -> None:
    rects = charts.columns([a_bar(str(place)) for place in range(number)], AXES).rects
    assert all(before.x + before.width < after.x for before, after in itertools.pairwise(rects))
    assert rects[0].x == pytest.approx(100 - rects[-1].x - rects[-1].width, abs=0.01)
    assert rects[0].width <= 20


# --- labels -----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**12))
def test_ticks_are_few_round_numbers_from_zero_to_the_maximum(maximum: int) -> None:
    ticks = charts._ticks(maximum)
    (step,) = {after - before for before, after in itertools.pairwise(ticks)}
    assert ticks[0] == 0
    assert ticks[-2] < max(maximum, 1) <= ticks[-1]
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert len(ticks) <= charts._MAX_TICKS + 2


@pytest.mark.parametrize(
    ("maximum", "ticks"),
    [
        (1, ["0", "1"]),
        (1500, ["0", "500", "1,000", "1,500"]),
        (2_500_000, ["0", "500,000", "1,000,000", "1,500,000", "2,000,000", "2,500,000"]),
        (5_000_000, ["0", "1 M", "2 M", "3 M", "4 M", "5 M"]),
        (1_200_000_000, ["0", "200 M", "400 M", "600 M", "800 M", "1,000 M", "1,200 M"]),
    ],
)
def test_ticks_are_written_in_full_or_in_millions(maximum: int, ticks: list[str]) -> None:
    chart = charts.columns([a_bar("Mon", maximum)], AXES)
    assert texts(chart, "tick left") == ticks
    assert chart.margin > max(map(len, ticks))
    assert texts(charts.rows([a_bar("A", maximum)], AXES), "tick") == ticks
    assert texts(charts.rows([a_bar("A", maximum)], AXES), "tick", phone=True) == ticks[::2]


def test_each_tick_has_a_grid_line() -> None:
    chart = charts.columns([a_bar("Mon", 1500)], AXES)
    assert [line.y1 for line in chart.lines] == [label.y - 4 for label in labels(chart, "tick left")]
    chart = charts.rows([a_bar("A", 1500)], AXES)
    assert [line.x1 for line in chart.lines] == [label.x for label in labels(chart, "tick")]
    assert [label.anchor for label in labels(chart, "tick")] == ["start", "middle", "middle", "end"]


@pytest.mark.parametrize(
    ("number", "step", "phone_step"), [(1, 1, 1), (4, 1, 1), (7, 1, 2), (9, 1, 3), (14, 2, 4), (31, 4, 8), (62, 7, 21)]
)
def test_column_labels_are_as_dense_as_space_allows(number: int, step: int, phone_step: int) -> None:
    chart = charts.columns([a_bar(f"day {place}") for place in range(number)], AXES)
    assert texts(chart, "") == [f"day {place}" for place in range(0, number, step)]
    assert texts(chart, "", phone=True) == [f"day {place}" for place in range(0, number, phone_step)]
    first = chart.rects[0]
    assert labels(chart, "")[0].x == pytest.approx(first.x + first.width / 2, abs=0.01)


def test_a_name_is_above_its_row_and_a_long_one_is_cut() -> None:
    chart = charts.rows([a_bar("A" * 22), a_bar("b" * 23)], AXES)
    assert texts(chart, "name") == ["A" * 22, "b" * 21 + "\u2026"]
    first, second = labels(chart, "name")
    assert first.y < chart.rects[0].y < second.y < chart.rects[1].y


def test_both_axes_have_a_title() -> None:
    for draw in (charts.columns, charts.rows):
        chart = draw([a_bar("Mon")], AXES)
        assert chart.title == "All of it"
        assert sorted(texts(chart, "axis-title")) == ["Day", "Messages"]
        assert all(0 < label.y <= chart.height for label in chart.labels)
