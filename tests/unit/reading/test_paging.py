# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each row of a paged list is read exactly once, however the gateway counts and whatever is added meanwhile."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._reading import paging

WAYS = list(itertools.product(("count", "end"), (0, 1)))


@dataclasses.dataclass
class Listing:
    """A list of the gateway, and its way of counting.

    cap: the most rows in an answer. deaf: it does not look at start and length. strict: a length above it is answered
    with a single row. additions: where rows are put into the list, and how many; one before each request but the first.
    """

    rows: list[int]
    mode: str = "count"
    base: int = 0
    cap: float = math.inf
    deaf: bool = False
    strict: float = math.inf
    additions: list[tuple[float, int]] = dataclasses.field(default_factory=list)
    requests: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    longest: int = 0

    def ask(self, start: int, length: int) -> list[int]:
        if self.requests and self.additions:
            where, count = self.additions.pop(0)
            self.add(where, count)
        self.requests.append((start, length))
        assert len(self.requests) < 1000, "it never ends"
        page = self.rows if self.deaf else self._page(start, length)
        self.longest = max(self.longest, len(page))
        return list(page)

    def add(self, where: float, count: int) -> None:
        place = round(where * len(self.rows))
        self.rows[place:place] = range(len(self.rows), len(self.rows) + count)

    def _page(self, start: int, length: int) -> list[int]:
        left_out = max(start, self.base) - self.base
        count = length - left_out if self.mode == "end" else length
        allowed = min(count, self.cap) if length <= self.strict else 1
        return self.rows[left_out:][: int(max(allowed, 0))]

    def read(self, page_size: int) -> list[int]:
        return list(paging.read_all(self.ask, page_size, lambda row: row))


@st.composite
def listings(draw: st.DrawFn) -> tuple[Listing, int]:
    """A list of some pages, any way of counting, and rows that are added while it is read; with the size of a page."""
    page_size = draw(st.integers(1, 7))
    mode, base = draw(st.sampled_from(WAYS))
    places = st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 1))
    listing = Listing(
        rows=list(range(draw(st.integers(0, 3 * page_size + 2)))),
        mode=mode,
        base=base,
        cap=draw(st.one_of(st.just(math.inf), st.integers(1, 2 * page_size + 2))),
        deaf=draw(st.sampled_from([False, False, False, True])),
        additions=draw(st.lists(st.tuples(places, st.integers(0, 2 * page_size + 2)), max_size=8)),
    )
    return listing, page_size


@given(listings())
def test_each_row_is_read_exactly_once(case: tuple[Listing, int]) -> None:
    listing, page_size = case
    before = list(listing.rows)
    times = collections.Counter(listing.read(page_size))
    assert [row for row in before if times[row] != 1] == []
    assert [row for row in times if times[row] != 1 or row not in listing.rows] == []
    # Proportional to the rows: one by one where no more are given, and twice that where many are added.
    assert len(listing.requests) <= 4 + 2 * len(listing.rows)


@pytest.mark.parametrize(("mode", "base"), WAYS)
@pytest.mark.parametrize("cap", [1, 2, 3, 4, 5, 8, 9, math.inf])
@pytest.mark.parametrize("page_size", [1, 2, 4])
def test_an_unchanged_list_keeps_its_order(mode: str, base: int, cap: float, page_size: int) -> None:
    for count in range(4 * page_size + 3):
        listing = Listing(list(range(count)), mode, base, cap)
        assert listing.read(page_size) == list(range(count))
        full = min(page_size, cap)
        assert len(listing.requests) <= 3 + count / full


@pytest.mark.parametrize(("mode", "base"), WAYS)
def test_a_one_page_list_takes_two_or_three_requests_and_an_empty_one_takes_one(mode: str, base: int) -> None:
    for count, requests in ((0, 1), (1, 2 + base), (499, 2 + base), (500, 2 + base), (501, 3)):
        listing = Listing(list(range(count)), mode, base)
        assert listing.read(500) == list(range(count))
        assert len(listing.requests) == requests


@pytest.mark.parametrize(("mode", "base"), WAYS)
def test_a_long_list_takes_one_request_per_page_of_at_most_two_pages(mode: str, base: int) -> None:
    listing = Listing(list(range(10_000)), mode, base)
    assert listing.read(500) == list(range(10_000))
    assert len(listing.requests) <= 10_000 / 500 + 2
    assert listing.longest <= 2 * 500


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 9])
def test_a_gateway_that_ignores_paging_is_recognized(count: int) -> None:
    listing = Listing(list(range(count)), deaf=True)
    assert listing.read(3) == list(range(count))
    assert len(listing.requests) <= 4


@pytest.mark.parametrize("deaf", [False, True])
@pytest.mark.parametrize(("mode", "base"), WAYS)
@pytest.mark.parametrize("growth", [1, 3, 20])
def test_reading_a_growing_list_terminates(mode: str, base: int, growth: int, deaf: bool) -> None:
    listing = Listing(list(range(120)), mode, base, deaf=deaf, additions=[(1.0, growth)] * 1000)
    assert set(range(120)) <= set(listing.read(50))
    assert len(listing.requests) < 10


@pytest.mark.parametrize("where", [0.0, 1.0])
@pytest.mark.parametrize(("mode", "base"), WAYS)
def test_rows_added_in_bulk_are_all_read(mode: str, base: int, where: float) -> None:
    listing = Listing(list(range(10)), mode, base, additions=[(where, 40), (where, 0), (where, 23)])
    assert set(range(10)) <= set(listing.read(4))


def test_a_refused_page_length_falls_back_to_one_page() -> None:
    listing = Listing(list(range(23)), strict=4)
    assert listing.read(4) == list(range(23))
    assert len(listing.requests) <= 23


def test_identical_rows_do_not_hide_later_rows() -> None:
    rows = ["same"] * 9 + ["last"]
    assert list(paging.read_all(lambda start, length: rows[start : start + length], 3, str)) == ["same", "last"]


def test_pages_are_requested_lazily() -> None:
    listing = Listing(list(range(10)))
    items = paging.read_all(listing.ask, 3, lambda row: row)
    assert listing.requests == []
    assert list(itertools.islice(items, 3)) == [0, 1, 2]
    assert len(listing.requests) == 1
