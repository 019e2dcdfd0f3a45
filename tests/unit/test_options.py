# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks of options that are numbers or lists."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._errors import OptionError
from ansible_collections.onfon.sms.plugins.module_utils._options import check_bounds, read_list

BOUNDS = {"page_size": (1, 10_000), "limit": (0, None)}


@pytest.mark.parametrize("size", [1, 500, 10_000])
@pytest.mark.parametrize("limit", [None, 0, 10**9])
def test_numbers_within_bounds_are_accepted(size: int, limit: int | None) -> None:
    check_bounds({"page_size": size, "limit": limit}, BOUNDS)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"page_size": 0}, "page_size is 0: give from 1 to 10000."),
        ({"page_size": 10_001}, "page_size is 10001: give from 1 to 10000."),
        ({"page_size": float("nan")}, "page_size is nan: give from 1 to 10000."),
        ({"limit": -1}, "limit is -1: give 0 or more."),
    ],
)
def test_numbers_out_of_bounds_are_refused_in_one_sentence(options: dict[str, t.Any], words: str) -> None:
    with pytest.raises(OptionError) as caught:
        check_bounds({"page_size": 1, "limit": 0, **options}, BOUNDS)
    assert caught.value.msg == words


def test_entries_are_stripped() -> None:
    assert read_list("message_ids", [" u-1", 17, "u-1"], "message id") == ["u-1", "17", "u-1"]
    assert read_list("message_ids", None, "message id") is None


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], "message_ids is empty: give at least one message id."),
        (["u-1", None], "message_ids holds an empty entry: give each message id, and leave out what has none."),
        ([" "], "message_ids holds an empty entry: give each message id, and leave out what has none."),
        ([{"message_id": "u-1"}], "message_ids holds a list or a dictionary: give each message id as a text."),
    ],
)
def test_invalid_entries_are_refused_in_one_sentence(entries: list[object], words: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_list("message_ids", entries, "message id")
    assert caught.value.msg == words
