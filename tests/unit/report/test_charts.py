# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The charts, as far as they can be told without a browser."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.plugin_utils._report import charts
from ansible_collections.onfon.sms.plugins.plugin_utils._report.charts import NARROW, WIDE, Axes, Bar

SVG = "{http://www.w3.org/2000/svg}"
AXES = Axes("All of it", "Day", "Messages")


def bar_of(name: str, delivered: int = 3, failed: int = 0) -> Bar:
    return Bar(name, name, {"delivered": delivered, "failed": failed, "pending": 0, "unknown": 0})


def texts(svg: str, tag: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}{tag}")]  # noqa: S314 - our own


@pytest.mark.parametrize("draw", [charts.columns, charts.rows])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_chart_is_a_picture_with_a_name_and_nothing_else(draw: object, width: int) -> None:
    assert callable(draw)
    svg = draw([bar_of("Mon", 1000, 1), bar_of("<Tue>")], AXES, width)
    assert svg.startswith("<svg")
    assert not any(f"<{tag}" in svg for tag in ("script", "style", "!--", "desc", "?xml"))
    assert 'id="' not in svg
    assert texts(svg, "title")[0] == "All of it"
    assert sorted(title for title in texts(svg, "title") if ": " in title) == [
        "<Tue>: 3 delivered",
        "Mon: 1 failed",
        "Mon: 1,000 delivered",
    ]
    assert {"Day", "Messages", "<Tue>", "Mon"} <= set(texts(svg, "text"))


def test_the_same_figures_make_the_same_chart() -> None:
    assert charts.columns([bar_of("Mon")], AXES, WIDE) == charts.columns([bar_of("Mon")], AXES, WIDE)


def test_many_labels_are_thinned_and_long_ones_cut() -> None:
    columns = charts.columns([bar_of(f"day {number}") for number in range(31)], AXES, WIDE)
    assert [text for text in texts(columns, "text") if text.startswith("day")] == [f"day {n}" for n in range(0, 31, 2)]
    assert "a" * 19 + "\u2026" in texts(charts.rows([bar_of("a" * 40)], AXES, WIDE), "text")


@given(st.integers(0, 10**9), st.integers(3, 8))
def test_an_axis_has_few_whole_numbers_from_nought_to_the_most(most: int, about: int) -> None:
    ticks = charts._ticks(most, about)
    steps = {after - before for before, after in zip(ticks, ticks[1:], strict=False)}
    assert ticks[0] == 0
    assert ticks[-2] < max(most, 1) <= ticks[-1]
    assert len(steps) == 1
    assert len(ticks) <= about + 2
