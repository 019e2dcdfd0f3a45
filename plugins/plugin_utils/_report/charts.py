# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Charts as inline SVG: pygal draws them, and the page's own style sheet colours them, in the light and in the dark."""

from __future__ import annotations

import math
import sys
import typing as t

from ...module_utils._reading.states import STATES

try:
    import pygal  # type: ignore[import-untyped]
except ImportError:
    pygal = None
else:
    # It leaves a finder of maps behind, of a kind that Python 3.10 and 3.11 warn of at each import.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

CLASS_NAMES: t.Final = {
    "delivered": "Delivered",
    "failed": "Failed",
    "pending": "On the way",
    "unknown": "State not known",
}
WIDE, NARROW = 920, 340
# A little more than the style sheet's 13 pixels, as fonts differ in width.
_FONT = 15
_LONGEST_LABEL = 20


class Bar(t.NamedTuple):
    """A bar: what stands at its foot, its whole name, and how many messages it has of each class."""

    label: str
    name: str
    counts: t.Mapping[str, int]

    @property
    def total(self) -> int:
        """All of its messages."""
        return sum(self.counts.values())


class Axes(t.NamedTuple):
    """What a chart shows, in one sentence, and what its axes are called."""

    title: str
    bars: str
    values: str


def has_pygal() -> bool:
    """The library is there."""
    return pygal is not None


def columns(bars: t.Sequence[Bar], axes: Axes, width: int) -> str:
    """A column for each bar, with its classes on top of each other."""
    labels = _thinned([one.label for one in bars], 16 if width == WIDE else 4)
    titles = {"x_title": axes.bars, "y_title": axes.values}
    return _drawn(pygal.StackedBar, bars, axes, width, 340 if width == WIDE else 280, x_labels=labels, **titles)


def rows(bars: t.Sequence[Bar], axes: Axes, width: int) -> str:
    """A row for each bar, the first one on top."""
    labels = [_cut(one.label, _LONGEST_LABEL if width == WIDE else 12) for one in reversed(bars)]
    titles = {"x_title": axes.values, "y_title": axes.bars}
    return _drawn(
        pygal.HorizontalStackedBar, [*reversed(bars)], axes, width, 90 + 34 * len(bars), x_labels=labels, **titles
    )


def _drawn(kind: t.Any, bars: t.Sequence[Bar], axes: Axes, width: int, height: int, **words: t.Any) -> str:
    ticks = _ticks(max(one.total for one in bars), 6 if width == WIDE else 4)
    style = pygal.style.Style(label_font_size=_FONT, major_label_font_size=_FONT, title_font_size=_FONT)
    chart = kind(
        width=width,
        height=height,
        style=style,
        margin=8,
        margin_right=24,
        spacing=8,
        y_labels=ticks,
        range=(0, ticks[-1]),
        value_formatter="{:,.0f}".format,
        truncate_label=-1,
        show_legend=False,
        js=[],
        css=[],
        no_prefix=True,
        disable_xml_declaration=True,
        **words,
    )
    for name in STATES:
        chart.add(CLASS_NAMES[name], [one.counts[name] for one in bars])
    chart.add_xml_filter(lambda root: _for_a_page(root, bars, axes))
    return str(chart.render(is_unicode=True))


def _for_a_page(root: t.Any, bars: t.Sequence[Bar], axes: Axes) -> t.Any:
    """Without scripts, styles and comments, and with names that can be read aloud and pointed at."""
    del root.attrib["id"]
    root.set("role", "img")
    root.set("aria-label", axes.title)
    for child in [child for child in root if child.tag not in ("title", "g")]:
        root.remove(child)
    root.find("title").text = axes.title
    for plot in root.iter("g"):
        for child in [child for child in plot if "overlay" in (child.get("class") or "")]:
            plot.remove(child)
    for place, name in enumerate(STATES):
        for series in root.iter("g"):
            if f"serie-{place}" in (series.get("class") or "").split():
                series.set("class", f"series {name}")
                _name_the_bars(series, name, bars)
    return root


def _name_the_bars(series: t.Any, name: str, bars: t.Sequence[Bar]) -> None:
    """Each rectangle gets a title, which browsers show where the mouse points; what is nought is left out."""
    (group,) = series
    for element, one in zip(list(group), bars):
        (rectangle,) = element.iter("rect")
        if one.counts[name]:
            for child in [child for child in element if child is not rectangle]:
                element.remove(child)
            title = rectangle.makeelement("title", {})
            title.text = f"{one.name}: {one.counts[name]:,} {CLASS_NAMES[name].lower()}"
            rectangle.append(title)
        else:
            group.remove(element)


def _ticks(most: int, about: int) -> list[int]:
    """Round whole numbers from nought to the most or a little more."""
    rough = max(1.0, most / about)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough)
    return list(range(0, max(most, 1) + step, step))


def _thinned(labels: list[str], most: int) -> list[str]:
    """The labels, or blanks for so many of them that the others have room."""
    every = math.ceil(len(labels) / most)
    return [label if place % every == 0 else "" for place, label in enumerate(labels)]


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else label[: most - 1] + "\u2026"
