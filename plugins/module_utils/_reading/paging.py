# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""A whole list from a gateway that answers in pages, of which nobody knows how it counts.

A page is asked for with start and length. start may count from 0 or from 1, and length may be a number of rows or the
index where they end. Two things are right in all four cases:

- start is the number of rows that came so far, known ones too. Where it counts from 1, the first row comes twice.
- length is that number and a page. As an ending index it is exact; as a count it asks for more than a page. A gateway
  that then gives more has shown that it counts, and is asked for a page from there on.

Rows that are added to the list in the meantime, wherever they are put, push others back: those are seen again, and
none is passed over.
"""

from __future__ import annotations

import typing as t

Item = t.TypeVar("Item")

# Beyond the end of any list, and still a number of 32 bits.
_BEYOND = 10**9


def read_all(
    ask: t.Callable[[int, int], t.Sequence[Item]], page_size: int, key: t.Callable[[Item], t.Hashable]
) -> t.Iterator[Item]:
    """Each item of the list once. ask: the page for a start and a length. key: what tells an item from all others.

    Items that are added while it is read may be there or not.
    """
    seen: set[t.Hashable] = set()
    start = full = 0
    counts = short = False
    while True:
        page = ask(start, page_size if counts or short else start + page_size)
        by_key = {key(item): item for item in page}
        fresh = [item for known, item in by_key.items() if known not in seen]
        seen.update(by_key)
        yield from fresh
        # A page that is shorter than others is the last, unless the gateway found its length too much: it is followed
        # by one of the plain length. Only an empty page would be no end for a list that grows as fast as it is read.
        was_short, short = short, len(page) < full
        if not page or (short and was_short):
            return
        # A full page of mostly known rows: many were added before it, or the gateway does not look at start.
        # (Where start counts from 1, the page for 1 is the one for 0 again.)
        if start > 1 and not short and 2 * len(fresh) < len(page) and ask(_BEYOND, _BEYOND + page_size):
            return
        start += len(page)
        full = min(max(full, len(page)), page_size)
        # As an ending index that is read from 1 and included, length gives one row more than a page.
        counts = counts or len(page) > page_size + 1
