# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_group_info from its options to its result."""

from __future__ import annotations

import typing as t

import pytest

from tests.support.api_rows import DEV, OPS
from tests.support.stub_server import StubServer

Module = t.Callable[..., dict[str, t.Any]]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["Ops", "Dev"]),
        ({"name": "Dev"}, ["Dev"]),
        ({"id": 7}, ["Ops"]),
        ({"id": 7, "name": "Dev"}, []),
        ({"name": "ops"}, []),
    ],
)
def test_groups_are_listed(module: Module, stub: StubServer, options: dict[str, t.Any], names: list[str]) -> None:
    stub.envelope([OPS, DEV])
    result = module("onfon_group_info", **options)
    assert not result["changed"]
    assert [group["name"] for group in result["groups"]] == names
