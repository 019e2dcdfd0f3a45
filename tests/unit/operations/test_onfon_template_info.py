# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""onfon_template_info from its options to its result."""

from __future__ import annotations

import typing as t

from tests.support.api_rows import DISK, DISK_RESULT
from tests.support.stub_server import StubServer

Module = t.Callable[..., dict[str, t.Any]]


def test_templates_are_listed(module: Module, stub: StubServer) -> None:
    stub.envelope([DISK])
    assert module("onfon_template_info")["templates"] == [DISK_RESULT]
