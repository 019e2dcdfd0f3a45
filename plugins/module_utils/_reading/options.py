# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The options that several readers take, and the check of options that are numbers.

Their documentation is the doc fragment onfon.sms._period; a unit test compares the two.
"""

from __future__ import annotations

import typing as t

from .._gateway.errors import OptionError
from .sent_log import PAGE_SIZE

PERIOD_SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "from_date": {"type": "str"},
    "to_date": {"type": "str"},
    "page_size": {"type": "int", "default": PAGE_SIZE},
}
# The least and the most of a number; None: no such bound.
Bounds = t.Mapping[str, tuple[float, t.Optional[float]]]
PAGE_BOUNDS: t.Final[Bounds] = {"page_size": (1, 10_000)}


def check_bounds(params: t.Mapping[str, t.Any], bounds: Bounds) -> None:
    """Refuse a number that is out of its bounds."""
    for option, (least, most) in bounds.items():
        value = params[option]
        if value is None or (least <= value and (most is None or value <= most)):
            continue
        bound = f"{least:g} or more" if most is None else f"from {least:g} to {most:g}"
        raise OptionError(f"{option} is {value:.10g}: give {bound}.")


def listed(option: str, entries: t.Sequence[object] | None, what: str) -> list[str] | None:
    """The entries of a list, without blanks around them; None where the option is not set."""
    if entries is None:
        return None
    if any(isinstance(entry, (dict, list)) for entry in entries):
        raise OptionError(f"{option} holds a list or a dictionary: give each {what} as a text.")
    texts = ["" if entry is None else str(entry).strip() for entry in entries]
    if not texts:
        raise OptionError(f"{option} is empty: give at least one {what}.")
    if not all(texts):
        raise OptionError(f"{option} holds a blank entry: give each {what}, and leave out what has none.")
    return texts
